//! The formats, and what their columns are.

use std::fmt;

/// A way to write ticks that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TickFormat {
    /// Dukascopy's hour files: LZMA of 20-byte records.
    DukascopyBi5,
    /// What JForex exports, and what dukascopy-node and go-duka write.
    DukascopyCsv,
    /// HistData's generic ASCII ticks.
    HistDataAscii,
    /// Quotes of QuantConnect's LEAN: milliseconds of a day, bid, ask.
    Lean,
    /// Symbols, Ticks, Export in MetaTrader 5.
    Mt5Export,
    /// TrueFX's quotes, also with ISO times and a header.
    TrueFx,
}

impl TickFormat {
    /// Returns its stable name, in snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DukascopyBi5 => "dukascopy_bi5",
            Self::DukascopyCsv => "dukascopy_csv",
            Self::HistDataAscii => "histdata_ascii",
            Self::Lean => "lean",
            Self::Mt5Export => "mt5_export",
            Self::TrueFx => "truefx",
        }
    }

    /// Returns its name for people.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::DukascopyBi5 => "Dukascopy bi5",
            Self::DukascopyCsv => "Dukascopy CSV",
            Self::HistDataAscii => "HistData ASCII",
            Self::Lean => "LEAN",
            Self::Mt5Export => "MT5 export",
            Self::TrueFx => "TrueFX",
        }
    }
}

impl fmt::Display for TickFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Ask,
    AskVolume,
    Bid,
    BidVolume,
    Date,
    Flags,
    Last,
    Symbol,
    Time,
    Volume,
}

impl Column {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::AskVolume => "ask volume",
            Self::Bid => "bid",
            Self::BidVolume => "bid volume",
            Self::Date => "date",
            Self::Flags => "flags",
            Self::Last => "last",
            Self::Symbol => "symbol",
            Self::Time => "time",
            Self::Volume => "volume",
        }
    }
}

/// Whether a price may be left out, and what that means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyPrice {
    Refused,
    /// It is what it was.
    Unchanged,
}

/// How a row of text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) format: TickFormat,
    pub(crate) separator: u8,
    pub(crate) columns: Vec<Column>,
    pub(crate) empty_price: EmptyPrice,
}
