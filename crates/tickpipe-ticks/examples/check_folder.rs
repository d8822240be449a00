//! Tries the reader on every file of a folder: `check_folder FOLDER [CUTS]`.
//!
//! Each file is read whole, and then cut at so many random places (1,000 if not said). A cut file must
//! give ticks that the whole one begins with and then say what is wrong, unless a table was cut between
//! rows. What is in gzip is cut unpacked too. All hour files together must give the ticks of a Dukascopy
//! table of the same time.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use tickpipe_ticks::{Tick, TickError, TickFormat, TickReader};

/// Where the places of the cuts begin; the same in every run.
const SEED: u64 = 20_190_204;

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let folder = args.next();
    let cuts = args.next().map_or(Ok(1000), |cuts| cuts.parse());
    let (Some(folder), Ok(cuts)) = (folder, cuts) else {
        eprintln!("usage: check_folder FOLDER [CUTS]");
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
    let mut by_format: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hours: Vec<Tick> = Vec::new();
    let mut tables: Vec<(PathBuf, Vec<Tick>)> = Vec::new();
    for path in files(folder)? {
        let shown = path.strip_prefix(folder).unwrap_or(&path).display();
        let name = path.to_string_lossy();
        let mut reader = match TickReader::open(&path) {
            Ok(reader) => reader,
            Err(error) => {
                println!("{shown}: {}", error.code());
                continue;
            }
        };
        let ticks = reader.by_ref().collect::<Result<Vec<Tick>, TickError>>()?;
        let format = reader.format();
        let bytes = fs::read(&path)?;
        let mut places = check_cuts(&bytes, &name, &ticks, cuts, &mut random)?;
        if bytes.starts_with(&[0x1F, 0x8B]) {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain)?;
            places += check_cuts(&plain, &name, &ticks, cuts, &mut random)?;
        }
        println!("{shown}: {format}, {}, {} ticks, {places} cuts", reader.clock(), ticks.len());
        *by_format.entry(format.as_str()).or_default() += ticks.len();
        if format == TickFormat::DukascopyBi5 {
            hours.extend(ticks);
        } else if format == TickFormat::DukascopyCsv {
            tables.push((path, ticks));
        }
    }
    for (path, ticks) in tables {
        let is_same_time =
            hours.first().map(|tick| tick.time) == ticks.first().map(|tick| tick.time);
        if is_same_time && hours != ticks {
            return Err(format!("{} differs from the hour files", path.display()).into());
        }
        let result = if is_same_time { "equal to the hour files" } else { "no hour files" };
        println!("{}: {result}", path.display());
    }
    println!("{by_format:?}");
    Ok(())
}

/// All files below a folder, in the order of their paths.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// Cuts a file at random places; returns at how many.
fn check_cuts(
    bytes: &[u8],
    name: &str,
    whole: &[Tick],
    cuts: usize,
    random: &mut u64,
) -> Result<usize, Box<dyn Error>> {
    for _ in 0..cuts {
        let len = usize::try_from(next(random) % bytes.len() as u64)?;
        let wrong = |what: &str| Err(format!("{name}: {what} when cut to {len} bytes").into());
        let cut = &bytes[..len];
        let Ok(reader) = TickReader::new(Cursor::new(cut.to_vec()), name) else { continue };
        let mut count = 0;
        let mut is_told = false;
        for tick in reader {
            match tick {
                Ok(tick) if whole.get(count) == Some(&tick) => count += 1,
                Ok(_) => return wrong("a wrong tick"),
                Err(_) => is_told = true,
            }
        }
        // A table may end at a line end, or with the last row but its line end, and nothing is missing.
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        let header = lines(bytes).saturating_sub(whole.len());
        let rows = lines(cut).saturating_sub(header);
        let is_whole = !is_packed(bytes) && (rows..=rows + 1).contains(&count);
        if !is_told && !is_whole {
            return wrong("rows were lost and nothing told");
        }
    }
    Ok(cuts)
}

/// gzip, zip and LZMA, which know their ends.
fn is_packed(bytes: &[u8]) -> bool {
    [&[0x1F, 0x8B][..], b"PK", &[0x5D, 0, 0]].iter().any(|head| bytes.starts_with(head))
}

/// The next number of an xorshift generator.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
