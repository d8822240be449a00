//! Lines that nobody asked for, and how long an EA takes to send each one back.

use std::time::{Duration, Instant};

use super::connection::{Over, Talk, shown};
use super::lines::Line;

/// The time that an EA has to send a line back.
const ECHO_LIMIT: Duration = Duration::from_secs(5);

/// Milliseconds that are added to each pause, up to this: one step of a terminal's timer, so that
/// lines do not always come at the same moment of it.
const PAUSE_SPREAD_MS: u64 = 16;

/// Pushes `count` lines, each `pause` after the one before came back; returns what to tell.
pub(super) fn push(talk: &mut Talk<'_>, count: u32, pause: Duration) -> Result<String, Over> {
    let mut times = Vec::new();
    for index in 1..=count {
        talk.pause(pause + talk.push_pause(index.into(), PAUSE_SPREAD_MS + 1))?;
        let line = format!("push {index}");
        let sent_at = Instant::now();
        talk.write(format!("{line}\r\n").as_bytes())?;
        match talk.next_line(Some(ECHO_LIMIT))? {
            Some(Line::Whole(echo)) if echo == line.as_bytes() => times.push(sent_at.elapsed()),
            Some(other) => {
                return Ok(format!("ERR push found {}, expected `{line}`", shown(&other)));
            }
            None => {
                let ms = ECHO_LIMIT.as_millis();
                return Ok(format!("ERR push found nothing within {ms} ms, expected `{line}`"));
            }
        }
    }
    times.sort_unstable();
    Ok(summary(&times))
}

/// Says how long it took, from the sorted times.
fn summary(times: &[Duration]) -> String {
    // The least time that so many percent of all do not exceed.
    let percentile_us = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100);
        times.get(rank.saturating_sub(1)).copied().unwrap_or_default().as_micros()
    };
    let [p50, p99, max] = [50, 99, 100].map(percentile_us);
    format!("pushed {} p50_us {p50} p99_us {p99} max_us {max}", times.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_times_that_were() {
        let times: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(summary(&times), "pushed 200 p50_us 100 p99_us 198 max_us 200");
        assert_eq!(summary(&times[..1]), "pushed 1 p50_us 1 p99_us 1 max_us 1");
    }
}
