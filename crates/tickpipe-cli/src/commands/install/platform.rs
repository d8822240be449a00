//! MT4 or MT5.

use std::path::Path;

use super::folder;

/// Which MetaTrader a terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Mt4,
    Mt5,
}

impl Platform {
    pub(super) const ALL: [Self; 2] = [Self::Mt4, Self::Mt5];

    /// Returns its name, as people write it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Mt4 => "MT4",
            Self::Mt5 => "MT5",
        }
    }

    /// Returns the folder of its sources in a data folder.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Mt4 => "MQL4",
            Self::Mt5 => "MQL5",
        }
    }

    /// Returns the extension of an EA's main file.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Mt4 => "mq4",
            Self::Mt5 => "mq5",
        }
    }

    /// Returns the extension of a compiled EA.
    pub(super) const fn compiled(self) -> &'static str {
        match self {
            Self::Mt4 => "ex4",
            Self::Mt5 => "ex5",
        }
    }

    /// Returns the platforms whose sources a data folder has: one, as long as nobody mixed them.
    pub(super) fn of(data_folder: &Path) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|platform| folder::child(data_folder, platform.folder()).is_dir())
    }
}
