//! Text in columns. Knows no terminal.

use console::{pad_str, truncate_str};

pub(crate) use console::{Alignment, measure_text_width};

/// Returns a text `columns` wide: what is too long is cut, and shows that it is.
pub(crate) fn cell(text: &str, columns: usize, alignment: Alignment) -> String {
    // A wide character that is cut may leave a column, which is filled.
    pad_str(&cut(text, columns), columns, alignment, None).into_owned()
}

/// Returns a text at most `columns` wide.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    truncate_str(text, columns, if columns == 0 { "" } else { "…" }).into_owned()
}
