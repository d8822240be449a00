//! Two consoles side by side, as text. Knows no terminal.

use crate::cell::{Alignment, cell, cut, measure_text_width};

/// What stands in one console: its title, and its lines, the newest last.
pub(crate) struct Pane<'a> {
    pub(crate) title: &'a str,
    pub(crate) lines: &'a [String],
}

/// Columns that borders and the blanks beside them take.
const BORDER_COLUMNS: usize = 7;

/// The left console's part of the rest, in hundredths: at 79 columns a line of MetaTrader's fits with
/// its time, at 100 with its date too.
const LEFT_PART: usize = 53;

/// Returns how many columns the lines of the left and of the right console have.
pub(crate) const fn pane_columns(columns: usize) -> (usize, usize) {
    let inner = columns.saturating_sub(BORDER_COLUMNS);
    let left = inner * LEFT_PART / 100;
    (left, inner - left)
}

/// Returns the two consoles in a frame: `rows` lines of each between two borders, and every line
/// `columns` wide. A line that is too long is cut; of too many lines the last are shown.
pub(crate) fn side_by_side(
    left: &Pane<'_>,
    right: &Pane<'_>,
    columns: usize,
    rows: usize,
) -> Vec<String> {
    let (left_columns, right_columns) = pane_columns(columns);
    let mut frame = Vec::with_capacity(rows + 2);
    frame.push(format!(
        "┌{}┬{}┐",
        top_border(left.title, left_columns),
        top_border(right.title, right_columns)
    ));
    for row in 0..rows {
        frame.push(format!(
            "│ {} │ {} │",
            cell(line_of(left.lines, row, rows), left_columns, Alignment::Left),
            cell(line_of(right.lines, row, rows), right_columns, Alignment::Left)
        ));
    }
    frame.push(format!("└{}┴{}┘", "─".repeat(left_columns + 2), "─".repeat(right_columns + 2)));
    frame
}

/// Returns what stands in a row: of more lines than rows, the first ones are out of sight.
fn line_of(lines: &[String], row: usize, rows: usize) -> &str {
    lines.get(lines.len().saturating_sub(rows) + row).map_or("", String::as_str)
}

fn top_border(title: &str, columns: usize) -> String {
    let title = cut(title, columns.saturating_sub(2));
    let rest = columns.saturating_sub(measure_text_width(&title) + 1);
    format!("─ {title} {}", "─".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn check(columns: usize, left: &[&str], right: &[&str], want: &[&str]) {
        let (left, right) = (lines(left), lines(right));
        let frame = side_by_side(
            &Pane { title: "Experts", lines: &left },
            &Pane { title: "program", lines: &right },
            columns,
            2,
        );
        assert_eq!(frame, want);
        for line in &frame {
            assert_eq!(measure_text_width(line), columns, "{line}");
        }
    }

    #[test]
    fn two_consoles_fit_80_columns() {
        check(
            80,
            &["14:50:48.207 TestPipe EURUSD,M1: 2.287"],
            &["#1  1.14329000 -> 2.287", "#1  1.14330000 -> 2.287"],
            &[
                "┌─ Experts ──────────────────────────────┬─ program ───────────────────────────┐",
                "│ 14:50:48.207 TestPipe EURUSD,M1: 2.287 │ #1  1.14329000 -> 2.287             │",
                "│                                        │ #1  1.14330000 -> 2.287             │",
                "└────────────────────────────────────────┴─────────────────────────────────────┘",
            ],
        );
    }

    #[test]
    fn a_hundred_columns_have_room_for_the_date() {
        check(
            100,
            &["2019.02.04 14:50:48.207 TestPipe EURUSD,M1: 2.287"],
            &["#1  1.14329000 -> 2.287"],
            &[
                "┌─ Experts ─────────────────────────────────────────┬─ program \
                 ────────────────────────────────────┐",
                "│ 2019.02.04 14:50:48.207 TestPipe EURUSD,M1: 2.287 │ #1  1.14329000 -> 2.287  \
                 \x20                   │",
                "│                                                   │                          \
                 \x20                   │",
                "└───────────────────────────────────────────────────┴──────────────────────────\
                 ────────────────────┘",
            ],
        );
    }

    #[test]
    fn what_is_too_long_is_cut_and_what_is_wide_is_measured() {
        check(
            31,
            &["out of sight", "a line of many words", "\u{1b}[31mred and long too\u{1b}[0m"],
            &["日本語日本語日本語", "ab"],
            &[
                "┌─ Experts ────┬─ program ────┐",
                "│ a line of m… │ 日本語日本…  │",
                "│ \u{1b}[31mred and lon…\u{1b}[0m │ ab           │",
                "└──────────────┴──────────────┘",
            ],
        );
    }

    #[test]
    fn no_size_is_too_small() {
        for columns in 0..12 {
            let left = lines(&["text"]);
            let pane = Pane { title: "title", lines: &left };
            assert_eq!(side_by_side(&pane, &pane, columns, 0).len(), 2);
        }
    }
}
