//! Decimal numbers in the fields of a file.

use tickpipe_proto::types::Decimal;

/// The largest powers of ten, and the integers up to 2^24 and 2^53, that the two floating-point types
/// hold exactly: a quotient of two such numbers is the nearest value to the decimal one.
const F32_POWERS: [f32; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const F64_POWERS: [f64; 9] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const F32_UNITS_MAX: i64 = 1 << 24;
const F64_UNITS_MAX: i64 = 1 << 53;

/// Reads a volume in single precision: the nearest one to what is printed.
///
/// Exponents are read too, for Java prints small volumes with one.
pub(crate) fn volume_f32(field: &[u8]) -> Option<f32> {
    if let Some((units @ ..=F32_UNITS_MAX, digits)) = decimal(field) {
        #[expect(clippy::cast_precision_loss, reason = "it is at most 2^24")]
        let units = units as f32;
        return Some(units / F32_POWERS[usize::from(digits)]);
    }
    let value: f32 = std::str::from_utf8(field).ok()?.parse().ok()?;
    (value.is_finite() && 0.0 <= value).then_some(value)
}

/// Reads a volume in double precision: the nearest one to what is printed.
pub(crate) fn volume_f64(field: &[u8]) -> Option<f64> {
    if let Some((units @ ..=F64_UNITS_MAX, digits)) = decimal(field) {
        #[expect(clippy::cast_precision_loss, reason = "it is at most 2^53")]
        let units = units as f64;
        return Some(units / F64_POWERS[usize::from(digits)]);
    }
    let value: f64 = std::str::from_utf8(field).ok()?.parse().ok()?;
    (value.is_finite() && 0.0 <= value).then_some(value)
}

/// Reads a whole number of at most 18 digits.
pub(crate) fn whole(field: &[u8]) -> Option<i64> {
    match decimal(field) {
        Some((units, 0)) if !field.contains(&b'.') => Some(units),
        _ => None,
    }
}

/// Reads a number that is not negative as its units and how many decimals they have.
pub(crate) fn decimal(field: &[u8]) -> Option<(i64, u8)> {
    let decimal = Decimal::from_unsigned(field).ok()?;
    Some((decimal.units(), decimal.digits()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
