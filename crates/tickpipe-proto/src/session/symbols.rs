//! The symbols of a session, and the numbers of their ticks.

use super::config::SYMBOLS_MAX;
use crate::types::Symbol;

/// Every symbol once, so that a tick costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    /// In the order in which they came, so that a place stays good.
    entries: Vec<Entry>,
    /// Places in `entries` in the order of the names.
    sorted: Vec<usize>,
    /// Where the newest tick's symbol is: most often the next one's too.
    newest: usize,
}

#[derive(Debug)]
struct Entry {
    symbol: Symbol,
    /// The highest number that came; 0 before the first.
    seq_taken: u64,
    /// The highest number that the handler has seen, or was told is missing; 0 before the first.
    seq_seen: u64,
}

/// What a tick's number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seq {
    /// Above the expected one.
    Gap,
    /// Not above the last one, which is this.
    Low(u64),
    /// As expected, or not to be checked.
    Next,
}

impl Symbols {
    /// Returns the place of a name, which is entered if it is new; `None` if there are too many.
    pub(crate) fn place(&mut self, name: &str) -> Option<usize> {
        if self.entries.get(self.newest).is_some_and(|entry| entry.symbol.as_str() == name) {
            return Some(self.newest);
        }
        let found = self.sorted.binary_search_by(|&place| {
            self.entries.get(place).map_or("", |entry| entry.symbol.as_str()).cmp(name)
        });
        self.newest = match found {
            Ok(at) => self.sorted.get(at).copied()?,
            Err(at) => {
                if self.entries.len() >= SYMBOLS_MAX {
                    return None;
                }
                let symbol = Symbol::new(name).ok()?;
                self.sorted.insert(at, self.entries.len());
                self.entries.push(Entry { symbol, seq_taken: 0, seq_seen: 0 });
                self.entries.len().saturating_sub(1)
            }
        };
        Some(self.newest)
    }

    /// Returns the symbol at a place.
    pub(crate) fn symbol(&self, place: usize) -> Option<&Symbol> {
        self.entries.get(place).map(|entry| &entry.symbol)
    }

    /// Takes the number of a tick that came.
    pub(crate) fn take(&mut self, place: usize, seq: u64) -> Seq {
        let Some(entry) = self.entries.get_mut(place) else { return Seq::Next };
        let last = entry.seq_taken;
        if seq <= last && last != 0 {
            return Seq::Low(last);
        }
        entry.seq_taken = seq;
        if last == 0 || seq.checked_sub(last) == Some(1) { Seq::Next } else { Seq::Gap }
    }

    /// Takes the number of the tick that the handler is to see next; returns the expected one if
    /// ticks are missing before it, and is then asked again.
    pub(crate) fn see(&mut self, place: usize, seq: u64) -> Option<u64> {
        let entry = self.entries.get_mut(place)?;
        let expected = entry.seq_seen.saturating_add(1);
        if expected < seq && entry.seq_seen != 0 {
            entry.seq_seen = seq.saturating_sub(1);
            return Some(expected);
        }
        entry.seq_seen = seq;
        None
    }
}
