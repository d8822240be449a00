//! What a run came to: trades, figures and curves.
//!
//! A [`Recorder`] watches a broker while it runs, and gives a [`Report`] in the end. Money is exact; a
//! ratio is rounded when it is known. `docs/simulation.md` defines every figure.

mod csv;
mod curve;
mod figures;
mod html;
mod ledger;
mod points;
mod recorder;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod trade;
mod watch;
mod write;

pub use self::points::{EquityPoint, PriceCurve, PricePoint};
pub use self::recorder::Recorder;
pub use self::summary::{Drawdown, Pause, Summary};
pub use self::trade::{END_OF_TEST, Ending, Trade};
pub use self::write::{NotWritten, REPORT_FILES};

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The account's currency.
    pub currency: String,
    /// What the run was made with, by name and value, in the order in which they are shown.
    pub settings: Vec<(String, String)>,
    /// Why the run did not come to the end of its ticks; `None` if it did.
    pub broken_off: Option<String>,
    /// The run in figures.
    pub summary: Summary,
    /// What was closed, in the order in which it was.
    pub trades: Vec<Trade>,
    /// Equity by rising times; a time in which nothing was open and nothing changed has none.
    pub equity: Vec<EquityPoint>,
    /// The prices of each symbol that had a tick, by rising names.
    pub prices: Vec<PriceCurve>,
}

impl Report {
    /// Says why the run did not come to the end of its ticks; the page shows it first.
    #[must_use]
    pub fn with_broken_off(mut self, reason: &str) -> Self {
        self.broken_off = Some(reason.to_owned());
        self
    }

    /// Adds a line to what the run was made with.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }
}
