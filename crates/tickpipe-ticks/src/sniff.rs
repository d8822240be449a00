//! Telling a format by what a file begins with.

use tickpipe_proto::escaped;
use tickpipe_proto::types::DIGITS_MAX;

use crate::bi5;
use crate::error::TickError;
use crate::format::{Column, EmptyPrice, Layout, TickFormat};
use crate::header;
use crate::number;
use crate::time_text::{TimeForm, Times};

/// Characters of a file's beginning that an error shows.
const SHOWN_CHARS_MAX: usize = 60;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// LZMA-alone, which only bi5 files are.
    Bi5,
    /// A table of ticks, whose first line is a header or a row.
    Table { layout: Layout, has_header: bool },
    /// Something else.
    Other(Other),
}

/// What is no table of ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    Bars(&'static str),
    Nothing,
    Unknown(String),
    Utf16Be,
}

impl Other {
    pub(crate) fn error(self, file: &str) -> TickError {
        let file = file.to_owned();
        match self {
            Self::Bars(found) => TickError::Bars { file, found },
            Self::Nothing => TickError::Empty { file },
            Self::Unknown(found) => TickError::Unknown { file, found },
            Self::Utf16Be => TickError::Unsupported {
                file,
                found: "UTF-16 in big-endian byte order".to_owned(),
                mend: "save it as UTF-8 or as UTF-16LE, which an editor calls Unicode",
            },
        }
    }
}

/// Tells what begins with `head`: some thousand bytes, or all there are.
pub(crate) fn content(head: &[u8]) -> Content {
    match head {
        [] => return Content::Other(Other::Nothing),
        [0x90 | 0x91, 1, 0, 0, ..] => return bars("MT4's .hst"),
        [0x95, 1, 0, 0, ..] => return bars("MT4's .fxt"),
        _ => {}
    }
    if bi5::is_lzma(head) {
        return Content::Bi5;
    }
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let separator = [b'\t', b';', b','].into_iter().find(|separator| line.contains(separator));
    let Some(separator) = separator else { return unknown(head) };
    let fields: Vec<&[u8]> = line.split(|&byte| byte == separator).collect();
    if line[0].is_ascii_digit() || fields[0].contains(&b'/') {
        row(&fields, separator, head).unwrap_or_else(|| unknown(head))
    } else {
        match header::layout(&fields, separator) {
            Some(Ok(layout)) => Content::Table { layout, has_header: true },
            Some(Err(found)) => bars(found),
            None => unknown(head),
        }
    }
}

const fn bars(found: &'static str) -> Content {
    Content::Other(Other::Bars(found))
}

fn unknown(head: &[u8]) -> Content {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let begin = String::from_utf8_lossy(&line[..line.len().min(4 * SHOWN_CHARS_MAX)]);
    Content::Other(Other::Unknown(format!("it begins with `{}`", escaped(&begin, SHOWN_CHARS_MAX))))
}

/// Tells a table without a header by its first row.
fn row(fields: &[&[u8]], separator: u8, head: &[u8]) -> Option<Content> {
    use Column::{Ask, Bid, Symbol, Time, Volume};
    let is = |form, field: &[u8]| Times::new(form).instant(field).is_some();
    let (format, columns) = match *fields {
        [time, _, _] if is(TimeForm::Packed, time) => {
            (TickFormat::HistDataAscii, vec![Time, Bid, Ask])
        }
        [time, _, _, _] if is(TimeForm::Packed, time) => {
            (TickFormat::HistDataAscii, vec![Time, Bid, Ask, Volume])
        }
        [_, time, _, _] if is(TimeForm::Compact, time) => {
            (TickFormat::TrueFx, vec![Symbol, Time, Bid, Ask])
        }
        [time, _, _] if is(TimeForm::MillisOfDay, time) && are_quotes(head, separator) => {
            (TickFormat::Lean, vec![Time, Bid, Ask])
        }
        [time, ..] => return other_row(time, fields.len()),
        [] => return None,
    };
    let layout = Layout { format, separator, columns, empty_price: EmptyPrice::Refused };
    Some(Content::Table { layout, has_header: false })
}

/// Whether the last two of three columns can be bid and ask: a price and a volume, as in LEAN's files
/// of deals, are not near to each other in row after row.
fn are_quotes(head: &[u8], separator: u8) -> bool {
    let value = |field: &[u8]| {
        let (units, digits) = number::decimal(field)?;
        Some(i128::from(units) * 10_i128.pow((DIGITS_MAX - digits).into()))
    };
    let is_far = |row: &[u8]| {
        let mut fields = row.strip_suffix(b"\r").unwrap_or(row).split(|&byte| byte == separator);
        let (bid, ask) = (fields.nth(1).and_then(value), fields.next().and_then(value));
        bid.zip(ask).is_some_and(|(bid, ask)| 2 * ask < bid || 2 * bid < ask)
    };
    // The last row of the head may be cut in its ask, down to fewer digits.
    let end = head.iter().rposition(|&byte| byte == b'\n').unwrap_or(head.len());
    !head[..end].split(|&byte| byte == b'\n').any(is_far)
}

/// Names rows that are known and hold no ticks.
fn other_row(time: &[u8], fields: usize) -> Option<Content> {
    let is_form = |form: &[u8]| {
        form.len() == time.len()
            && form.iter().zip(time).all(|(&form, &byte)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    if is_form(b"00000000 000000") {
        return Some(match fields {
            6 => bars("HistData's one-minute bars"),
            3 => Content::Other(Other::Unknown(
                "it looks like HistData's NinjaTrader ticks, which have one side in a file; take \
                 HistData's ASCII ticks"
                    .to_owned(),
            )),
            _ => return None,
        });
    }
    if is_form(b"0000.00.00") && 6 <= fields {
        return Some(bars("MetaTrader's bars without a header"));
    }
    let is_of_day = Times::new(TimeForm::MillisOfDay).instant(time).is_some();
    if (6..=11).contains(&fields) && is_of_day {
        return Some(bars("LEAN's bars"));
    }
    None
}
