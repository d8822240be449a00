//! The files of a simulated market: whose they are, opened and merged.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tickpipe::escaped;
use tickpipe::session::Symbol;
use tickpipe_sim::broker::SymbolSpec;
use tickpipe_sim::market::{BarSpread, BarTicks, Feed, FeedError, Source};
use tickpipe_ticks::{BarOptions, BarReader, Progress, ReadOptions, TickError, TickReader};

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

/// How files are read.
pub(crate) struct FileOptions<'a> {
    pub(crate) ticks: ReadOptions,
    /// The spread of bars that state none.
    pub(crate) bar_spread: u32,
    /// What was typed of symbols.
    pub(crate) specs: Vec<&'a SymbolSpec>,
}

/// Opens files that are named as `FILE` or `SYMBOL=FILE`.
pub(crate) fn open(
    files: &[String],
    options: &FileOptions<'_>,
    interrupt: &Interrupt,
) -> Result<Market, Failure> {
    let mut sources = Vec::new();
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut reading = Reading { bytes_total: Some(0), ..Reading::default() };
    for file in files {
        let (stated, path) = split(file)?;
        let (symbol, source) = match ticks_or_bars(path, options)? {
            Table::Ticks(mut reader) => {
                let symbol = stated.map_or_else(|| symbol_of(reader.symbol(), path), Ok)?;
                let wish = interrupt.clone();
                reader.stop_if(move || wish.is_set());
                let counter = reading.add(reader.progress());
                let clock = reader.clock().clone();
                let ticks = std::iter::from_fn(move || {
                    let tick = reader.next();
                    counter.store(reader.progress().bytes_read, Ordering::Relaxed);
                    tick
                });
                (symbol.clone(), Source::from_ticks(symbol, clock, ticks))
            }
            Table::Bars(mut reader) => {
                let symbol = stated.map_or_else(|| symbol_of(reader.symbol(), path), Ok)?;
                let wish = interrupt.clone();
                reader.stop_if(move || wish.is_set());
                // How far it is read is not seen from outside of its ticks.
                reading.bytes_total = None;
                let digits = digits_of(&symbol, &options.specs).unwrap_or_else(|| reader.digits());
                let ticks = BarTicks::new(reader, digits, BarSpread::OfBarOr(options.bar_spread));
                (symbol.clone(), ticks.into_source(symbol))
            }
        };
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
        sources.push(source);
    }
    let feed = Feed::new(sources).map_err(|error| Failure::Usage(not_one_market(&error)))?;
    Ok(Market { feed, symbols, reading })
}

/// Why files are no market, in this program's words.
fn not_one_market(error: &FeedError) -> String {
    match error {
        FeedError::Clocks { symbol, found, expected } => format!(
            "the ticks of {symbol} are in {found}, those of the first file in {expected}; all files of \
             a run have to be on one clock"
        ),
        FeedError::NoDate { symbol, clock } => format!(
            "the ticks of {symbol} are in {clock}; a file has to say of which day it is, by its path if \
             not by its rows"
        ),
        FeedError::Ticks { .. } | _ => error.to_string(),
    }
}

impl Reading {
    /// Adds a file; returns where it says how much of it was read.
    fn add(&mut self, progress: Progress) -> Arc<AtomicU64> {
        self.bytes_total =
            self.bytes_total.zip(progress.bytes_total).map(|(sum, bytes)| sum + bytes);
        let counter = Arc::new(AtomicU64::new(0));
        self.bytes_read.push(Arc::clone(&counter));
        counter
    }
}

/// What a file holds.
enum Table {
    Bars(BarReader),
    Ticks(TickReader),
}

/// Opens a file of ticks, or else of bars.
fn ticks_or_bars(path: &Path, options: &FileOptions<'_>) -> Result<Table, Failure> {
    let error = match TickReader::open_with(path, options.ticks) {
        Ok(reader) => return Ok(Table::Ticks(reader)),
        Err(error) => error,
    };
    let may_be_bars = matches!(
        error,
        TickError::Bars { .. }
            | TickError::Unknown { .. }
            | TickError::Unsupported { .. }
            | TickError::ZipEntries { .. }
    );
    if !may_be_bars {
        return Err(Failure::TickFile(error));
    }
    let bar_options = BarOptions::default().with_on_bad_row(options.ticks.on_bad_row);
    match BarReader::open_with(path, bar_options) {
        Ok(reader) => Ok(Table::Bars(reader)),
        // Each says what is allowed of its own kind; the one that fits the file is told.
        Err(_) if matches!(error, TickError::Unknown { .. }) => Err(Failure::TickFile(error)),
        Err(error) => Err(Failure::TickFile(error)),
    }
}

/// Returns the decimals of a symbol's price, if it was typed or is known.
fn digits_of(symbol: &Symbol, specs: &[&SymbolSpec]) -> Option<u8> {
    let typed = specs.iter().find(|spec| spec.symbol == *symbol).map(|spec| spec.digits);
    typed.or_else(|| SymbolSpec::known(symbol).map(|spec| spec.digits))
}

/// Takes the symbol off that stands before a file, if one does.
pub(super) fn split(file: &str) -> Result<(Option<Symbol>, &Path), Failure> {
    // A file of that very name is meant as it is.
    let parts = file.split_once('=').filter(|_| !Path::new(file).exists());
    let Some((name, path)) = parts else { return Ok((None, Path::new(file))) };
    let symbol = Symbol::new(name).map_err(|error| Failure::Usage(format!("`{file}`: {error}")))?;
    Ok((Some(symbol), Path::new(path)))
}

/// Finds whose ticks a file has: it says so, or its name does.
fn symbol_of(stated: Option<&str>, path: &Path) -> Result<Symbol, Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().to_ascii_uppercase();
    let stated = stated.map(str::to_ascii_uppercase);
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
