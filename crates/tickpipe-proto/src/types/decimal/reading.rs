//! Decimal numbers read from their digits.

use super::{DIGITS_MAX, Decimal, NUMBER_DIGITS_MAX};

/// Why bytes are no decimal number without a sign; it holds nothing, so that it costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotADecimal {
    /// A number below zero, or `-0`.
    Negative,
    /// Anything but digits with at most one point between them.
    NotANumber,
    /// More than 18 digits.
    TooLarge,
    /// More than [`DIGITS_MAX`] decimals.
    TooManyDecimals {
        /// How many there are.
        found: usize,
    },
}

/// Reads digits with at most one point between them.
// Files of ticks are read through this, in another crate and millions of times a second.
#[inline]
pub(super) fn unsigned(field: &[u8]) -> Result<Decimal, NotADecimal> {
    // With the point; what is longer is either no number or has too many digits.
    if NUMBER_DIGITS_MAX < field.len().saturating_sub(1) {
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
    let (whole_len, decimals) = match point {
        None => (field.len(), 0),
        Some(at) => (at, field.len().wrapping_sub(at).wrapping_sub(1)),
    };
    let has_zero_too_many = 1 < whole_len && field.first() == Some(&b'0');
    if whole_len == 0 || has_zero_too_many || point.is_some() && decimals == 0 {
        return Err(NotADecimal::NotANumber);
    }
    match u8::try_from(decimals) {
        Ok(digits @ ..=DIGITS_MAX) if whole_len.wrapping_add(decimals) <= NUMBER_DIGITS_MAX => {
            Ok(Decimal { units, digits })
        }
        _ => Err(refused(field)),
    }
}

/// Says what is wrong with bytes that are no such number.
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
    let decimals = field.iter().rev().position(|&byte| byte == b'.').unwrap_or(0);
    if usize::from(DIGITS_MAX) < decimals {
        NotADecimal::TooManyDecimals { found: decimals }
    } else {
        NotADecimal::TooLarge
    }
}
