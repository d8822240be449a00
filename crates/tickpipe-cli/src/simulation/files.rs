//! The files of a simulated market: whose they are, opened and merged.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tickpipe::escaped;
use tickpipe::session::Symbol;
use tickpipe_sim::broker::SymbolSpec;
use tickpipe_sim::market::{Feed, Source};
use tickpipe_ticks::{ReadOptions, TickReader};

use crate::interrupt::Interrupt;
use crate::print::SHOWN_CHARS_MAX;
use crate::report::Failure;

/// Letters of two currencies side by side.
const PAIR_LEN: usize = 6;

/// Files as one market.
pub(crate) struct Market {
    pub(crate) feed: Feed,
    /// Each once, in the order of the files.
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) reading: Reading,
}

/// How much of all files was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    bytes_read: Vec<Arc<AtomicU64>>,
    /// `None` where the size of one is not known.
    pub(crate) bytes_total: Option<u64>,
}

impl Reading {
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read.iter().map(|bytes| bytes.load(Ordering::Relaxed)).sum()
    }
}

/// Opens files that are named as `FILE` or `SYMBOL=FILE`.
pub(crate) fn open(
    files: &[String],
    options: ReadOptions,
    interrupt: &Interrupt,
) -> Result<Market, Failure> {
    let mut sources = Vec::new();
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut reading = Reading { bytes_total: Some(0), ..Reading::default() };
    for file in files {
        let (stated, path) = split(file)?;
        let mut reader = TickReader::open_with(path, options).map_err(Failure::TickFile)?;
        let wish = interrupt.clone();
        reader.stop_if(move || wish.is_set());
        let symbol = match stated {
            Some(symbol) => symbol,
            None => symbol_of(&reader, path)?,
        };
        if !symbols.contains(&symbol) {
            symbols.push(symbol.clone());
        }
        let progress = reader.progress();
        reading.bytes_total =
            reading.bytes_total.zip(progress.bytes_total).map(|(sum, bytes)| sum + bytes);
        let bytes_read = Arc::new(AtomicU64::new(0));
        reading.bytes_read.push(Arc::clone(&bytes_read));
        let clock = reader.clock().clone();
        let ticks = std::iter::from_fn(move || {
            let tick = reader.next();
            bytes_read.store(reader.progress().bytes_read, Ordering::Relaxed);
            tick
        });
        sources.push(Source::from_ticks(symbol, clock, ticks));
    }
    let feed = Feed::new(sources).map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(Market { feed, symbols, reading })
}

/// Takes the symbol off that stands before a file, if one does.
fn split(file: &str) -> Result<(Option<Symbol>, &Path), Failure> {
    // A file of that very name is meant as it is.
    let parts = file.split_once('=').filter(|_| !Path::new(file).exists());
    let Some((name, path)) = parts else { return Ok((None, Path::new(file))) };
    let symbol = Symbol::new(name).map_err(|error| Failure::Usage(format!("`{file}`: {error}")))?;
    Ok((Some(symbol), Path::new(path)))
}

/// Finds whose ticks a file has: it says so, or its name does.
fn symbol_of(reader: &TickReader, path: &Path) -> Result<Symbol, Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().to_ascii_uppercase();
    let stated = reader.symbol().map(str::to_ascii_uppercase);
    [stated.as_deref().unwrap_or_default(), name.as_str()].into_iter().find_map(pair_in).ok_or_else(
        || {
            let path = path.display().to_string();
            let path = escaped(&path, SHOWN_CHARS_MAX);
            Failure::Usage(format!("cannot tell whose ticks `{path}` has; write SYMBOL={path}"))
        },
    )
}

/// Returns the first symbol in a text that is known by its name.
fn pair_in(text: &str) -> Option<Symbol> {
    (0..text.len()).find_map(|at| {
        let symbol = Symbol::new(text.get(at..at + PAIR_LEN)?).ok()?;
        SymbolSpec::known(&symbol).map(|_| symbol)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_found_in_a_name() {
        for (name, symbol) in [
            ("DUKASCOPY-EURUSD-TICKS-20190204.CSV.GZ", Some("EURUSD")),
            ("XAUUSD.CSV", Some("XAUUSD")),
            ("TICKS.CSV", None),
            ("EUR", None),
            ("\u{e9}EURUSD", Some("EURUSD")),
        ] {
            assert_eq!(pair_in(name).as_ref().map(Symbol::as_str), symbol, "{name}");
        }
    }

    #[test]
    fn a_symbol_may_stand_before_a_file() {
        let (symbol, path) = split("EURUSD.r=a=b.csv").unwrap_or_else(|_| panic!("it is one"));
        assert_eq!(symbol.as_ref().map(Symbol::as_str), Some("EURUSD.r"));
        assert_eq!(path, Path::new("a=b.csv"));
        let (symbol, path) = split("ticks.csv").unwrap_or_else(|_| panic!("it is a file"));
        assert_eq!((symbol, path), (None, Path::new("ticks.csv")));
        assert!(matches!(split("=ticks.csv"), Err(Failure::Usage(_))));
    }
}
