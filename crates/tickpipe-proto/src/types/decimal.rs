//! Exact decimal numbers, and what prices, lots and money have in common.

mod float;
mod reading;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use thiserror::Error;

pub(super) use self::float::to_f64;
pub use self::reading::NotADecimal;
use crate::escape::escaped;

/// Decimals a number may have: what `DoubleToString` prints without being asked.
pub const DIGITS_MAX: u8 = 8;
/// As many digits always fit into 64 bits.
const NUMBER_DIGITS_MAX: usize = 18;
/// The units that have one digit too many.
const UNITS_LIMIT: u64 = 1_000_000_000_000_000_000;
/// Decimals a number is printed with at most, as by `DoubleToString`.
const PRINTED_DIGITS_MAX: usize = 16;
const SHOWN_CHARS_MAX: usize = 40;

/// A decimal number, exactly: whole units, and how many decimals a unit has.
///
/// It has at most [`DIGITS_MAX`] decimals and 18 digits. It is read from text without passing through
/// a `f64`, and printed as it was, but for `-0.00`, which is `0.00`. Numbers are equal, and ordered, by
/// value: `1.10` equals `1.1`.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::types::Decimal;
///
/// let decimal: Decimal = "-12.50".parse()?;
/// assert_eq!((decimal.units(), decimal.digits()), (-1250, 2));
/// assert_eq!(decimal.to_string(), "-12.50");
/// assert_eq!(decimal, Decimal::new(-125, 1)?);
/// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i64,
    digits: u8,
}

impl Decimal {
    /// Zero without decimals.
    pub const ZERO: Self = Self { units: 0, digits: 0 };

    /// Checks and wraps a number of units of `digits` decimals: -1250 and 2 for -12.50.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for more than [`DIGITS_MAX`] decimals or 18 digits.
    pub const fn new(units: i64, digits: u8) -> Result<Self, InvalidDecimal> {
        if DIGITS_MAX < digits {
            #[expect(clippy::as_conversions, reason = "`From` is not const; it only gets wider")]
            return Err(InvalidDecimal::TooManyDecimals { found: digits as usize });
        }
        if UNITS_LIMIT <= units.unsigned_abs() {
            return Err(InvalidDecimal::TooLarge);
        }
        Ok(Self { units, digits })
    }

    /// Reads digits with at most one point between them: no sign, blank, exponent or comma.
    ///
    /// # Errors
    ///
    /// Returns [`NotADecimal`], which says what is wrong without a copy of it.
    #[inline]
    pub fn from_unsigned(field: &[u8]) -> Result<Self, NotADecimal> {
        reading::unsigned(field)
    }

    /// Reads what [`from_unsigned`](Self::from_unsigned) does, with or without a `-` before it.
    pub(crate) fn from_signed(field: &[u8]) -> Result<Self, NotADecimal> {
        match field.split_first() {
            Some((b'-', rest)) => match reading::unsigned(rest) {
                Ok(Self { units, digits }) => Ok(Self { units: units.wrapping_neg(), digits }),
                Err(NotADecimal::Negative) => Err(NotADecimal::NotANumber),
                Err(other) => Err(other),
            },
            _ => reading::unsigned(field),
        }
    }

    /// Returns the number in units.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.units
    }

    /// Returns how many decimals a unit has, 0 to [`DIGITS_MAX`].
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// Returns whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Returns whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Returns the same number in units of `digits` decimals.
    ///
    /// Returns `None` if that would change the value, or need more than [`DIGITS_MAX`] decimals or 18
    /// digits.
    #[must_use]
    pub fn rescale(self, digits: u8) -> Option<Self> {
        if DIGITS_MAX < digits {
            return None;
        }
        let units = rescale(self.units, self.digits, digits)?;
        Self::new(units, digits).ok()
    }

    /// Returns the nearest number of `digits` decimals, halves away from zero.
    ///
    /// A number of as many decimals or fewer is returned as it is.
    #[must_use]
    pub fn round(self, digits: u8) -> Self {
        if self.digits <= digits {
            return self;
        }
        let factor = power(self.digits.saturating_sub(digits));
        let half = factor.checked_div(2).unwrap_or(0).saturating_mul(self.units.signum());
        let units = self.units.saturating_add(half).checked_div(factor).unwrap_or(0);
        Self { units, digits }
    }

    /// Returns the exact sum, with the decimals of the one that has more.
    ///
    /// Returns `None` for a sum of more than 18 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let digits = self.digits.max(other.digits);
        let sum = rescale(self.units, self.digits, digits)?.checked_add(rescale(
            other.units,
            other.digits,
            digits,
        )?)?;
        Self::new(sum, digits).ok()
    }

    /// Returns the exact difference, with the decimals of the one that has more.
    ///
    /// Returns `None` for a difference of more than 18 digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }

    /// Returns the number with the other sign.
    pub(super) const fn negated(self) -> Self {
        Self { units: self.units.wrapping_neg(), digits: self.digits }
    }

    /// Says in words why text is no number of the kind.
    #[cold]
    pub(super) fn refused(
        field: &[u8],
        reason: NotADecimal,
        example: &'static str,
    ) -> InvalidDecimal {
        match reason {
            NotADecimal::Negative => match Self::from_signed(field) {
                Ok(found) => InvalidDecimal::NotAboveZero { found },
                Err(reason) => Self::refused(field, reason, example),
            },
            NotADecimal::NotANumber => InvalidDecimal::NotANumber {
                found: escaped(&String::from_utf8_lossy(field), SHOWN_CHARS_MAX),
                example,
            },
            NotADecimal::TooLarge => InvalidDecimal::TooLarge,
            NotADecimal::TooManyDecimals { found } => InvalidDecimal::TooManyDecimals { found },
        }
    }
}

