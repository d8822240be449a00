//! Decimal numbers in the fields of a file.

use crate::price::DIGITS_MAX;

/// As many digits always fit into 64 bits.
const NUMBER_DIGITS_MAX: usize = 18;
/// The largest powers of ten, and the integers up to 2^24 and 2^53, that the two floating-point types
/// hold exactly: a quotient of two such numbers is the nearest value to the decimal one.
const F32_POWERS: [f32; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const F64_POWERS: [f64; 9] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const F32_UNITS_MAX: i64 = 1 << 24;
const F64_UNITS_MAX: i64 = 1 << 53;

/// A decimal number that is not negative: `units` divided by ten to the power of `digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) units: i64,
    /// At most [`DIGITS_MAX`].
    pub(crate) digits: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotADecimal {
    Negative,
    NotANumber,
    TooLarge,
    TooManyDecimals { found: usize },
}

impl Decimal {
    /// Reads digits with at most one point between them.
    pub(crate) fn from_field(field: &[u8]) -> Result<Self, NotADecimal> {
        // With the point; what is longer is either no number or has too many digits.
        if NUMBER_DIGITS_MAX + 1 < field.len() {
            return Err(refused(field));
        }
        let mut units = 0_i64;
        let mut point = None;
        for (at, &byte) in field.iter().enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                units = units.wrapping_mul(10).wrapping_add(i64::from(digit));
            } else if byte == b'.' && point.is_none() {
                point = Some(at);
            } else {
                return Err(refused(field));
            }
        }
        let (whole_len, digits) = match point {
            None => (field.len(), 0),
            Some(at) => (at, field.len() - at - 1),
        };
        let has_zero_too_many = 1 < whole_len && field[0] == b'0';
        if whole_len == 0 || has_zero_too_many || point.is_some() && digits == 0 {
            return Err(NotADecimal::NotANumber);
        }
        if usize::from(DIGITS_MAX) < digits || NUMBER_DIGITS_MAX < whole_len + digits {
            return Err(refused(field));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it is at most DIGITS_MAX")]
        let digits = digits as u8;
        Ok(Self { units, digits })
    }
}

/// Says what is wrong with a field that is none.
#[cold]
fn refused(field: &[u8]) -> NotADecimal {
    let is_number = |field: &[u8]| {
        let mut parts = field.split(|&byte| byte == b'.');
        let is_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        parts.by_ref().take(2).all(is_digits) && parts.next().is_none()
    };
    if let Some((b'-', rest)) = field.split_first()
        && is_number(rest)
    {
        return NotADecimal::Negative;
    }
    if !is_number(field) {
        return NotADecimal::NotANumber;
    }
    let decimals = field.iter().position(|&byte| byte == b'.').map_or(0, |at| field.len() - at - 1);
    if usize::from(DIGITS_MAX) < decimals {
        NotADecimal::TooManyDecimals { found: decimals }
    } else {
        NotADecimal::TooLarge
    }
}

/// Reads a volume in single precision: the nearest one to what is printed.
///
/// Exponents are read too, for Java prints small volumes with one.
pub(crate) fn volume_f32(field: &[u8]) -> Option<f32> {
    if let Ok(Decimal { units: units @ ..=F32_UNITS_MAX, digits }) = Decimal::from_field(field) {
        #[expect(clippy::cast_precision_loss, reason = "it is at most 2^24")]
        let units = units as f32;
        return Some(units / F32_POWERS[usize::from(digits)]);
    }
    let value: f32 = std::str::from_utf8(field).ok()?.parse().ok()?;
    (value.is_finite() && 0.0 <= value).then_some(value)
}

/// Reads a volume in double precision: the nearest one to what is printed.
pub(crate) fn volume_f64(field: &[u8]) -> Option<f64> {
    if let Ok(Decimal { units: units @ ..=F64_UNITS_MAX, digits }) = Decimal::from_field(field) {
        #[expect(clippy::cast_precision_loss, reason = "it is at most 2^53")]
        let units = units as f64;
        return Some(units / F64_POWERS[usize::from(digits)]);
    }
    let value: f64 = std::str::from_utf8(field).ok()?.parse().ok()?;
    (value.is_finite() && 0.0 <= value).then_some(value)
}

/// Reads a whole number of at most 18 digits.
pub(crate) fn whole(field: &[u8]) -> Option<i64> {
    match Decimal::from_field(field) {
        Ok(Decimal { units, digits: 0 }) if !field.contains(&b'.') => Some(units),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals() {
        let check = |text: &str, expected: Result<(i64, u8), NotADecimal>| {
            let found = Decimal::from_field(text.as_bytes());
            assert_eq!(found.map(|found| (found.units, found.digits)), expected, "{text}");
        };
        check("1.14543", Ok((114_543, 5)));
        check("0", Ok((0, 0)));
        check("0.00000001", Ok((1, 8)));
        check("999999999999999999", Ok((999_999_999_999_999_999, 0)));
        check("9999999999.99999999", Ok((999_999_999_999_999_999, 8)));
        check("1000000000000000000", Err(NotADecimal::TooLarge));
        check("99999999999.99999999", Err(NotADecimal::TooLarge));
        check("1.123456789", Err(NotADecimal::TooManyDecimals { found: 9 }));
        check("1.00000000000000000000", Err(NotADecimal::TooManyDecimals { found: 20 }));
        check("-1.1", Err(NotADecimal::Negative));
        check("-0", Err(NotADecimal::Negative));
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "01",
            "00.1",
            "1.1.1",
            "+1",
            "1e5",
            "nan",
            "inf",
            "-inf",
            "1,1",
            " 1",
            "1 ",
            "--1",
            "0x1",
            "1.1234567890123456789x",
            "٣",
        ] {
            check(text, Err(NotADecimal::NotANumber));
        }
    }

    #[test]
    fn volumes() {
        assert_eq!(volume_f32(b"2.06"), Some(2.06));
        assert_eq!(volume_f32(b"2.0599999427795410"), Some(2.06));
        assert_eq!(volume_f32(b"1.0E-4"), Some(0.0001));
        assert_eq!(volume_f64(b"0.1"), Some(0.1));
        for text in ["", "nan", "inf", "-1", "1e400", "x"] {
            assert_eq!(volume_f32(text.as_bytes()), None, "{text}");
            assert_eq!(volume_f64(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn volumes_are_the_nearest(units in 0_i64..1 << 55, digits in 0_usize..=8) {
            let text = format!("{units:0>width$}", width = digits + 1);
            let (whole, fraction) = text.split_at(text.len() - digits);
            let text = if digits == 0 { text } else { format!("{whole}.{fraction}") };
            prop_assert_eq!(volume_f32(text.as_bytes()), text.parse().ok());
            prop_assert_eq!(volume_f64(text.as_bytes()), text.parse().ok());
        }
    }
}
