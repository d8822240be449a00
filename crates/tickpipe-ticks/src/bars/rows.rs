//! Rows of text made into bars.

use memchr::memchr;
use tickpipe_proto::escaped;
use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{Decimal, Price};

use super::format::{BarFormat, Column, Layout};
use super::{TIME_S_MAX, disorder, whole};
use crate::calendar::SECOND_NS;
use crate::rows::BadRow;
use crate::time_text::{Offset, TimeForm, Times};

/// Characters of a field that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

/// Reads the rows of one table.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    layout: Layout,
    times: Times,
}

impl Rows {
    pub(super) fn new(layout: Layout) -> Self {
        let form = if layout.format == BarFormat::HistDataNinjaTrader {
            TimeForm::Packed
        } else if layout.columns.contains(&Column::Date) {
            TimeForm::TimeOfDay
        } else {
            TimeForm::YearFirst(Offset::Unstated)
        };
        Self { layout, times: Times::new(form) }
    }

    /// Reads a whole row.
    pub(super) fn parse(&mut self, row: &[u8]) -> Result<Bar, Box<BadRow>> {
        let bar = self.bar(row).map_err(|index| self.bad_row(row, index))?;
        match disorder(&bar) {
            Some(bad) => Err(Box::new(bad)),
            None => Ok(bar),
        }
    }

    /// Returns the bar, or the index of the column that is broken.
    fn bar(&mut self, row: &[u8]) -> Result<Bar, usize> {
        let count = self.layout.columns.len();
        let (mut nanos, mut prices) = (0, [None; 4]);
        let (mut tick_volume, mut real_volume, mut spread) = (0, None, None);
        let mut rest = row;
        for index in 0..count {
            let field = if index + 1 == count {
                rest
            } else {
                let at = memchr(self.layout.separator, rest).ok_or(count)?;
                let field = &rest[..at];
                rest = &rest[at + 1..];
                field
            };
            let price = || Price::from_field(field).ok();
            let is_read = match self.layout.columns[index] {
                Column::Open => price().map(|price| prices[0] = Some(price)),
                Column::High => price().map(|price| prices[1] = Some(price)),
                Column::Low => price().map(|price| prices[2] = Some(price)),
                Column::Close => price().map(|price| prices[3] = Some(price)),
                Column::Date => self.date(field).map(|date| nanos += date),
                Column::Time => self.time(field).map(|time| nanos += time),
                Column::TickVolume => number(field).map(|number| tick_volume = number),
                // Where there is no exchange, MetaTrader writes a zero.
                Column::RealVolume => {
                    number(field).map(|number| real_volume = Some(number).filter(|&n| n != 0))
                }
                Column::Spread => number(field).map(|number| spread = Some(number)),
            };
            is_read.ok_or(index)?;
        }
        let time = nanos / SECOND_NS;
        if TIME_S_MAX < time {
            return Err(0);
        }
        let [Some(open), Some(high), Some(low), Some(close)] = prices else { return Err(count) };
        let mut bar = Bar::new(time, open, high, low, close);
        bar.tick_volume = tick_volume;
        bar.real_volume = real_volume;
        bar.spread = spread;
        Ok(bar)
    }

    fn date(&mut self, field: &[u8]) -> Option<i64> {
        self.times.date(field.try_into().ok()?)
    }

    /// Reads a time, which MetaTrader prints without seconds in some places; whole seconds.
    fn time(&mut self, field: &[u8]) -> Option<i64> {
        let missing: &[u8] = match (self.times.form(), field.len()) {
            (TimeForm::TimeOfDay, 5) | (TimeForm::YearFirst(_), 16) => b":00",
            (TimeForm::YearFirst(_), 10) => return self.date(field),
            (TimeForm::Packed, 15) => b"000",
            (TimeForm::Packed, _) => return None,
            _ => b"",
        };
        let nanos = if missing.is_empty() {
            self.times.instant(field)
        } else {
            let mut padded = [0; 32];
            let len = field.len() + missing.len();
            padded[..field.len()].copy_from_slice(field);
            padded[field.len()..len].copy_from_slice(missing);
            self.times.instant(&padded[..len])
        };
        nanos.filter(|nanos| nanos % SECOND_NS == 0)
    }

    /// Whether a row without a line end cannot be a cut one: HistData's volumes are zeros.
    pub(super) fn is_surely_whole(&self, row: &[u8]) -> bool {
        let mut fields = row.split(|&byte| byte == self.layout.separator);
        let volume = fields.nth(self.layout.columns.len() - 1);
        self.layout.format.is_histdata() && volume == Some(b"0")
    }

    /// Says what is wrong with the column of that index; beyond the last one, with their number.
    #[cold]
    fn bad_row(&self, row: &[u8], index: usize) -> Box<BadRow> {
        let fields: Vec<&[u8]> = row.split(|&byte| byte == self.layout.separator).collect();
        let columns = &self.layout.columns;
        let (Some(&field), Some(&column), true) =
            (fields.get(index), columns.get(index), fields.len() == columns.len())
        else {
            return Box::new(BadRow {
                column: 0,
                name: "",
                found: format!("{} columns", fields.len()),
                allowed: columns.len().to_string(),
            });
        };
        let shown = String::from_utf8_lossy(field);
        Box::new(BadRow {
            column: index + 1,
            name: column.as_str(),
            found: format!("`{}`", escaped(&shown, SHOWN_CHARS_MAX)),
            allowed: self.allowed(column).to_owned(),
        })
    }

    const fn allowed(&self, column: Column) -> &'static str {
        match column {
            Column::Close | Column::High | Column::Low | Column::Open => {
                "a price above zero with at most 8 decimals, such as 1.14543"
            }
            Column::Date => "a date from 1970 to 2260 such as 2019.02.04",
            Column::RealVolume | Column::TickVolume => "a whole number such as 105",
            Column::Spread => "a whole number of points such as 12",
            Column::Time => match self.times.form() {
                TimeForm::Packed => "a time such as 20190204 000100",
                TimeForm::TimeOfDay => "a time such as 00:01 or 00:01:00",
                TimeForm::Compact
                | TimeForm::DayFirst(_)
                | TimeForm::MillisOfDay
                | TimeForm::UnixMillis
                | TimeForm::YearFirst(_) => "a time from 1970 to 2260 such as 2019-02-04 00:01:00",
            },
        }
    }
}

fn number(field: &[u8]) -> Option<u64> {
    whole(Decimal::from_unsigned(field).ok()?)
}
