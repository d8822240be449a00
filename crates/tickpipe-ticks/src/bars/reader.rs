//! The reader of a file of bars, whatever its format.

use std::fmt;
use std::io::Read;
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::Timeframe;

use super::begin::{self, Begun, Table};
use super::format::BarFormat;
use super::options::BarOptions;
use super::timeframe;
use crate::begin::Names;
use crate::clock::{Clock, TickTime};
use crate::container::{self, Opened, Wanted};
use crate::error::TickError;
use crate::lines::Line;
use crate::options::OnBadRow;
use crate::reader::{Progress, bad_row, shown, too_long};
use crate::rows::BadRow;

/// Reads recorded bars, one after the other, in the order of the file.
///
/// The format is told by what the file holds, never by its name; each may be plain, in gzip, or in a zip
/// with one table of bars. From a name comes only the symbol where the file does not state it.
///
/// As an iterator it gives bars and ends after the first error. Before an error at the end of a file, such
/// as a cut one, all whole rows are given; a row that may be cut is never given.
///
/// # Bars
///
/// - `time` is the beginning, in seconds of [`clock`](Self::clock). Every bar is at least a timeframe later
///   than the one before it (28 days for a month); one that is not is a broken row.
/// - Prices are above zero, have at most 8 decimals, and are in order: the low is the lowest, the high the
///   highest. A `.hst` holds doubles, each of which has to be such a number.
/// - `tick_volume` is 0 where the file does not count ticks, as HistData's do not. `spread` is in the
///   symbol's points, and `None` where the file has no such column; MT4's history always says zero, which
///   is `None` too. `real_volume` is `None` where there is none.
/// - A broken row is an error, or left out and counted: see [`BarOptions`]. Empty lines are passed over.
/// - The last row of a plain table needs a line end, for nothing else says that its volume is not cut; only
///   HistData's does not, where that volume is zero.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::types::Timeframe;
/// use tickpipe_ticks::{BarReader, Clock};
///
/// let file = "2022.08.15,10:06,1.02340,1.02359,1.02340,1.02348,105\r\n\
///             2022.08.15,10:07,1.02345,1.02348,1.02330,1.02348,104\r\n";
/// let mut bars = BarReader::new(file.as_bytes(), "EURUSD1.csv")?;
/// assert_eq!((bars.timeframe(), bars.clock()), (Timeframe::M1, &Clock::TradeServer));
/// assert_eq!((bars.symbol(), bars.digits()), (Some("EURUSD"), 5));
/// let bar = bars.next().ok_or("no bar")??;
/// assert_eq!((bar.time, bar.high.to_string(), bar.tick_volume), (1_660_557_960, "1.02359".into(), 105));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BarReader {
    file: String,
    on_bad_row: OnBadRow,
    table: Table,
    format: BarFormat,
    clock: Clock,
    symbol: Option<String>,
    timeframe: Timeframe,
    digits: u8,
    last_time: Option<i64>,
    rows_skipped: u64,
    is_at_end: bool,
    bytes_read: Arc<AtomicU64>,
    bytes_total: Option<u64>,
    is_stopped: Box<dyn Fn() -> bool + Send>,
}

impl BarReader {
    /// Opens a file with the default options.
    ///
    /// # Errors
    ///
    /// Returns a [`TickError`] if the file cannot be read, holds no bars, or does not show their timeframe:
    /// that is in a `.hst`'s header, is a minute for HistData, and otherwise the most frequent distance of
    /// the first sixty bars or so.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TickError> {
        Self::open_with(path, BarOptions::default())
    }

    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: BarOptions) -> Result<Self, TickError> {
        let path = path.as_ref();
        let name = path.to_string_lossy();
        let file = shown(&name);
        let opened = container::open(path, &file, Wanted::Bars)?;
        Self::begin(opened, &name, file, options)
    }

    /// Reads what `read` gives, with the default options. `name` is what errors call it, and where a
    /// symbol is looked for.
    ///
    /// A zip is held in memory and may have 64 MiB; by its path one of any size is read.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn new(read: impl Read + Send + 'static, name: &str) -> Result<Self, TickError> {
        Self::new_with(read, name, BarOptions::default())
    }

    /// Reads what `read` gives; see [`new`](Self::new).
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn new_with(
        read: impl Read + Send + 'static,
        name: &str,
        options: BarOptions,
    ) -> Result<Self, TickError> {
        let file = shown(name);
        let opened = container::read(Box::new(read), None, &file, Wanted::Bars)?;
        Self::begin(opened, name, file, options)
    }

    /// Has the reading end, as at the end of the file, once `is_stopped` returns `true`.
    ///
    /// It is asked between rows that give no bar, of which there may be any number.
    pub fn stop_if(&mut self, is_stopped: impl Fn() -> bool + Send + 'static) {
        self.is_stopped = Box::new(is_stopped);
    }

    /// Returns the file's name as errors show it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns what the file is.
    #[must_use]
    pub const fn format(&self) -> BarFormat {
        self.format
    }

    /// Returns whose clock the times are of.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns the symbol as the file or its name states it, verbatim.
    #[must_use]
    pub fn symbol(&self) -> Option<&str> {
        self.symbol.as_deref()
    }

    /// Returns how long the bars are.
    #[must_use]
    pub const fn timeframe(&self) -> Timeframe {
        self.timeframe
    }

    /// Returns how many decimals the symbol's point has, as far as the first bars show it; a later bar may
    /// have more.
    #[must_use]
    pub const fn digits(&self) -> u8 {
        self.digits
    }

    /// Returns how many broken rows were left out.
    #[must_use]
    pub const fn rows_skipped(&self) -> u64 {
        self.rows_skipped
    }

    /// Returns how much of the file was read.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let bytes_read = self.bytes_read.load(Ordering::Relaxed);
        Progress { bytes_read, bytes_total: self.bytes_total }
    }

    fn begin(
        opened: Opened,
        name: &str,
        file: String,
        options: BarOptions,
    ) -> Result<Self, TickError> {
        let names = Names { entry: opened.entry.as_deref(), name, file: &file };
        let Begun { table, format, clock, symbol, timeframe, digits } =
            begin::begin(opened.container, names, options)?;
        Ok(Self {
            file,
            on_bad_row: options.on_bad_row,
            table,
            format,
            clock,
            symbol,
            timeframe,
            digits,
            last_time: None,
            rows_skipped: 0,
            is_at_end: false,
            bytes_read: opened.bytes_read,
            bytes_total: opened.bytes_total,
            is_stopped: Box::new(|| false),
        })
    }
}

