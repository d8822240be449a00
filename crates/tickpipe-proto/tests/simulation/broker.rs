//! A trade server: what it has, it has.

use std::collections::BTreeMap;

use crate::random::Random;
use crate::{SECOND, Time};

/// What a trade server says at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Done,
    /// Nothing: it may be executed in the next seconds, or never.
    Nothing,
    Rejected,
}

/// Longer than any order is on its way within the trade server.
pub(crate) const SETTLED_AFTER: Time = 30 * SECOND;

#[derive(Debug, Default)]
pub(crate) struct Broker {
    /// How often each was executed.
    books: BTreeMap<String, u32>,
    /// Those that are executed later.
    pending: Vec<(Time, String)>,
}

impl Broker {
    pub(crate) fn order(&mut self, now: Time, client_id: &str, random: &mut Random) -> Said {
        match random.next() % 100 {
            0..75 => {
                self.execute(client_id);
                Said::Done
            }
            75..88 => Said::Rejected,
            88..94 => {
                let at = now + random.between(0, 20 * SECOND);
                self.pending.push((at, client_id.to_owned()));
                Said::Nothing
            }
            _ => Said::Nothing,
        }
    }

    pub(crate) fn work(&mut self, now: Time) {
        let (due, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|order| order.0 <= now);
        self.pending = rest;
        for (_, client_id) in due {
            self.execute(&client_id);
        }
    }

    fn execute(&mut self, client_id: &str) {
        let count = self.books.entry(client_id.to_owned()).or_default();
        *count += 1;
        assert_eq!(*count, 1, "the order {client_id} was executed twice");
    }

    pub(crate) fn has(&self, client_id: &str) -> bool {
        self.books.contains_key(client_id)
    }

    pub(crate) fn count(&self) -> u64 {
        self.books.len() as u64
    }

    pub(crate) fn due(&self) -> Option<Time> {
        self.pending.iter().map(|(at, _)| *at).min()
    }
}
