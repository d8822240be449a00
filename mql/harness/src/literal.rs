//! What a literal says: numbers, datetimes, colours.

use crate::finding::{Finding, Rule};
use crate::lexer::{Integer, TokenKind};
use crate::place::Place;

const SECONDS_OF_DAY: i64 = 86_400;

/// A number as both dialects and C++ read it alike.
pub(crate) fn number(text: &str, place: &Place) -> Result<TokenKind, Finding> {
    let refuse = |message: String| Err(Finding::new(place, Rule::NumberLiteral, message));
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return match u64::from_str_radix(digits, 16) {
            Ok(value) => Ok(TokenKind::Integer(Integer { value, is_hex: true })),
            Err(_) => refuse(format!("`{text}` is not a hexadecimal number of 64 bits")),
        };
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        if 1 < text.len() && text.starts_with('0') {
            return refuse(format!(
                "`{text}` would be octal in C++: leave out the zeros before it"
            ));
        }
        return match text.parse() {
            Ok(value) => Ok(TokenKind::Integer(Integer { value, is_hex: false })),
            Err(_) => refuse(format!("`{text}` exceeds 64 bits")),
        };
    }
    if text.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c))
        && text.parse().is_ok_and(f64::is_finite)
    {
        return Ok(TokenKind::Real(text.to_owned()));
    }
    let without = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if !without.is_empty() && without.parse().is_ok_and(f64::is_finite) {
        return refuse(format!("`{text}` has a suffix: write `{without}`, or a cast"));
    }
    refuse(format!("`{text}` is not a number"))
}

/// Seconds since 1970 of `yyyy.mm.dd`, `yyyy.mm.dd hh:mm` or `yyyy.mm.dd hh:mm:ss`.
pub(crate) fn datetime(text: &str, place: &Place) -> Result<i64, Finding> {
    seconds(text).ok_or_else(|| {
        let message = format!("`D'{text}'` is not yyyy.mm.dd, with hh:mm or hh:mm:ss after it");
        Finding::new(place, Rule::DatetimeLiteral, message)
    })
}

fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    let numbers: Vec<i64> = parts(date, '.', &[4, 2, 2])?;
    let [year, month, day] = <[i64; 3]>::try_from(numbers).ok()?;
    let clock = parts(time, ':', &[2, 2]).or_else(|| parts(time, ':', &[2, 2, 2]))?;
    let mut clock = clock.into_iter();
    let (hour, minute, second) = (clock.next()?, clock.next()?, clock.next().unwrap_or(0));
    let is_valid = (1970..=3000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let days = days_before(year, month) + day - 1;
    is_valid.then_some(days * SECONDS_OF_DAY + hour * 3600 + minute * 60 + second)
}

/// Numbers of so many digits, with `between` between them.
fn parts(text: &str, between: char, digits: &[usize]) -> Option<Vec<i64>> {
    let parts: Vec<&str> = text.split(between).collect();
    let is_shape = parts.len() == digits.len()
        && parts
            .iter()
            .zip(digits)
            .all(|(part, &len)| part.len() == len && part.chars().all(|c| c.is_ascii_digit()));
    if !is_shape {
        return None;
    }
    parts.into_iter().map(|part| part.parse().ok()).collect()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to the first of the month.
fn days_before(year: i64, month: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    years + (1..month).map(|month| days_of_month(year, month)).sum::<i64>()
}

/// `0xBBGGRR` of `red,green,blue`.
pub(crate) fn color(text: &str, place: &Place) -> Result<u32, Finding> {
    let parts: Option<Vec<u32>> = text.split(',').map(color_part).collect();
    match parts.as_deref() {
        Some(&[red, green, blue]) => Ok(blue << 16 | green << 8 | red),
        _ => {
            let message = format!("`C'{text}'` is not three numbers from 0 to 255");
            Err(Finding::new(place, Rule::ColorLiteral, message))
        }
    }
}

fn color_part(text: &str) -> Option<u32> {
    let text = text.trim();
    let value = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    (value < 256).then_some(value)
}
