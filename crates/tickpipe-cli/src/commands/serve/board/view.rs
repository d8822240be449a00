//! The board as lines of text.

use std::time::{Duration, Instant};

use tickpipe::escaped;

use super::grid::{Column, Kind, grid};
use super::{Board, Row, SESSIONS_MAX, SYMBOLS_MAX, Session};
use crate::cell::cut;
use crate::palette::Palette;
use crate::print::session::clock;
use crate::print::{SHOWN_CHARS_MAX, count};
use crate::screen::Size;

const fn column(title: &'static str, kind: Kind, columns_min: usize) -> Column {
    Column { title, kind, columns_min }
}

const SESSIONS: [Column; 8] = [
    column("#", Kind::Number, 2),
    column("account", Kind::Text, 8),
    column("trade server", Kind::Text, 8),
    column("session", Kind::Text, 7),
    column("balance", Kind::Number, 12),
    column("equity", Kind::Number, 9),
    column("margin", Kind::Number, 8),
    column("chart", Kind::Spare, 0),
];

const SYMBOLS: [Column; 8] = [
    column("#", Kind::Number, 2),
    column("symbol", Kind::Text, 8),
    column("bid", Kind::Number, 8),
    column("ask", Kind::Number, 8),
    column("spread", Kind::Number, 7),
    column("ticks", Kind::Number, 7),
    column("last tick", Kind::Number, 12),
    column("age", Kind::Number, 6),
];

/// What is unknown yet.
const UNKNOWN: &str = "-";

/// Rows from which on blank ones part the tables.
const AIRY_ROWS: usize = 16;

/// Lines that belong together: a heading, and as many of the others as there is room for.
struct Part {
    lines: Vec<String>,
    /// Rows that the lines below the heading have.
    rows: usize,
}

impl Board {
    /// Returns what there is to see, in lines that fit `size`.
    pub(in super::super) fn lines(
        &self,
        size: Size,
        palette: Palette,
        now: Instant,
    ) -> Vec<String> {
        let Size { columns, rows } = size;
        let Palette { title, .. } = palette;
        let mut lines = vec![format!("{title}{}{title:#}", cut(&self.title(), columns))];
        let notes = self.notes().join("; ");
        if !notes.is_empty() {
            lines.push(cut(&notes, columns));
        }
        let events = self.events(columns, now);
        let blanks = if AIRY_ROWS <= rows { 3 } else { 0 };
        let headings = lines.len() + 3 + blanks;
        let mut parts =
            [self.sessions_part(columns), self.symbols_part(columns, now), Part::new(events)];
        share(&mut parts, rows.saturating_sub(headings));
        let [sessions, symbols, mut events] = parts;
        if let Some(heading) = events.lines.first_mut() {
            *heading = self.events_heading(events.rows);
        }
        for (part, shown) in
            [(&sessions, sessions.first()), (&symbols, symbols.first()), (&events, events.last())]
        {
            if blanks > 0 {
                lines.push(String::new());
            }
            let heading = part.lines.first().map_or("", String::as_str);
            lines.push(format!("{title}{}{title:#}", cut(heading, columns)));
            lines.extend(shown.iter().map(|line| cut(line, columns)));
        }
        lines.truncate(rows);
        lines
    }

    fn title(&self) -> String {
        let open = self.sessions.iter().filter(|session| session.ended.is_none()).count();
        let open = u64::try_from(open).unwrap_or(u64::MAX);
        let sessions = count(self.counts.opened.max(open), "session");
        let ticks = count(self.counts.ticks, "tick");
        let hint = if self.is_over { "" } else { "; Ctrl-C ends it" };
        format!("tickpipe serve watch: {open} of {sessions} open, {ticks}{hint}")
    }

    /// Returns what is not to be seen below.
    fn notes(&self) -> Vec<String> {
        let counts = &self.counts;
        let notes = [
            (counts.lost, "event", "lost, for the console was too slow".to_owned()),
            (counts.lines, "line", "of EAs in line mode refused".to_owned()),
            (
                counts.ticks_unlisted,
                "tick",
                format!("not listed, beyond {SESSIONS_MAX} sessions or {SYMBOLS_MAX} symbols"),
            ),
            (counts.sessions_unlisted, "session", "not listed".to_owned()),
        ];
        let notes = notes.into_iter().filter(|(n, ..)| *n > 0);
        notes.map(|(n, what, text)| format!("{} {text}", count(n, what))).collect()
    }

