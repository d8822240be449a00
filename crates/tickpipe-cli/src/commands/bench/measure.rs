//! Turns against one server and the other, and what they come to.

use std::io;
use std::time::Duration;

use crate::commands::bench::client::{self, Load};
use crate::commands::bench::progress::Progress;
use crate::commands::bench::servers::Servers;
use crate::interrupt::Interrupt;
use crate::latency::Latencies;

/// Turns of each server in a row: an odd number, so that one is the median.
const PAIRS: usize = 5;

/// What one server did under a load.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Lines answered a second: the median of its turns.
    pub(crate) per_second: f64,
    /// Of all its exchanges.
    pub(crate) latencies: Latencies,
}

/// Both servers under a load.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) load: Load,
    pub(crate) tickpipe: Figures,
    pub(crate) minimal: Figures,
    /// tickpipe's rate to the minimal server's: the median over the pairs of turns.
    pub(crate) ratio: f64,
}

/// Turns that so many rows take.
pub(crate) const fn turns(rows: usize) -> usize {
    rows * PAIRS * 2
}

/// How long a turn may last for all to end in `total`.
pub(crate) fn turn_length(total: Duration, rows: usize) -> Duration {
    total.div_f64(turns(rows) as f64)
}

/// Measures both servers under a load, in turns; `None` if interrupted.
pub(crate) fn row(
    servers: &Servers,
    load: Load,
    length: Duration,
    progress: &mut Progress,
    interrupt: &Interrupt,
) -> io::Result<Option<Row>> {
    let mut rates = [Vec::new(), Vec::new()];
    let mut latencies = [Latencies::new(), Latencies::new()];
    for pair in 0..PAIRS {
        // Who goes first changes, for a machine that slows down or speeds up meanwhile.
        let order = if pair % 2 == 0 { [0, 1] } else { [1, 0] };
        for server in order {
            progress.next(load);
            let address = [servers.tickpipe(), servers.minimal()][server];
            let turn = client::turn(address, load, length, interrupt)?;
            if interrupt.is_set() {
                return Ok(None);
            }
            rates[server].push(turn.lines as f64 / turn.elapsed.as_secs_f64());
            latencies[server].add(&turn.latencies);
        }
    }
    let ratios = rates[0].iter().zip(&rates[1]).map(|(ours, theirs)| ours / theirs).collect();
    let [ours, theirs] = rates.map(median);
    let [our_latencies, their_latencies] = latencies;
    Ok(Some(Row {
        load,
        tickpipe: Figures { per_second: ours, latencies: our_latencies },
        minimal: Figures { per_second: theirs, latencies: their_latencies },
        ratio: median(ratios),
    }))
}

/// Returns the middle one; of an even number, the upper of the two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_values() {
        for (values, want) in [(vec![3.0, 1.0, 2.0], 2.0), (vec![7.0], 7.0), (vec![1.0, 2.0], 2.0)]
        {
            assert_eq!(median(values).total_cmp(&want), std::cmp::Ordering::Equal);
        }
        assert!(median(Vec::new()).is_nan());
    }
}
