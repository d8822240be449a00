//! Numbers and words that name things.

#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZero;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

use crate::escape::escaped;

/// The largest whole number of the wire: 2^53 - 1, up to which every JSON library is exact.
pub(crate) const WHOLE_MAX: u64 = 9_007_199_254_740_991;
const TEXT_ID_LEN_MAX: usize = 64;
const CLIENT_ID_LEN_MAX: usize = 16;
const SHOWN_CHARS_MAX: usize = 40;

/// The id of a request, under which it is answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RequestId {
    /// A whole number, 0 to 2^53 - 1.
    Number(u64),
    /// A text of 1 to 64 bytes.
    Text(Arc<str>),
}

impl RequestId {
    /// Checks and wraps a number.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidId`] for a number of 2^53 or more.
    pub fn number(number: u64) -> Result<Self, InvalidId> {
        if number <= WHOLE_MAX {
            return Ok(Self::Number(number));
        }
        Err(InvalidId::new(&number.to_string(), "a whole number of 0 to 9007199254740991"))
    }

    /// Checks and wraps a text.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidId`] for a text that is empty or longer than 64 bytes.
    pub fn text(text: &str) -> Result<Self, InvalidId> {
        if text.is_empty() || TEXT_ID_LEN_MAX < text.len() {
            return Err(InvalidId::new(text, "a text of 1 to 64 bytes"));
        }
        Ok(Self::Text(text.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.pad(&escaped(text, TEXT_ID_LEN_MAX)),
        }
    }
}

/// A ticket: 64 bits, never zero, never mixed with another kind.
macro_rules! ticket {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZero<u64>);

        impl $name {
            /// Checks and wraps a ticket.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidId`] for zero, which MetaTrader writes for none.
            pub fn new(ticket: u64) -> Result<Self, InvalidId> {
                NonZero::new(ticket).map(Self).ok_or_else(|| InvalidId::new("0", TICKET))
            }

            /// Returns the ticket as MetaTrader has it.
            #[must_use]
            pub const fn value(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads decimal digits, without zeros before them.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let ticket = unsigned(text).and_then(NonZero::new);
                ticket.map(Self).ok_or_else(|| InvalidId::new(text, TICKET))
            }
        }
    };
}

const TICKET: &str = "a ticket, 1 to 18446744073709551615, such as 123456789";

ticket! {
    /// The ticket of an order.
    OrderTicket
}
ticket! {
    /// The ticket of a deal.
    DealTicket
}
ticket! {
    /// The ticket of a position.
    PositionTicket
}

/// A number of 64 bits that may be below zero.
macro_rules! signed {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number.
            #[must_use]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// Returns the number as MetaTrader has it.
            #[must_use]
            pub const fn value(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads decimal digits, without zeros before them, and perhaps a `-`.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let allowed = "a whole number of 64 bits, such as 20240101";
                integer(text).map(Self).ok_or_else(|| InvalidId::new(text, allowed))
            }
        }
    };
}

signed! {
    /// An EA's mark on its orders; 0 is none.
    MagicNumber
}

impl From<i64> for MagicNumber {
    fn from(value: i64) -> Self {
        Self::new(value)
    }
}
signed! {
    /// The number of a chart.
    ChartId
}

/// The name of one order for ever: 1 to 16 of `0-9 A-Z a-z _ -`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId {
    // Zeros behind the text, so that ids have the order of their texts.
    bytes: [u8; CLIENT_ID_LEN_MAX],
    len: u8,
}

impl ClientId {
    /// Checks and wraps a name.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidId`] for a name that is empty, longer than 16, or of other characters.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe_proto::types::ClientId;
    ///
    /// assert_eq!(ClientId::new("a-1_Z")?.as_str(), "a-1_Z");
    /// assert!(ClientId::new("a b").is_err());
    /// # Ok::<(), tickpipe_proto::types::InvalidId>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, InvalidId> {
        let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        let mut bytes = [0; CLIENT_ID_LEN_MAX];
        match (bytes.get_mut(..name.len()), u8::try_from(name.len())) {
            (Some(place), Ok(len @ 1..)) if name.as_bytes().iter().all(is_allowed) => {
                place.copy_from_slice(name.as_bytes());
                Ok(Self { bytes, len })
            }
            _ => Err(InvalidId::new(name, "1 to 16 characters of 0-9 A-Z a-z _ -")),
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let name = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        // It came out of a text, so it always is one.
        std::str::from_utf8(name).unwrap_or_default()
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientId").field(&self.as_str()).finish()
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ClientId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

/// Why something names nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("found `{found}`, allowed is {allowed}")]
pub struct InvalidId {
    found: String,
    allowed: &'static str,
}

impl InvalidId {
    #[cold]
    fn new(found: &str, allowed: &'static str) -> Self {
        Self { found: escaped(found, SHOWN_CHARS_MAX), allowed }
    }
}

/// Reads digits alone; a zero before others is not how a number is printed.
fn unsigned(text: &str) -> Option<u64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_zero_too_many = 1 < text.len() && text.starts_with('0');
    if is_digits && !has_zero_too_many { text.parse().ok() } else { None }
}

fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(digits) => unsigned(digits).filter(|number| *number != 0).and(text.parse().ok()),
        None => unsigned(text).and_then(|number| number.try_into().ok()),
    }
}
