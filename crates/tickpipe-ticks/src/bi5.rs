//! Dukascopy's hour files: LZMA-alone of records of 20 bytes.
//!
//! ```text
//! | milliseconds of the hour u32 | ask u32 | bid u32 | ask volume f32 | bid volume f32 |  big-endian
//! ```
//!
//! Prices are points; the file says neither their digits nor the hour. Dukascopy's bars are packed in the same
//! way and told by what they hold.

use std::collections::VecDeque;
use std::io::{self, Read};

use lzma_rust2::LzmaReader;
use tickpipe_proto::types::Price;

use crate::calendar::{HOUR_NS, MILLISECOND_NS};
use crate::clock::TickTime;
use crate::rows::BadRow;
use crate::sniff::Other;
use crate::tick::Tick;

const RECORD_LEN: usize = 20;
const BAR_LEN: usize = 24;
/// Records by which ticks are told from bars.
const FIRST_RECORDS: usize = 24;
/// What unpacking may need; an hour file asks for 4 MiB.
const MEMORY_MAX_KIB: u32 = 64 * 1024;
/// What is unpacked of one file: three million ticks in an hour.
const UNPACKED_LEN_MAX: u64 = 64 * 1024 * 1024;

/// Whether a file that begins so is LZMA-alone with Dukascopy's parameters.
pub(crate) fn is_lzma(head: &[u8]) -> bool {
    // Properties, size of the dictionary, unpacked length (unknown, or with four bytes to spare).
    match head {
        [0x5D, 0, 0, _, _, len @ ..] if 8 <= len.len() => {
            len[..8] == [0xFF; 8] || len[4..8] == [0; 4]
        }
        _ => false,
    }
}

/// Reads the records of one file.
pub(crate) struct Bi5<R> {
    /// `None` once its end was reached, and seen to be one.
    unpacked: Option<LzmaReader<R>>,
    unpacked_len: u64,
    /// Read ahead, to see what they are.
    first: VecDeque<[u8; RECORD_LEN]>,
    /// What the reading ahead ended with.
    failure: Option<io::Error>,
    digits: u8,
    record: u64,
}

impl<R: Read> Bi5<R> {
    /// Begins to unpack.
    pub(crate) fn new(input: R) -> io::Result<Self> {
        let mut unpacked = LzmaReader::new_mem_limit(input, MEMORY_MAX_KIB, None)?;
        // Whoever cuts off the last bytes cuts off what proves that it is the end.
        unpacked.set_relaxed_end_condition(false);
        let first = VecDeque::new();
        let unpacked = Some(unpacked);
        Ok(Self { unpacked, unpacked_len: 0, first, failure: None, digits: 0, record: 0 })
    }

    /// Reads ahead and says if these are bars, or no records of any kind.
    pub(crate) fn other(&mut self) -> Option<Other> {
        while self.first.len() < FIRST_RECORDS {
            match self.unpack() {
                Ok(Some(record)) => self.first.push_back(record),
                Ok(None) => break,
                Err(error) => {
                    self.failure = Some(error);
                    break;
                }
            }
        }
        let bytes: Vec<u8> = self.first.iter().flatten().copied().collect();
        let times = |len: usize| bytes.chunks_exact(len).map(|record| number(record, 0));
        let is_hour = times(RECORD_LEN).all(|time| i64::from(time) * MILLISECOND_NS < HOUR_NS);
        if is_hour && times(RECORD_LEN).is_sorted() {
            return None;
        }
        if times(BAR_LEN).all(|time| time % 60 == 0) && times(BAR_LEN).is_sorted() {
            return Some(Other::Bars("Dukascopy's bars in LZMA"));
        }
        let found = "it is LZMA, and what is in it is not Dukascopy's ticks of an hour";
        Some(Other::Unknown(found.to_owned()))
    }

    /// Sets how many decimals a point has.
    pub(crate) const fn set_digits(&mut self, digits: u8) {
        self.digits = digits;
    }

    /// Returns how many records were given; the number of the newest, counted from 1.
    pub(crate) const fn record(&self) -> u64 {
        self.record
    }

    /// Gives the next tick; `None` after the last.
    pub(crate) fn next_tick(&mut self) -> io::Result<Option<Result<Tick, Box<BadRow>>>> {
        let record = match (self.first.pop_front(), self.failure.take()) {
            (Some(record), failure) => {
                self.failure = failure;
                record
            }
            (None, Some(failure)) => return Err(failure),
            (None, None) => match self.unpack()? {
                Some(record) => record,
                None => return Ok(None),
            },
        };
        self.record += 1;
        Ok(Some(self.tick(&record)))
    }

    /// Unpacks one record. Each is asked for by itself: what fails with it was given with no other.
    fn unpack(&mut self) -> io::Result<Option<[u8; RECORD_LEN]>> {
        let Some(mut unpacked) = self.unpacked.take() else { return Ok(None) };
        let mut record = [0; RECORD_LEN];
        let mut filled = 0;
        while filled < RECORD_LEN {
            match unpacked.read(&mut record[filled..])? {
                0 if filled == 0 => return Self::finish(unpacked),
                0 => {
                    let text = "the last record is cut off";
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
                }
                len => filled += len,
            }
        }
        self.unpacked_len += RECORD_LEN as u64;
        if UNPACKED_LEN_MAX < self.unpacked_len {
            let text = format!("an hour of more than {UNPACKED_LEN_MAX} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        self.unpacked = Some(unpacked);
        Ok(Some(record))
    }

    /// Sees that nothing comes after the end, and so lets a container check its checksum.
    fn finish(unpacked: LzmaReader<R>) -> io::Result<Option<[u8; RECORD_LEN]>> {
        let (mut input, rest) = unpacked.into_parts();
        if rest.is_empty() && input.read(&mut [0])? == 0 {
            return Ok(None);
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "there are bytes after the end"))
    }

    fn tick(&self, record: &[u8; RECORD_LEN]) -> Result<Tick, Box<BadRow>> {
        let bad = |column, name, found: String, allowed: &str| {
            Err(Box::new(BadRow { column, name, found, allowed: allowed.to_owned() }))
        };
        let time = i64::from(number(record, 0)) * MILLISECOND_NS;
        if HOUR_NS <= time {
            let found = number(record, 0).to_string();
            return bad(1, "time", found, "milliseconds of an hour, from 0 to below 3600000");
        }
        let mut tick = Tick::at(TickTime::from_nanos(time));
        tick.ask = Price::new(number(record, 4).into(), self.digits).ok();
        tick.bid = Price::new(number(record, 8).into(), self.digits).ok();
        for (column, name, price) in [(2, "ask", tick.ask), (3, "bid", tick.bid)] {
            if price.is_none() {
                return bad(column, name, "0".to_owned(), "a price above zero");
            }
        }
        let ask_volume = f32::from_bits(number(record, 12));
        let bid_volume = f32::from_bits(number(record, 16));
        for (column, name, volume) in [(4, "ask volume", ask_volume), (5, "bid volume", bid_volume)]
        {
            if !volume.is_finite() || volume < 0.0 {
                return bad(column, name, volume.to_string(), "a volume such as 1.5");
            }
        }
        tick.ask_volume = Some(ask_volume);
        tick.bid_volume = Some(bid_volume);
        Ok(tick)
    }
}

/// The 32 bits at `at`.
fn number(record: &[u8], at: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&record[at..at + 4]);
    u32::from_be_bytes(bytes)
}
