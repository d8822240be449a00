//! The formats of bars, and what their columns are.

use std::fmt;

/// A way to write bars that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BarFormat {
    /// HistData's minutes for MetaTrader: a table as MT4's, whose volumes are all zero.
    HistDataMetaTrader,
    /// HistData's minutes for `NinjaTrader`, which are also its generic ASCII minutes.
    HistDataNinjaTrader,
    /// MT4's history file, version 400 or 401.
    Hst,
    /// History Center, Export in MetaTrader 4: a table without a header.
    Mt4Csv,
    /// Symbols, Bars, Export in MetaTrader 5; also tables with the same columns and other spellings, as
    /// programs write them.
    Mt5Export,
}

impl BarFormat {
    /// Returns its stable name, in snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HistDataMetaTrader => "histdata_metatrader",
            Self::HistDataNinjaTrader => "histdata_ninjatrader",
            Self::Hst => "hst",
            Self::Mt4Csv => "mt4_csv",
            Self::Mt5Export => "mt5_export",
        }
    }

    pub(super) const fn is_histdata(self) -> bool {
        matches!(self, Self::HistDataMetaTrader | Self::HistDataNinjaTrader)
    }
}

impl fmt::Display for BarFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Close,
    Date,
    High,
    Low,
    Open,
    RealVolume,
    Spread,
    TickVolume,
    Time,
}

impl Column {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Date => "date",
            Self::High => "high",
            Self::Low => "low",
            Self::Open => "open",
            Self::RealVolume => "real volume",
            Self::Spread => "spread",
            Self::TickVolume => "tick volume",
            Self::Time => "time",
        }
    }
}

/// How a row of text is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(super) format: BarFormat,
    pub(super) separator: u8,
    pub(super) columns: Vec<Column>,
}
