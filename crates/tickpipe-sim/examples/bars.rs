//! Plays a file of bars as ticks and builds its bars again: `bars FILE [DIGITS]`.
//!
//! The digits are the symbol's; if not said, those that the first bars show.
//!
//! Prints how many bars came out equal, and how long it took: once for reading alone, once for all of it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::Symbol;
use tickpipe_sim::market::{BarSpread, BarTicks, Feed, Series, bar_begin};
use tickpipe_ticks::BarReader;

/// Points, where the file does not say.
const SPREAD: u32 = 10;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let file = args.next();
    let digits = args.next().map(|digits| digits.parse()).transpose();
    let (Some(file), Ok(digits)) = (file, digits) else {
        eprintln!("usage: bars FILE [DIGITS]");
        return ExitCode::from(2);
    };
    match play(&file, digits) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  caused by: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn play(file: &str, digits: Option<u8>) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let expected: Vec<Bar> = BarReader::open(file)?.collect::<Result<_, _>>()?;
    let read = begun.elapsed();
    let begun = Instant::now();
    let reader = BarReader::open(file)?;
    let (timeframe, digits) = (reader.timeframe(), digits.unwrap_or_else(|| reader.digits()));
    let mut series = Series::new(timeframe, digits, usize::MAX);
    let symbol = Symbol::new(reader.symbol().unwrap_or("SYMBOL"))?;
    let ticks = BarTicks::new(reader, digits, BarSpread::OfBarOr(SPREAD));
    for tick in Feed::new(vec![ticks.into_source(symbol)])? {
        let tick = tick?;
        series.handle_tick(tick.time_msc, tick.bid, tick.ask);
    }
    let played = begun.elapsed();
    let prices =
        |bar: &Bar| (bar_begin(timeframe, bar.time), bar.open, bar.high, bar.low, bar.close);
    let found = series.closed().copied().chain(series.at(0));
    let equal = found.zip(&expected).filter(|(bar, other)| prices(bar) == prices(other)).count();
    let count = expected.len();
    println!("{}: {equal} of {count} bars equal", timeframe.as_str());
    for (what, time) in [("read", read), ("read, played and built", played)] {
        let rate = u128::try_from(count)? * 1_000_000 / time.as_micros().max(1);
        println!("{what} in {time:.1?}, {rate} bars/s");
    }
    Ok(())
}
