//! Exact decimal numbers: prices, lots, money.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A signed decimal number, exactly: `units` of `digits` decimals, at most 8, at most 18 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i64,
    digits: u8,
}

/// A price above zero. (To be the one of tickpipe-ticks, moved here.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price(Decimal);

/// A number of lots above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lots(Decimal);

/// An amount of money of the account's currency; may be below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money(Decimal);

/// Why something is no number of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidDecimal {
    /// Not a decimal number.
    #[error("found no decimal number")]
    NotANumber,
}

impl Decimal {
    /// Wraps units of `digits` decimals.
    ///
    /// # Errors
    ///
    /// Too many digits.
    pub fn new(units: i64, digits: u8) -> Result<Self, InvalidDecimal> {
        if digits <= 8 { Ok(Self { units, digits }) } else { Err(InvalidDecimal::NotANumber) }
    }

    /// Returns the units.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.units
    }

    /// Returns how many decimals a unit has.
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}e-{}", self.units, self.digits)
    }
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    fn from_str(_text: &str) -> Result<Self, InvalidDecimal> {
        Err(InvalidDecimal::NotANumber)
    }
}
