//! Tries the reader of bars on every file of a folder: `check_bars FOLDER [CUTS]`.
//!
//! Each file is read whole and timed, then cut at so many random places (1,000 if not said), and as often
//! changed in a byte. A cut file must give bars that the whole one begins with and then say what is wrong,
//! unless it was cut between rows; a changed one must give an end. What is in gzip is tried unpacked too.
//! Files of the same name but for their ending, such as a `.hst` and a table, must have equal prices.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use tickpipe_proto::message::Bar;
use tickpipe_ticks::{BarFormat, BarReader, Price, TickError};

/// Where the places of the cuts begin; the same in every run.
const SEED: u64 = 20_220_815;

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let folder = args.next();
    let cuts = args.next().map_or(Ok(1000), |cuts| cuts.parse());
    let (Some(folder), Ok(cuts)) = (folder, cuts) else {
        eprintln!("usage: check_bars FOLDER [CUTS]");
        return ExitCode::from(2);
    };
    match check(Path::new(&folder), cuts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn check(folder: &Path, cuts: usize) -> Result<(), Box<dyn Error>> {
    let mut random = SEED;
    let mut prices: BTreeMap<String, Vec<[Price; 4]>> = BTreeMap::new();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.is_file());
    paths.sort();
    for path in paths {
        let shown = path.file_name().unwrap_or_default().to_string_lossy();
        let begun = Instant::now();
        let mut reader = match BarReader::open(&path) {
            Ok(reader) => reader,
            Err(error) => {
                println!("{shown}: {}", error.code());
                continue;
            }
        };
        let bars = reader.by_ref().collect::<Result<Vec<Bar>, TickError>>()?;
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{shown}: {}, {}, {}, {:?}, {} digits, {} bars in {seconds:.3} s",
            reader.format(),
            reader.timeframe().as_str(),
            reader.clock(),
            reader.symbol(),
            reader.digits(),
            bars.len()
        );
        let (format, name) = (reader.format(), path.to_string_lossy());
        let bytes = fs::read(&path)?;
        try_all(&bytes, &name, format, &bars, cuts, &mut random)?;
        if bytes.starts_with(&[0x1F, 0x8B]) {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain)?;
            try_all(&plain, &name, format, &bars, cuts, &mut random)?;
        }
        let stem = shown.split('.').next().unwrap_or_default().to_owned();
        let found: Vec<_> =
            bars.iter().map(|bar| [bar.open, bar.high, bar.low, bar.close]).collect();
        if prices.entry(stem).or_insert_with(|| found.clone()) != &found {
            return Err(format!("{shown} has other prices than its namesake").into());
        }
    }
    Ok(())
}

/// Cuts a file and changes it, at random places.
fn try_all(
    bytes: &[u8],
    name: &str,
    format: BarFormat,
    whole: &[Bar],
    cuts: usize,
    random: &mut u64,
) -> Result<(), Box<dyn Error>> {
    let is_packed = bytes.starts_with(&[0x1F, 0x8B]);
    for _ in 0..cuts {
        let len = usize::try_from(next(random) % bytes.len() as u64)?;
        let wrong = |what: &str| Err(format!("{name}: {what} when cut to {len} bytes").into());
        let cut = &bytes[..len];
        let Ok(reader) = BarReader::new(Cursor::new(cut.to_vec()), name) else { continue };
        let (mut count, mut is_told) = (0, false);
        for bar in reader {
            match bar {
                Ok(bar) if whole.get(count) == Some(&bar) => count += 1,
                Ok(_) => return wrong("a wrong bar"),
                Err(_) => is_told = true,
            }
        }
        let is_between = if format == BarFormat::Hst {
            let record_len = (bytes.len() - 148).checked_div(whole.len()).unwrap_or(1);
            (len - 148) % record_len == 0
        } else {
            matches!(cut.last(), Some(b'\r' | b'\n')) || matches!(bytes[len], b'\r' | b'\n')
        };
        if !is_told && (is_packed || !is_between) {
            return wrong("rows were lost and nothing told");
        }
        let mut changed = bytes.to_vec();
        changed[len] = u8::try_from(next(random) % 256)?;
        if let Ok(reader) = BarReader::new(Cursor::new(changed), name)
            && whole.len() + 1 < reader.count()
        {
            return wrong("more bars than there are");
        }
    }
    Ok(())
}

/// The next number of an xorshift generator.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
