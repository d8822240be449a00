//! Plays ticks as the article's EA does: it writes a price, waits for the answer, and goes on.

mod pace;
mod tally;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tickpipe::Client;
use tickpipe_ticks::{DIGITS_MAX, Price, Tick, TickError};

pub(crate) use self::pace::{Pace, Speed};
pub(crate) use self::tally::Tally;
use crate::interrupt::Interrupt;
use crate::report::Failure;

/// Against what, and how, ticks are played.
pub(crate) struct Play<'a> {
    pub(crate) client: &'a mut Client,
    /// The pipe's name, for errors.
    pub(crate) pipe: &'a str,
    pub(crate) pace: Pace,
    /// Ticks that are sent at most.
    pub(crate) limit: u64,
    pub(crate) interrupt: &'a Interrupt,
}

/// A tick and its answer.
pub(crate) struct Exchange<'a> {
    pub(crate) tick: &'a Tick,
    /// What was sent: `DoubleToString(Bid)`.
    pub(crate) request: &'a str,
    /// The reply line as it came: an answer, or `ERR` with code and text.
    pub(crate) reply: &'a str,
    /// From the request's writing to the whole reply.
    pub(crate) elapsed: Duration,
}

/// What came of it, up to its end.
pub(crate) struct Played {
    pub(crate) tally: Tally,
    pub(crate) end: End,
}

/// Why no more ticks are played.
pub(crate) enum End {
    Failed(Failure),
    Finished,
    Interrupted,
}

impl Play<'_> {
    /// Plays ticks until there are no more, something fails, or a signal comes; tells each exchange.
    pub(crate) fn run(
        mut self,
        ticks: impl IntoIterator<Item = Result<Tick, TickError>>,
        mut on_exchange: impl FnMut(&Exchange<'_>) -> Result<(), Failure>,
    ) -> Played {
        let mut tally = Tally::new();
        let mut ticks = ticks.into_iter();
        let mut request = String::new();
        let begun_at = Instant::now();
        let end = loop {
            if tally.sent >= self.limit {
                break End::Finished;
            }
            let tick = match ticks.next() {
                Some(Ok(tick)) => tick,
                Some(Err(error)) => break End::Failed(Failure::Ticks(error)),
                // Who was interrupted did not see the end.
                None if self.interrupt.is_set() => break End::Interrupted,
                None => break End::Finished,
            };
            let Some(bid) = tick.bid else {
                tally.without_bid += 1;
                if self.interrupt.is_set() {
                    break End::Interrupted;
                }
                continue;
            };
            if self.wait_for(&tick, begun_at) {
                break End::Interrupted;
            }
            request.clear();
            double_to_string(&mut request, bid);
            let sent_at = Instant::now();
            let reply = match self.client.exchange(&request) {
                Ok(reply) => reply,
                Err(_) if self.interrupt.is_set() => break End::Interrupted,
                Err(error) => break End::Failed(Failure::library(self.pipe)(error)),
            };
            let elapsed = sent_at.elapsed();
            tally.count(reply, elapsed);
            let exchange = Exchange { tick: &tick, request: &request, reply, elapsed };
            if let Err(failure) = on_exchange(&exchange) {
                break End::Failed(failure);
            }
        };
        tally.took = begun_at.elapsed();
        Played { tally, end }
    }

    /// Waits until a tick is due; whether a signal came.
    fn wait_for(&mut self, tick: &Tick, begun_at: Instant) -> bool {
        match self.pace.due(tick.time.as_nanos()) {
            Some(due) => self.interrupt.wait_until(begun_at + due),
            None => self.interrupt.is_set(),
        }
    }
}

/// Writes a price as MQL's `DoubleToString(price)` prints it: with eight decimals.
///
/// `{:.8}` prints the same; this is made for every tick, and makes no text on the way.
fn double_to_string(text: &mut String, price: Price) {
    const POINTS: i64 = 10_i64.pow(DIGITS_MAX as u32);
    let written = match price.rescale(DIGITS_MAX).map(Price::points) {
        Some(points) => write!(text, "{}.{:08}", points / POINTS, points % POINTS),
        // More points than 64 bits hold.
        None => write!(text, "{price:.8}"),
    };
    // Writing to a string cannot fail.
    written.unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_written_as_double_to_string_does() {
        for (points, digits, want) in [
            (114_543, 5, "1.14543000"),
            (1, 8, "0.00000001"),
            (1, 0, "1.00000000"),
            (110_500, 3, "110.50000000"),
            (9_999_999, 5, "99.99999000"),
            (999_999_999_999_999_999, 0, "999999999999999999.00000000"),
        ] {
            let price = Price::new(points, digits).expect("a price");
            let mut text = String::new();
            double_to_string(&mut text, price);
            assert_eq!(text, want);
            assert_eq!(text, format!("{price:.8}"));
        }
    }
}
