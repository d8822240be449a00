//! Rows of text made into ticks.

use memchr::memchr;
use tickpipe_proto::escaped;
use tickpipe_proto::types::Price;

use crate::clock::TickTime;
use crate::format::{Column, EmptyPrice, Layout};
use crate::number;
use crate::tick::{Tick, TickFlags};
use crate::time_text::Times;

/// Characters of a field that an error shows.
const SHOWN_CHARS_MAX: usize = 40;
/// A row without a line end is taken for a whole one only after so many rows whose last price had as
/// many decimals: of prices that are printed without closing zeros, one in ten is shorter.
const ROWS_OF_EVIDENCE: u32 = 16;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    /// Counted from 1; 0 for the row as a whole.
    pub(crate) column: usize,
    pub(crate) name: &'static str,
    pub(crate) found: String,
    pub(crate) allowed: String,
}

/// Reads the rows of one table.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    layout: Layout,
    times: Times,
    /// What an empty price repeats.
    last_tick: Tick,
    /// Of a table that names it in each row: the first row's.
    symbol: Option<Box<str>>,
    decimals: Decimals,
}

/// What the last column's numbers have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimals {
    digits: u8,
    /// So many rows in a row had as many; 0 once two rows differed.
    rows: u32,
    has_varied: bool,
}

impl Rows {
    pub(crate) const fn new(layout: Layout, times: Times) -> Self {
        Self {
            layout,
            times,
            last_tick: Tick::at(TickTime::from_nanos(0)),
            symbol: None,
            decimals: Decimals { digits: 0, rows: 0, has_varied: false },
        }
    }

    pub(crate) fn symbol(&self) -> Option<&str> {
        self.symbol.as_deref()
    }

    /// Sets the symbol that every row has to name.
    pub(crate) fn expect_symbol(&mut self, symbol: &str) {
        self.symbol = Some(symbol.into());
    }

    /// Reads a whole row.
    #[inline]
    pub(crate) fn parse(&mut self, row: &[u8]) -> Result<Tick, Box<BadRow>> {
        match self.tick(row) {
            Ok(tick) => {
                self.last_tick = tick;
                Ok(tick)
            }
            Err(index) => {
                self.forget();
                Err(self.bad_row(row, index))
            }
        }
    }

    /// Forgets what an empty price repeats: a row that is left out may have changed it.
    pub(crate) const fn forget(&mut self) {
        self.last_tick = Tick::at(TickTime::from_nanos(0));
    }

    /// Returns the tick, or the index of the column that is broken.
    #[inline]
    fn tick(&mut self, row: &[u8]) -> Result<Tick, usize> {
        let mut tick = Tick::at(TickTime::from_nanos(0));
        let mut nanos = 0;
        let mut rest = row;
        let last = self.layout.columns.len() - 1;
        for index in 0..=last {
            let field = if index == last {
                rest
            } else {
                let at = memchr(self.layout.separator, rest).ok_or(self.layout.columns.len())?;
                let field = &rest[..at];
                rest = &rest[at + 1..];
                field
            };
            let is_read = match self.layout.columns[index] {
                Column::Bid => self.price(field, self.last_tick.bid).map(|price| tick.bid = price),
                Column::Ask => self.price(field, self.last_tick.ask).map(|price| tick.ask = price),
                Column::Time => self.times.instant(field).map(|time| nanos += time),
                Column::Date => self.date(field).map(|time| nanos += time),
                Column::AskVolume => {
                    number::volume_f32(field).map(|volume| tick.ask_volume = Some(volume))
                }
                Column::BidVolume => {
                    number::volume_f32(field).map(|volume| tick.bid_volume = Some(volume))
                }
                Column::Last => {
                    last_price(field, self.last_tick.last).map(|price| tick.last = price)
                }
                Column::Volume => volume(field).map(|volume| tick.volume = volume),
                Column::Flags => flags(field).map(|flags| tick.flags = flags),
                Column::Symbol => self.is_symbol(field).then_some(()),
            };
            is_read.ok_or(index)?;
        }
        tick.time = TickTime::from_nanos(nanos);
        self.count_decimals(&tick);
        Ok(tick)
    }