impl Iterator for BarReader {
    type Item = Result<Bar, TickError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_at_end {
            let bad = match self.row() {
                Row::Bar(bar) => match self.too_near(bar.time) {
                    None => {
                        self.last_time = Some(bar.time);
                        return Some(Ok(bar));
                    }
                    Some(error) => self.bad(error),
                },
                Row::Bad(error) => self.bad(error),
                Row::Empty => None,
                Row::End(error) => {
                    self.is_at_end = true;
                    return error.map(Err);
                }
            };
            if let Some(error) = bad {
                return Some(Err(error));
            }
            self.is_at_end |= (self.is_stopped)();
        }
        None
    }
}

impl FusedIterator for BarReader {}

/// What comes next in a file.
enum Row {
    Bad(TickError),
    Bar(Bar),
    Empty,
    End(Option<TickError>),
}

impl BarReader {
    fn row(&mut self) -> Row {
        match &mut self.table {
            Table::Text { lines, rows } => match lines.next_line() {
                Ok(Some(Line::Rest | Line::Whole([]))) => Row::Empty,
                Ok(Some(Line::Whole(row))) => match rows.parse(row) {
                    Ok(bar) => Row::Bar(bar),
                    Err(bad) => Row::Bad(bad_row(&self.file, lines.line(), *bad)),
                },
                Ok(Some(Line::TooLong)) => Row::Bad(too_long(&self.file, lines.line())),
                Ok(Some(Line::Unended(row))) => {
                    if !lines.input().is_proven() && !rows.is_surely_whole(&row) {
                        let (file, line) = (self.file.clone(), lines.line());
                        return Row::Bad(TickError::Truncated { file, line });
                    }
                    match rows.parse(&row) {
                        Ok(bar) => Row::Bar(bar),
                        Err(bad) => Row::Bad(bad_row(&self.file, lines.line(), *bad)),
                    }
                }
                Ok(None) => Row::End(None),
                Err(error) => Row::End(Some(lines.input().error(&self.file, error))),
            },
            Table::Hst(hst) => match hst.next_bar() {
                Ok(Some(Ok(bar))) => Row::Bar(bar),
                Ok(Some(Err(bad))) => Row::Bad(bad_row(&self.file, hst.record(), *bad)),
                Ok(None) => Row::End(None),
                Err(error) => Row::End(Some(hst.error(&self.file, error))),
            },
        }
    }

    /// Refuses a bar that begins before the one before it has ended.
    fn too_near(&self, time: i64) -> Option<TickError> {
        let least = timeframe::least_s(self.timeframe);
        let last = self.last_time.filter(|last| time < last + least)?;
        let line = match &self.table {
            Table::Hst(hst) => hst.record(),
            Table::Text { lines, .. } => lines.line(),
        };
        let text = |time: i64| self.clock.time_text(TickTime::from_nanos(time * 1_000_000_000));
        let found = format!("the time {}", text(time));
        let allowed = format!(
            "a time at least {least} seconds, one bar of {}, after that of the row before, {}",
            self.timeframe.as_str(),
            text(last)
        );
        Some(bad_row(&self.file, line, BadRow { column: 0, name: "", found, allowed }))
    }

    /// Counts a broken row; gives the error back if it ends the reading.
    #[cold]
    fn bad(&mut self, error: TickError) -> Option<TickError> {
        match self.on_bad_row {
            OnBadRow::Fail => {
                self.is_at_end = true;
                Some(error)
            }
            OnBadRow::Skip => {
                self.rows_skipped += 1;
                None
            }
        }
    }
}

impl fmt::Debug for BarReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarReader")
            .field("file", &self.file)
            .field("format", &self.format)
            .field("clock", &self.clock)
            .field("symbol", &self.symbol)
            .field("timeframe", &self.timeframe)
            .field("rows_skipped", &self.rows_skipped)
            .field("is_at_end", &self.is_at_end)
            .finish_non_exhaustive()
    }
}
