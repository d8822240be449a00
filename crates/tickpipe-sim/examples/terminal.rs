//! A terminal that comes to a pipe and plays recorded ticks: `terminal FILE [PIPE [BEGIN_MSC]]`.
//!
//! For whoever tries a server, or the terminal itself:
//! `tickpipe conformance --try ea --trade -- terminal FILE TestPipe BEGIN_MSC`, where the ticks before
//! `BEGIN_MSC`, a few minutes into the file, are the history that some scripts ask for. A tick comes every few
//! milliseconds, so that a script is over before the file is. It comes again for as long as somebody listens:
//! when all ticks are played, as a new terminal with the same ticks.

#![expect(clippy::print_stderr, reason = "an example talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tickpipe_proto::message::Tick;
use tickpipe_proto::types::Symbol;
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, SymbolSpec};
use tickpipe_sim::market::{Feed, Source};
use tickpipe_sim::terminal::wire::{Watch, WireConfig, WireNote, play};
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::TickReader;

/// From one tick to the next.
const PACE: Duration = Duration::from_millis(5);

/// Says what happens to the sessions, and sets the pace.
struct Teller;

impl Watch for Teller {
    fn tick(&mut self, _: &Terminal, _: &Tick) -> Option<Instant> {
        Some(Instant::now() + PACE)
    }

    fn note(&mut self, note: WireNote<'_>) {
        eprintln!("{note:?}");
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [file] => run(file, "TestPipe", "0"),
        [file, pipe] => run(file, pipe, "0"),
        [file, pipe, begin_msc] => run(file, pipe, begin_msc),
        _ => Err("usage: terminal FILE [PIPE [BEGIN_MSC]]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &str, pipe: &str, begin_msc: &str) -> Result<(), Box<dyn Error>> {
    let config = WireConfig::new(pipe).with_restless_max(u32::MAX);
    loop {
        let terminal = terminal(file, begin_msc)?;
        play(terminal, &config, &mut Teller).result?;
    }
}

fn terminal(file: &str, begin_msc: &str) -> Result<Terminal, Box<dyn Error>> {
    let symbol = Symbol::new("EURUSD")?;
    let account = AccountSpec::new("USD", 100, "10000".parse()?);
    let spec = SymbolSpec::forex(symbol.clone(), 5, "EUR", "USD");
    let broker = Broker::new(BrokerConfig::new(account).with_symbol(spec))?;
    let feed = Feed::new(vec![Source::new(symbol.clone(), TickReader::open(file)?)])?;
    let config = TerminalConfig::new(symbol).with_begin_msc(begin_msc.parse()?);
    Ok(Terminal::new(config, broker, feed)?)
}
