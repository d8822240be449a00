//! Tables that begin with the names of their columns.

use crate::clock::Clock;
use crate::format::{Column, EmptyPrice, Layout, TickFormat};
use crate::time_text::TimeForm;

/// Finds the layout that a header states.
///
/// Returns `None` for names that are unknown, twice there, or do not make a tick, and what it looks
/// like for a header of bars.
pub(crate) fn layout(fields: &[&[u8]], separator: u8) -> Option<Result<Layout, &'static str>> {
    let names: Vec<String> = fields.iter().map(|field| name(field)).collect();
    let has = |name: &str| names.iter().any(|found| found == name);
    if ["open", "high", "low", "close"].into_iter().all(has) {
        return Some(Err("columns open, high, low and close"));
    }
    let mut columns = Vec::new();
    for name in &names {
        let column = column(name)?;
        if columns.contains(&column) {
            return None;
        }
        columns.push(column);
    }
    let required = [Column::Time, Column::Bid, Column::Ask];
    if !required.iter().all(|column| columns.contains(column)) {
        return None;
    }
    let is_mt5 = columns.contains(&Column::Date);
    let format = if is_mt5 {
        TickFormat::Mt5Export
    } else if names == ["timestamp", "bid", "ask"] {
        TickFormat::TrueFx
    } else {
        TickFormat::DukascopyCsv
    };
    let dukascopy = [Column::Last, Column::Volume, Column::Flags];
    if !is_mt5 && dukascopy.iter().any(|column| columns.contains(column)) {
        return None;
    }
    let empty_price = if is_mt5 { EmptyPrice::Unchanged } else { EmptyPrice::Refused };
    Some(Ok(Layout { format, separator, columns, empty_price }))
}

/// A column's name without what differs between writers: case, blanks, `<>`, quotes, underscores.
fn name(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field).to_lowercase();
    text.chars().filter(|c| !matches!(c, '<' | '>' | '"' | '_' | ' ')).collect()
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "ask" | "askprice" => Column::Ask,
        "askvolume" => Column::AskVolume,
        "bid" | "bidprice" => Column::Bid,
        "bidvolume" => Column::BidVolume,
        "date" => Column::Date,
        "flags" => Column::Flags,
        "gmttime" | "localtime" | "time" | "timestamp" | "utc" => Column::Time,
        "last" => Column::Last,
        "volume" => Column::Volume,
        other if zone(other).is_some() => Column::Time,
        _ => return None,
    })
}

/// The zone in `time(eet)`.
fn zone(name: &str) -> Option<&str> {
    name.strip_prefix("time(")?.strip_suffix(')').filter(|zone| !zone.is_empty())
}

/// Finds the clock of a table with a header; `None` if neither the header nor the times state one.
pub(crate) fn clock(layout: &Layout, header: &[&[u8]], form: TimeForm) -> Option<Clock> {
    if layout.format == TickFormat::Mt5Export {
        return Some(Clock::TradeServer);
    }
    if form.is_utc() {
        return Some(Clock::Utc);
    }
    let at = layout.columns.iter().position(|&column| column == Column::Time)?;
    let field = header.get(at)?;
    match name(field).as_str() {
        "gmttime" | "time(gmt)" | "time(utc)" | "utc" => Some(Clock::Utc),
        // So does go-duka name it, which writes UTC.
        "time" => layout.columns.contains(&Column::AskVolume).then_some(Clock::Utc),
        _ => {
            let text = String::from_utf8_lossy(field);
            let (_, zone) = text.trim().trim_matches('"').strip_suffix(')')?.split_once('(')?;
            Some(Clock::Named(zone.trim().into()))
        }
    }
}
