//! Scalars, each read from its own text.

use std::borrow::Cow;

use crate::types::{
    ChartId, ClientId, DealTicket, Decimal, Lots, MagicNumber, Money, OrderTicket, PositionTicket,
    Price, Symbol, Timeframe, WHOLE_MAX, is_symbol,
};

const TEXT_LEN_MAX: usize = 4096;
const NAME_LEN_MAX: usize = 64;
const COMMENT_LEN_MAX: usize = 64;

/// A kind of value of chapter 10.
pub(crate) trait Value<'a>: Sized {
    /// What an error says instead of a value.
    const EXPECTED: &'static str;

    /// Reads the text of a JSON value, which has no blanks around it.
    fn read(json: &'a str) -> Option<Self>;
}

impl Value<'_> for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(json: &str) -> Option<Self> {
        match json {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl Value<'_> for u64 {
    const EXPECTED: &'static str =
        "a whole number of 0 to 9007199254740991, without point and exponent";

    fn read(json: &str) -> Option<Self> {
        whole(json)
    }
}

impl Value<'_> for i64 {
    const EXPECTED: &'static str =
        "a time: a whole number of 0 to 9007199254740991, without point and exponent";

    fn read(json: &str) -> Option<Self> {
        whole(json).and_then(|time| time.try_into().ok())
    }
}

impl Value<'_> for u32 {
    const EXPECTED: &'static str = "a whole number of 0 to 4294967295";

    fn read(json: &str) -> Option<Self> {
        whole(json).and_then(|number| number.try_into().ok())
    }
}

impl Value<'_> for Price {
    const EXPECTED: &'static str =
        "a price above zero such as 1.10012, of at most 8 decimals and 18 digits, without exponent";

    fn read(json: &str) -> Option<Self> {
        Self::from_text(json.as_bytes()).ok()
    }
}

impl Value<'_> for Lots {
    const EXPECTED: &'static str =
        "lots above zero such as 0.10, of at most 8 decimals and 18 digits, without exponent";

    fn read(json: &str) -> Option<Self> {
        Self::from_field(json.as_bytes()).ok()
    }
}

impl Value<'_> for Decimal {
    const EXPECTED: &'static str =
        "a number such as -12.50, of at most 8 decimals and 18 digits, without exponent";

    fn read(json: &str) -> Option<Self> {
        Self::from_signed(json.as_bytes()).ok()
    }
}

impl Value<'_> for Money {
    const EXPECTED: &'static str = <Decimal as Value<'_>>::EXPECTED;

    fn read(json: &str) -> Option<Self> {
        Decimal::read(json).map(Self::from_decimal)
    }
}

/// What is written as a string of its own form.
macro_rules! from_string {
    ($($name:ident: $expected:literal,)+) => {$(
        impl Value<'_> for $name {
            const EXPECTED: &'static str = $expected;

            fn read(json: &str) -> Option<Self> {
                string(json)?.parse().ok()
            }
        }
    )+};
}

from_string! {
    ChartId: "a string of a whole number of 64 bits such as \"132\"",
    ClientId: "a string of 1 to 16 characters of 0-9 A-Z a-z _ -",
    DealTicket: "a ticket: a string of 1 to 18446744073709551615 such as \"123456789\"",
    MagicNumber: "a string of a whole number of 64 bits such as \"20240101\"",
    OrderTicket: "a ticket: a string of 1 to 18446744073709551615 such as \"123456789\"",
    PositionTicket: "a ticket: a string of 1 to 18446744073709551615 such as \"123456789\"",
    Symbol: "a symbol: a string of 1 to 64 bytes without control characters",
    Timeframe: "a timeframe such as \"M1\", \"H4\" or \"MN1\"",
}

/// The name of a symbol that is not owned.
#[derive(Debug)]
pub(crate) struct SymbolName<'a>(pub(crate) Cow<'a, str>);

impl<'a> Value<'a> for SymbolName<'a> {
    const EXPECTED: &'static str = <Symbol as Value<'_>>::EXPECTED;

    fn read(json: &'a str) -> Option<Self> {
        string(json).filter(|name| is_symbol(name)).map(Self)
    }
}

/// Reads a whole number of at most 2^53 - 1.
pub(crate) fn whole(json: &str) -> Option<u64> {
    // JSON has no zeros before a number, and no `+`.
    let is_whole = json.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole {
        return None;
    }
    json.parse().ok().filter(|number| *number <= WHOLE_MAX)
}

/// Reads a string; one without escapes is not copied.
pub(crate) fn string(json: &str) -> Option<Cow<'_, str>> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inside.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inside));
    }
    // Half a surrogate pair is refused here.
    serde_json::from_str(json).ok().map(Cow::Owned)
}

pub(crate) const TEXT: &str = "a text of at most 4096 bytes";

pub(crate) fn text(json: &str) -> Option<String> {
    string(json).filter(|text| text.len() <= TEXT_LEN_MAX).map(Cow::into_owned)
}

pub(crate) const NAME: &str = "a text of 1 to 64 bytes";

pub(crate) fn name(json: &str) -> Option<String> {
    string(json).filter(|text| (1..=NAME_LEN_MAX).contains(&text.len())).map(Cow::into_owned)
}

pub(crate) const COMMENT: &str = "a text of at most 64 bytes without control characters";

pub(crate) fn comment(json: &str) -> Option<String> {
    string(json).filter(|text| is_comment(text)).map(Cow::into_owned)
}

fn is_comment(text: &str) -> bool {
    text.len() <= COMMENT_LEN_MAX && !text.chars().any(char::is_control)
}
