//! What a call answers that failed: a code, and a text that says what was found and what is allowed.

use thiserror::Error;
use tickpipe_proto::types::InvalidDecimal;
use tickpipe_sim::broker::{InvalidSpec, NotSent, TickRefused};
use tickpipe_sim::settings::InvalidSetting;

use crate::layout::code;

/// MT5's code for a request that makes no sense.
const INVALID: u64 = 10013;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Failure {
    #[error("{name} is {found}, and needs memory that is aligned to {align} bytes")]
    Address { name: &'static str, found: &'static str, align: usize },
    #[error("a panic in the library: {found}; this is a bug, and the broker answers no more")]
    Bug { found: String },
    #[error("client_id {name} belongs to another order; give each order its own")]
    ClientId { name: String },
    #[error("broker {found} is not open; it was freed, or never opened")]
    Handle { found: u64 },
    #[error("found index {found}, allowed is less than {count}")]
    Index { found: u64, count: usize },
    #[error("found nothing under {name}")]
    NotFound { name: String },
    #[error("{name} is {found}, allowed is {allowed}")]
    Request { name: &'static str, found: String, allowed: &'static str, retcode: u64 },
    #[error("{0}")]
    Setting(String),
    #[error("{name} has size {found}, expected {expected}; set it to sizeof of the struct")]
    Size { name: &'static str, found: u32, expected: usize },
    #[error("found symbol {found}, which is not traded here")]
    Symbol { found: String },
    #[error("{name}: found {found}, allowed is {allowed}")]
    Text { name: &'static str, found: String, allowed: String },
    #[error("{name}: {found}")]
    Value { name: &'static str, found: String },
}

impl Failure {
    /// Returns what the call returns.
    pub(crate) const fn code(&self) -> i32 {
        match self {
            Self::Address { .. } => code::ERROR_ADDRESS,
            Self::Bug { .. } => code::ERROR_BUG,
            Self::ClientId { .. } => code::ERROR_CLIENT_ID,
            Self::Handle { .. } => code::ERROR_HANDLE,
            Self::Index { .. } => code::ERROR_INDEX,
            Self::NotFound { .. } => code::ERROR_NOT_FOUND,
            Self::Request { .. } => code::ERROR_REQUEST,
            Self::Setting(_) => code::ERROR_SETTING,
            Self::Size { .. } => code::ERROR_SIZE,
            Self::Symbol { .. } => code::ERROR_SYMBOL,
            Self::Text { .. } => code::ERROR_TEXT,
            Self::Value { .. } => code::ERROR_VALUE,
        }
    }

    /// Returns the code that a terminal has for an order like that, if the order is what is wrong.
    pub(crate) const fn retcode(&self) -> Option<u64> {
        match self {
            Self::Request { retcode, .. } => Some(*retcode),
            Self::Text { .. } => Some(INVALID),
            Self::Address { .. }
            | Self::Bug { .. }
            | Self::ClientId { .. }
            | Self::Handle { .. }
            | Self::Index { .. }
            | Self::NotFound { .. }
            | Self::Setting(_)
            | Self::Size { .. }
            | Self::Symbol { .. }
            | Self::Value { .. } => None,
        }
    }

    /// Says that a number is none of its kind.
    pub(crate) fn number(name: &'static str, error: &InvalidDecimal) -> Self {
        Self::Value { name, found: error.to_string() }
    }
}

impl From<InvalidSetting> for Failure {
    fn from(error: InvalidSetting) -> Self {
        Self::Setting(error.to_string())
    }
}

impl From<InvalidSpec> for Failure {
    fn from(error: InvalidSpec) -> Self {
        Self::Setting(error.to_string())
    }
}

impl From<NotSent> for Failure {
    fn from(error: NotSent) -> Self {
        if let NotSent::IdConflict(id) = error {
            return Self::ClientId { name: id.to_string() };
        }
        Self::Value { name: "client_id", found: error.to_string() }
    }
}

impl From<TickRefused> for Failure {
    fn from(error: TickRefused) -> Self {
        if let TickRefused::UnknownSymbol(found) = error {
            return Self::Symbol { found };
        }
        Self::Value { name: "tick", found: error.to_string() }
    }
}
