//! From the first bytes of a file of bars to what its rows are.

use std::io;

use tickpipe_proto::types::Timeframe;

use super::format::{BarFormat, Layout};
use super::hst::{self, HEADER_LEN, Header, Hst, Version};
use super::options::BarOptions;
use super::rows::Rows;
use super::sniff::{Content, content, unknown};
use super::{HEAD_LEN, decimals, names, timeframe};
use crate::begin::{self, Names};
use crate::clock::Clock;
use crate::container::{self, Container};
use crate::error::TickError;
use crate::lines::Lines;

/// What is read row by row.
pub(super) enum Table {
    Hst(Box<Hst<Lines<Container>>>),
    Text { lines: Box<Lines<Container>>, rows: Box<Rows> },
}

/// A file of which all is known but its rows.
pub(super) struct Begun {
    pub(super) table: Table,
    pub(super) format: BarFormat,
    pub(super) clock: Clock,
    pub(super) symbol: Option<String>,
    pub(super) timeframe: Timeframe,
    pub(super) digits: u8,
}

/// Tells what a file holds.
pub(super) fn begin(
    container: Container,
    names: Names<'_>,
    options: BarOptions,
) -> Result<Begun, TickError> {
    let mut lines = Lines::new(container);
    match content(&mut lines) {
        Content::Hst(version) => history(lines, version, names, options),
        Content::Table { layout, has_header } => {
            if has_header {
                begin::header_line(&mut lines, names.file)?;
            }
            table(lines, layout, names, options)
        }
        Content::Other(found) => Err(match lines.take_failure() {
            Some(error) => lines.input().error(names.file, error),
            None => unknown(names.file, found),
        }),
    }
}

/// What the names say; the entry's first.
fn symbol(format: BarFormat, names: Names<'_>) -> Option<String> {
    let of_entry = names.entry.and_then(|entry| names::symbol(format, entry));
    of_entry.or_else(|| names::symbol(format, names.name))
}

fn history(
    mut lines: Lines<Container>,
    version: Version,
    names: Names<'_>,
    options: BarOptions,
) -> Result<Begun, TickError> {
    let format = BarFormat::Hst;
    let mut header = [0; HEADER_LEN];
    let len = hst::fill(&mut lines, &mut header)
        .map_err(|error| lines.input().error(names.file, error))?;
    if len < header.len() {
        let error = io::ErrorKind::UnexpectedEof.into();
        return Err(container::damaged(names.file, ".hst", error));
    }
    let head = lines.head().to_vec();
    let (hst, Header { symbol: stated, period_min, digits }) =
        Hst::new(lines, version, &header, &head);
    let found = || {
        timeframe::of_minutes(period_min.into()).ok_or_else(|| TickError::Timeframe {
            file: names.file.to_owned(),
            found: format!("its header says {period_min} minutes"),
        })
    };
    Ok(Begun {
        table: Table::Hst(Box::new(hst)),
        format,
        clock: Clock::TradeServer,
        symbol: stated.or_else(|| symbol(format, names)),
        timeframe: options.timeframe.map_or_else(found, Ok)?,
        digits,
    })
}

fn table(
    mut lines: Lines<Container>,
    layout: Layout,
    names: Names<'_>,
    options: BarOptions,
) -> Result<Begun, TickError> {
    let format = layout.format;
    let mut rows = Rows::new(layout);
    let head = lines.head();
    let head = &head[..head.len().min(HEAD_LEN)];
    // A last row that is cut has its time, or is none.
    let first: Vec<_> = head
        .split(|&byte| byte == b'\n')
        .filter_map(|row| rows.parse(row.strip_suffix(b"\r").unwrap_or(row)).ok())
        .collect();
    let prices = first.iter().flat_map(|bar| [bar.open, bar.high, bar.low, bar.close]);
    // HistData prints zeros that no broker has; MetaTrader prints a symbol's decimals.
    let digits = if format.is_histdata() {
        prices.map(decimals).max()
    } else {
        prices.map(|price| price.digits()).max()
    };
    let found = || {
        if format.is_histdata() {
            return Ok(Timeframe::M1);
        }
        let times = first.iter().map(|bar| bar.time);
        let error = |found| TickError::Timeframe { file: names.file.to_owned(), found };
        timeframe::find(times).map_err(error)
    };
    let timeframe = options.timeframe.map_or_else(found, Ok)?;
    let is_histdata = format.is_histdata();
    Ok(Begun {
        table: Table::Text { lines: Box::new(lines), rows: Box::new(rows) },
        format,
        clock: if is_histdata { Clock::EstWithoutDaylightSaving } else { Clock::TradeServer },
        symbol: symbol(format, names),
        timeframe,
        digits: digits.unwrap_or(0),
    })
}
