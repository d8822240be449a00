//! The reader of a file, whatever its format.

use std::fmt;
use std::io::Read;
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tickpipe_proto::escaped;

use crate::begin::{self, Begun, Names, Table};
use crate::clock::{Clock, TickTime};
use crate::container::{self, Container, Opened, Wanted};
use crate::error::{RowError, TickError};
use crate::format::TickFormat;
use crate::lines::{Line, Lines, ROW_LEN_MAX};
use crate::options::{OnBackwardTime, OnBadRow, ReadOptions};
use crate::rows::{BadRow, Rows};
use crate::tick::Tick;

/// How much of a file was read.
///
/// # Units
///
/// Bytes as they are on disk, packed if the file is packed; of a zip, those of the entry that is
/// read. Reading is ahead of the ticks by up to 128 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// So many were read.
    pub bytes_read: u64,
    /// So many there are; `None` if the file has no known length.
    pub bytes_total: Option<u64>,
}

/// Reads recorded ticks, one after the other, in the order of the file.
///
/// The format is told by what the file holds, never by its name; each may be plain, in gzip, or in a zip
/// with one table. From a name comes only what a format does not write into the file: date and symbol
/// of LEAN, hour and symbol of bi5, the symbol of others.
///
/// As an iterator it gives ticks and ends after the first error. Before an error at the end of a
/// file, such as a cut one, all whole rows are given; a row that may be cut is never given.
///
/// # Rows
///
/// - A broken row is an error, or left out and counted: see [`ReadOptions`]. Empty lines are passed over.
/// - Prices are above zero and have at most 8 decimals; volumes are finite and not negative.
/// - A row may have 1,024 bytes. Memory is bounded, whatever the file.
/// - A last row without a line end is taken if gzip or zip prove that nothing is missing, or if its
///   last column is a price with as many decimals as all before it had, 16 rows at least.
/// - In an MT5 export an empty price is the one before. After a broken row that was left out it is not
///   known until a row states it.
///
/// # Examples
///
/// ```
/// use tickpipe_ticks::{Clock, TickReader};
///
/// let file = "Gmt time,Ask,Bid,AskVolume,BidVolume\n\
///             04.02.2019 00:00:00.994,1.14545,1.14543,1,2.06\n";
/// let mut reader = TickReader::new(file.as_bytes(), "ticks.csv")?;
/// assert_eq!(reader.clock(), &Clock::Utc);
/// let tick = reader.next().ok_or("no tick")??;
/// assert_eq!(tick.time.to_string(), "2019-02-04 00:00:00.994");
/// assert_eq!(tick.bid.ok_or("no bid")?.to_string(), "1.14543");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TickReader {
    file: String,
    options: ReadOptions,
    table: Table,
    format: TickFormat,
    clock: Clock,
    symbol: Option<String>,
    /// What is added to every time: the beginning of the day that a file without dates is of.
    begin_ns: i64,
    last_time: TickTime,
    rows_skipped: u64,
    is_at_end: bool,
    bytes_read: Arc<AtomicU64>,
    bytes_total: Option<u64>,
    is_stopped: Box<dyn Fn() -> bool + Send>,
}

impl TickReader {
    /// Opens a file with the default options.
    ///
    /// # Errors
    ///
    /// Returns a [`TickError`] if the file cannot be read or holds no ticks.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TickError> {
        Self::open_with(path, ReadOptions::default())
    }

    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: ReadOptions) -> Result<Self, TickError> {
        let path = path.as_ref();
        let name = path.to_string_lossy();
        let file = shown(&name);
        let opened = container::open(path, &file, Wanted::Ticks)?;
        Self::begin(opened, &name, file, options)
    }

    /// Reads what `read` gives, with the default options. `name` is what errors call it, and where a
    /// date, an hour or a symbol is looked for.
    ///
    /// A zip is held in memory and may have 64 MiB; by its path one of any size is read.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn new(read: impl Read + Send + 'static, name: &str) -> Result<Self, TickError> {
        Self::new_with(read, name, ReadOptions::default())
    }

    /// Reads what `read` gives; see [`new`](Self::new).
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn new_with(
        read: impl Read + Send + 'static,
        name: &str,
        options: ReadOptions,
    ) -> Result<Self, TickError> {
        let file = shown(name);
        let opened = container::read(Box::new(read), None, &file, Wanted::Ticks)?;
        Self::begin(opened, name, file, options)
    }

    /// Has the reading end, as at the end of the file, once `is_stopped` returns `true`.
    ///
    /// It is asked between rows that give no tick, of which there may be any number: who wants the
    /// end gets it there too. A read that waits for the system is not ended.
    pub fn stop_if(&mut self, is_stopped: impl Fn() -> bool + Send + 'static) {
        self.is_stopped = Box::new(is_stopped);
    }

    /// Returns what the file is.
    #[must_use]
    pub const fn format(&self) -> TickFormat {
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

    /// Begins with the file called `name`, which errors call `file`.
    fn begin(
        opened: Opened,
        name: &str,
        file: String,
        options: ReadOptions,
    ) -> Result<Self, TickError> {
        let names = Names { entry: opened.entry.as_deref(), name, file: &file };
        let Begun { table, format, clock, symbol, begin_ns } =
            begin::begin(opened.container, names, options)?;
        Ok(Self {
            file,
            options,
            table,
            format,
            clock,
            symbol,
            begin_ns,
            last_time: TickTime::from_nanos(i64::MIN),
            rows_skipped: 0,
            is_at_end: false,
            bytes_read: opened.bytes_read,
            bytes_total: opened.bytes_total,
            is_stopped: Box::new(|| false),
        })
    }
}

