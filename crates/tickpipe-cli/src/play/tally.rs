//! What came of the ticks that were played.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tickpipe::{RemoteError, escaped};

use crate::latency::Latencies;
use crate::print::{SHOWN_CHARS_MAX, count, duration, microseconds, rounded, thousands};

/// Codes that are counted each for itself: more than there are, and no more than a server that
/// invents them may fill.
const CODES_MAX: usize = 64;

/// Where further codes are counted.
const OTHER_CODES: &str = "other";

/// What came of the ticks that were played.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Ticks that were sent and got a reply: an answer or an error.
    pub(crate) sent: u64,
    /// Ticks that have no bid yet, which were not sent.
    pub(crate) without_bid: u64,
    /// From the first tick's writing to the last reply.
    pub(crate) took: Duration,
    errors: BTreeMap<String, u64>,
    /// The first error and its tick, counted from 1.
    first_error: Option<(u64, String)>,
    /// Of answers alone: from the writing of a tick's line to its whole reply.
    pub(crate) latencies: Latencies,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            sent: 0,
            without_bid: 0,
            took: Duration::ZERO,
            errors: BTreeMap::new(),
            first_error: None,
            latencies: Latencies::new(),
        }
    }

    /// Counts a reply.
    pub(crate) fn count(&mut self, reply: &str, elapsed: Duration) {
        self.sent += 1;
        let Some(RemoteError { code, .. }) = RemoteError::from_reply(reply) else {
            self.latencies.record(elapsed);
            return;
        };
        if self.first_error.is_none() {
            self.first_error = Some((self.sent, escaped(reply, SHOWN_CHARS_MAX)));
        }
        let is_known = self.errors.contains_key(&code) || self.errors.len() < CODES_MAX;
        let code = if is_known { code } else { OTHER_CODES.to_owned() };
        *self.errors.entry(code).or_default() += 1;
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors.values().sum()
    }

    fn ticks_per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate for people, far below 2^53 ticks")]
        let sent = self.sent as f64;
        if self.took.is_zero() { 0.0 } else { (sent / self.took.as_secs_f64()).round() }
    }

    /// Returns the summary for people.
    pub(crate) fn text(&self, rows_skipped: u64) -> String {
        let mut lines = vec![format!(
            "{} sent, {} answered in {:.2} s, {} ticks/s, {}",
            count(self.sent, "tick"),
            self.sent - self.errors(),
            self.took.as_secs_f64(),
            thousands(self.ticks_per_second()),
            count(self.errors(), "error"),
        )];
        for (code, n) in &self.errors {
            lines.push(format!("  {:<20}{n:>8}", escaped(code, 40)));
        }
        if let Some((tick, error)) = &self.first_error {
            lines.push(format!("first error, at tick {tick}: {error}"));
        }
        if self.errors() < self.sent {
            lines.push(format!("time to answer: {}", self.times()));
        }
        if self.without_bid > 0 {
            let ticks = count(self.without_bid, "tick");
            lines.push(format!("{ticks} not sent, for there was no bid yet"));
        }
        if rows_skipped > 0 {
            lines.push(format!("{} skipped", count(rows_skipped, "broken row")));
        }
        lines.join("\n")
    }

    fn times(&self) -> String {
        let Self { latencies, .. } = self;
        [
            ("p50", latencies.p50()),
            ("p99", latencies.p99()),
            ("p99.9", latencies.p999()),
            ("longest", latencies.longest()),
        ]
        .map(|(name, time)| format!("{name} {}", time.map_or_else(|| "-".to_owned(), duration)))
        .join(", ")
    }

    /// Returns the summary as a JSON object.
    pub(crate) fn json(&self, rows_skipped: u64) -> Value {
        json!({
            "event": "summary",
            "ticks": self.sent,
            "answered": self.sent - self.errors(),
            "ticks_without_bid": self.without_bid,
            "rows_skipped": rows_skipped,
            "errors": self.errors,
            "first_error": self.first_error.as_ref().map(|(_, error)| error),
            "seconds": rounded(self.took.as_secs_f64(), 6),
            "ticks_per_second": self.ticks_per_second(),
            "p50_us": self.latencies.p50().map(microseconds),
            "p99_us": self.latencies.p99().map(microseconds),
            "p999_us": self.latencies.p999().map(microseconds),
            "max_us": self.latencies.longest().map(microseconds),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(replies: &[&str]) -> Tally {
        let mut tally = Tally::new();
        for reply in replies {
            tally.count(reply, Duration::from_micros(10));
        }
        tally.took = Duration::from_millis(500);
        tally
    }

    #[test]
    fn a_summary_says_what_came() {
        let mut tally = tally(&["2.200", "ERR rate x", "ERR rate y", "ERR empty"]);
        tally.without_bid = 1;
        tally.took += Duration::from_nanos(123);
        assert_eq!(
            tally.text(2),
            "4 ticks sent, 1 answered in 0.50 s, 8 ticks/s, 3 errors\n\
             \x20 empty                      1\n\
             \x20 rate                       2\n\
             first error, at tick 2: ERR rate x\n\
             time to answer: p50 10.0 µs, p99 10.0 µs, p99.9 -, longest 10.0 µs\n\
             1 tick not sent, for there was no bid yet\n\
             2 broken rows skipped"
        );
        let json = tally.json(2);
        assert_eq!(json["errors"], json!({"empty": 1, "rate": 2}));
        assert_eq!([&json["ticks"], &json["rows_skipped"]], [4, 2]);
        assert_eq!(json["seconds"].to_string(), "0.5");
    }

    #[test]
    fn nothing_played_is_no_error() {
        assert_eq!(Tally::new().text(0), "0 ticks sent, 0 answered in 0.00 s, 0 ticks/s, 0 errors");
    }

    #[test]
    fn codes_that_a_server_invents_fill_nothing() {
        let replies: Vec<_> = (0..1000).map(|n| format!("ERR code_{n} text")).collect();
        let tally = tally(&replies.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(tally.errors.len(), CODES_MAX + 1);
        assert_eq!(tally.errors(), 1000);
        assert_eq!(tally.errors[OTHER_CODES], 936);
    }
}