impl std::ops::Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        self.negated()
    }
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    /// Reads digits with at most one point between them, and perhaps a `-` before them: no blank,
    /// exponent or comma.
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        Self::from_signed(text.as_bytes())
            .map_err(|reason| Self::refused(text.as_bytes(), reason, "-12.50"))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self.units, self.digits, f)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        comparable(self.units, self.digits).cmp(&comparable(other.units, other.digits))
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        comparable(self.units, self.digits).hash(state);
    }
}

/// Why something is no number of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidDecimal {
    /// Zero, which MetaTrader writes for no price, or a negative number.
    #[error("found {found}, allowed are numbers above zero")]
    NotAboveZero {
        /// What was found.
        found: Decimal,
    },
    /// A floating-point number of lots that is not near enough to one of a step's decimals.
    #[error(
        "found {found} lots, which is no number of {digits} decimals; round it to at most 8 \
         decimals, and down to what the symbol allows with `allowed_lots`"
    )]
    NotALot {
        /// What was found.
        found: String,
        /// How many decimals the step has.
        digits: u8,
    },
    /// A floating-point number that is not near enough to one of so many decimals.
    #[error("found {found}, which is no number of {digits} decimals; round it first")]
    NotAPoint {
        /// What was found.
        found: String,
        /// How many decimals were wanted.
        digits: u8,
    },
    /// Anything but digits with at most one point between them.
    #[error("found `{found}`, allowed is a number such as {example}")]
    NotANumber {
        /// What was found, made readable.
        found: String,
        /// One of the kind that was wanted.
        example: &'static str,
    },
    /// NaN or infinity, which no rounding makes a number.
    #[error("found {found}, allowed are finite numbers; see what it was computed from")]
    NotFinite {
        /// What was found.
        found: String,
    },
    /// More digits than can be had in 64 bits.
    #[error("found a number of more than 18 digits, allowed are 18")]
    TooLarge,
    /// More decimals than [`DIGITS_MAX`].
    #[error("found {found} decimals, allowed are 8")]
    TooManyDecimals {
        /// How many there are.
        found: usize,
    },
}

/// Ten to the power of a difference of decimals, at most 18.
pub(super) const fn power(digits: u8) -> i64 {
    #[expect(clippy::as_conversions, reason = "`From` is not const; it only gets wider")]
    10_i64.saturating_pow(digits as u32)
}

/// Units of `from` decimals in units of `to` decimals, if that changes no value and fits.
pub(super) fn rescale(units: i64, from: u8, to: u8) -> Option<i64> {
    let factor = power(from.abs_diff(to));
    if from <= to {
        units.checked_mul(factor)
    } else if units.checked_rem(factor) == Some(0) {
        units.checked_div(factor)
    } else {
        None
    }
}

/// The units there would be with [`DIGITS_MAX`] decimals, which can be compared.
pub(super) fn comparable(units: i64, digits: u8) -> i128 {
    i128::from(units).saturating_mul(i128::from(power(DIGITS_MAX.saturating_sub(digits))))
}

/// Prints with the number's own decimals, or with those that the format asks for, halves up.
pub(super) fn print(units: i64, digits: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let own = usize::from(digits);
    let wanted = f.precision().unwrap_or(own).min(PRINTED_DIGITS_MAX);
    let mut magnitude = units.unsigned_abs();
    let mut shown = own;
    if wanted < own {
        let factor = unsigned_power(own.saturating_sub(wanted));
        magnitude = magnitude.saturating_add(factor >> 1).checked_div(factor).unwrap_or(0);
        shown = wanted;
    }
    let factor = unsigned_power(shown);
    let mut text = magnitude.checked_div(factor).unwrap_or(0).to_string();
    if 0 < wanted {
        let fraction = magnitude.checked_rem(factor).unwrap_or(0);
        let fraction = if shown == 0 { String::new() } else { format!("{fraction:0>shown$}") };
        text.push('.');
        text.push_str(&format!("{fraction:0<wanted$}"));
    }
    // What is rounded to zero keeps no sign.
    f.pad_integral(units >= 0 || magnitude == 0, "", &text)
}

fn unsigned_power(digits: usize) -> u64 {
    10_u64.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX))
}
