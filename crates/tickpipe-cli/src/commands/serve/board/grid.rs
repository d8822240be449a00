//! A table as text: a row of titles and rows of cells, cut to a width.

use crate::cell::{Alignment, cell, measure_text_width};

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) kind: Kind,
    /// Columns of the terminal that it has at least, so that the table stands still.
    pub(super) columns_min: usize,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number with its unit: shown whole or not at all.
    Number,
    /// Text that gives way before anything else, whole.
    Spare,
    /// Text that may be cut.
    Text,
}

/// What a text is not cut below, as long as there is room for something else to go.
const TEXT_COLUMNS_MIN: usize = 8;

/// Between two columns.
const GAP: &str = "  ";

/// Returns the row of titles and the rows below it, each `width` columns at most.
///
/// Where that is too narrow, spare columns go first, then texts are cut, then the last columns go.
pub(super) fn grid(columns: &[Column], rows: &[Vec<String>], width: usize) -> Vec<String> {
    let widths = fitted(columns, rows, width);
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for ((column, columns), text) in columns.iter().zip(&widths).zip(cells) {
            let Some(columns) = columns else { continue };
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let alignment = match column.kind {
                Kind::Number => Alignment::Right,
                Kind::Spare | Kind::Text => Alignment::Left,
            };
            line.push_str(&cell(text, *columns, alignment));
        }
        line.truncate(line.trim_end().len());
        line
    };
    let titles = line(&mut columns.iter().map(|column| column.title));
    let rows = rows.iter().map(|row| line(&mut row.iter().map(String::as_str)));
    std::iter::once(titles).chain(rows).collect()
}

/// Returns how wide each column is; `None` for one that has no room.
fn fitted(columns: &[Column], rows: &[Vec<String>], width: usize) -> Vec<Option<usize>> {
    let widest = |index: usize, column: &Column| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let widest = cells.map(|cell| measure_text_width(cell)).max().unwrap_or(0);
        widest.max(measure_text_width(column.title)).max(column.columns_min)
    };
    let mut widths: Vec<_> =
        columns.iter().enumerate().map(|(index, column)| Some(widest(index, column))).collect();
    for (index, column) in columns.iter().enumerate() {
        if column.kind == Kind::Spare && surplus(&widths, width) > 0 {
            widths[index] = None;
        }
    }
    while surplus(&widths, width) > 0 {
        let texts = columns.iter().zip(&mut widths).filter_map(|(column, columns)| {
            columns
                .as_mut()
                .filter(|columns| column.kind == Kind::Text && TEXT_COLUMNS_MIN < **columns)
        });
        if let Some(longest) = texts.max() {
            *longest -= 1;
        } else if let Some(last) = widths.iter_mut().rfind(|columns| columns.is_some()) {
            *last = None;
        }
    }
    widths
}

/// Returns by how many columns a row is too wide.
fn surplus(widths: &[Option<usize>], width: usize) -> usize {
    let shown = widths.iter().flatten();
    let gaps = GAP.len() * shown.clone().count().saturating_sub(1);
    (shown.sum::<usize>() + gaps).saturating_sub(width)
}
