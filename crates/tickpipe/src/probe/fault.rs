//! Faults that come by themselves: a part of the ordinary lines, told by a seed.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::command::MS_MAX;
use super::random::{Purpose, draw};
use crate::error::{Error, ErrorKind};

/// Which part of the ordinary lines meets a fault, on every connection.
///
/// Which line meets which fault depends on the seed, the connection's number and the line's number
/// alone, so that a run can be had again.
///
/// # Defaults
///
/// None at all; a late answer comes 200 to 2,000 ms late.
#[derive(Clone, Debug)]
#[must_use]
pub struct Faults {
    seed: u64,
    late_per_mille: u32,
    late_ms: RangeInclusive<u32>,
    mute_per_mille: u32,
    cut_per_mille: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            seed: 0,
            late_per_mille: 0,
            late_ms: 200..=2000,
            mute_per_mille: 0,
            cut_per_mille: 0,
        }
    }
}

/// What a line meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Cut,
    Late(Duration),
    Mute,
    None,
}

impl Faults {
    /// Sets what decides which lines meet a fault.
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Has so many of 1,000 lines answered late, by a number of milliseconds from the range.
    pub fn with_late(mut self, per_mille: u32, ms: RangeInclusive<u32>) -> Self {
        self.late_per_mille = per_mille;
        self.late_ms = ms;
        self
    }

    /// Has so many of 1,000 lines never answered.
    pub const fn with_mute(mut self, per_mille: u32) -> Self {
        self.mute_per_mille = per_mille;
        self
    }

    /// Has so many of 1,000 lines end their connection before they are answered.
    pub const fn with_cut(mut self, per_mille: u32) -> Self {
        self.cut_per_mille = per_mille;
        self
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let shares = [self.late_per_mille, self.mute_per_mille, self.cut_per_mille];
        let sum: u64 = shares.into_iter().map(u64::from).sum();
        if sum > 1000 {
            let text = format!("faults for {sum} of 1000 lines, allowed are 0 to 1000");
            return Err(Error::new(ErrorKind::InvalidConfig, text));
        }
        let (min, max) = (self.late_ms.start(), self.late_ms.end());
        if min > max || *max > MS_MAX {
            let text =
                format!("answers late by {min}..{max} ms, allowed is MIN..MAX up to {MS_MAX} ms");
            return Err(Error::new(ErrorKind::InvalidConfig, text));
        }
        Ok(())
    }

    /// Returns what an ordinary line meets.
    pub(super) fn of(&self, connection: u64, line: u64) -> Fault {
        let mut drawn = draw(Purpose::Fault, self.seed, connection, line, 1000);
        let mut is_within = |per_mille: u32| {
            let is_within = drawn < per_mille.into();
            drawn = drawn.saturating_sub(per_mille.into());
            is_within
        };
        if is_within(self.cut_per_mille) {
            return Fault::Cut;
        }
        if is_within(self.mute_per_mille) {
            return Fault::Mute;
        }
        if is_within(self.late_per_mille) {
            let (min, max) = (u64::from(*self.late_ms.start()), u64::from(*self.late_ms.end()));
            let more = draw(Purpose::Lateness, self.seed, connection, line, max - min + 1);
            return Fault::Late(Duration::from_millis(min + more));
        }
        Fault::None
    }

    /// Returns a number of milliseconds below `limit` for a line that is pushed.
    pub(super) fn push_pause(&self, connection: u64, index: u64, limit: u64) -> Duration {
        let ms = draw(Purpose::PushPause, self.seed, connection, index, limit);
        Duration::from_millis(ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(seed: u64) -> Vec<Fault> {
        let faults = Faults::default().with_seed(seed);
        let faults = faults.with_late(100, 5..=7).with_mute(50).with_cut(20);
        faults.check().unwrap();
        (1..=10)
            .flat_map(|id| (1..=1000).map(move |line| (id, line)))
            .map(|(id, line)| faults.of(id, line))
            .collect()
    }

    #[test]
    fn a_seed_gives_the_same_faults_and_each_its_part() {
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
        let count = |is: fn(&Fault) -> bool| all(1).iter().filter(|fault| is(fault)).count();
        let late = count(|fault| matches!(fault, Fault::Late(_)));
        assert!((850..1150).contains(&late), "{late} of 10000 late");
        let mute = count(|fault| *fault == Fault::Mute);
        assert!((400..600).contains(&mute), "{mute} of 10000 mute");
        let cut = count(|fault| *fault == Fault::Cut);
        assert!((140..260).contains(&cut), "{cut} of 10000 cut");
    }

    #[test]
    fn lateness_has_both_ends_of_its_range() {
        let mut late: Vec<u128> = all(3)
            .into_iter()
            .filter_map(
                |fault| if let Fault::Late(by) = fault { Some(by.as_millis()) } else { None },
            )
            .collect();
        late.sort_unstable();
        late.dedup();
        assert_eq!(late, [5, 6, 7]);
    }

    #[test]
    fn no_share_is_no_fault_and_a_whole_share_is_every_line() {
        assert!((0..1000).all(|line| Faults::default().of(1, line) == Fault::None));
        let mute = Faults::default().with_mute(1000);
        assert!((0..1000).all(|line| mute.of(1, line) == Fault::Mute));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(Faults::default().with_mute(600).with_cut(400).check().is_ok());
        assert!(Faults::default().with_mute(600).with_cut(401).check().is_err());
        assert!(Faults::default().with_mute(u32::MAX).with_cut(u32::MAX).check().is_err());
        assert!(Faults::default().with_late(1, RangeInclusive::new(2, 1)).check().is_err());
        assert!(Faults::default().with_late(1, 0..=60_000).check().is_ok());
        assert!(Faults::default().with_late(1, 0..=60_001).check().is_err());
    }
}
