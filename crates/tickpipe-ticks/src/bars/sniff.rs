//! What bars a file holds, told by its first bytes.

use std::io::Read;

use tickpipe_proto::escaped;

use super::HEAD_LEN;
use super::format::{BarFormat, Column, Layout};
use super::hst::Version;
use crate::encoding;
use crate::error::TickError;
use crate::lines::Lines;
use crate::sniff;

/// Characters of a file's beginning that an error shows.
const SHOWN_CHARS_MAX: usize = 60;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Hst(Version),
    /// The text says what it is instead.
    Other(String),
    Table {
        layout: Layout,
        has_header: bool,
    },
}

/// Tells what bars `lines` hold, and makes them give 8-bit text without a byte order mark.
pub(crate) fn content<R: Read>(lines: &mut Lines<R>) -> Content {
    if let Some(version) = Version::of(lines.head()) {
        return Content::Hst(version);
    }
    if encoding::decode(lines).is_some() {
        return Content::Other("it is UTF-16 in big-endian byte order".to_owned());
    }
    let head = lines.head();
    table(&head[..head.len().min(HEAD_LEN)])
        .unwrap_or_else(|| Content::Other(instead(lines.head())))
}

/// Says of a file that has no bars what it has.
fn instead(head: &[u8]) -> String {
    match sniff::content(head) {
        sniff::Content::Bi5 => "it is Dukascopy's LZMA".to_owned(),
        sniff::Content::Table { layout, .. } => {
            format!("it holds ticks ({})", layout.format.title())
        }
        sniff::Content::Other(sniff::Other::Bars(found)) => format!("it looks like {found}"),
        sniff::Content::Other(sniff::Other::Nothing) => "it is empty".to_owned(),
        sniff::Content::Other(sniff::Other::Unknown(_) | sniff::Other::Utf16Be) => {
            let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
            let begin = String::from_utf8_lossy(&line[..line.len().min(4 * SHOWN_CHARS_MAX)]);
            format!("it begins with `{}`", escaped(&begin, SHOWN_CHARS_MAX))
        }
    }
}

/// Tells a table by its first line.
fn table(head: &[u8]) -> Option<Content> {
    let line = head.split(|&byte| byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let separator = [b'\t', b';', b','].into_iter().find(|separator| line.contains(separator))?;
    let fields: Vec<&[u8]> = line.split(|&byte| byte == separator).collect();
    let (layout, has_header) = if line.first().is_some_and(u8::is_ascii_digit) {
        (row(&fields, separator)?, false)
    } else {
        (header(&fields, separator)?, true)
    };
    Some(Content::Table { layout, has_header })
}

/// The layout of a table without a header.
fn row(fields: &[&[u8]], separator: u8) -> Option<Layout> {
    use Column::{Close, Date, High, Low, Open, TickVolume, Time};
    let (format, columns) = match *fields {
        [date, time, _, _, _, _, volume] if is_form(date, b"0000.00.00") => {
            if !is_form(time, b"00:00") && !is_form(time, b"00:00:00") {
                return None;
            }
            // MT4 has no bar without a tick, and HistData counts none.
            let format = match volume {
                b"0" => BarFormat::HistDataMetaTrader,
                _ => BarFormat::Mt4Csv,
            };
            (format, vec![Date, Time, Open, High, Low, Close, TickVolume])
        }
        [time, _, _, _, _, _] if is_form(time, b"00000000 000000") => {
            (BarFormat::HistDataNinjaTrader, vec![Time, Open, High, Low, Close, TickVolume])
        }
        _ => return None,
    };
    Some(Layout { format, separator, columns })
}

/// Whether digits stand where the form has zeros, and all else is the same.
fn is_form(field: &[u8], form: &[u8]) -> bool {
    field.len() == form.len()
        && form.iter().zip(field).all(|(&form, &byte)| match form {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

/// The layout that a header states; `None` for names that are unknown, twice there, or make no bar.
fn header(fields: &[&[u8]], separator: u8) -> Option<Layout> {
    let names: Vec<String> = fields.iter().map(|field| name(field)).collect();
    let has_tick_volume = names.iter().any(|name| matches!(&**name, "tickvol" | "tickvolume"));
    let mut columns = Vec::new();
    for name in &names {
        let column = match &**name {
            "close" => Column::Close,
            "date" => Column::Date,
            "high" => Column::High,
            "low" => Column::Low,
            "open" => Column::Open,
            "realvolume" => Column::RealVolume,
            "spread" => Column::Spread,
            "tickvol" | "tickvolume" => Column::TickVolume,
            "time" => Column::Time,
            "vol" | "volume" if has_tick_volume => Column::RealVolume,
            "vol" | "volume" => Column::TickVolume,
            _ => return None,
        };
        if columns.contains(&column) {
            return None;
        }
        columns.push(column);
    }
    let has = |column| columns.contains(&column);
    let has_time = has(Column::Date) || has(Column::Time);
    let has_prices = [Column::Open, Column::High, Column::Low, Column::Close].into_iter().all(has);
    (has_time && has_prices).then_some(Layout { format: BarFormat::Mt5Export, separator, columns })
}

/// A column's name without what differs between writers.
fn name(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field).to_lowercase();
    text.chars().filter(|c| !matches!(c, '<' | '>' | '"' | '_' | ' ')).collect()
}

/// Makes an error of a file that has no bars.
pub(super) fn unknown(file: &str, found: String) -> TickError {
    TickError::UnknownBars { file: file.to_owned(), found }
}