    #[inline]
    fn price(&self, field: &[u8], unchanged: Option<Price>) -> Option<Option<Price>> {
        if field.is_empty() && self.layout.empty_price == EmptyPrice::Unchanged {
            return Some(unchanged);
        }
        Price::from_field(field).ok().map(Some)
    }

    fn date(&mut self, field: &[u8]) -> Option<i64> {
        self.times.date(field.try_into().ok()?)
    }

    fn is_symbol(&self, field: &[u8]) -> bool {
        self.symbol.as_deref().is_some_and(|symbol| symbol.as_bytes() == field)
    }

    #[inline]
    fn count_decimals(&mut self, tick: &Tick) {
        let price = match self.layout.columns.last() {
            Some(Column::Ask) => tick.ask,
            Some(Column::Bid) => tick.bid,
            _ => None,
        };
        let digits = price.map_or(0, Price::digits);
        let decimals = &mut self.decimals;
        if decimals.digits != digits {
            decimals.has_varied = 0 < decimals.rows;
            decimals.digits = digits;
        }
        decimals.rows = decimals.rows.saturating_add(1);
    }

    /// Whether a row without a line end cannot be a cut one: its last column is a price, and has as
    /// many decimals as in every row before.
    pub(crate) fn is_surely_whole(&self, row: &[u8]) -> bool {
        let Decimals { digits, rows, has_varied } = self.decimals;
        let Some(&(Column::Ask | Column::Bid)) = self.layout.columns.last() else { return false };
        let mut fields = row.split(|&byte| byte == self.layout.separator);
        let Some(field) = fields.nth(self.layout.columns.len() - 1) else { return false };
        let has_as_many =
            Price::from_field(field).is_ok_and(|price| price.digits() == digits && 0 < digits);
        has_as_many && !has_varied && ROWS_OF_EVIDENCE <= rows
    }

    /// Says what is wrong with the column of that index; beyond the last one, with their number.
    #[cold]
    fn bad_row(&self, row: &[u8], index: usize) -> Box<BadRow> {
        let fields: Vec<&[u8]> = row.split(|&byte| byte == self.layout.separator).collect();
        let columns = &self.layout.columns;
        if fields.len() != columns.len() {
            return Box::new(BadRow {
                column: 0,
                name: "",
                found: format!("{} columns", fields.len()),
                allowed: columns.len().to_string(),
            });
        }
        let (field, column) = (fields[index], columns[index]);
        let shown = String::from_utf8_lossy(field);
        Box::new(BadRow {
            column: index + 1,
            name: column.as_str(),
            found: format!("`{}`", escaped(&shown, SHOWN_CHARS_MAX)),
            allowed: self.allowed(column),
        })
    }

    fn allowed(&self, column: Column) -> String {
        match column {
            Column::Ask | Column::Bid | Column::Last => {
                "a price above zero with at most 8 decimals, such as 1.14543"
            }
            Column::AskVolume | Column::BidVolume | Column::Volume => "a volume such as 1.5",
            Column::Date => "a date such as 2019.02.04",
            Column::Flags => "a whole number of 32 bits",
            Column::Symbol => return format!("`{}`", self.symbol().unwrap_or_default()),
            Column::Time => self.times.form().allowed(),
        }
        .to_owned()
    }
}

/// The price of a deal: empty if it is what it was, zero in markets without deals.
fn last_price(field: &[u8], unchanged: Option<Price>) -> Option<Option<Price>> {
    match number::decimal(field) {
        _ if field.is_empty() => Some(unchanged),
        Some((0, _)) => Some(None),
        _ => Price::from_field(field).ok().map(Some),
    }
}

/// The volume of a deal: empty or zero if there was none.
fn volume(field: &[u8]) -> Option<Option<f64>> {
    if field.is_empty() {
        return Some(None);
    }
    number::volume_f64(field).map(|volume| Some(volume).filter(|volume| 0.0 < *volume))
}

fn flags(field: &[u8]) -> Option<Option<TickFlags>> {
    if field.is_empty() {
        return Some(None);
    }
    let bits = u32::try_from(number::whole(field)?).ok()?;
    Some(Some(TickFlags::from_bits(bits)))
}
