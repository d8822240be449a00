//! Between exact numbers and `f64`, at the edge where a user has one.

use super::{DIGITS_MAX, Decimal, InvalidDecimal, UNITS_LIMIT, power};

/// How far a `f64` may be from a point, in points: far above what arithmetic leaves over, far below
/// what a person means.
const OFF_POINT_MAX: f64 = 1e-6;
/// All integers up to here are `f64`s.
const EXACT_UNITS_MAX: u64 = 1 << 53;

impl Decimal {
    /// Returns the nearest `f64`, for indicators and charts; what is traded stays exact.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        let Self { units, digits } = self;
        to_f64(units, digits)
    }

    /// Takes a `f64` for the number of `digits` decimals that it stands for.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDecimal::NotAPoint`] for a number that is further than a millionth of the last
    /// decimal from each number of `digits` decimals, [`InvalidDecimal::NotFinite`] for NaN and
    /// infinity. The nearest `f64` of a number of up to 15 digits is always taken for it. Numbers of
    /// more may share a `f64`, which is taken for the one that it is nearest to.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe_proto::types::Decimal;
    ///
    /// assert_eq!(Decimal::from_f64(0.1 + 0.2, 1)?, "0.3".parse()?);
    /// assert!(Decimal::from_f64(1.100005, 5).is_err());
    /// # Ok::<(), tickpipe_proto::types::InvalidDecimal>(())
    /// ```
    pub fn from_f64(value: f64, digits: u8) -> Result<Self, InvalidDecimal> {
        if DIGITS_MAX < digits {
            return Err(InvalidDecimal::TooManyDecimals { found: digits.into() });
        }
        let scaled = value * as_f64(power(digits));
        let nearest = scaled.round();
        if !value.is_finite() {
            return Err(InvalidDecimal::NotFinite { found: value.to_string() });
        }
        if as_f64(UNITS_LIMIT.cast_signed()) <= nearest.abs() {
            return Err(InvalidDecimal::TooLarge);
        }
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "it is whole, and has been held against the limit"
        )]
        let units = nearest as i64;
        // Beyond that the product is rounded to more than a unit, and the text is not.
        let is_exact = units.unsigned_abs() <= EXACT_UNITS_MAX;
        let decimal = Self { units: if is_exact { units } else { printed(value, digits) }, digits };
        let is_its_own = decimal.to_f64().to_bits() == value.to_bits();
        let is_near = (scaled - nearest).abs() <= OFF_POINT_MAX;
        // Beyond that every `f64` is whole, and near to a point for want of decimals.
        if is_its_own || is_near && is_exact {
            Self::new(decimal.units, digits)
        } else {
            Err(InvalidDecimal::NotAPoint { found: value.to_string(), digits })
        }
    }
}

/// The units of the number that a `f64` is printed as with so many decimals: the nearest to it.
fn printed(value: f64, digits: u8) -> i64 {
    let text = format!("{value:.*}", usize::from(digits));
    text.replace('.', "").parse().unwrap_or(i64::MAX)
}

/// The nearest `f64` of a number.
pub(in crate::types) fn to_f64(units: i64, digits: u8) -> f64 {
    if units.unsigned_abs() <= EXACT_UNITS_MAX {
        // A quotient of two exact numbers is the nearest to the true one.
        return as_f64(units) / as_f64(power(digits));
    }
    // Rare, so the standard library's reading may do it.
    format!("{units}e-{digits}").parse().unwrap_or(f64::NAN)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "the callers keep to 2^53, or to powers of ten up to 18, which are exact"
)]
const fn as_f64(value: i64) -> f64 {
    value as f64
}