impl Iterator for TickReader {
    type Item = Result<Tick, TickError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_at_end {
            match self.row() {
                Row::Tick(mut tick) => {
                    tick.time = TickTime::from_nanos(tick.time.as_nanos() + self.begin_ns);
                    if self.last_time <= tick.time
                        || self.options.on_backward_time == OnBackwardTime::Keep
                    {
                        self.last_time = tick.time;
                        return Some(Ok(tick));
                    }
                    let error = self.backward(tick.time);
                    if let Some(error) = self.bad(error) {
                        return Some(Err(error));
                    }
                }
                Row::Bad(error) => {
                    if let Some(error) = self.bad(error) {
                        return Some(Err(error));
                    }
                }
                Row::Empty => {}
                Row::End(error) => {
                    self.is_at_end = true;
                    return error.map(Err);
                }
            }
            self.is_at_end |= (self.is_stopped)();
        }
        None
    }
}

impl FusedIterator for TickReader {}

/// What comes next in a file.
enum Row {
    Bad(TickError),
    Empty,
    End(Option<TickError>),
    Tick(Tick),
}

impl TickReader {
    #[inline]
    fn row(&mut self) -> Row {
        match &mut self.table {
            Table::Text { lines, rows } => match lines.next_line() {
                Ok(Some(Line::Rest | Line::Whole([]))) => Row::Empty,
                Ok(Some(Line::Whole(row))) => match rows.parse(row) {
                    Ok(tick) => Row::Tick(tick),
                    Err(bad) => Row::Bad(bad_row(&self.file, lines.line(), *bad)),
                },
                Ok(Some(Line::TooLong)) => {
                    rows.forget();
                    Row::Bad(too_long(&self.file, lines.line()))
                }
                Ok(Some(Line::Unended(row))) => last_row(&self.file, lines, rows, &row),
                Ok(None) => Row::End(None),
                Err(error) => Row::End(Some(lines.input().error(&self.file, error))),
            },
            Table::Bi5(bi5) => match bi5.next_tick() {
                Ok(Some(Ok(tick))) => Row::Tick(tick),
                Ok(Some(Err(bad))) => Row::Bad(bad_row(&self.file, bi5.record(), *bad)),
                Ok(None) => Row::End(None),
                Err(error) => Row::End(Some(container::damaged(&self.file, "LZMA", error))),
            },
        }
    }
}

impl TickReader {
    /// Counts a broken row; gives the error back if it ends the reading.
    #[cold]
    fn bad(&mut self, error: TickError) -> Option<TickError> {
        match self.options.on_bad_row {
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

    #[cold]
    fn backward(&mut self, time: TickTime) -> TickError {
        let line = match &mut self.table {
            Table::Bi5(bi5) => bi5.record(),
            Table::Text { lines, rows } => {
                // The row was read, and its prices are not those of a row that was given.
                rows.forget();
                lines.line()
            }
        };
        let found = format!("the time {}", self.clock.time_text(time));
        let last_time = self.clock.time_text(self.last_time);
        let allowed = format!("a time not before that of the row before, {last_time}");
        bad_row(&self.file, line, BadRow { column: 0, name: "", found, allowed })
    }
}

/// A file's name as errors show it: no control character of it drives a terminal. Backslashes, which
/// separate folders on Windows, stay single.
pub(crate) fn shown(name: &str) -> String {
    let parts: Vec<String> = name.split('\\').map(|part| escaped(part, usize::MAX)).collect();
    parts.join("\\")
}

/// Reads a last row without a line end, if it cannot be a cut one.
fn last_row(file: &str, lines: &Lines<Container>, rows: &mut Rows, row: &[u8]) -> Row {
    if !lines.input().is_proven() && !rows.is_surely_whole(row) {
        return Row::Bad(TickError::Truncated { file: file.to_owned(), line: lines.line() });
    }
    match rows.parse(row) {
        Ok(tick) => Row::Tick(tick),
        Err(bad) => Row::Bad(bad_row(file, lines.line(), *bad)),
    }
}

#[cold]
pub(crate) fn too_long(file: &str, line: u64) -> TickError {
    let found = format!("more than {ROW_LEN_MAX} bytes without a line end");
    let allowed = format!("a row of at most {ROW_LEN_MAX} bytes");
    bad_row(file, line, BadRow { column: 0, name: "", found, allowed })
}

#[cold]
pub(crate) fn bad_row(file: &str, line: u64, bad: BadRow) -> TickError {
    let BadRow { column, name, found, allowed } = bad;
    let file = file.to_owned();
    TickError::Row(Box::new(RowError { file, line, column, name, found, allowed }))
}

impl fmt::Debug for TickReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TickReader")
            .field("file", &self.file)
            .field("format", &self.format)
            .field("clock", &self.clock)
            .field("symbol", &self.symbol)
            .field("rows_skipped", &self.rows_skipped)
            .field("is_at_end", &self.is_at_end)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
