//! Writing JSON into a buffer that is used again and again, without an allocation of its own.

#[cfg(test)]
mod tests;

use crate::types::{
    ChartId, ClientId, DealTicket, Decimal, Lots, MagicNumber, Money, OrderTicket, PositionTicket,
    Price, RequestId, Symbol, Timeframe,
};

/// A sign, twenty digits and a point.
const NUMBER_LEN_MAX: usize = 22;

/// A value that is written as JSON.
pub(crate) trait Put {
    fn put(&self, out: &mut Vec<u8>);
}

/// Writes an object, member by member.
#[derive(Debug)]
pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

impl<'o> Writer<'o> {
    /// Writes an object whose members are what `write` adds.
    pub(crate) fn object(out: &'o mut Vec<u8>, write: impl FnOnce(&mut Writer<'_>)) {
        out.push(b'{');
        let mut writer = Writer { out, is_first: true };
        write(&mut writer);
        writer.out.push(b'}');
    }

    /// The buffer, behind a name whose value is to be written next.
    pub(crate) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    pub(crate) fn member(&mut self, name: &str, value: &(impl Put + ?Sized)) -> &mut Self {
        value.put(self.name(name));
        self
    }

    pub(crate) fn optional(
        &mut self,
        name: &str,
        value: Option<&(impl Put + ?Sized)>,
    ) -> &mut Self {
        match value {
            Some(value) => self.member(name, value),
            None => self,
        }
    }

    pub(crate) fn inner(&mut self, name: &str, write: impl FnOnce(&mut Writer<'_>)) -> &mut Self {
        Writer::object(self.name(name), write);
        self
    }

    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut Vec<u8>, T),
    ) -> &mut Self {
        list(self.name(name), values, write);
        self
    }
}

/// Writes a list.
pub(crate) fn list<T>(
    out: &mut Vec<u8>,
    values: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    let mut is_first = true;
    for value in values {
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        write(out, value);
    }
    out.push(b']');
}

/// Writes a number of units, the last `decimals` digits of which stand behind the point.
fn number(out: &mut Vec<u8>, is_negative: bool, magnitude: u64, decimals: u8) {
    let mut text = [b'0'; NUMBER_LEN_MAX];
    let mut left = magnitude;
    let mut digits = 0_u8;
    let mut has_point = decimals == 0;
    let mut begin = NUMBER_LEN_MAX;
    for place in text.iter_mut().rev() {
        if !has_point && digits == decimals {
            *place = b'.';
            has_point = true;
        } else if left == 0 && decimals < digits {
            break;
        } else {
            *place = b'0' | u8::try_from(left % 10).unwrap_or(0);
            left /= 10;
            digits = digits.wrapping_add(1);
        }
        begin = begin.wrapping_sub(1);
    }
    if is_negative {
        out.push(b'-');
    }
    out.extend_from_slice(text.get(begin..).unwrap_or_default());
}

impl Put for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Put for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, false, u64::from(*self), 0);
    }
}

impl Put for u32 {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, false, u64::from(*self), 0);
    }
}

impl Put for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, false, *self, 0);
    }
}

impl Put for i32 {
    fn put(&self, out: &mut Vec<u8>) {
        i64::from(*self).put(out);
    }
}

impl Put for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, self.is_negative(), self.unsigned_abs(), 0);
    }
}

impl Put for Decimal {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, self.is_negative(), self.units().unsigned_abs(), self.digits());
    }
}

impl Put for Lots {
    fn put(&self, out: &mut Vec<u8>) {
        self.decimal().put(out);
    }
}

impl Put for Money {
    fn put(&self, out: &mut Vec<u8>) {
        self.decimal().put(out);
    }
}

impl Put for Price {
    fn put(&self, out: &mut Vec<u8>) {
        number(out, false, self.points().unsigned_abs(), self.digits());
    }
}

/// A value, or `null` in the place of one.
impl<T: Put> Put for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.put(out),
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// A price or lots, for whose absence zero is written.
#[derive(Debug)]
pub(crate) struct OrZero<T>(pub(crate) Option<T>);

impl<T: Put> Put for OrZero<T> {
    fn put(&self, out: &mut Vec<u8>) {
        match &self.0 {
            Some(value) => value.put(out),
            None => out.push(b'0'),
        }
    }
}

impl Put for str {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        let mut rest = self.as_bytes();
        let needs_escape = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
        while let Some((plain, (&byte, behind))) = rest
            .iter()
            .position(needs_escape)
            .and_then(|at| rest.split_at_checked(at))
            .and_then(|(plain, from)| Some((plain, from.split_first()?)))
        {
            out.extend_from_slice(plain);
            escape(byte, out);
            rest = behind;
        }
        out.extend_from_slice(rest);
        out.push(b'"');
    }
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' => b"\\\"",
        b'\\' => b"\\\\",
        b'\n' => b"\\n",
        b'\r' => b"\\r",
        b'\t' => b"\\t",
        _ => {
            let digit =
                |nibble: u8| if nibble < 10 { b'0' | nibble } else { nibble.wrapping_add(87) };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(short);
}

impl Put for String {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_str().put(out);
    }
}

impl Put for Symbol {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_str().put(out);
    }
}

impl Put for ClientId {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_str().put(out);
    }
}

impl Put for Timeframe {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_str().put(out);
    }
}

impl Put for RequestId {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Number(number) => number.put(out),
            Self::Text(text) => text.put(out),
        }
    }
}

/// A whole number as a string, as all 64-bit numbers that name things are written.
#[derive(Debug)]
pub(crate) struct Quoted<T>(pub(crate) T);

impl<T: Put> Put for Quoted<T> {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        self.0.put(out);
        out.push(b'"');
    }
}

macro_rules! quoted {
    ($($name:ident,)+) => {$(
        impl Put for $name {
            fn put(&self, out: &mut Vec<u8>) {
                Quoted(self.value()).put(out);
            }
        }
    )+};
}

quoted! { ChartId, DealTicket, MagicNumber, OrderTicket, PositionTicket, }
