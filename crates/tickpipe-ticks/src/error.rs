//! What can go wrong while ticks are read.

use std::io;

use thiserror::Error;
use tickpipe_proto::Blame;

/// The formats that are read, for the errors that have to say it.
pub(crate) const FORMATS: &str = "ticks as MT5, Dukascopy (CSV and bi5), HistData (ASCII), TrueFX \
                                  and LEAN write them, plain, in gzip or in zip";

/// The formats of bars that are read.
pub(crate) const BAR_FORMATS: &str = "bars as MT4 (History Center and .hst), MT5 and HistData \
                                      (MetaTrader and NinjaTrader) write them, plain, in gzip or in \
                                      zip";

/// Why a file, or a row of it, gives no ticks or bars.
///
/// Each names the file as it was given, and what to do where something can be done.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TickError {
    /// The file holds bars: open, high, low and close of a period, from which no tick can be had.
    #[error("`{file}` holds bars ({found}); allowed are {FORMATS}")]
    Bars {
        /// The file.
        file: String,
        /// What the bars look like.
        found: &'static str,
    },
    /// What packs the rows is broken or cut off. All rows before it were given.
    #[error("`{file}` is broken or cut off in its {container}; get the file again")]
    Damaged {
        /// The file.
        file: String,
        /// `gzip`, `zip`, `LZMA` or `.hst`.
        container: &'static str,
        /// What the unpacking found.
        source: io::Error,
    },
    /// A bi5 file holds points, and nothing says how many decimals a point has.
    #[error(
        "`{file}` holds prices in points, and no symbol in its path says how many decimals a point \
         has: keep it as SYMBOL/YYYY/MM/DD/HHh_ticks.bi5, or give the decimals (0 to 8)"
    )]
    DigitsUnknown {
        /// The file.
        file: String,
    },
    /// The file has no byte.
    #[error("`{file}` is empty; allowed are {FORMATS}")]
    Empty {
        /// The file.
        file: String,
    },
    /// The system did not give the file's bytes.
    #[error("cannot read `{file}`")]
    Io {
        /// The file.
        file: String,
        /// The system's word.
        source: io::Error,
    },
    /// A row is broken.
    #[error(transparent)]
    Row(Box<RowError>),
    /// Neither the file nor its name shows how long its bars are.
    #[error("`{file}` does not show the timeframe of its bars: {found}; give the timeframe")]
    Timeframe {
        /// The file.
        file: String,
        /// What it shows instead.
        found: String,
    },
    /// The file ends within a row. All rows before it were given.
    #[error(
        "`{file}` ends in line {line} without a line end, so the row may be cut off; get the file \
         again, or, if the row is whole, add a line end"
    )]
    Truncated {
        /// The file.
        file: String,
        /// Counted from 1; of a bi5 file the record.
        line: u64,
    },
    /// Nothing that is known looks like this.
    #[error("`{file}` holds no ticks that are known: {found}; allowed are {FORMATS}")]
    Unknown {
        /// The file.
        file: String,
        /// What it begins with or looks like, made readable.
        found: String,
    },
    /// Nothing that is known as bars looks like this.
    #[error("`{file}` holds no bars that are known: {found}; allowed are {BAR_FORMATS}")]
    UnknownBars {
        /// The file.
        file: String,
        /// What it begins with or looks like, made readable.
        found: String,
    },
    /// It is known what this is, and it is not read.
    #[error("`{file}` is {found}; {mend}")]
    Unsupported {
        /// The file.
        file: String,
        /// What it is.
        found: String,
        /// What to do.
        mend: &'static str,
    },
    /// A zip has not exactly one table of ticks, or of bars.
    #[error("`{file}` has {found}, allowed is one; its entries: {entries}")]
    ZipEntries {
        /// The file.
        file: String,
        /// `no table of ticks`, or how many, or the same of bars.
        found: String,
        /// Names of the first entries, made readable.
        entries: String,
    },
}

impl TickError {
    /// Returns the stable word for what went wrong, in snake case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bars { .. } => "bars",
            Self::Damaged { .. } => "damaged",
            Self::DigitsUnknown { .. } => "digits_unknown",
            Self::Empty { .. } => "empty",
            Self::Io { .. } => "io",
            Self::Row(_) => "row",
            Self::Timeframe { .. } => "timeframe",
            Self::Truncated { .. } => "truncated",
            Self::Unknown { .. } => "unknown",
            Self::UnknownBars { .. } => "unknown_bars",
            Self::Unsupported { .. } => "unsupported",
            Self::ZipEntries { .. } => "zip_entries",
        }
    }

    /// Returns who has to act: whoever gave the file, or, if it cannot be read, who keeps the machine.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        if matches!(self, Self::Io { .. }) { Blame::Environment } else { Blame::Caller }
    }

    /// Returns whether the same call may succeed later: a file does not change by itself.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Io { .. })
    }
}

/// A broken row: where it is, what was found there, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{file}`, {place}: found {found}, allowed is {allowed}", place = self.place())]
#[non_exhaustive]
pub struct RowError {
    /// The file.
    pub file: String,
    /// Counted from 1, the header included; of a bi5 or .hst file the record.
    pub line: u64,
    /// Counted from 1; 0 for the row as a whole.
    pub column: usize,
    /// What the column is, such as `ask`; empty for the row as a whole.
    pub name: &'static str,
    /// What was found, made readable.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
}

impl RowError {
    fn place(&self) -> String {
        match self.column {
            0 => format!("line {}", self.line),
            column => format!("line {}, column {column} ({})", self.line, self.name),
        }
    }
}
