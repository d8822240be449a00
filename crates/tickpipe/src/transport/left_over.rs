//! The pipe of a server that has ended: Windows keeps its name as long as an EA has its end open.
//!
//! Nobody can come through it, and yet no pipe can be the first of its name. A well-made EA closes
//! its end within moments, so a new server waits for that. What is known of Windows is given by the
//! caller.

use std::time::{Duration, Instant};

/// Makes the first pipe of a name, trying again while only a pipe that is left over is in the way.
///
/// `refuse_live` fails if somebody serves the name, and is asked before each try. `make` returns
/// `None` if the name exists. `wait` lets time pass between two tries; `false` once there was enough
/// of it, and then the result is `None`.
pub(super) fn make_first<T, E>(
    mut refuse_live: impl FnMut() -> Result<(), E>,
    mut make: impl FnMut() -> Result<Option<T>, E>,
    mut wait: impl FnMut() -> bool,
) -> Result<Option<T>, E> {
    loop {
        refuse_live()?;
        if let Some(made) = make()? {
            return Ok(Some(made));
        }
        if !wait() {
            return Ok(None);
        }
    }
}

/// The time that is waited at most; it begins when it is first asked for.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    begun_at: Option<Instant>,
}

/// What somebody who waits is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    Begun,
    GoesOn,
    Over,
}

impl Patience {
    pub(super) const fn new(limit: Duration) -> Self {
        Self { limit, begun_at: None }
    }

    /// Returns whether there is time for another try at `now`.
    pub(super) fn at(&mut self, now: Instant) -> Wait {
        let is_first = self.begun_at.is_none();
        let begun_at = *self.begun_at.get_or_insert(now);
        if now.saturating_duration_since(begun_at) >= self.limit {
            return Wait::Over;
        }
        if is_first { Wait::Begun } else { Wait::GoesOn }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// What a try meets.
    #[derive(Clone, Copy, Debug)]
    enum Met {
        /// The flag says no, and nobody serves.
        LeftOver,
        /// Somebody serves.
        Live,
        /// Windows refuses for another reason.
        Refused,
        Free,
    }

    /// Tries against what is met, try by try, and returns the result with the tries and the waits.
    fn check(met: &[Met], waits_max: usize, want: Result<Option<&str>, &str>, counts: [usize; 3]) {
        let [probes, tries, waits] = [(); 3].map(|()| Cell::new(0));
        let count = |cell: &Cell<usize>| cell.replace(cell.get() + 1);
        let got = make_first(
            || match met[count(&probes)] {
                Met::Live => Err("live"),
                Met::LeftOver | Met::Refused | Met::Free => Ok(()),
            },
            || {
                count(&tries);
                match met[probes.get() - 1] {
                    Met::LeftOver => Ok(None),
                    Met::Refused => Err("refused"),
                    Met::Free => Ok(Some("made")),
                    Met::Live => panic!("a served name was tried"),
                }
            },
            || count(&waits) < waits_max,
        );
        assert_eq!(got, want, "{met:?}");
        assert_eq!([probes, tries, waits].map(|cell| cell.get()), counts, "{met:?}");
    }

    #[test]
    fn only_a_left_over_pipe_is_waited_for() {
        check(&[Met::Free], 3, Ok(Some("made")), [1, 1, 0]);
        check(&[Met::Live], 3, Err("live"), [1, 0, 0]);
        check(&[Met::Refused], 3, Err("refused"), [1, 1, 0]);
        check(&[Met::LeftOver, Met::Free], 3, Ok(Some("made")), [2, 2, 1]);
        check(&[Met::LeftOver, Met::LeftOver, Met::Refused], 3, Err("refused"), [3, 3, 2]);
    }

    #[test]
    fn whoever_serves_meanwhile_is_found_before_the_next_try() {
        check(&[Met::LeftOver, Met::Live], 3, Err("live"), [2, 1, 1]);
        check(&[Met::LeftOver, Met::LeftOver, Met::Live], 3, Err("live"), [3, 2, 2]);
    }

    #[test]
    fn the_wait_has_an_end() {
        check(&[Met::LeftOver; 9], 0, Ok(None), [1, 1, 1]);
        check(&[Met::LeftOver; 9], 3, Ok(None), [4, 4, 4]);
    }

    #[test]
    fn the_wait_is_told_once_and_over_at_its_limit() {
        let begun_at = Instant::now();
        let mut patience = Patience::new(Duration::from_millis(100));
        for (ms, want) in
            [(0, Wait::Begun), (50, Wait::GoesOn), (99, Wait::GoesOn), (100, Wait::Over)]
        {
            assert_eq!(patience.at(begun_at + Duration::from_millis(ms)), want, "{ms}");
        }
        assert_eq!(Patience::new(Duration::ZERO).at(begun_at), Wait::Over);
    }
}
