//! Trades the cross of two moving averages of M1 closes, one position at a time.
//!
//! `cross [--pipe NAME]`. The strategy is [`tickpipe::strategies::Cross`]; what becomes of its orders is
//! printed.

#![expect(clippy::print_stdout, reason = "it tells what it does")]

use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe::{Error, Server};

fn cross() -> Result<Cross, Error> {
    let cross = Cross::new(CrossSettings::default())?;
    Ok(cross.on_execution(|execution| println!("{execution}")))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let pipe = match args.as_slice() {
        [] => "TestPipe",
        [flag, name] if flag == "--pipe" => name,
        _ => return Err("usage: cross [--pipe NAME]".into()),
    };
    // Settings that are refused are refused before an EA comes.
    cross()?;
    let server = Server::bind(pipe)?;
    server.stop_on_signals()?;
    server.serve_strategy(|_, _| cross().expect("invariant: the settings were tried"))?;
    Ok(())
}
