//! A table as text: in columns if it fits, else a record for each row.

use super::wrap::{HARD_BLANK, wrap};

const GAP: &str = "  ";

/// Rows of cells; the first one is the head.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    open: Vec<String>,
}

impl Table {
    pub(super) fn push_cell(&mut self, text: &str) {
        self.open.push(text.replace(HARD_BLANK, " ").trim().to_owned());
    }

    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.open));
    }

    pub(super) fn render(&self, columns: usize) -> String {
        let widths = self.widths();
        let total = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
        if total <= columns { self.in_columns(&widths) } else { self.as_records(columns) }
    }

    fn widths(&self) -> Vec<usize> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max()
        };
        (0..count).map(|column| width(column).unwrap_or(0)).collect()
    }

    fn in_columns(&self, widths: &[usize]) -> String {
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            out.push_str(cells.collect::<Vec<_>>().join(GAP).trim_end());
            out.push('\n');
            if index == 0 {
                let lines = widths.iter().map(|width| "-".repeat(*width));
                out.push_str(&lines.collect::<Vec<_>>().join(GAP));
                out.push('\n');
            }
        }
        out
    }

    /// The first cell on a line, the others below it under their column's name.
    fn as_records(&self, columns: usize) -> String {
        let Some((head, rows)) = self.rows.split_first() else { return String::new() };
        let mut out = String::new();
        for row in rows {
            for (index, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let name = head.get(index).map_or("", String::as_str);
                let (text, indent) = match index {
                    0 => (cell.clone(), ""),
                    _ if name.is_empty() => (cell.clone(), "    "),
                    _ => (format!("{name}: {cell}"), "    "),
                };
                out.push_str(&wrap(&text, indent, "    ", columns));
            }
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}
