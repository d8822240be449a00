//! Which orders and positions a list holds.

use tickpipe_proto::types::{MagicNumber, Symbol};

/// Which orders or positions are asked for: all, or those of a symbol, of a magic number, of both.
///
/// # Examples
///
/// ```
/// use tickpipe::session::{Filter, Symbol};
///
/// let symbol = Symbol::new("EURUSD")?;
/// let all = Filter::all();
/// let ours = Filter::all().symbol(&symbol).magic(7);
/// assert_ne!(all, ours);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Filter {
    pub(crate) symbol: Option<Symbol>,
    pub(crate) magic: Option<MagicNumber>,
}

impl Filter {
    /// Asks for all there are.
    pub fn all() -> Self {
        Self::default()
    }

    /// Asks for those of a symbol alone.
    pub fn symbol(mut self, symbol: &Symbol) -> Self {
        self.symbol = Some(symbol.clone());
        self
    }

    /// Asks for those with a magic number alone.
    pub fn magic(mut self, magic: impl Into<MagicNumber>) -> Self {
        self.magic = Some(magic.into());
        self
    }
}
