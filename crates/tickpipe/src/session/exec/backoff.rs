//! How soon a program is started again for an EA for which it ended early.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::session::registry::SessionKey;

/// The wait before the next start: doubled each time.
const WAIT_MIN: Duration = Duration::from_millis(250);
const WAIT_MAX: Duration = Duration::from_secs(5);

/// A program that lived as long as this did not end early.
const LIFE_MIN: Duration = Duration::from_secs(10);

/// EAs that are remembered; of further ones the one that failed longest ago is forgotten.
const ENTRIES_MAX: usize = 1024;

/// The EAs whose programs ended early.
#[derive(Debug, Default)]
pub(crate) struct Backoffs(Mutex<BTreeMap<SessionKey, Entry>>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// How often in a row.
    failures: u32,
    not_before: Instant,
}

impl Backoffs {
    /// Returns how long the EA has still to wait, if it has.
    pub(crate) fn left(&self, key: &SessionKey, now: Instant) -> Option<Duration> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = entries.get(key)?.not_before.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// Notes that a program ended without being told to, after so long a life.
    pub(crate) fn ended(&self, key: &SessionKey, now: Instant, life: Duration) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if life >= LIFE_MIN {
            entries.remove(key);
            return;
        }
        let failures = entries.get(key).map_or(0, |entry| entry.failures);
        let wait = WAIT_MIN.saturating_mul(1 << failures.min(10)).min(WAIT_MAX);
        if entries.len() >= ENTRIES_MAX && !entries.contains_key(key) {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.not_before);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                entries.remove(&oldest);
            }
        }
        let entry = Entry { failures: failures.saturating_add(1), not_before: now + wait };
        entries.insert(key.clone(), entry);
    }

    /// Notes that a program ended when it was told to.
    pub(crate) fn ended_well(&self, key: &SessionKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_limit_and_a_long_life_ends_it() {
        let (backoffs, now) = (Backoffs::default(), Instant::now());
        let (key, other) = (SessionKey::of_test("one"), SessionKey::of_test("two"));
        let ms = |key| backoffs.left(key, now).map(|left| left.as_millis());
        assert_eq!(ms(&key), None);
        for want in [250, 500, 1000, 2000, 4000, 5000, 5000] {
            backoffs.ended(&key, now, Duration::from_secs(1));
            assert_eq!(ms(&key), Some(want));
        }
        assert_eq!(ms(&other), None);
        assert_eq!(backoffs.left(&key, now + WAIT_MAX), None);
        backoffs.ended(&key, now, LIFE_MIN);
        assert_eq!(ms(&key), None);
        backoffs.ended(&key, now, Duration::ZERO);
        backoffs.ended_well(&key);
        assert_eq!(ms(&key), None);
    }

    #[test]
    fn eas_that_come_without_end_are_forgotten() {
        let (backoffs, now) = (Backoffs::default(), Instant::now());
        for n in 0..3000 {
            backoffs.ended(&SessionKey::of_test(&n.to_string()), now, Duration::ZERO);
        }
        assert_eq!(backoffs.0.lock().unwrap().len(), ENTRIES_MAX);
    }
}
