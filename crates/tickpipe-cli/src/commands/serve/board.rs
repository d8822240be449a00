//! What a live table of sessions shows: accounts, prices, the last events. It is told what happens
//! and when; it knows no clock and no terminal.

mod grid;
mod view;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use tickpipe::session::{AccountState, Hello, Price, Symbol, Tick};
use tickpipe::{SessionTap, TapEvent, escaped};

use crate::print::{self, SHOWN_CHARS_MAX};

/// Sessions in the table, those that ended included.
pub(super) const SESSIONS_MAX: usize = 256;

/// Symbols in the table, of all sessions together.
pub(super) const SYMBOLS_MAX: usize = 256;

/// Events that are kept.
pub(super) const EVENTS_MAX: usize = 100;

/// All that is known of the sessions.
#[derive(Debug, Default)]
pub(super) struct Board {
    sessions: Vec<Session>,
    /// The newest last.
    events: VecDeque<Event>,
    counts: Counts,
    /// Nothing more will happen.
    is_over: bool,
}

/// What has been, listed or not.
#[derive(Debug, Default)]
struct Counts {
    /// Sessions that were opened.
    opened: u64,
    ticks: u64,
    /// Ticks of sessions or symbols for which the table has no row.
    ticks_unlisted: u64,
    /// Sessions that the table has no row for, or no longer.
    sessions_unlisted: u64,
    events: u64,
    /// Lines of EAs in line mode.
    lines: u64,
    /// The highest number of a connection that sent such a line.
    lines_of: u64,
    /// What the tap lost, for we were too slow.
    lost: u64,
    /// Orders the ends of sessions.
    ends: u64,
}

/// An EA, over all its sessions.
#[derive(Debug)]
struct Session {
    /// The connection of its last one.
    connection: u64,
    /// Unknown where the tap lost it.
    hello: Option<Arc<Hello>>,
    account: Option<AccountState>,
    /// If the last session is over, which end this was.
    ended: Option<u64>,
    symbols: Vec<Row>,
}

/// A symbol's last price.
#[derive(Debug)]
struct Row {
    symbol: Symbol,
    bid: Price,
    ask: Price,
    /// Decimals of a point: the most that a price had.
    digits: u8,
    ticks: u64,
    /// On the trade server's clock.
    time_msc: i64,
    /// On ours.
    at: Instant,
}

#[derive(Debug)]
struct Event {
    text: String,
    at: Instant,
}

impl Board {
    /// Takes in what happened.
    pub(super) fn handle(&mut self, event: &TapEvent, now: Instant) {
        match event {
            // Its session says more of its end, if it had one.
            TapEvent::Closed { connection } => self.end_session(*connection),
            TapEvent::Exchange { connection, request, reply, .. } => {
                self.counts.lines += 1;
                // One for each EA: the rest is the same again.
                if self.counts.lines_of < *connection {
                    self.counts.lines_of = *connection;
                    self.push(print::exchange(*connection, request, reply), now);
                }
            }
            TapEvent::Session { connection, event } => self.handle_session(*connection, event, now),
            TapEvent::Opened { .. } | _ => {}
        }
    }

    /// Takes in text of the log: it may be coloured, and have several lines.
    pub(super) fn handle_log(&mut self, text: &str, now: Instant) {
        for line in console::strip_ansi_codes(text).lines() {
            // Its time is ours, of which the event has an age.
            let line = match line.split_once(' ') {
                Some((time, rest)) if time.ends_with('Z') && time.contains(':') => rest,
                _ => line,
            };
            let line = escaped(line.trim(), SHOWN_CHARS_MAX);
            if !line.is_empty() {
                self.push(format!("log {line}"), now);
            }
        }
    }

    /// Takes in how many events the tap has lost by now.
    pub(super) const fn set_lost(&mut self, events: u64) {
        self.counts.lost = events;
    }

    /// Takes in that nothing more will happen.
    pub(super) const fn end(&mut self) {
        self.is_over = true;
    }

    fn handle_session(&mut self, connection: u64, event: &SessionTap, now: Instant) {
        match event {
            SessionTap::Account(state) => {
                if let Some(session) = self.session(connection) {
                    session.account = Some(state.clone());
                }
                return;
            }
            SessionTap::Closed(_) => self.end_session(connection),
            SessionTap::Opened(hello) => self.open(connection, hello),
            SessionTap::Tick { tick, result, is_late, .. } => {
                self.tick(connection, tick, now);
                if result.is_ok() && !is_late {
                    return;
                }
            }
            SessionTap::Bar(_)
            | SessionTap::Gap { .. }
            | SessionTap::Log(_)
            | SessionTap::Order { .. }
            | SessionTap::Trade(_)
            | _ => {}
        }
        self.push(print::session::line(connection, event), now);
    }

