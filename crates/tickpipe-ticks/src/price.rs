//! Prices as they were printed, exactly.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZero;
use std::str::FromStr;

use thiserror::Error;
use tickpipe_proto::escaped;

use crate::number::{Decimal, NotADecimal};

/// Decimals a price may have: what `DoubleToString` prints without being asked.
pub const DIGITS_MAX: u8 = 8;
/// Decimals a price is printed with at most, as by `DoubleToString`.
const PRINTED_DIGITS_MAX: usize = 16;
const SHOWN_CHARS_MAX: usize = 40;

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
/// use tickpipe_ticks::Price;
///
/// let price: Price = "1.14540".parse()?;
/// assert_eq!((price.points(), price.digits()), (114_540, 5));
/// assert_eq!(price.to_string(), "1.14540");
/// assert_eq!(format!("{price:.8}"), "1.14540000");
/// assert_eq!(price, "1.1454".parse()?);
/// # Ok::<(), tickpipe_ticks::InvalidPrice>(())
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
    /// Returns [`InvalidPrice`] for points of zero or below, and for more than [`DIGITS_MAX`] digits.
    pub fn new(points: i64, digits: u8) -> Result<Self, InvalidPrice> {
        if DIGITS_MAX < digits {
            return Err(InvalidPrice::TooManyDecimals { found: digits.into() });
        }
        match NonZero::new(points) {
            Some(points) if points.is_positive() => Ok(Self { points, digits }),
            _ => Err(InvalidPrice::NotAboveZero),
        }
    }

    /// Reads a field of a file.
    pub(crate) fn from_field(field: &[u8]) -> Result<Self, InvalidPrice> {
        match Decimal::from_field(field) {
            Ok(decimal) => Self::new(decimal.units, decimal.digits),
            Err(reason) => Err(Self::refused(field, reason)),
        }
    }

    #[cold]
    fn refused(field: &[u8], reason: NotADecimal) -> InvalidPrice {
        match reason {
            NotADecimal::Negative => InvalidPrice::NotAboveZero,
            NotADecimal::NotANumber => InvalidPrice::NotANumber {
                found: escaped(&String::from_utf8_lossy(field), SHOWN_CHARS_MAX).to_string(),
            },
            NotADecimal::TooLarge => InvalidPrice::TooLarge,
            NotADecimal::TooManyDecimals { found } => InvalidPrice::TooManyDecimals { found },
        }
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
    /// Returns `None` if that would change the value, if there are too many points for 64 bits, or
    /// for more than [`DIGITS_MAX`] digits.
    #[must_use]
    pub fn rescale(self, digits: u8) -> Option<Self> {
        if DIGITS_MAX < digits {
            return None;
        }
        let factor = 10_i64.pow(self.digits.abs_diff(digits).into());
        let points = if self.digits <= digits {
            self.points().checked_mul(factor)?
        } else if self.points() % factor == 0 {
            self.points() / factor
        } else {
            return None;
        };
        Self::new(points, digits).ok()
    }

    /// Returns the points the price would have with [`DIGITS_MAX`] digits, which can be compared.
    fn comparable(self) -> i128 {
        i128::from(self.points()) * 10_i128.pow((DIGITS_MAX - self.digits).into())
    }
}

impl FromStr for Price {
    type Err = InvalidPrice;

    /// Reads digits with at most one point between them: no sign, blank, exponent or comma.
    fn from_str(text: &str) -> Result<Self, InvalidPrice> {
        Self::from_field(text.as_bytes())
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = usize::from(self.digits);
        let wanted = f.precision().unwrap_or(own).min(PRINTED_DIGITS_MAX);
        let mut points = self.points().unsigned_abs();
        let mut shown = own;
        if wanted < own {
            let factor = 10_u64.pow(u32::from(self.digits).saturating_sub(narrow(wanted)));
            points = (points + factor / 2) / factor;
            shown = wanted;
        }
        let factor = 10_u64.pow(narrow(shown));
        let mut text = (points / factor).to_string();
        if 0 < wanted {
            let fraction = points % factor;
            let fraction = if shown == 0 { String::new() } else { format!("{fraction:0>shown$}") };
            text.push('.');
            text.push_str(&format!("{fraction:0<wanted$}"));
        }
        f.pad_integral(true, "", &text)
    }
}

/// A number of decimals, at most 16, as the exponent it is.
fn narrow(digits: usize) -> u32 {
    u32::try_from(digits).unwrap_or(u32::MAX)
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
            self.comparable().cmp(&other.comparable())
        }
    }
}

impl Hash for Price {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.comparable().hash(state);
    }
}

/// Why something is no price.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidPrice {
    /// Zero, which MetaTrader writes for no price, or a negative number.
    #[error("found a price that is not above zero, allowed are prices above zero")]
    NotAboveZero,
    /// Anything but digits with at most one point between them.
    #[error("found `{found}`, allowed is a number such as 1.14543")]
    NotANumber {
        /// What was found, made readable.
        found: String,
    },
    /// More digits than a price can have in 64 bits.
    #[error("found a price of more than 18 digits, allowed are 18")]
    TooLarge,
    /// More decimals than [`DIGITS_MAX`].
    #[error("found {found} decimals, allowed are 8")]
    TooManyDecimals {
        /// How many there are.
        found: usize,
    },
}

#[cfg(test)]
mod tests;