    /// Returns the sessions in the order in which they are shown: those that are over come last.
    fn ordered(&self) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.sessions.iter().collect();
        sessions.sort_by_key(|session| (session.ended.is_some(), session.connection));
        sessions
    }

    fn sessions_part(&self, columns: usize) -> Part {
        let rows: Vec<_> = self.ordered().into_iter().map(session_cells).collect();
        if rows.is_empty() {
            return Part::new(vec!["no EA has opened a session yet".to_owned()]);
        }
        Part::new(grid(&SESSIONS, &rows, columns))
    }

    fn symbols_part(&self, columns: usize, now: Instant) -> Part {
        let rows = self.ordered().into_iter().flat_map(|session| {
            session.symbols.iter().map(|row| row_cells(session.connection, row, now))
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return Part::new(vec!["no tick has come yet".to_owned()]);
        }
        Part::new(grid(&SYMBOLS, &rows, columns))
    }

    fn events(&self, columns: usize, now: Instant) -> Vec<String> {
        let lines = self.events.iter().map(|event| {
            let age = age(now.saturating_duration_since(event.at));
            cut(&format!("{age:>6}  {}", event.text), columns)
        });
        // The heading is known when the rows are shared.
        std::iter::once(String::new()).chain(lines).collect()
    }

    fn events_heading(&self, shown: usize) -> String {
        let shown = u64::try_from(shown).unwrap_or(u64::MAX);
        match self.counts.events {
            0 => "nothing else has happened yet".to_owned(),
            events if events <= shown => count(events, "event"),
            events => format!("the last {shown} of {}", count(events, "event")),
        }
    }
}

impl Part {
    /// `lines` begin with a heading.
    const fn new(lines: Vec<String>) -> Self {
        Self { lines, rows: 0 }
    }

    fn wanted(&self) -> usize {
        self.lines.len().saturating_sub(1)
    }

    /// Returns the first lines that there is room for, and how many more there are.
    fn first(&self) -> Vec<String> {
        let lines = self.lines.get(1..).unwrap_or_default();
        if lines.len() <= self.rows {
            return lines.to_vec();
        }
        let shown = self.rows.saturating_sub(1);
        let more = format!("… and {} more", lines.len() - shown);
        lines.iter().take(shown).cloned().chain((self.rows > 0).then_some(more)).collect()
    }

    /// Returns the last lines that there is room for.
    fn last(&self) -> Vec<String> {
        let lines = self.lines.get(1..).unwrap_or_default();
        lines.get(lines.len().saturating_sub(self.rows)..).unwrap_or_default().to_vec()
    }
}

/// Shares rows among the parts: a third for each that wants it, and the rest by their order.
fn share(parts: &mut [Part; 3], rows: usize) {
    for part in parts.iter_mut() {
        part.rows = part.wanted().min(rows / 3);
    }
    let mut left = rows - parts.iter().map(|part| part.rows).sum::<usize>();
    for part in parts {
        let more = (part.wanted() - part.rows).min(left);
        part.rows += more;
        left -= more;
    }
}

fn session_cells(session: &Session) -> Vec<String> {
    let Session { connection, hello, account, ended, .. } = session;
    let (login, server, chart) = hello.as_ref().map_or_else(
        || [UNKNOWN; 3].map(ToOwned::to_owned).into(),
        |hello| {
            let (account, chart) = (&hello.account, &hello.chart);
            (
                shown(&format!("{} {}", account.login, account.trade_mode)),
                shown(&account.server),
                shown(&format!("{} {} {}", hello.terminal, chart.symbol, chart.timeframe)),
            )
        },
    );
    let currency = hello.as_ref().map_or("", |hello| hello.account.currency.as_str());
    let [balance, equity, margin] = account.as_ref().map_or_else(
        || [UNKNOWN; 3].map(ToOwned::to_owned),
        |state| {
            let balance = shown(&format!("{} {currency}", state.balance));
            [balance, state.equity.to_string(), state.margin.to_string()]
        },
    );
    let is_open = if ended.is_none() { "open" } else { "ended" };
    vec![connection.to_string(), login, server, is_open.to_owned(), balance, equity, margin, chart]
}

fn row_cells(connection: u64, row: &Row, now: Instant) -> Vec<String> {
    let Row { bid, ask, digits, ticks, time_msc, .. } = row;
    let decimals = usize::from(*digits);
    let spread = ask.points_above(*bid, *digits);
    vec![
        connection.to_string(),
        shown(row.symbol.as_str()),
        format!("{bid:.decimals$}"),
        format!("{ask:.decimals$}"),
        spread.map_or(UNKNOWN.to_owned(), |points| format!("{points} pt")),
        ticks.to_string(),
        clock(*time_msc),
        age(now.saturating_duration_since(row.at)),
    ]
}

/// Returns how long ago something was, in the largest unit that is full.
fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn shown(text: &str) -> String {
    escaped(text, SHOWN_CHARS_MAX)
}
