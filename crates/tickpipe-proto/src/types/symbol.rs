//! The broker's name of what is traded.

use std::sync::Arc;

use thiserror::Error;

/// A symbol, verbatim: 1 to 64 bytes without control characters. A clone costs no allocation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub(crate) Arc<str>);

/// Why something is no symbol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("found no symbol")]
pub struct InvalidSymbol;

impl Symbol {
    /// Checks and wraps a broker's name.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSymbol`] for a name that is empty, too long, or holds control characters.
    pub fn new(name: &str) -> Result<Self, InvalidSymbol> {
        if name.is_empty() || 64 < name.len() || name.chars().any(char::is_control) {
            return Err(InvalidSymbol);
        }
        Ok(Self(name.into()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
