//! A terminal that comes to a pipe and plays recorded ticks: `terminal FILE [PIPE [BEGIN_MSC]]`.
//!
//! For whoever tries a server, or the terminal itself: `tickpipe conformance --as ea -- terminal FILE`. It
//! comes again for as long as somebody listens.

#![expect(clippy::print_stderr, reason = "an example talks to people")]

use std::error::Error;
use std::process::ExitCode;

use tickpipe_proto::types::Symbol;
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, SymbolSpec};
use tickpipe_sim::market::{Feed, Source};
use tickpipe_sim::terminal::wire::{Watch, WireConfig, WireNote, play};
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::TickReader;

/// Says what happens to the sessions.
struct Teller;

impl Watch for Teller {
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
    let symbol = Symbol::new("EURUSD")?;
    let account = AccountSpec::new("USD", 100, "10000".parse()?);
    let spec = SymbolSpec::forex(symbol.clone(), 5, "EUR", "USD");
    let broker = Broker::new(BrokerConfig::new(account).with_symbol(spec))?;
    let feed = Feed::new(vec![Source::new(symbol.clone(), TickReader::open(file)?)])?;
    let config = TerminalConfig::new(symbol).with_begin_msc(begin_msc.parse()?);
    let terminal = Terminal::new(config, broker, feed)?;
    let config = WireConfig::new(pipe).with_restless_max(u32::MAX);
    play(terminal, &config, &mut Teller).result?;
    Ok(())
}
