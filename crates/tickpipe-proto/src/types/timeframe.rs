//! The period of a bar.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::escape::escaped;

const SHOWN_CHARS_MAX: usize = 40;

/// The period of a bar: MetaTrader's twenty-one, from a minute to a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are MetaTrader's: minutes, hours, day, week, month")]
pub enum Timeframe {
    M1,
    M2,
    M3,
    M4,
    M5,
    M6,
    M10,
    M12,
    M15,
    M20,
    M30,
    H1,
    H2,
    H3,
    H4,
    H6,
    H8,
    H12,
    D1,
    W1,
    Mn1,
}

/// A word that is no timeframe.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("found `{0}`, expected a timeframe such as M1, H4 or MN1")]
pub struct UnknownTimeframe(String);

impl Timeframe {
    /// Every timeframe, the shortest first.
    pub const ALL: [Self; 21] = [
        Self::M1,
        Self::M2,
        Self::M3,
        Self::M4,
        Self::M5,
        Self::M6,
        Self::M10,
        Self::M12,
        Self::M15,
        Self::M20,
        Self::M30,
        Self::H1,
        Self::H2,
        Self::H3,
        Self::H4,
        Self::H6,
        Self::H8,
        Self::H12,
        Self::D1,
        Self::W1,
        Self::Mn1,
    ];

    /// Returns the timeframe of a word, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|timeframe| timeframe.as_str() == word)
    }

    /// Returns the word of MetaTrader and of the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::M1 => "M1",
            Self::M2 => "M2",
            Self::M3 => "M3",
            Self::M4 => "M4",
            Self::M5 => "M5",
            Self::M6 => "M6",
            Self::M10 => "M10",
            Self::M12 => "M12",
            Self::M15 => "M15",
            Self::M20 => "M20",
            Self::M30 => "M30",
            Self::H1 => "H1",
            Self::H2 => "H2",
            Self::H3 => "H3",
            Self::H4 => "H4",
            Self::H6 => "H6",
            Self::H8 => "H8",
            Self::H12 => "H12",
            Self::D1 => "D1",
            Self::W1 => "W1",
            Self::Mn1 => "MN1",
        }
    }

    /// Returns the seconds from the begin of a bar to that of the next; `None` for a month.
    ///
    /// # Units
    ///
    /// Seconds.
    #[must_use]
    pub const fn seconds(self) -> Option<u64> {
        Some(match self {
            Self::M1 => 60,
            Self::M2 => 120,
            Self::M3 => 180,
            Self::M4 => 240,
            Self::M5 => 300,
            Self::M6 => 360,
            Self::M10 => 600,
            Self::M12 => 720,
            Self::M15 => 900,
            Self::M20 => 1_200,
            Self::M30 => 1_800,
            Self::H1 => 3_600,
            Self::H2 => 7_200,
            Self::H3 => 10_800,
            Self::H4 => 14_400,
            Self::H6 => 21_600,
            Self::H8 => 28_800,
            Self::H12 => 43_200,
            Self::D1 => 86_400,
            Self::W1 => 604_800,
            Self::Mn1 => return None,
        })
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Timeframe {
    type Err = UnknownTimeframe;

    fn from_str(word: &str) -> Result<Self, UnknownTimeframe> {
        Self::from_word(word).ok_or_else(|| UnknownTimeframe(escaped(word, SHOWN_CHARS_MAX)))
    }
}
