//! From the first bytes of a file to what its rows are, and whose clock they have.

use tickpipe_proto::escaped;
use tickpipe_proto::types::DIGITS_MAX;

use crate::bi5::Bi5;
use crate::clock::Clock;
use crate::container::{self, Container};
use crate::encoding;
use crate::error::{RowError, TickError};
use crate::format::{Column, Layout, TickFormat};
use crate::header;
use crate::lines::{Line, Lines};
use crate::names::{self, Stated};
use crate::options::ReadOptions;
use crate::reader;
use crate::rows::Rows;
use crate::sniff::Content;
use crate::time_text::{Offset, TimeForm, Times};

/// What times a table with a header may have.
const TIMES: &str = "a time such as 04.02.2019 00:00:00.994, 2019-02-04 00:00:00.994+00:00, or \
                     milliseconds since 1970";
const TIMES_WITH_CLOCK: &str = "a time with its distance to UTC, such as 2019-02-04 \
                                00:00:00.994+00:00, for the header names no clock";
/// For a table of which no row was seen.
const DEFAULT_FORM: TimeForm = TimeForm::YearFirst(Offset::Unstated);
/// Characters of a field that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

/// What a file is called.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// The name of a zip's entry.
    pub(crate) entry: Option<&'a str>,
    /// As it was given.
    pub(crate) name: &'a str,
    /// As errors show it.
    pub(crate) file: &'a str,
}

/// What is read row by row.
pub(crate) enum Table {
    Bi5(Box<Bi5<Lines<Container>>>),
    Text { lines: Box<Lines<Container>>, rows: Box<Rows> },
}

/// A file of which all is known but its rows.
pub(crate) struct Begun {
    pub(crate) table: Table,
    pub(crate) format: TickFormat,
    pub(crate) clock: Clock,
    pub(crate) symbol: Option<String>,
    /// When the day or the hour of a file without dates begins; else 0.
    pub(crate) begin_ns: i64,
}

/// Tells what a file holds.
pub(crate) fn begin(
    container: Container,
    names: Names<'_>,
    options: ReadOptions,
) -> Result<Begun, TickError> {
    let mut lines = Lines::new(container);
    match encoding::content(&mut lines) {
        Content::Bi5 => bi5(lines, names, options),
        Content::Table { layout, has_header: true } => with_header(lines, layout, names),
        Content::Table { layout, has_header: false } => without_header(lines, layout, names),
        Content::Other(other) => Err(match lines.take_failure() {
            Some(error) => lines.input().error(names.file, error),
            None => other.error(names.file),
        }),
    }
}

/// What the names say; the entry's first.
fn stated(format: TickFormat, names: Names<'_>) -> Stated {
    let of_file = names::stated(format, names.name);
    let of_entry = names.entry.map(|entry| names::stated(format, entry)).unwrap_or_default();
    Stated {
        symbol: of_entry.symbol.or(of_file.symbol),
        begin_ns: of_entry.begin_ns.or(of_file.begin_ns),
    }
}

fn bi5(
    lines: Lines<Container>,
    names: Names<'_>,
    options: ReadOptions,
) -> Result<Begun, TickError> {
    let format = TickFormat::DukascopyBi5;
    let Stated { symbol, begin_ns } = stated(format, names);
    let mut bi5 = Bi5::new(lines).map_err(|error| container::damaged(names.file, "LZMA", error))?;
    if let Some(other) = bi5.other() {
        return Err(other.error(names.file));
    }
    let digits = options.bi5_digits.or_else(|| names::bi5_digits(symbol.as_deref()?));
    let Some(digits @ ..=DIGITS_MAX) = digits else {
        return Err(TickError::DigitsUnknown { file: names.file.to_owned() });
    };
    bi5.set_digits(digits);
    let clock = if begin_ns.is_some() { Clock::Utc } else { Clock::HourUtc };
    let begin_ns = begin_ns.unwrap_or(0);
    Ok(Begun { table: Table::Bi5(Box::new(bi5)), format, clock, symbol, begin_ns })
}

