//! `cargo xtask bench --count`: the work of a round trip, counted. Counting has no noise.
//!
//! Each server is looked at with two numbers of round trips; what start and end cost is the same in
//! both and leaves with the difference.

mod requests;
mod syscalls;
#[cfg(test)]
mod tests;

use anyhow::Context as _;

use super::figures::Client;
use super::pinning::Pinning;
use super::servers::{self, Place};
use super::table;
use crate::paths::Paths;
use crate::programs::Platform;

/// Round trips of the short run and of the long one.
const ROUNDS: [u64; 2] = [500, 5500];
/// The limits for wineserver requests of a round trip.
const REQUESTS_MAX: [(Client, f64); 2] = [(Client::Byte, 27.0), (Client::Line, 15.5)];

/// One counted server with one kind of client.
#[derive(Debug)]
struct Counted {
    what: &'static str,
    server: &'static str,
    client: Client,
    per_round_trip: f64,
    /// For our own server, where there is a goal.
    max: Option<f64>,
}

impl Counted {
    fn is_reached(&self) -> bool {
        self.max.is_none_or(|max| self.per_round_trip <= max)
    }
}

/// Counts and prints; returns whether the goals are reached.
pub(crate) fn report(paths: &Paths, native: bool, wine: bool) -> anyhow::Result<bool> {
    let pinning = Pinning::find();
    let mut rows = Vec::new();
    if native {
        servers::require(&Platform::Native.program(paths, "bench_server"))?;
        rows.extend(syscalls::count(paths, &Place::native(paths, &pinning)?)?);
    }
    if wine {
        rows.extend(requests::count(paths, &pinning)?);
    }
    let mut page = String::new();
    let headings = ["counted", "server", "client", "a round trip", "goal", "result"];
    table::table(&mut page, &headings, rows.iter().map(cells));
    println!("{page}");
    let file = paths.target.join("bench/counts.md");
    std::fs::create_dir_all(paths.target.join("bench")).context("cannot create target/bench")?;
    std::fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("written to {}", file.display());
    Ok(rows.iter().all(Counted::is_reached))
}

fn cells(row: &Counted) -> [String; 6] {
    let result = match row.max {
        None => "",
        Some(_) if row.is_reached() => "ok",
        Some(_) => "SHORT",
    };
    [
        row.what.to_owned(),
        row.server.to_owned(),
        row.client.to_string(),
        format!("{:.2}", row.per_round_trip),
        row.max.map_or_else(String::new, |max| format!("≤ {max}")),
        result.to_owned(),
    ]
}

/// The growth from the short run to the long one, for one round trip.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn per_round_trip([short, long]: [u64; 2]) -> f64 {
    let [few, many] = ROUNDS;
    (long as f64 - short as f64) / (many - few) as f64
}
