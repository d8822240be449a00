//! Numbers out of texts and doubles, and back.

use std::ffi::c_char;

use tickpipe_proto::types::Decimal as Number;

use super::memory::{Out, put_text, read_plain, text};
use crate::failure::Failure;
use crate::layout::Decimal;
use crate::registry::without;

const TEXT_BYTES_MAX: usize = 32;

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_decimal_parse(
    from: *const c_char,
    decimal: *mut Decimal,
) -> i32 {
    without(|| {
        // SAFETY: the header asks for a place for the number.
        let decimal = unsafe { Out::plain("decimal", decimal)? };
        // SAFETY: the header asks for a text.
        let from = unsafe { text("text", from, TEXT_BYTES_MAX)? };
        let number: Number = from.parse().map_err(|error| Failure::number("text", &error))?;
        decimal.put(number.into());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_decimal_print(
    decimal: *const Decimal,
    to: *mut c_char,
    len: usize,
) -> i32 {
    let mut full = 0;
    let code = without(|| {
        // SAFETY: the header asks for a number.
        let decimal = unsafe { read_plain("decimal", decimal)? };
        let shown = number(decimal)?.map_or_else(String::new, |number| number.to_string());
        full = i32::try_from(shown.len()).unwrap_or(i32::MAX);
        // SAFETY: the header asks for so many bytes.
        unsafe { put_text("text", &shown, to, len) }
    });
    if code < 0 { code } else { full }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_decimal_from_double(
    value: f64,
    digits: u32,
    decimal: *mut Decimal,
) -> i32 {
    without(|| {
        // SAFETY: the header asks for a place for the number.
        let decimal = unsafe { Out::plain("decimal", decimal)? };
        let digits = u8::try_from(digits).unwrap_or(u8::MAX);
        let number =
            Number::from_f64(value, digits).map_err(|error| Failure::number("value", &error))?;
        decimal.put(number.into());
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn tickpipe_sim_decimal_to_double(
    decimal: *const Decimal,
    value: *mut f64,
) -> i32 {
    without(|| {
        // SAFETY: the header asks for a place for the number.
        let value = unsafe { Out::plain("value", value)? };
        // SAFETY: the header asks for a number.
        let decimal = unsafe { read_plain("decimal", decimal)? };
        value.put(number(decimal)?.map_or(0.0, Number::to_f64));
        Ok(())
    })
}

/// Returns the number, if one is set.
fn number(decimal: Decimal) -> Result<Option<Number>, Failure> {
    if decimal.is_set == 0 {
        return Ok(None);
    }
    let digits = u8::try_from(decimal.digits).unwrap_or(u8::MAX);
    let number = Number::new(decimal.units, digits);
    number.map(Some).map_err(|error| Failure::number("decimal", &error))
}
