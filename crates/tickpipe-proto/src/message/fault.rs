//! What is wrong, as a message carries it.

use std::fmt;

use super::json::{Path, Value as _, Wrong, members, object, string, whole};
use super::put::{Put as _, Writer};
use crate::types::RequestId;
use crate::{ErrorCode, LineError};

/// Bytes of a text that a message carries at most.
const TEXT_LEN_MAX: usize = 4096;

/// An error as a message carries it: ours to the EA, or the EA's to us.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
#[non_exhaustive]
pub struct Fault {
    /// The word; one we do not know is `terminal_error`.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Whether the same again later may work.
    pub is_retryable: bool,
    /// The terminal's own number.
    pub terminal_error: Option<i64>,
}

/// A line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
#[non_exhaustive]
pub struct Refused {
    /// The id to answer under; `None` for `null`.
    pub id: Option<RequestId>,
    /// Whether it was a notification, which is not answered.
    pub is_notification: bool,
    /// What is wrong.
    pub fault: Fault,
}

/// Why the server closes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bye {
    /// A word of chapter 19; one we do not know is kept as text.
    pub code: String,
    /// For people.
    pub message: String,
}

impl Fault {
    /// Creates an error of a code and a text for people.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            is_retryable: code.is_retryable(),
            terminal_error: None,
        }
    }

    pub(super) fn wrong(code: ErrorCode, wrong: Wrong) -> Self {
        Self::new(code, wrong.into_text())
    }

    pub(super) fn params(wrong: Wrong) -> Self {
        Self::wrong(ErrorCode::InvalidParams, wrong)
    }

    pub(super) fn write(&self, to: &mut Writer<'_>) {
        to.member("code", &self.code.json_rpc_number());
        to.member("message", cut(&self.message));
        to.inner("data", |to| {
            to.member("code", self.code.as_str()).member("retryable", &self.is_retryable);
            to.optional("terminal_error", self.terminal_error.as_ref());
            if self.code == ErrorCode::Version {
                to.list("supported", [super::hello::PROTOCOL_VERSION], |out, version| {
                    version.put(out)
                });
            }
        });
    }

    /// Reads an error; one that is not as it should be is an error all the same.
    pub(super) fn read(json: &str) -> Self {
        Self::read_strictly(json)
            .unwrap_or_else(|wrong| Self::wrong(ErrorCode::TerminalError, wrong))
    }

    fn read_strictly(json: &str) -> Result<Self, Wrong> {
        let at = Path::Root("error");
        let m: ErrorMembers<'_> = object(json, &at)?;
        let message = m.message.json().and_then(string).unwrap_or_default();
        let mut fault = Self::new(ErrorCode::TerminalError, cut(&message));
        let Some(data) = m.data.json() else { return Ok(fault) };
        let m: DataMembers<'_> = object(data, &at.member("data"))?;
        let word = m.code.json().and_then(string);
        if let Some(code) = word.and_then(|word| ErrorCode::from_word(&word)) {
            fault.code = code;
        }
        fault.is_retryable = m.retryable.json().and_then(bool::read).unwrap_or(false);
        fault.terminal_error = m.terminal_error.json().and_then(signed);
        Ok(fault)
    }
}

impl From<LineError> for Fault {
    fn from(error: LineError) -> Self {
        Self::new(error.code(), error.text())
    }
}

members! { struct ErrorMembers { message: "message", data: "data", } }
members! {
    struct DataMembers {
        code: "code",
        retryable: "retryable",
        terminal_error: "terminal_error",
    }
}

fn signed(json: &str) -> Option<i64> {
    let magnitude = whole(json.strip_prefix('-').unwrap_or(json))?;
    let number = i64::try_from(magnitude).ok()?;
    Some(if json.starts_with('-') { number.wrapping_neg() } else { number })
}

/// As much of a text as a message carries.
pub(super) fn cut(text: &str) -> &str {
    if text.len() <= TEXT_LEN_MAX {
        return text;
    }
    // A character has four bytes at most.
    let end = (0..=TEXT_LEN_MAX).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

impl Refused {
    /// What is answered under no id: nobody can tell whose it is.
    pub(super) fn nameless(fault: Fault) -> Self {
        Self { id: None, is_notification: false, fault }
    }

    /// What is wrong with a call: answered under its id, or not at all.
    pub(super) fn call(id: Option<RequestId>, fault: Fault) -> Self {
        Self { is_notification: id.is_none(), id, fault }
    }
}

impl fmt::Display for Bye {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