fn without_header(
    mut lines: Lines<Container>,
    layout: Layout,
    names: Names<'_>,
) -> Result<Begun, TickError> {
    let format = layout.format;
    let Stated { mut symbol, begin_ns } = stated(format, names);
    let (form, clock) = match format {
        TickFormat::HistDataAscii => (TimeForm::Packed, Clock::EstWithoutDaylightSaving),
        TickFormat::Lean if begin_ns.is_none() => (TimeForm::MillisOfDay, Clock::MidnightUtc),
        TickFormat::Lean => (TimeForm::MillisOfDay, Clock::Utc),
        TickFormat::DukascopyBi5
        | TickFormat::DukascopyCsv
        | TickFormat::Mt5Export
        | TickFormat::TrueFx => (TimeForm::Compact, Clock::Utc),
    };
    if layout.columns.first() == Some(&Column::Symbol) {
        let head = lines.head();
        let field = head.split(|&byte| byte == layout.separator).next().unwrap_or(head);
        symbol = Some(String::from_utf8_lossy(field).into_owned());
    }
    let mut rows = Rows::new(layout, Times::new(form));
    if let (TickFormat::TrueFx, Some(symbol)) = (format, &symbol) {
        rows.expect_symbol(symbol);
    }
    let table = Table::Text { lines: Box::new(lines), rows: Box::new(rows) };
    Ok(Begun { table, format, clock, symbol, begin_ns: begin_ns.unwrap_or(0) })
}

fn with_header(
    mut lines: Lines<Container>,
    layout: Layout,
    names: Names<'_>,
) -> Result<Begun, TickError> {
    let file = names.file;
    let header = header_line(&mut lines, file)?;
    let form = time_form(&mut lines, &layout, file)?;
    let header: Vec<&[u8]> = header.split(|&byte| byte == layout.separator).collect();
    let clock = header::clock(&layout, &header, form.unwrap_or(DEFAULT_FORM));
    let clock = match (clock, form) {
        (Some(clock), _) => clock,
        // Without a row there is no time of which the clock could be wrong.
        (None, None) => Clock::Utc,
        (None, Some(_)) => return Err(bad_time(&mut lines, &layout, file, TIMES_WITH_CLOCK)),
    };
    let (format, form) = (layout.format, form.unwrap_or(DEFAULT_FORM));
    let symbol = stated(format, names).symbol;
    let rows = Box::new(Rows::new(layout, Times::new(form)));
    let table = Table::Text { lines: Box::new(lines), rows };
    Ok(Begun { table, format, clock, symbol, begin_ns: 0 })
}

/// Takes the first line.
pub(crate) fn header_line(lines: &mut Lines<Container>, file: &str) -> Result<Vec<u8>, TickError> {
    let header = match lines.next_line() {
        Ok(Some(Line::Whole(header))) => return Ok(header.to_vec()),
        Ok(Some(Line::Unended(header))) => header,
        Ok(Some(Line::Rest | Line::TooLong)) => return Err(reader::too_long(file, lines.line())),
        Ok(None) => Vec::new(),
        Err(error) => return Err(lines.input().error(file, error)),
    };
    if lines.input().is_proven() {
        return Ok(header);
    }
    Err(TickError::Truncated { file: file.to_owned(), line: lines.line() })
}

/// Finds how the first rows print their times; `None` if there is no whole row.
fn time_form(
    lines: &mut Lines<Container>,
    layout: &Layout,
    file: &str,
) -> Result<Option<TimeForm>, TickError> {
    if layout.columns.contains(&Column::Date) {
        return Ok(Some(TimeForm::TimeOfDay));
    }
    let rows = whole_rows(lines);
    let form = times(rows, layout).find_map(TimeForm::of);
    if form.is_none() && times(rows, layout).next().is_some() {
        return Err(bad_time(lines, layout, file, TIMES));
    }
    Ok(form)
}

/// The head without a last row that may be cut.
fn whole_rows(lines: &mut Lines<Container>) -> &[u8] {
    // Reads the head, and with a short file its end.
    lines.head();
    let is_proven = lines.input().is_proven();
    let head = lines.head();
    if is_proven || head.ends_with(b"\r") {
        return head;
    }
    let end = head.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    &head[..end]
}

/// The times in the rows of a head.
fn times<'a>(head: &'a [u8], layout: &'a Layout) -> impl Iterator<Item = &'a [u8]> {
    let at = layout.columns.iter().position(|&column| column == Column::Time);
    let rows = head.split(|&byte| byte == b'\n').filter(|row| !matches!(row, [] | [b'\r']));
    rows.filter_map(move |row| row.split(|&byte| byte == layout.separator).nth(at?))
}

/// Refuses the time of the first row.
fn bad_time(lines: &mut Lines<Container>, layout: &Layout, file: &str, allowed: &str) -> TickError {
    let line = lines.line() + 1;
    let time = String::from_utf8_lossy(times(whole_rows(lines), layout).next().unwrap_or_default());
    let at = layout.columns.iter().position(|&column| column == Column::Time);
    TickError::Row(Box::new(RowError {
        file: file.to_owned(),
        line,
        column: at.map_or(0, |at| at + 1),
        name: Column::Time.as_str(),
        found: format!("`{}`", escaped(&time, SHOWN_CHARS_MAX)),
        allowed: allowed.to_owned(),
    }))
}
