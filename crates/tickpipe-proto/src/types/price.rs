//! Prices as they were printed, exactly.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZero;
use std::str::FromStr;

use super::decimal::{
    DIGITS_MAX, Decimal, InvalidDecimal, NotADecimal, comparable, print, rescale, to_f64,
};

/// A price above zero: whole points, and how many decimals a point has.
///
/// It is read from text without passing through a `f64`, and printed as it was. Prices are equal, and
/// ordered, by value: `1.10` equals `1.1`.
///
/// `Display` takes a precision and then prints as MQL's `DoubleToString(price, digits)` does, with
/// as many decimals, 16 at most. If that cuts decimals off, the value is rounded, halves up; a
/// terminal rounds its double, which may be a trifle off a half.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::types::Price;
///
/// let price: Price = "1.14540".parse()?;
/// assert_eq!((price.points(), price.digits()), (114_540, 5));
/// assert_eq!(price.to_string(), "1.14540");
/// assert_eq!(format!("{price:.8}"), "1.14540000");
/// assert_eq!(price, "1.1454".parse()?);
/// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
/// ```
///
/// # Source
///
/// <https://www.mql5.com/en/docs/convert/doubletostring>
#[derive(Clone, Copy, Debug)]
pub struct Price {
    points: NonZero<i64>,
    digits: u8,
}

impl Price {
    /// Checks and wraps a number of points of `digits` decimals: 114543 and 5 for 1.14543.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for points of zero or below, and for more than [`DIGITS_MAX`]
    /// decimals or 18 digits.
    pub fn new(points: i64, digits: u8) -> Result<Self, InvalidDecimal> {
        Self::from_decimal(Decimal::new(points, digits)?)
    }

    /// Reads a price from a field of bytes: digits with at most one point between them.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] for anything else, and for zero.
    // Files of ticks are read through this, in another crate and millions of times a second.
    #[inline]
    pub fn from_field(field: &[u8]) -> Result<Self, InvalidDecimal> {
        match Decimal::from_unsigned(field) {
            Ok(decimal) => Self::from_decimal(decimal),
            Err(reason) => Err(Decimal::refused(field, reason, "1.14543")),
        }
    }

    /// Checks and wraps a number.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal::NotAboveZero`] for a number that is not.
    #[inline]
    pub const fn from_decimal(decimal: Decimal) -> Result<Self, InvalidDecimal> {
        match NonZero::new(decimal.units()) {
            Some(points) if points.is_positive() => Ok(Self { points, digits: decimal.digits() }),
            _ => Err(InvalidDecimal::NotAboveZero { found: decimal }),
        }
    }

    /// Takes a `f64` for the price of `digits` decimals that it stands for.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal`] as [`Decimal::from_f64`] does, and for what is not above zero.
    pub fn from_f64(value: f64, digits: u8) -> Result<Self, InvalidDecimal> {
        Self::from_decimal(Decimal::from_f64(value, digits)?)
    }

    /// Returns the price in points.
    #[must_use]
    pub const fn points(self) -> i64 {
        self.points.get()
    }

    /// Returns how many decimals a point has, 0 to [`DIGITS_MAX`].
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// Returns the same price in points of `digits` decimals.
    ///
    /// Returns `None` if that would change the value, or need more than [`DIGITS_MAX`] decimals or 18
    /// digits.
    #[must_use]
    pub fn rescale(self, digits: u8) -> Option<Self> {
        if DIGITS_MAX < digits {
            return None;
        }
        Self::new(rescale(self.points(), self.digits, digits)?, digits).ok()
    }

    /// Returns the nearest `f64`, for indicators and charts; what is traded stays exact.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        to_f64(self.points(), self.digits)
    }

    /// Returns the price that is `points` of its own above it, or below for a number below zero.
    ///
    /// Returns `None` for what is not above zero, or has more than 18 digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe_proto::types::Price;
    ///
    /// let bid: Price = "1.10000".parse()?;
    /// assert_eq!(bid.offset(-200).map(|price| price.to_string()).as_deref(), Some("1.09800"));
    /// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
    /// ```
    #[must_use]
    pub fn offset(self, points: i64) -> Option<Self> {
        Self::new(self.points().checked_add(points)?, self.digits).ok()
    }

    /// Returns how many points of `digits` decimals it is above `other`; below zero if it is below.
    ///
    /// Returns `None` if that is no whole number of points, does not fit, or for more than
    /// [`DIGITS_MAX`] digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe_proto::types::Price;
    ///
    /// let (bid, ask): (Price, Price) = ("1.1".parse()?, "1.10012".parse()?);
    /// assert_eq!(ask.points_above(bid, 5), Some(12));
    /// assert_eq!(ask.points_above(bid, 4), None);
    /// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
    /// ```
    #[must_use]
    pub fn points_above(self, other: Self, digits: u8) -> Option<i64> {
        if DIGITS_MAX < digits {
            return None;
        }
        let common = self.digits.max(other.digits);
        let own = rescale(self.points(), self.digits, common)?;
        let other = rescale(other.points(), other.digits, common)?;
        rescale(own.checked_sub(other)?, common, digits)
    }

    /// Returns the exact difference, with the decimals of the one that has more.
    ///
    /// Returns `None` for a difference of more than 18 digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Decimal> {
        let digits = self.digits.max(other.digits);
        Decimal::new(self.points_above(other, digits)?, digits).ok()
    }

    /// Returns the price that is `difference` above it, exactly.
    ///
    /// Returns `None` for what is not above zero, or has more than 18 digits.
    #[must_use]
    pub fn checked_add(self, difference: Decimal) -> Option<Self> {
        let digits = self.digits.max(difference.digits());
        let own = rescale(self.points(), self.digits, digits)?;
        let difference = rescale(difference.units(), difference.digits(), digits)?;
        Self::new(own.checked_add(difference)?, digits).ok()
    }

    /// The reason alone, where nobody is to be told in words.
    pub(crate) fn from_text(field: &[u8]) -> Result<Self, NotADecimal> {
        let decimal = Decimal::from_unsigned(field)?;
        Self::from_decimal(decimal).map_err(|_| NotADecimal::Negative)
    }
}

impl FromStr for Price {
    type Err = InvalidDecimal;

    /// Reads digits with at most one point between them: no sign, blank, exponent or comma.
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        Self::from_field(text.as_bytes())
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self.points(), self.digits, f)
    }
}

impl PartialEq for Price {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Price {}

impl PartialOrd for Price {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Price {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.digits == other.digits {
            self.points.cmp(&other.points)
        } else {
            comparable(self.points(), self.digits).cmp(&comparable(other.points(), other.digits))
        }
    }
}

impl Hash for Price {
    fn hash<H: Hasher>(&self, state: &mut H) {
        comparable(self.points(), self.digits).hash(state);
    }
}

#[cfg(test)]
mod tests;
