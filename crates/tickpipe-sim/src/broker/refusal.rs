//! Why a request is refused.

use tickpipe_proto::message::Terminal;
use tickpipe_proto::message::retcode::outcome_of;

/// Codes of MT5's trade server.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes>
pub(crate) mod code {
    pub(crate) const REQUOTE: u64 = 10004;
    pub(crate) const PLACED: u64 = 10008;
    pub(crate) const DONE: u64 = 10009;
    pub(crate) const TIMEOUT: u64 = 10012;
    pub(crate) const INVALID: u64 = 10013;
    pub(crate) const INVALID_VOLUME: u64 = 10014;
    pub(crate) const INVALID_PRICE: u64 = 10015;
    pub(crate) const INVALID_STOPS: u64 = 10016;
    pub(crate) const TRADE_DISABLED: u64 = 10017;
    pub(crate) const MARKET_CLOSED: u64 = 10018;
    pub(crate) const NO_MONEY: u64 = 10019;
    pub(crate) const PRICE_OFF: u64 = 10021;
    pub(crate) const INVALID_EXPIRATION: u64 = 10022;
    pub(crate) const NO_CHANGES: u64 = 10025;
    pub(crate) const FROZEN: u64 = 10029;
    pub(crate) const INVALID_FILL: u64 = 10030;
    pub(crate) const LIMIT_ORDERS: u64 = 10033;
    pub(crate) const LIMIT_VOLUME: u64 = 10034;
    pub(crate) const INVALID_ORDER: u64 = 10035;
    pub(crate) const POSITION_CLOSED: u64 = 10036;
    pub(crate) const INVALID_CLOSE_VOLUME: u64 = 10038;
    pub(crate) const LIMIT_POSITIONS: u64 = 10040;
    pub(crate) const LONG_ONLY: u64 = 10042;
    pub(crate) const SHORT_ONLY: u64 = 10043;
    pub(crate) const CLOSE_ONLY: u64 = 10044;
    pub(crate) const HEDGE_PROHIBITED: u64 = 10046;
}

/// A code, and what was found and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u64,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(code: u64, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// Returns the text for people: what the code says, and the detail.
    pub(crate) fn message(&self) -> String {
        let (_, _, text) = outcome_of(Terminal::Sim, self.code);
        format!("{text}: {}", self.detail)
    }
}
