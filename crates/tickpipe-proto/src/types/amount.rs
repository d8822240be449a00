//! Lots and money.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use super::decimal::{Decimal, InvalidDecimal, NotADecimal, rescale};

/// A number of lots above zero, exactly: the size of a trade.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::types::Lots;
///
/// let (lots, step): (Lots, Lots) = ("0.257".parse()?, "0.01".parse()?);
/// assert_eq!(lots.floor_to_step(step), Some("0.25".parse()?));
/// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lots(Decimal);

/// An amount of money in the account's currency, exactly; it may be below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

impl Lots {
    /// Checks and wraps a number of units of `digits` decimals: 25 and 2 for 0.25 lots.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for units of zero or below, and for more than 8 decimals or 18
    /// digits.
    pub fn new(units: i64, digits: u8) -> Result<Self, InvalidDecimal> {
        Self::from_decimal(Decimal::new(units, digits)?)
    }

    /// Takes a `f64` for the number of lots of `digits` decimals that it stands for.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] as [`Decimal::from_f64`] does, and for what is not above zero.
    pub fn from_f64(value: f64, digits: u8) -> Result<Self, InvalidDecimal> {
        Self::from_decimal(Decimal::from_f64(value, digits)?)
    }

    /// Checks and wraps a number.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal::NotAboveZero`] for a number that is not.
    pub const fn from_decimal(decimal: Decimal) -> Result<Self, InvalidDecimal> {
        if 0 < decimal.units() {
            Ok(Self(decimal))
        } else {
            Err(InvalidDecimal::NotAboveZero { found: decimal })
        }
    }

    pub(crate) fn from_field(field: &[u8]) -> Result<Self, NotADecimal> {
        let decimal = Decimal::from_unsigned(field)?;
        Self::from_decimal(decimal).map_err(|_| NotADecimal::Negative)
    }

    /// Returns the largest whole number of `step`s that is not above it.
    ///
    /// Returns `None` if that is zero, or has more than 18 digits.
    #[must_use]
    pub fn floor_to_step(self, step: Self) -> Option<Self> {
        let digits = self.0.digits().max(step.0.digits());
        let own = rescale(self.0.units(), self.0.digits(), digits)?;
        let step = rescale(step.0.units(), step.0.digits(), digits)?;
        let units = own.checked_sub(own.checked_rem(step)?)?;
        Self::new(units, digits).ok()
    }

    /// Returns the exact sum; `None` if it has more than 18 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns what is left; `None` if nothing is.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_decimal(self.0.checked_sub(other.0)?).ok()
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Checks and wraps a number of units of `digits` decimals: -1250 and 2 for -12.50.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for more than 8 decimals or 18 digits.
    pub fn new(units: i64, digits: u8) -> Result<Self, InvalidDecimal> {
        Decimal::new(units, digits).map(Self)
    }

    /// Takes a `f64` for the amount of `digits` decimals that it stands for.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] as [`Decimal::from_f64`] does.
    pub fn from_f64(value: f64, digits: u8) -> Result<Self, InvalidDecimal> {
        Decimal::from_f64(value, digits).map(Self)
    }

    /// Wraps a number.
    #[must_use]
    pub const fn from_decimal(decimal: Decimal) -> Self {
        Self(decimal)
    }

    /// Returns the exact sum; `None` if it has more than 18 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns the exact difference; `None` if it has more than 18 digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Returns the nearest amount of `digits` decimals, halves away from zero, as accounts book it.
    #[must_use]
    pub fn round(self, digits: u8) -> Self {
        Self(self.0.round(digits))
    }

    /// Returns whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Returns whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0.is_negative()
    }
}

impl std::ops::Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.negated())
    }
}

/// What both have of the number inside.
macro_rules! number {
    ($name:ident) => {
        impl $name {
            /// Returns the number itself.
            #[must_use]
            pub const fn decimal(self) -> Decimal {
                self.0
            }

            /// Returns it in units.
            #[must_use]
            pub const fn units(self) -> i64 {
                self.0.units()
            }

            /// Returns how many decimals a unit has, 0 to 8.
            #[must_use]
            pub const fn digits(self) -> u8 {
                self.0.digits()
            }

            /// Returns the nearest `f64`.
            #[must_use]
            pub fn to_f64(self) -> f64 {
                self.0.to_f64()
            }

            /// Returns the same in units of `digits` decimals; `None` if that would change the value.
            #[must_use]
            pub fn rescale(self, digits: u8) -> Option<Self> {
                self.0.rescale(digits).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

number!(Lots);
number!(Money);

impl FromStr for Lots {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        Self::from_field(text.as_bytes())
            .map_err(|reason| Decimal::refused(text.as_bytes(), reason, "0.10"))
    }
}

impl FromStr for Money {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        text.parse().map(Self)
    }
}

impl From<Decimal> for Money {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}
