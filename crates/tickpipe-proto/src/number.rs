//! A price as the article's EA writes it.

use crate::code::{ErrorCode, LineError};
use crate::escape::escaped;

/// Characters of a peer's line that an error repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// Reads a line as one finite decimal number, blanks around it ignored.
///
/// Takes what `DoubleToString` and `printf` print: digits with an optional sign, point and
/// exponent. A comma, a hexadecimal number or two numbers are refused.
///
/// # Errors
///
/// Returns [`ErrorCode::NonFinite`] for NaN, infinity, and numbers beyond what 64 bits hold, and
/// [`ErrorCode::NotANumber`] for everything else that is no number.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::{ErrorCode, number};
///
/// assert_eq!(number("1.10000000"), Ok(1.1));
/// assert_eq!(number("1,1").unwrap_err().code(), ErrorCode::NotANumber);
/// assert_eq!(number("1e400").unwrap_err().code(), ErrorCode::NonFinite);
/// ```
pub fn number(line: &str) -> Result<f64, LineError> {
    match line.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(LineError::new(
            ErrorCode::NonFinite,
            format!("found `{}`, allowed are finite numbers", escaped(line, SHOWN_CHARS_MAX)),
        )),
        Err(_) => Err(LineError::new(
            ErrorCode::NotANumber,
            format!("found `{}`, expected one such as 1.10000000", escaped(line, SHOWN_CHARS_MAX)),
        )),
    }
}
