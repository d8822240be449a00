//! How long exchanges took, as seen by a client.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest time that is told apart: a minute.
const ELAPSED_NS_MAX: u64 = 60_000_000_000;

/// Samples from which on one in a thousand means something.
const P999_SAMPLES_MIN: u64 = 1000;

/// Times of exchanges, in memory that does not grow with their number.
#[derive(Clone, Debug)]
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    pub(crate) fn new() -> Self {
        Self(
            Histogram::new_with_bounds(1, ELAPSED_NS_MAX, 3)
                .expect("invariant: the bounds are ordered, and 3 digits are within 0 to 5"),
        )
    }

    pub(crate) fn record(&mut self, elapsed: Duration) {
        self.0.saturating_record(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds the times that another thread took.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("invariant: all of them have the same bounds");
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that half of them do not exceed; `None` without any.
    pub(crate) fn p50(&self) -> Option<Duration> {
        self.at(0.5, 1)
    }

    pub(crate) fn p99(&self) -> Option<Duration> {
        self.at(0.99, 1)
    }

    /// The time that all but one in a thousand do not exceed; `None` where they are fewer.
    pub(crate) fn p999(&self) -> Option<Duration> {
        self.at(0.999, P999_SAMPLES_MIN)
    }

    pub(crate) fn longest(&self) -> Option<Duration> {
        self.at(1.0, 1)
    }

    fn at(&self, quantile: f64, samples_min: u64) -> Option<Duration> {
        let is_known = self.count() >= samples_min;
        is_known.then(|| Duration::from_nanos(self.0.value_at_quantile(quantile)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_told_where_there_are_enough_samples() {
        let mut latencies = Latencies::new();
        assert_eq!((latencies.p50(), latencies.p99(), latencies.p999()), (None, None, None));
        for microseconds in 1..=999 {
            latencies.record(Duration::from_micros(microseconds));
        }
        let is_near = |found: Option<Duration>, want: u64| {
            let found = found.expect("there are samples").as_micros();
            found.abs_diff(u128::from(want)) <= 1
        };
        assert!(is_near(latencies.p50(), 500), "{:?}", latencies.p50());
        assert!(is_near(latencies.p99(), 990), "{:?}", latencies.p99());
        assert_eq!(latencies.p999(), None);
        let mut other = Latencies::new();
        other.record(Duration::from_secs(3600));
        latencies.add(&other);
        assert_eq!(latencies.count(), 1000);
        assert!(is_near(latencies.p999(), 999), "{:?}", latencies.p999());
    }
}
