//! The live table of `watch`: the board, drawn when it has changed, and not too often.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::sync::Weak;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tickpipe::{Tap, TapEvent};

use super::board::Board;
use crate::log;
use crate::palette::Palette;
use crate::screen::{Screen, Size};

/// The smallest terminal that gets a table.
const SIZE_MIN: Size = Size { columns: 80, rows: 12 };

/// The shortest time between two pictures.
const DRAW_PAUSE: Duration = Duration::from_millis(100);

/// How often ages, the log and the terminal's size are looked at where nothing happens.
const IDLE_PAUSE: Duration = Duration::from_millis(250);

/// Rows that the last picture leaves to the summary, and rows that it keeps however few there are.
const SUMMARY_ROWS: usize = 6;
const LAST_ROWS_MIN: usize = 9;

/// Texts of the log that are kept, to be written out above the last picture.
const LOGGED_MAX: usize = 100;

/// Returns the terminal for a table, if stdout is one that has room for it.
pub(super) fn screen() -> Option<Screen> {
    Screen::of_stdout(SIZE_MIN)
}

struct Table {
    board: Board,
    screen: Screen,
    palette: Palette,
    /// What stands there.
    picture: Vec<String>,
    log: Receiver<Vec<u8>>,
    logged: VecDeque<Vec<u8>>,
    /// Older ones, which are gone.
    logged_before: u64,
}

/// Shows what is observed until it ends.
pub(super) fn show(screen: Screen, events: &Receiver<TapEvent>, tap: &Weak<Tap>) -> io::Result<()> {
    let mut table = Table {
        board: Board::default(),
        screen,
        palette: Palette::of_stdout(),
        picture: Vec::new(),
        log: log::divert(),
        logged: VecDeque::new(),
        logged_before: 0,
    };
    let shown = table.run(events, tap).and_then(|()| table.end());
    log::restore();
    // What came too late for the last picture.
    for text in table.log.try_iter() {
        drop(io::stderr().write_all(&text));
    }
    shown
}

impl Table {
    fn run(&mut self, events: &Receiver<TapEvent>, tap: &Weak<Tap>) -> io::Result<()> {
        self.draw(Instant::now())?;
        let mut drawn_at = Instant::now();
        let mut is_changed = false;
        loop {
            let pause = if is_changed { DRAW_PAUSE } else { IDLE_PAUSE };
            let left = pause.saturating_sub(drawn_at.elapsed());
            match events.recv_timeout(left) {
                Ok(event) => {
                    self.board.handle(&event, Instant::now());
                    is_changed = true;
                    if drawn_at.elapsed() < DRAW_PAUSE {
                        continue;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if let Some(tap) = tap.upgrade() {
                self.board.set_lost(tap.dropped());
            }
            self.draw(Instant::now())?;
            (drawn_at, is_changed) = (Instant::now(), false);
        }
    }

    /// Draws what is there now, if that is not what stands there.
    fn draw(&mut self, now: Instant) -> io::Result<()> {
        self.hear_log(now);
        let is_resized = self.screen.update_size();
        let picture = self.lines(0, now);
        if is_resized || picture != self.picture {
            self.screen.draw(&picture)?;
            self.picture = picture;
        }
        Ok(())
    }

    /// Writes out what was logged, and the last picture below it.
    fn end(&mut self) -> io::Result<()> {
        let now = Instant::now();
        self.hear_log(now);
        self.board.end();
        self.screen.update_size();
        self.screen.clear()?;
        let mut out = io::stderr();
        if self.logged_before > 0 {
            drop(writeln!(out, "{} older texts of the log are gone", self.logged_before));
        }
        for text in &self.logged {
            drop(out.write_all(text));
        }
        let picture = self.lines(SUMMARY_ROWS, now);
        self.screen.draw(&picture)
    }

    /// Returns the picture for the terminal as it is, but for some rows.
    fn lines(&self, rows_kept: usize, now: Instant) -> Vec<String> {
        let Size { columns, rows } = self.screen.size();
        // The cursor stands below the picture, and some terminals break a line that is full.
        let rows = rows.saturating_sub(1);
        let size = Size {
            columns: columns.saturating_sub(1),
            rows: rows.saturating_sub(rows_kept).max(LAST_ROWS_MIN.min(rows)),
        };
        self.board.lines(size, self.palette, now)
    }

    fn hear_log(&mut self, now: Instant) {
        for text in self.log.try_iter() {
            self.board.handle_log(&String::from_utf8_lossy(&text), now);
            if LOGGED_MAX <= self.logged.len() {
                self.logged.pop_front();
                self.logged_before += 1;
            }
            self.logged.push_back(text);
        }
    }
}
