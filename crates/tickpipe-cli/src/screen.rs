//! A picture on the terminal that is drawn over itself.

use std::io;

use console::{Term, truncate_str};
use tickpipe::wine_version;

/// The part of the terminal that is drawn over. The cursor comes back when it is dropped.
pub(crate) struct Screen {
    term: Term,
    /// Lines of the picture that stands there.
    drawn: usize,
    size: Size,
    /// The terminal's size has changed since the picture was drawn.
    is_resized: bool,
}

/// How large a terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Screen {
    /// Takes the terminal, if stdout is one that can be drawn on.
    pub(crate) fn of_stdout() -> Option<Self> {
        let term = Term::buffered_stdout();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        // Wine 8's console counts the letters of an escape as columns, and is wrong about its size.
        if !term.is_term() || is_dumb || wine_version().is_some() {
            return None;
        }
        let size = size_of(&term);
        Some(Self { term, drawn: 0, size, is_resized: false })
    }

    pub(crate) const fn size(&self) -> Size {
        self.size
    }

    /// Looks how large the terminal is now.
    pub(crate) fn update_size(&mut self) {
        let size = size_of(&self.term);
        self.is_resized |= size != self.size;
        self.size = size;
    }

    /// Draws a picture over the one before it.
    pub(crate) fn draw(&mut self, picture: &[String]) -> io::Result<()> {
        self.term.hide_cursor()?;
        if std::mem::take(&mut self.is_resized) {
            // Nobody knows what became of the lines that stood there.
            self.term.clear_screen()?;
        } else {
            self.term.move_cursor_up(self.drawn)?;
        }
        for line in picture {
            self.term.clear_line()?;
            // A line that the terminal breaks would be two.
            self.term.write_line(&truncate_str(line, self.size.columns.saturating_sub(1), "…"))?;
        }
        self.drawn = picture.len();
        self.term.flush()
    }

    /// Takes away lines of the old picture that a new, shorter one leaves.
    pub(crate) fn end(&mut self, picture: &[String]) -> io::Result<()> {
        let left = self.drawn.saturating_sub(picture.len());
        self.draw(picture)?;
        for _ in 0..left {
            self.term.clear_line()?;
            self.term.write_line("")?;
        }
        self.term.move_cursor_up(left)?;
        self.term.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        show_cursor();
    }
}

/// Brings the cursor back, whoever hid it.
pub(crate) fn show_cursor() {
    let term = Term::stdout();
    if term.is_term() {
        // A terminal that is gone has no cursor either.
        drop(term.show_cursor());
    }
}

fn size_of(term: &Term) -> Size {
    let (rows, columns) = term.size();
    Size { columns: columns.into(), rows: rows.into() }
}
