//! A report as plain text, for a terminal.

use super::figures;
use super::text::{duration, grouped, moment, side};
use super::{Report, Trade};

/// As many trades are shown, the last ones.
pub(super) const TABLE_TRADES_MAX: usize = 20;
/// Blanks between columns.
const GAP: usize = 2;

/// A column of the trades.
struct Column {
    name: &'static str,
    is_right: bool,
    /// The lowest goes first where there is no room.
    rank: u8,
    cell: fn(&Trade) -> String,
}

const fn left(name: &'static str, rank: u8, cell: fn(&Trade) -> String) -> Column {
    Column { name, is_right: false, rank, cell }
}

const fn right(name: &'static str, rank: u8, cell: fn(&Trade) -> String) -> Column {
    Column { name, is_right: true, rank, cell }
}

const COLUMNS: &[Column] = &[
    left("opened", 9, |trade| moment(trade.time_in_msc)),
    left("symbol", 6, |trade| trade.symbol.to_string()),
    left("side", 8, |trade| side(trade.side).to_owned()),
    right("lots", 5, |trade| trade.volume.to_string()),
    right("in", 4, |trade| trade.price_in.to_string()),
    right("out", 3, |trade| trade.price_out.to_string()),
    right("held", 1, |trade| duration(trade.time_out_msc - trade.time_in_msc)),
    right("costs", 0, costs),
    right("net", 10, |trade| grouped(&trade.net)),
    left("ended by", 2, |trade| trade.ending.as_str().to_owned()),
];

fn costs(trade: &Trade) -> String {
    let costs = trade.commission.checked_add(trade.swap);
    costs.map_or_else(String::new, |costs| grouped(&costs))
}

impl Report {
    /// Returns the last trades and the figures as plain text of at most `width` columns, as far as there
    /// is room for what must be said.
    ///
    /// Columns that there is no room for are left out. There are no colours, and no text of a broker's or
    /// a strategy's but the symbols.
    #[must_use]
    pub fn table(&self, width: usize) -> String {
        let mut text = String::new();
        self.push_trades(&mut text, width);
        text.push('\n');
        self.push_figures(&mut text, width);
        text
    }

    fn push_trades(&self, text: &mut String, width: usize) {
        if self.trades.is_empty() {
            text.push_str("no trades\n");
            return;
        }
        let first = self.trades.len().saturating_sub(TABLE_TRADES_MAX);
        let trades = self.trades.get(first..).unwrap_or_default();
        if first != 0 {
            let (shown, all) = (trades.len(), grouped(&self.trades.len()));
            text.push_str(&format!(
                "the last {shown} of {all} trades; {} before\n",
                grouped(&first)
            ));
        }
        let cells = |column: &Column| trades.iter().map(column.cell).collect::<Vec<_>>();
        let columns = COLUMNS.iter().map(|column| (column, cells(column)));
        let mut columns: Vec<(&Column, Vec<String>, usize)> = columns
            .map(|(column, cells)| {
                let longest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
                (column, cells, longest.max(column.name.len()))
            })
            .collect();
        let is_too_wide = |columns: &[(&Column, Vec<String>, usize)]| {
            let all: usize = columns.iter().map(|(.., column)| column + GAP).sum();
            width + GAP < all
        };
        while 2 < columns.len() && is_too_wide(&columns) {
            let lowest = columns.iter().map(|(column, ..)| column.rank).min().unwrap_or(0);
            columns.retain(|(column, ..)| column.rank != lowest);
        }
        let names = columns.iter().map(|(column, _, width)| (*column, column.name, *width));
        push_row(text, names);
        for row in 0..trades.len() {
            let cells = columns.iter().filter_map(|(column, cells, width)| {
                Some((*column, cells.get(row)?.as_str(), *width))
            });
            push_row(text, cells);
        }
    }

    /// In two columns where there is room.
    fn push_figures(&self, text: &mut String, width: usize) {
        let figures = figures::all(self);
        let name = figures.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let value = figures.iter().map(|(_, value)| value.chars().count()).max().unwrap_or(0);
        let half = name + GAP + value;
        let is_double = half * 2 + 2 * GAP <= width;
        let rows = if is_double { figures.len().div_ceil(2) } else { figures.len() };
        for row in 0..rows {
            let mut line = String::new();
            for (name_of, value_of) in figures.iter().skip(row).step_by(rows) {
                if !line.is_empty() {
                    let have = line.chars().count();
                    line.push_str(&" ".repeat((half + 2 * GAP).saturating_sub(have)));
                }
                line.push_str(&format!("{name_of:name$}{:GAP$}{value_of}", ""));
            }
            text.push_str(&line);
            text.push('\n');
        }
    }
}

fn push_row<'a>(text: &mut String, cells: impl Iterator<Item = (&'a Column, &'a str, usize)>) {
    let mut line = String::new();
    for (column, cell, width) in cells {
        if !line.is_empty() {
            line.push_str(&" ".repeat(GAP));
        }
        let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
        let (before, after) = if column.is_right { (&*pad, "") } else { ("", &*pad) };
        line.push_str(before);
        line.push_str(cell);
        line.push_str(after);
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
