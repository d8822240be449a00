//! Backtests the cross of two averages on recorded ticks, in one process: `backtest_bench FILE [SYMBOL]`.
//!
//! Prints what was traded and how long it took. Every tick goes through the broker, bars of all 21
//! timeframes, the record for the report, and the strategy. `backtest_bench FILE --read` only reads the ticks, for
//! comparison; `backtest_bench FILE --pipe NAME` trades over a pipe, against a server in this process.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use tickpipe::Server;
use tickpipe::session::local;
use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe_proto::types::Symbol;
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, Commission, SymbolSpec};
use tickpipe_sim::market::{Feed, Source};
use tickpipe_sim::terminal::wire::{WireConfig, play};
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::TickReader;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        [file, "--read"] => read(file),
        [file, "--pipe", pipe] => trade_over(file, pipe),
        [file] => trade(file, "EURUSD"),
        [file, symbol] => trade(file, symbol),
        _ => Err("usage: backtest_bench FILE [SYMBOL | --read | --pipe NAME]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(file: &str) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut count = 0_u64;
    for tick in TickReader::open(file)? {
        tick?;
        count += 1;
    }
    println!("{count} ticks read in {:.1?}", begun.elapsed());
    Ok(())
}

fn terminal(file: &str, symbol: &str) -> Result<Terminal, Box<dyn Error>> {
    let symbol = Symbol::new(symbol)?;
    let mut spec = SymbolSpec::forex(symbol.clone(), 5, "EUR", "USD");
    spec.commission = Commission::PerLot("3.50".parse()?);
    let account = AccountSpec::new("USD", 100, "10000".parse()?);
    let broker = Broker::new(BrokerConfig::new(account).with_symbol(spec))?;
    let feed = Feed::new(vec![Source::new(symbol.clone(), TickReader::open(file)?)])?;
    Ok(Terminal::new(TerminalConfig::new(symbol), broker, feed)?.with_recorder())
}

fn trade(file: &str, symbol: &str) -> Result<(), Box<dyn Error>> {
    let cross = || Cross::new(CrossSettings::default());
    cross()?;
    let begun = Instant::now();
    let run = local::run(terminal(file, symbol)?, |_| {
        cross().expect("invariant: the settings were tried")
    });
    for failure in &run.failures {
        eprintln!("{failure}");
    }
    tell(&run.ea, begun)
}

fn trade_over(file: &str, pipe: &str) -> Result<(), Box<dyn Error>> {
    let cross = || Cross::new(CrossSettings::default());
    cross()?;
    let server = Server::bind(pipe)?;
    let stopper = server.stopper();
    let serving = thread::spawn(move || {
        server.serve_strategy(move |_, _| cross().expect("invariant: the settings were tried"))
    });
    let begun = Instant::now();
    let run = play(terminal(file, "EURUSD")?, &WireConfig::new(pipe), &mut ());
    stopper.stop();
    if let Err(error) = &run.result {
        eprintln!("{error}; {}", error.hint());
    }
    tell(&run.terminal, begun)?;
    serving.join().map_err(|_| "the server panicked")??;
    Ok(())
}

fn tell(terminal: &Terminal, begun: Instant) -> Result<(), Box<dyn Error>> {
    let (elapsed, counts) = (begun.elapsed(), terminal.counts());
    let broker = terminal.broker();
    let (deals, state) = (broker.history_deals().len() - 1, broker.account_state());
    println!(
        "{} ticks, {} bars sent, {deals} deals in {elapsed:.1?}",
        counts.ticks, counts.bars_sent
    );
    println!("balance {}, equity {}", state.balance, state.equity);
    match terminal.failure() {
        None => Ok(()),
        Some(failure) => Err(failure.to_string().into()),
    }
}
