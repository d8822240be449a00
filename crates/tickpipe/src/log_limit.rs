//! One log line a minute of each kind and peer: a peer must not fill a disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_secs(60);

/// Kinds and peers that are kept apart; further peers share one line for each kind.
const ENTRIES_MAX: usize = 256;

/// What is logged, and by which process's doing, if that is known.
type Key = (&'static str, Option<u32>);

/// When something was logged last, and how often it was not since.
type Entry = (Instant, u64);

#[derive(Debug, Default)]
pub(crate) struct LogLimit(Mutex<BTreeMap<Key, Entry>>);

impl LogLimit {
    /// Calls `log` with how often it was not called since the last time, or counts.
    pub(crate) fn once_a_minute(
        &self,
        what: &'static str,
        process_id: Option<u32>,
        log: impl FnOnce(u64),
    ) {
        if let Some(more) = self.admit(Instant::now(), (what, process_id)) {
            log(more);
        }
    }

    fn admit(&self, now: Instant, key: Key) -> Option<u64> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: Instant| now.saturating_duration_since(at) < INTERVAL;
        if entries.len() >= ENTRIES_MAX {
            entries.retain(|_, (at, _)| is_recent(*at));
        }
        let has_room = entries.len() < ENTRIES_MAX || entries.contains_key(&key);
        let key = if has_room { key } else { (key.0, None) };
        match entries.get_mut(&key) {
            Some((at, more)) if is_recent(*at) => {
                *more += 1;
                None
            }
            Some(entry) => Some(std::mem::replace(entry, (now, 0)).1),
            None => {
                entries.insert(key, (now, 0));
                Some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind_and_peer_a_minute_is_logged_and_the_rest_counted() {
        let limit = LogLimit::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(limit.admit(at(0), ("empty", Some(1))), Some(0));
        assert_eq!(limit.admit(at(0), ("empty", Some(2))), Some(0));
        assert_eq!(limit.admit(at(0), ("nul", Some(1))), Some(0));
        assert_eq!(limit.admit(at(1), ("empty", Some(1))), None);
        assert_eq!(limit.admit(at(59), ("empty", Some(1))), None);
        assert_eq!(limit.admit(at(60), ("empty", Some(1))), Some(2));
        assert_eq!(limit.admit(at(61), ("empty", Some(1))), None);
    }

    #[test]
    fn processes_without_number_cannot_fill_the_log() {
        let limit = LogLimit::default();
        let now = Instant::now();
        let is_logged = |process: &u32| limit.admit(now, ("empty", Some(*process))).is_some();
        let logged = (0..10_000).filter(is_logged).count();
        assert!(logged <= ENTRIES_MAX + 1, "{logged} lines");
    }
}