    /// Gives a session a row: that which the same EA had before, if it is still there.
    fn open(&mut self, connection: u64, hello: &Arc<Hello>) {
        self.counts.opened += 1;
        let is_same = |old: &Hello| {
            (&old.instance, &old.account.login, &old.account.server)
                == (&hello.instance, &hello.account.login, &hello.account.server)
        };
        let before =
            self.sessions.iter().position(|session| session.hello.as_deref().is_some_and(is_same));
        let session = match before {
            Some(index) => self.sessions.get_mut(index),
            None => self.session(connection),
        };
        if let Some(session) = session {
            (session.connection, session.ended) = (connection, None);
            session.hello = Some(Arc::clone(hello));
        } else {
            self.counts.sessions_unlisted += 1;
        }
    }

    fn end_session(&mut self, connection: u64) {
        let session = self.sessions.iter_mut().find(|session| session.connection == connection);
        if let Some(session) = session.filter(|session| session.ended.is_none()) {
            self.counts.ends += 1;
            session.ended = Some(self.counts.ends);
        }
    }

    fn tick(&mut self, connection: u64, tick: &Tick, now: Instant) {
        self.counts.ticks += 1;
        let is_new = self.session(connection).is_some_and(|session| !session.has(&tick.symbol));
        if is_new && SYMBOLS_MAX <= self.symbol_count() {
            self.forget(connection, |session| !session.symbols.is_empty());
        }
        let has_room = !is_new || self.symbol_count() < SYMBOLS_MAX;
        match self.session(connection) {
            Some(session) if has_room => session.tick(tick, now),
            _ => self.counts.ticks_unlisted += 1,
        }
    }

    /// Returns a connection's session, a new one if there is room.
    fn session(&mut self, connection: u64) -> Option<&mut Session> {
        let is_meant = |session: &Session| session.connection == connection;
        let index = match self.sessions.iter().position(is_meant) {
            Some(index) => index,
            None => {
                if SESSIONS_MAX <= self.sessions.len() {
                    self.forget(connection, |_| true);
                }
                if SESSIONS_MAX <= self.sessions.len() {
                    return None;
                }
                self.sessions.push(Session::new(connection));
                self.sessions.len() - 1
            }
        };
        self.sessions.get_mut(index)
    }

    /// Makes room: the session that ended first goes, among those meant.
    fn forget(&mut self, kept: u64, is_meant: impl Fn(&Session) -> bool) {
        let ended = self.sessions.iter().enumerate().filter_map(|(index, session)| {
            let ended = session.ended?;
            (session.connection != kept && is_meant(session)).then_some((ended, index))
        });
        if let Some((_, index)) = ended.min() {
            self.sessions.remove(index);
            self.counts.sessions_unlisted += 1;
        }
    }

    fn symbol_count(&self) -> usize {
        self.sessions.iter().map(|session| session.symbols.len()).sum()
    }

    fn push(&mut self, text: String, now: Instant) {
        self.counts.events += 1;
        if EVENTS_MAX <= self.events.len() {
            self.events.pop_front();
        }
        self.events.push_back(Event { text, at: now });
    }
}

impl Session {
    const fn new(connection: u64) -> Self {
        Self { connection, hello: None, account: None, ended: None, symbols: Vec::new() }
    }

    fn has(&self, symbol: &Symbol) -> bool {
        self.symbols.iter().any(|row| row.symbol == *symbol)
    }

    /// Takes in a price, in a new row if the symbol has none.
    fn tick(&mut self, tick: &Tick, now: Instant) {
        let Tick { symbol, time_msc, bid, ask, .. } = tick;
        let (time_msc, bid, ask) = (*time_msc, *bid, *ask);
        let digits = bid.digits().max(ask.digits());
        if let Some(row) = self.symbols.iter_mut().find(|row| row.symbol == *symbol) {
            (row.bid, row.ask, row.time_msc, row.at) = (bid, ask, time_msc, now);
            (row.digits, row.ticks) = (row.digits.max(digits), row.ticks + 1);
            return;
        }
        let chart = self.hello.as_ref().map(|hello| &hello.chart);
        let chart = chart.filter(|chart| chart.symbol == *symbol);
        let digits = chart.map_or(digits, |chart| chart.digits.max(digits));
        let symbol = symbol.clone();
        self.symbols.push(Row { symbol, bid, ask, digits, ticks: 1, time_msc, at: now });
    }
}
