//! MT4's history files.
//!
//! ```text
//! | version i32 | copyright 64 bytes | symbol 12 bytes | period i32 | digits i32 | ... up to byte 148 |  little-endian
//! 400: | time i32 | open f64 | low f64 | high f64 | close f64 | volume f64 |                    44 bytes
//! 401: | time i64 | open f64 | high f64 | low f64 | close f64 | volume i64 | spread i32 | real volume i64 |  60 bytes
//! ```
//!
//! Prices are doubles; each is taken for the decimal number that it stands for, with the digits of the header or, where
//! those do not hold it, with as few more as do.

use std::io::{self, Read};

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{DIGITS_MAX, Decimal, Price};

use super::{HEAD_LEN, TIME_S_MAX, decimals, disorder, whole};
use crate::container::{self, Container};
use crate::error::TickError;
use crate::lines::Lines;
use crate::rows::BadRow;

pub(super) const HEADER_LEN: usize = 148;
const RECORD_LEN_MAX: usize = 60;

/// How the records are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V400,
    V401,
}

impl Version {
    pub(super) const fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x90, 1, 0, 0, ..] => Some(Self::V400),
            [0x91, 1, 0, 0, ..] => Some(Self::V401),
            _ => None,
        }
    }

    const fn record_len(self) -> usize {
        match self {
            Self::V400 => 44,
            Self::V401 => RECORD_LEN_MAX,
        }
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) symbol: Option<String>,
    pub(super) period_min: i32,
    /// Of the prices: the header's, or what the first of them need.
    pub(super) digits: u8,
}

/// Reads the records of one file.
pub(crate) struct Hst<R> {
    input: R,
    version: Version,
    digits: u8,
    record: u64,
    /// The input ended within a record.
    is_cut: bool,
}

impl<R: Read> Hst<R> {
    /// Reads the header; `head` is what comes after it, as far as it is known.
    pub(super) fn new(
        input: R,
        version: Version,
        header: &[u8; HEADER_LEN],
        head: &[u8],
    ) -> (Self, Header) {
        let symbol = header[68..80].split(|&byte| byte == 0).next().unwrap_or_default();
        let symbol = String::from_utf8(symbol.to_vec()).ok();
        let symbol = symbol.filter(|text| !text.is_empty() && !text.contains(char::is_control));
        let stated = u8::try_from(number(header, 84)).ok().filter(|digits| *digits <= DIGITS_MAX);
        let mut hst =
            Self { input, version, digits: stated.unwrap_or(0), record: 0, is_cut: false };
        let first = &head[..head.len().min(HEAD_LEN)];
        let bars = first.chunks_exact(version.record_len()).filter_map(|bytes| hst.bar(bytes).ok());
        let needed = bars.flat_map(|bar| [bar.open, bar.high, bar.low, bar.close].map(decimals));
        let digits = needed.max().unwrap_or(0).max(hst.digits);
        hst.digits = digits;
        (hst, Header { symbol, period_min: number(header, 80), digits })
    }

    /// Returns how many records were given; the number of the newest, counted from 1.
    pub(super) const fn record(&self) -> u64 {
        self.record
    }

    /// Gives the next bar; `None` after the last.
    pub(super) fn next_bar(&mut self) -> io::Result<Option<Result<Bar, Box<BadRow>>>> {
        let mut bytes = [0; RECORD_LEN_MAX];
        let bytes = &mut bytes[..self.version.record_len()];
        match fill(&mut self.input, bytes)? {
            0 => return Ok(None),
            len if len < bytes.len() => {
                self.is_cut = true;
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            _ => {}
        }
        self.record += 1;
        Ok(Some(self.bar(bytes)))
    }

    /// Reads a record of the version's length.
    fn bar(&self, bytes: &[u8]) -> Result<Bar, Box<BadRow>> {
        let (time, prices) = match self.version {
            Version::V400 => (number(bytes, 0).into(), [4, 20, 12, 28]),
            Version::V401 => (long(bytes, 0), [8, 16, 24, 32]),
        };
        if !(0..=TIME_S_MAX).contains(&time) {
            return Err(bad(1, "time", time.to_string(), "seconds of the years 1970 to 2260"));
        }
        let price = |field: usize, name| {
            let value = f64::from_bits(long(bytes, prices[field]).cast_unsigned());
            let price =
                (self.digits..=DIGITS_MAX).find_map(|digits| Price::from_f64(value, digits).ok());
            let allowed = "a price above zero with at most 8 decimals";
            price.ok_or_else(|| bad(2 + field, name, value.to_string(), allowed))
        };
        let (open, high) = (price(0, "open")?, price(1, "high")?);
        let mut bar = Bar::new(time, open, high, price(2, "low")?, price(3, "close")?);
        let volume = match self.version {
            Version::V400 => {
                let value = f64::from_bits(long(bytes, 36).cast_unsigned());
                let volume = Decimal::from_f64(value, 0).ok().and_then(whole);
                volume.ok_or_else(|| value.to_string())
            }
            Version::V401 => {
                let value = long(bytes, 40);
                u64::try_from(value).map_err(|_| value.to_string())
            }
        };
        let allowed = "a whole number that is not negative";
        bar.tick_volume = volume.map_err(|found| bad(6, "volume", found, allowed))?;
        if self.version == Version::V401 {
            // MT4 leaves what it does not know at zero.
            bar.spread = u64::try_from(number(bytes, 48)).ok().filter(|spread| *spread != 0);
            bar.real_volume = u64::try_from(long(bytes, 52)).ok().filter(|volume| *volume != 0);
        }
        match disorder(&bar) {
            Some(bad) => Err(Box::new(bad)),
            None => Ok(bar),
        }
    }
}

impl Hst<Lines<Container>> {
    /// Makes an error of what reading failed with.
    pub(super) fn error(&self, file: &str, error: io::Error) -> TickError {
        if self.is_cut {
            return container::damaged(file, ".hst", error);
        }
        self.input.input().error(file, error)
    }
}

/// Reads until the buffer is full or the input has ended; returns how much there was.
pub(super) fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match input.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

fn bad(column: usize, name: &'static str, found: String, allowed: &str) -> Box<BadRow> {
    Box::new(BadRow { column, name, found: format!("`{found}`"), allowed: allowed.to_owned() })
}

fn number(bytes: &[u8], at: usize) -> i32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    i32::from_le_bytes(number)
}

fn long(bytes: &[u8], at: usize) -> i64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    i64::from_le_bytes(number)
}
