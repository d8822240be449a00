//! Prints what a file is, its first ticks, and how many there are: `ticks FILE...`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to people")]

use std::process::ExitCode;

use tickpipe_ticks::{TickError, TickReader};

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args_os().skip(1) {
        if let Err(error) = show(&path) {
            eprintln!("error: {error}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn show(path: &std::ffi::OsStr) -> Result<(), TickError> {
    let mut reader = TickReader::open(path)?;
    println!("{}: {}, {}, {:?}", path.display(), reader.format(), reader.clock(), reader.symbol());
    let mut count = 0_u64;
    for tick in &mut reader {
        let tick = tick?;
        count += 1;
        if count <= 2 {
            println!("  {} {:?}", tick.time, tick);
        }
    }
    println!("  {count} ticks, {:?}", reader.progress());
    Ok(())
}
