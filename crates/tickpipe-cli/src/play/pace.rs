//! When each tick is due. Knows no clock.

use std::str::FromStr;
use std::time::Duration;

/// How fast ticks are played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Speed {
    /// The next tick follows its predecessor's answer at once.
    Max,
    /// So many times as fast as they came.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let times = text.strip_suffix('x').unwrap_or(text).parse::<f64>().ok();
        match times {
            Some(times) if (0.001..=1e6).contains(&times) => Ok(Self::Times(times)),
            _ => Err("allowed are `max` and 0.001x to 1000000x, such as 1x or 10x".to_owned()),
        }
    }
}

/// Says when each tick is due, from the times in the file.
#[derive(Debug)]
pub(crate) struct Pace {
    speed: Speed,
    /// The longest pause between two ticks of the file that is kept; a longer one counts as this.
    pause_max: Duration,
    previous_ns: Option<i64>,
    due: Duration,
}

impl Pace {
    pub(crate) const fn new(speed: Speed, pause_max: Duration) -> Self {
        Self { speed, pause_max, previous_ns: None, due: Duration::ZERO }
    }

    /// Returns how long after the first tick this one is due; `None` is at once.
    ///
    /// `time_ns` is the tick's own time. One that is earlier than the tick before it is due with it.
    pub(crate) fn due(&mut self, time_ns: i64) -> Option<Duration> {
        let Speed::Times(times) = self.speed else { return None };
        let previous_ns = self.previous_ns.replace(time_ns).unwrap_or(time_ns);
        let pause_ns = u64::try_from(time_ns.saturating_sub(previous_ns)).unwrap_or(0);
        let pause = Duration::from_nanos(pause_ns).min(self.pause_max);
        self.due += pause.div_f64(times);
        Some(self.due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_NS: i64 = 1_000_000_000;

    /// Plays ticks of these seconds and compares the seconds at which they are due.
    fn check(speed: &str, seconds: &[i64], due: &[f64]) {
        let mut pace = Pace::new(speed.parse().expect("a speed"), Duration::from_secs(60));
        let got: Vec<_> = seconds.iter().map(|second| pace.due(second * SECOND_NS)).collect();
        let want: Vec<_> = due.iter().map(|due| Some(Duration::from_secs_f64(*due))).collect();
        assert_eq!(got, want, "{speed} {seconds:?}");
    }

    #[test]
    fn ticks_keep_their_own_pauses() {
        check("1x", &[100, 101, 101, 103], &[0.0, 1.0, 1.0, 3.0]);
        check("2x", &[100, 101, 101, 103], &[0.0, 0.5, 0.5, 1.5]);
        check("0.5x", &[100, 101], &[0.0, 2.0]);
    }

    #[test]
    fn a_weekend_is_a_minute() {
        let weekend = 48 * 3600;
        check("1x", &[0, weekend, weekend + 1], &[0.0, 60.0, 61.0]);
        check("60x", &[0, weekend, weekend + 6], &[0.0, 1.0, 1.1]);
    }

    #[test]
    fn a_clock_that_goes_back_makes_no_pause() {
        check("1x", &[100, 90, 91], &[0.0, 0.0, 1.0]);
        let mut pace = Pace::new(Speed::Times(1.0), Duration::from_secs(60));
        assert_eq!(pace.due(i64::MAX), Some(Duration::ZERO));
        assert_eq!(pace.due(i64::MIN), Some(Duration::ZERO));
        assert_eq!(pace.due(i64::MAX), Some(Duration::from_secs(60)));
    }

    #[test]
    fn at_the_highest_speed_every_tick_is_due_at_once() {
        let mut pace = Pace::new(Speed::Max, Duration::from_secs(60));
        assert_eq!([pace.due(0), pace.due(SECOND_NS)], [None, None]);
    }

    #[test]
    fn a_speed_is_max_or_a_number_of_times() {
        assert_eq!("max".parse(), Ok(Speed::Max));
        assert_eq!("10x".parse(), Ok(Speed::Times(10.0)));
        assert_eq!("2.5x".parse(), Ok(Speed::Times(2.5)));
        for refused in ["", "x", "0", "0x", "-1x", "nanx", "infx", "1e9x", "fast"] {
            assert!(refused.parse::<Speed>().is_err(), "{refused}");
        }
    }
}
