//! A picture on the terminal that is drawn over itself.
//!
//! The cursor is hidden meanwhile, and comes back however the program ends: when the picture is
//! dropped, when a thread panics, and by [`leave`] before an end that drops nothing.

use std::io;
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use console::Term;
use tickpipe::wine_version;

use crate::cell::cut;

/// What a terminal that takes nothing gets to take the cursor back, where the program must end.
const LEAVE_LIMIT: Duration = Duration::from_millis(200);

/// The cursor is hidden.
static IS_HIDDEN: AtomicBool = AtomicBool::new(false);

/// Something else was written below the picture.
static IS_TORN: AtomicBool = AtomicBool::new(false);

/// The program is about to end.
static IS_LEFT: AtomicBool = AtomicBool::new(false);

/// The part of the terminal that is drawn over. The cursor comes back when it is dropped.
#[derive(Debug)]
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
    /// Takes the terminal, if stdout is one that can be drawn on and has this size at least. A log of
    /// more than warnings would drown a picture, so there is none beside it.
    pub(crate) fn of_stdout(size_min: Size) -> Option<Self> {
        let term = Term::buffered_stdout();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        // Wine 8's console counts the letters of an escape as columns, and is wrong about its size.
        if !term.is_term() || is_dumb || wine_version().is_some() {
            return None;
        }
        let is_logged = tracing::enabled!(tracing::Level::INFO) && Term::stderr().is_term();
        let size = size_of(&term);
        if is_logged || size.columns < size_min.columns || size.rows < size_min.rows {
            return None;
        }
        static HOOK: Once = Once::new();
        HOOK.call_once(have_panics_noted);
        Some(Self { term, drawn: 0, size, is_resized: false })
    }

    pub(crate) const fn size(&self) -> Size {
        self.size
    }

    /// Looks how large the terminal is now; whether that has changed.
    pub(crate) fn update_size(&mut self) -> bool {
        let size = size_of(&self.term);
        let is_resized = size != self.size;
        self.is_resized |= is_resized;
        self.size = size;
        is_resized
    }

    /// Draws a picture over the one before it.
    pub(crate) fn draw(&mut self, picture: &[String]) -> io::Result<()> {
        self.move_to_begin()?;
        for line in picture {
            self.term.clear_line()?;
            // A line that the terminal breaks would be two.
            self.term.write_line(&cut(line, self.size.columns.saturating_sub(1)))?;
        }
        self.drawn = picture.len();
        // Lines of a longer picture, and the sign that Ctrl-C leaves where the cursor was. Not above:
        // some terminals keep what stood there when a screen is cleared from its first column.
        self.term.clear_line()?;
        self.term.clear_to_end_of_screen()?;
        self.term.flush()
    }

    /// Takes the picture away, for something else to be written in its place.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        let blank = vec![String::new(); self.drawn];
        self.draw(&blank)?;
        self.term.move_cursor_up(self.drawn)?;
        self.drawn = 0;
        self.term.flush()
    }

    fn move_to_begin(&mut self) -> io::Result<()> {
        if !IS_LEFT.load(Ordering::Acquire) && !IS_HIDDEN.swap(true, Ordering::AcqRel) {
            self.term.hide_cursor()?;
        }
        let is_torn = IS_TORN.swap(false, Ordering::AcqRel);
        if std::mem::take(&mut self.is_resized) {
            // Nobody knows what became of the lines that stood there.
            self.term.clear_screen()
        } else if is_torn {
            Ok(())
        } else {
            self.term.move_cursor_up(self.drawn)
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        show_cursor();
    }
}

/// Brings the cursor back before the program ends without more ado.
pub(crate) fn leave() {
    IS_LEFT.store(true, Ordering::Release);
    show_cursor_within(LEAVE_LIMIT);
}

/// Has a panic's message come below the picture, on a terminal with a cursor.
fn have_panics_noted() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if IS_HIDDEN.load(Ordering::Acquire) {
            show_cursor_within(LEAVE_LIMIT);
            IS_TORN.store(true, Ordering::Release);
        }
        previous(info);
    }));
}

/// Brings the cursor back, unless the terminal takes nothing: others may wait for it as well.
fn show_cursor_within(limit: Duration) {
    if !IS_HIDDEN.load(Ordering::Acquire) {
        return;
    }
    let (sender, shown) = channel();
    let thread = thread::Builder::new().name("tickpipe-cursor".to_owned()).spawn(move || {
        show_cursor();
        // Nobody waits any longer where that took too long.
        sender.send(()).unwrap_or_default();
    });
    if thread.is_ok() {
        shown.recv_timeout(limit).unwrap_or_default();
    }
}

/// Brings the cursor back if it is hidden.
fn show_cursor() {
    if IS_HIDDEN.swap(false, Ordering::AcqRel) {
        // A terminal that is gone has no cursor either.
        drop(Term::stdout().show_cursor());
    }
}

fn size_of(term: &Term) -> Size {
    let (rows, columns) = term.size();
    Size { columns: columns.into(), rows: rows.into() }
}
