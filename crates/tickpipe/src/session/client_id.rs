//! Names for orders: made here, and never twice.
//!
//! An id is 16 characters of 6 bits: 42 bits of the millisecond, since 1970, in which its series
//! began; 24 bits of the process id; 30 bits that count within the series. No randomness: what is
//! unlikely to happen twice still happens twice at night.
//!
//! Two ids of one process differ: in one series the count does, and a new series begins in a later
//! millisecond than the one before, whatever the clock says. Two ids of two processes of a machine
//! differ: either the processes lived at the same time, then their process ids do, which on Linux
//! have 22 bits and on Windows are small multiples of 4; or one began its first series after the
//! other had ended, then the millisecond does, unless the clock was set back to the very millisecond
//! and the process id came again too.
//!
//! The alphabet is in the order of its bytes, so the ids of a process sort in the order in which
//! they were made.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tickpipe_proto::types::ClientId;

const ALPHABET: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

const BEGAN_BITS: u32 = 42;
const PROCESS_BITS: u32 = 24;
const COUNT_BITS: u32 = 30;
const LEN: u32 = (BEGAN_BITS + PROCESS_BITS + COUNT_BITS) / 6;

/// The series of this process; the next number of it.
static SERIES: Mutex<Series> = Mutex::new(Series { began_ms: 0, count: u32::MAX });

/// Makes an id that no other order has.
pub(crate) fn make() -> ClientId {
    let numbers = SERIES.lock().unwrap_or_else(PoisonError::into_inner).next(now_ms());
    let text = text_of(numbers, std::process::id());
    text.parse().expect("invariant: 16 characters of the alphabet are an id")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Series {
    began_ms: u64,
    count: u32,
}

impl Series {
    /// Takes the next number; begins a new series when this one is used up.
    fn next(&mut self, now_ms: u64) -> Self {
        if self.count < (1 << COUNT_BITS) - 1 {
            self.count += 1;
        } else {
            self.began_ms = now_ms.max(self.began_ms + 1);
            self.count = 0;
        }
        *self
    }
}

fn text_of(numbers: Series, process: u32) -> String {
    let low = |value: u64, bits: u32| u128::from(value & ((1 << bits) - 1));
    let mut bits = low(numbers.began_ms, BEGAN_BITS);
    bits = bits << PROCESS_BITS | low(process.into(), PROCESS_BITS);
    bits = bits << COUNT_BITS | low(numbers.count.into(), COUNT_BITS);
    (0..LEN).rev().map(|place| char::from(ALPHABET[(bits >> (6 * place) & 63) as usize])).collect()
}

/// Returns the milliseconds since 1970 by the machine's clock, in UTC.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_id_is_what_it_is_made_of() {
        for (began_ms, process, count, text) in [
            (0, 0, 0, "----------------"),
            (0, 0, 1, "---------------0"),
            (1, 1, 0, "------0---0-----"),
            (64, 65, 66, "-----0---00---01"),
            ((1 << 42) - 1, u32::MAX, (1 << 30) - 1, "zzzzzzzzzzzzzzzz"),
        ] {
            assert_eq!(text_of(Series { began_ms, count }, process), text);
        }
    }

    #[test]
    fn a_series_that_is_used_up_is_followed_by_a_later_one() {
        let mut series = Series { began_ms: 9, count: (1 << 30) - 2 };
        assert_eq!(series.next(5), Series { began_ms: 9, count: (1 << 30) - 1 });
        // The clock was set back.
        assert_eq!(series.next(5), Series { began_ms: 10, count: 0 });
        assert_eq!(series.next(5), Series { began_ms: 10, count: 1 });
    }

    #[test]
    fn no_two_are_the_same_on_any_thread() {
        let made: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1000).map(|_| make().to_string()).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|id| id.len() == 16));
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 4000);
    }

    #[test]
    fn ids_sort_as_they_were_made() {
        let made: Vec<String> = (0..100).map(|_| make().to_string()).collect();
        assert!(made.is_sorted());
    }
}
