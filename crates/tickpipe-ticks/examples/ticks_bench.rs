//! What `cargo xtask bench ticks` runs: makes a large file of a small one, and reads a file.
//!
//! ```text
//! ticks_bench make FIXTURE ROWS FILE    writes ROWS rows, in the format of FIXTURE
//! ticks_bench read FILE                 prints `ticks 5000000 seconds 0.7 points 11454300000`
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of the benchmark")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Instant;

use tickpipe_ticks::{Price, Tick, TickFlags, TickFormat, TickReader, TickTime};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["make", fixture, rows, file] => make(fixture, rows, file),
        ["read", file] => read(file),
        _ => Err("usage: ticks_bench make FIXTURE ROWS FILE | read FILE".into()),
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
    // Uses what is read, so that nothing of the reading can be left out.
    let mut points = 0_i64;
    for tick in TickReader::open(file)? {
        let tick = tick?;
        count += 1;
        let price = tick.bid.map_or(0, Price::points) + tick.ask.map_or(0, Price::points);
        points = points.wrapping_add(price).wrapping_add(tick.time.as_nanos());
    }
    println!("ticks {count} seconds {} points {points}", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Repeats the rows of a file; the times go on where the last repetition ended.
fn make(fixture: &str, rows: &str, file: &str) -> Result<(), Box<dyn Error>> {
    let rows: usize = rows.parse()?;
    let reader = TickReader::open(fixture)?;
    let format = reader.format();
    let ticks = reader.collect::<Result<Vec<Tick>, _>>()?;
    let (Some(first), Some(last)) = (ticks.first(), ticks.last()) else {
        return Err(format!("{fixture} has no tick").into());
    };
    // One more second, so that no two repetitions meet.
    let span = last.time.as_nanos() - first.time.as_nanos() + 1_000_000_000;
    let mut out = BufWriter::new(File::create(file)?);
    let header = if format == TickFormat::Mt5Export {
        "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n"
    } else {
        "Gmt time,Ask,Bid,AskVolume,BidVolume\r\n"
    };
    out.write_all(header.as_bytes())?;
    let mut offset = 0;
    for (index, tick) in ticks.iter().cycle().take(rows).enumerate() {
        if 0 < index && index % ticks.len() == 0 {
            offset += span;
        }
        let time = TickTime::from_nanos(tick.time.as_nanos() + offset);
        row(&mut out, format, time, tick)?;
    }
    Ok(out.flush()?)
}

/// Writes a row as MT5 or Dukascopy do.
fn row(
    out: &mut impl Write,
    format: TickFormat,
    time: TickTime,
    tick: &Tick,
) -> Result<(), Box<dyn Error>> {
    let (Some(bid), Some(ask)) = (tick.bid, tick.ask) else {
        return Err("a tick lacks a price".into());
    };
    let time = time.to_string();
    let (date, time) = time.split_once(' ').ok_or("a time without a date")?;
    if format == TickFormat::Mt5Export {
        let flags = tick.flags.ok_or("a row without flags")?;
        let changed = |flag, price: Price| match flags.contains(flag) {
            true => price.to_string(),
            false => String::new(),
        };
        let (bid, ask) = (changed(TickFlags::BID, bid), changed(TickFlags::ASK, ask));
        let date = date.replace('-', ".");
        write!(out, "{date}\t{time}\t{bid}\t{ask}\t\t\t{}\r\n", flags.bits())?;
    } else {
        let volumes = tick.ask_volume.zip(tick.bid_volume);
        let (ask_volume, bid_volume) = volumes.ok_or("a row without volumes")?;
        let (year, month_day) = date.split_once('-').ok_or("a date without a year")?;
        let (month, day) = month_day.split_once('-').ok_or("a date without a day")?;
        write!(out, "{day}.{month}.{year} {time},{ask},{bid},{ask_volume},{bid_volume}\r\n")?;
    }
    Ok(())
}
