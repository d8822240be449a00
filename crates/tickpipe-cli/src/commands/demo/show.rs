//! What the demo shows: a living picture on a terminal, else lines.

use std::collections::VecDeque;
use std::io::{self, Write as _};

use tickpipe::{Reply, escaped};
use tickpipe_ticks::TickTime;

use super::closing::CLOSING_ROWS;
use super::layout::{Pane, pane_columns, side_by_side};
use crate::palette::Palette;
use crate::screen::{Screen, Size};

/// The smallest terminal that gets a picture.
const SIZE_MIN: Size = Size { columns: 80, rows: 20 };

/// Columns and lines of the consoles at most: more are not easier to follow.
const COLUMNS_MAX: usize = 100;
const LINES_MAX: usize = 20;

/// Rows at the end beside the consoles' lines and the closing ones: a title, two borders, the cursor's.
const OTHER_ROWS: usize = 4;

/// Columns of MetaTrader's line with its date.
const DATED_COLUMNS: usize = 49;

const TITLE: &str = "tickpipe demo: an EA and a server talk, on real EURUSD ticks of 2019-02-04";
const EXPERTS: &str = "MetaTrader 4, tab Experts";
const PROGRAM: &str = "tickpipe serve double";

/// One tick as both sides saw it.
pub(crate) struct Seen {
    pub(crate) time: TickTime,
    /// What the EA got and prints.
    pub(crate) answer: String,
    /// What the server took and gave; `None` if it was not told in time.
    pub(crate) served: Option<(String, Reply)>,
}

/// Where the demo is shown.
pub(crate) enum Show {
    Lines,
    Picture(Box<Picture>),
}

/// The consoles, drawn over and over.
pub(crate) struct Picture {
    screen: Screen,
    palette: Palette,
    /// What is in sight, the newest last.
    seen: VecDeque<Seen>,
}

impl Show {
    /// Begins to show.
    pub(crate) fn begin(ticks: usize) -> io::Result<Self> {
        let Some(screen) = Screen::of_stdout(SIZE_MIN) else {
            writeln!(io::stdout(), "{TITLE}")?;
            return Ok(Self::Lines);
        };
        let palette = Palette::of_stdout();
        let mut picture = Picture { screen, palette, seen: VecDeque::new() };
        picture.draw(&progress(0, ticks))?;
        Ok(Self::Picture(Box::new(picture)))
    }

    /// Shows a tick; `count` of `ticks` are seen.
    pub(crate) fn tick(&mut self, seen: Seen, count: usize, ticks: usize) -> io::Result<()> {
        match self {
            Self::Lines => {
                let mut out = io::stdout().lock();
                if let Some((request, reply)) = &seen.served {
                    let served = crate::print::exchange(1, request, reply);
                    writeln!(out, "program   {served}")?;
                }
                let palette = Palette::PLAIN;
                writeln!(out, "terminal  {}", experts_line(&seen, DATED_COLUMNS, palette))?;
                out.flush()
            }
            Self::Picture(picture) => {
                picture.seen.push_back(seen);
                if LINES_MAX < picture.seen.len() {
                    picture.seen.pop_front();
                }
                picture.draw(&progress(count, ticks))
            }
        }
    }

    /// Says what goes on while nothing is to be seen.
    pub(crate) fn status(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Lines => Ok(()),
            Self::Picture(picture) => picture.draw(text),
        }
    }

    /// Ends the picture and writes the last lines below it.
    pub(crate) fn end(self, lines: impl FnOnce(Palette) -> Vec<String>) -> io::Result<()> {
        let palette = match self {
            Self::Lines => Palette::PLAIN,
            Self::Picture(mut picture) => {
                picture.screen.update_size();
                let consoles = picture.consoles();
                picture.screen.draw(&consoles)?;
                picture.palette
            }
        };
        let mut out = io::stdout().lock();
        for line in lines(palette) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }
}

impl Picture {
    fn draw(&mut self, status: &str) -> io::Result<()> {
        self.screen.update_size();
        let mut picture = self.consoles();
        picture.push(status.to_owned());
        self.screen.draw(&picture)
    }

    fn consoles(&self) -> Vec<String> {
        let palette = self.palette;
        let (experts_columns, _) = pane_columns(self.columns());
        let experts: Vec<_> =
            self.seen.iter().map(|seen| experts_line(seen, experts_columns, palette)).collect();
        let program: Vec<_> = self.seen.iter().map(|seen| program_line(seen, palette)).collect();
        let rows = self.screen.size().rows.saturating_sub(OTHER_ROWS + CLOSING_ROWS);
        let mut lines = vec![format!("{title}{TITLE}{title:#}", title = palette.title)];
        lines.extend(side_by_side(
            &Pane { title: EXPERTS, lines: &experts },
            &Pane { title: PROGRAM, lines: &program },
            self.columns(),
            rows.clamp(1, LINES_MAX),
        ));
        lines
    }

    fn columns(&self) -> usize {
        // Some terminals break a line that ends in their last column.
        self.screen.size().columns.saturating_sub(1).min(COLUMNS_MAX)
    }
}

/// Returns a line as MetaTrader 4 prints it: time, EA, chart, text; the date where there is room.
fn experts_line(seen: &Seen, columns: usize, palette: Palette) -> String {
    let Palette { answer, dim, .. } = palette;
    let time = seen.time.to_string().replace('-', ".");
    let time = if columns < DATED_COLUMNS { time.get(11..).unwrap_or(&time) } else { &time };
    let printed = escaped(&seen.answer, 40);
    format!("{dim}{time}{dim:#} TestPipe EURUSD,M1: {answer}{printed}{answer:#}")
}

/// Returns a line as `tickpipe serve` prints it.
fn program_line(seen: &Seen, palette: Palette) -> String {
    let Palette { answer, dim, .. } = palette;
    let Some((request, reply)) = &seen.served else { return String::new() };
    let reply = match reply {
        Ok(reply) => escaped(reply, 40),
        Err(error) => format!("ERR {} {}", error.code(), escaped(error.text(), 40)),
    };
    let request = escaped(request, 40);
    format!("{dim}#1{dim:#}  {request} {dim}->{dim:#} {answer}{reply}{answer:#}")
}

/// Returns how far it is, as a bar and in numbers.
fn progress(count: usize, ticks: usize) -> String {
    const BAR_COLUMNS: usize = 40;
    let done = count * BAR_COLUMNS / ticks.max(1);
    let bar = "█".repeat(done) + &"░".repeat(BAR_COLUMNS - done.min(BAR_COLUMNS));
    format!("{bar}  {count} of {ticks} ticks, Ctrl-C ends it")
}
