//! Recorded bars: what they are told by, and how they are read.

mod begin;
mod format;
mod hst;
mod names;
mod options;
mod reader;
mod rows;
mod sniff;
#[cfg(test)]
mod tests;
mod timeframe;

pub use self::format::BarFormat;
pub use self::options::BarOptions;
pub use self::reader::BarReader;
pub(crate) use self::sniff::{Content, content};

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{Decimal, Price};

use crate::rows::BadRow;

/// The first bytes by which bars are told, and by which their length and decimals are found: some sixty of
/// them.
const HEAD_LEN: usize = 4096;
/// The last second of 2260: all nanoseconds up to a year after it fit.
const TIME_S_MAX: i64 = 9_183_110_399;

/// Says what is wrong with a bar as a whole.
fn disorder(bar: &Bar) -> Option<BadRow> {
    let Bar { open, high, low, close, .. } = *bar;
    if low <= open && low <= close && open <= high && close <= high {
        return None;
    }
    Some(BadRow {
        column: 0,
        name: "",
        found: format!("open {open}, high {high}, low {low} and close {close}"),
        allowed: "a low that is the lowest and a high that is the highest of them".to_owned(),
    })
}

/// Returns how many decimals a price has that say something.
fn decimals(price: Price) -> u8 {
    let (mut points, mut digits) = (price.points(), price.digits());
    while 0 < digits && points % 10 == 0 {
        points /= 10;
        digits -= 1;
    }
    digits
}

/// Takes a whole number that is not negative of a number that may be printed with a fraction.
fn whole(number: Decimal) -> Option<u64> {
    u64::try_from(number.rescale(0)?.units()).ok()
}
