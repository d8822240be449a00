//! The broker's name of what is traded.

#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

use crate::escape::escaped;

const LEN_MAX: usize = 64;
const SHOWN_CHARS_MAX: usize = 40;

/// A symbol, verbatim with its suffix and case: 1 to 64 bytes without control characters.
///
/// A clone costs no allocation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

/// Why something is no symbol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("found `{found}`, allowed is a symbol of 1 to 64 bytes without control characters")]
pub struct InvalidSymbol {
    found: String,
}

impl Symbol {
    /// Checks and wraps a broker's name.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSymbol`] for a name that is empty, too long, or holds control characters.
    pub fn new(name: &str) -> Result<Self, InvalidSymbol> {
        if !is_symbol(name) {
            return Err(InvalidSymbol { found: escaped(name, SHOWN_CHARS_MAX) });
        }
        Ok(Self(name.into()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a name can be a symbol's.
pub(crate) fn is_symbol(name: &str) -> bool {
    let is_short = (1..=LEN_MAX).contains(&name.len());
    is_short && !name.chars().any(char::is_control)
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Symbol {
    type Err = InvalidSymbol;

    fn from_str(name: &str) -> Result<Self, InvalidSymbol> {
        Self::new(name)
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, name: &str) -> bool {
        self.as_str() == name
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, name: &&str) -> bool {
        self.as_str() == *name
    }
}
