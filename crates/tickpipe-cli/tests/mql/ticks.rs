//! Recorded ticks, for EAs and for what must come of them.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tickpipe_ticks::{Price, TickReader};

use crate::expert::shown;
use crate::host::Directory;

/// A recorded tick, its prices with the symbol's five digits.
pub(crate) struct Recorded {
    pub(crate) time_msc: i64,
    pub(crate) bid: Price,
    pub(crate) ask: Price,
}

/// A file of ticks as the harness reads them; gone with its owner.
pub(crate) struct TickFile {
    path: String,
    ticks: Vec<Recorded>,
    _directory: Directory,
}

impl TickFile {
    /// Makes one of the ticks that `tickpipe-ticks` has for its own tests.
    pub(crate) fn new() -> Self {
        let ticks = recorded();
        let mut text = String::new();
        for Recorded { time_msc, bid, ask } in &ticks {
            writeln!(text, "{time_msc} {bid} {ask}").expect("a string grows");
        }
        let directory = Directory::new();
        let file = directory.0.join("ticks.txt");
        fs::write(&file, text).expect("a file of ticks");
        Self { path: shown(&file), ticks, _directory: directory }
    }

    /// Returns the path as a Windows program has it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the tick that is played as the `number`th, from 1 on; the file begins again at its end.
    pub(crate) fn tick(&self, number: usize) -> &Recorded {
        &self.ticks[(number - 1) % self.ticks.len()]
    }
}

fn recorded() -> Vec<Recorded> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tickpipe-ticks/fixtures/mt5.csv");
    let reader = TickReader::open(file).expect("the fixture");
    let digits = |price: Option<Price>| price.and_then(|price| price.rescale(5));
    let recorded = reader.map(|tick| tick.expect("a sound tick")).filter_map(|tick| {
        let time_msc = tick.time.as_millis();
        Some(Recorded { time_msc, bid: digits(tick.bid)?, ask: digits(tick.ask)? })
    });
    recorded.collect()
}
