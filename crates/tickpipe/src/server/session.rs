//! A connection in session mode: its link, its strategy, and who is told of both.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::message::{Answer, Hello, LogEntry, LogLevel};
use tickpipe_proto::session::{
    AskError, CloseReason, Session, SessionConfig, SessionCounters, SessionEvent,
};
use tickpipe_proto::{ErrorCode, LineError, escaped};

use super::live::{Live, Shared, ThreadCount};
use super::watchdog;
use crate::handler::Peer;
use crate::session::BoxedStrategy;
use crate::session::link::{Link, LinkParts};
use crate::session::note::{Note, Observer};
use crate::session::registry::SessionKey;
use crate::session::runner::{self, Handled, Witness};
use crate::tap::{SessionTap, TapEvent};
use crate::transport::{Reader, Writer};

/// Characters of a peer's text that a log line shows.
const LOGGED_LEN_MAX: usize = 200;

/// Serves a connection in session mode to its end, or until its strategy returns.
pub(super) fn serve(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    peer: Arc<Peer>,
    (reader, writer): (Reader, Writer),
    (bytes, now): (&[u8], Instant),
) {
    let Some(control) = live.control() else { return };
    let about = Arc::new(About {
        shared: Arc::clone(shared),
        live: Arc::clone(live),
        peer,
        key: Mutex::new(None),
        ticks: AtomicU64::new(0),
    });
    let parts = LinkParts {
        session: Session::new(session_config(shared, live.id), now),
        reader: Box::new(reader),
        writer: Box::new(writer),
        control: Box::new(control),
        observer: Box::new(Arc::clone(&about)),
        write_deadline: shared.config.write_deadline,
        lingers: about.peer.address.is_some(),
    };
    let link = Arc::new(Link::new(parts, now));
    live.set_link(Some(Arc::clone(&link)));
    shared.stats.sessions.fetch_add(1, Ordering::Relaxed);
    if shared.is_stopping() {
        link.close(ErrorCode::ShuttingDown, "the server is stopping");
    } else if !live.take_place(shared) {
        let max = shared.config.connections_max;
        let text = format!("the server serves {max} other connections, allowed are {max}");
        link.close(ErrorCode::Busy, &text);
    } else {
        link.begin(now, bytes);
    }
    runner::run(&link, &mut |hello| about.make_strategy(hello), &*about);
    about.leave(&link);
    live.close(shared);
    // It kept its place until its strategy was gone.
    live.give_back(shared, None);
}

/// Starts the thread that keeps a session while its strategy works.
pub(super) fn keep(shared: &Arc<Shared>, live: &Arc<Live>, link: Arc<Link>) {
    let spawned = thread::Builder::new().name(format!("tickpipe-{}-keep", live.id)).spawn({
        let count = ThreadCount::new(shared);
        let (shared, live, link) = (Arc::clone(shared), Arc::clone(live), Arc::clone(&link));
        move || {
            let _count = count;
            if catch_unwind(AssertUnwindSafe(|| link.keep())).is_err() {
                tracing::error!(connection = live.id, "a defect in tickpipe ended the connection");
                live.break_off(&shared);
            }
        }
    });
    if let Err(error) = spawned {
        link.unkept();
        shared.log.once_a_minute("no keeper", None, |more| {
            tracing::error!(connection = live.id, %error, more, "cannot start a session's keeper");
        });
    }
}

fn session_config(shared: &Shared, id: u64) -> SessionConfig {
    SessionConfig {
        heartbeat: shared.config.heartbeat,
        silence: shared.config.silence,
        handler_deadline: shared.config.handler_deadline,
        line_deadline: shared.config.line.frame.line_deadline,
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
        session: format!("{:04x}-{id}", shared.run_id),
        ..SessionConfig::default()
    }
}

/// Who is told of one session: the counters, the log and the tap.
struct About {
    shared: Arc<Shared>,
    live: Arc<Live>,
    peer: Arc<Peer>,
    /// Under what the session is entered.
    key: Mutex<Option<SessionKey>>,
    ticks: AtomicU64,
}

impl About {
    fn make_strategy(&self, hello: &Hello) -> BoxedStrategy {
        match &self.shared.strategies {
            Some(make) => make(hello, &self.peer),
            None => unreachable!("invariant: only a server with strategies has sessions"),
        }
    }

    /// Gives the session's name free.
    fn leave(&self, link: &Arc<Link>) {
        if let Some(key) = self.key.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.shared.sessions.leave(&key, link);
        }
    }

    fn tell(&self, event: impl FnOnce() -> SessionTap) {
        if let Some(tap) = &self.shared.config.tap {
            tap.tell(TapEvent::Session { connection: self.live.id, event: event() });
        }
    }

    fn log_limited(&self, what: &'static str, log: impl FnOnce(u64)) {
        self.shared.log.once_a_minute(what, self.peer.process_id, log);
    }

    fn log_entry(&self, entry: &LogEntry) {
        let connection = self.live.id;
        let text = escaped(&entry.text, LOGGED_LEN_MAX);
        self.log_limited("log of an EA", |more| match entry.level {
            LogLevel::Error | LogLevel::Warn => {
                tracing::warn!(connection, text, more, "the EA says");
            }
            LogLevel::Info | _ => tracing::info!(connection, text, more, "the EA says"),
        });
    }

    fn add(&self, counters: &SessionCounters) {
        let stats = &self.shared.stats;
        for (sum, count) in [
            (&stats.ticks, counters.ticks),
            (&stats.ticks_dropped, counters.ticks_dropped),
            (&stats.tick_gaps, counters.gaps),
            (&stats.late_ticks, counters.late_ticks),
        ] {
            sum.fetch_add(count, Ordering::Relaxed);
        }
        stats.count_errors(ErrorCode::HandlerTimeout, counters.handler_timeouts);
        stats.count_errors(ErrorCode::RequestTimeout, counters.request_timeouts);
        let SessionCounters { refused, lost_notifications, bad_answers, unknown_replies, .. } =
            *counters;
        if refused + lost_notifications + bad_answers + unknown_replies > 0 {
            self.log_limited("lines refused", |more| {
                let connection = self.live.id;
                tracing::warn!(
                    connection,
                    refused,
                    lost_notifications,
                    bad_answers,
                    unknown_replies,
                    more,
                    "the EA sent what it should not"
                );
            });
        }
    }
}

impl Observer for Arc<About> {
    fn note(&self, note: Note<'_>) {
        match note {
            Note::Asked => {
                self.shared.stats.requests.fetch_add(1, Ordering::Relaxed);
            }
            Note::Order { request, result, elapsed } => self.tell(|| SessionTap::Order {
                request: Box::new(request.clone()),
                result: match result {
                    Ok(Answer::OrderResult(result)) => Ok(result.clone()),
                    Ok(_) => Err(AskError::Local(LineError::new(
                        ErrorCode::BadAnswer,
                        "the answer is none to an order",
                    ))),
                    Err(error) => Err(error.clone()),
                },
                elapsed,
            }),
        }
    }

    fn cannot_read(&self, error: &io::Error) {
        tracing::debug!(connection = self.live.id, %error, "cannot read");
    }

    fn cannot_write(&self, error: &io::Error) {
        let connection = self.live.id;
        if error.kind() != io::ErrorKind::TimedOut {
            return tracing::debug!(connection, %error, "cannot write");
        }
        self.shared.stats.count_error(ErrorCode::SlowConsumer);
        let deadline = self.shared.config.write_deadline.as_millis();
        let deadline_ms = u64::try_from(deadline).unwrap_or(u64::MAX);
        let code = ErrorCode::SlowConsumer.as_str();
        let text = "peer does not read what it is sent, connection closed";
        tracing::warn!(connection, code, deadline_ms, "{text}");
    }

    fn due_within(&self, left: Duration) {
        if left < watchdog::look(&self.shared) {
            self.shared.registry.hurry();
        }
    }

    fn shut(&self, is_working: bool, counters: &SessionCounters) {
        self.add(counters);
        if is_working {
            tracing::debug!(connection = self.live.id, "the session is over, its strategy is not");
        }
        // Else peers that come and go would leave strategies behind faster than they end.
        self.live.handler_is_out();
        self.live.close(&self.shared);
    }
}

impl Witness for About {
    fn opened(&self, link: &Arc<Link>, hello: &Arc<Hello>) {
        let key = SessionKey::new(hello);
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        self.shared.sessions.enter(key, self.live.id, link);
        tracing::info!(
            connection = self.live.id,
            client = escaped(&hello.client, LOGGED_LEN_MAX),
            version = escaped(&hello.client_version, LOGGED_LEN_MAX),
            terminal = ?hello.terminal,
            login = escaped(&hello.account.login, LOGGED_LEN_MAX),
            server = escaped(&hello.account.server, LOGGED_LEN_MAX),
            symbol = ?hello.chart.symbol,
            instance = escaped(&hello.instance, LOGGED_LEN_MAX),
            "session opened"
        );
        self.tell(|| SessionTap::Opened(Arc::clone(hello)));
    }

    fn came(&self, event: &SessionEvent) {
        match event {
            SessionEvent::Account(account) => self.tell(|| SessionTap::Account(account.clone())),
            SessionEvent::Bar(bar) => self.tell(|| SessionTap::Bar(bar.clone())),
            SessionEvent::Trade(trade) => self.tell(|| SessionTap::Trade(trade.clone())),
            SessionEvent::Log(entry) => {
                self.log_entry(entry);
                self.tell(|| SessionTap::Log(entry.clone()));
            }
            SessionEvent::Gap { symbol, expected, found } => {
                let (connection, expected, found) = (self.live.id, *expected, *found);
                self.log_limited("ticks are missing", |more| {
                    let missing = found.saturating_sub(expected);
                    tracing::warn!(connection, ?symbol, missing, more, "ticks are missing");
                });
                let symbol = symbol.clone();
                self.tell(|| SessionTap::Gap { symbol, expected, found });
            }
            SessionEvent::Closed(reason) => {
                let ticks = self.ticks.load(Ordering::Relaxed);
                tracing::info!(connection = self.live.id, ticks, ?reason, "session closed");
                if let CloseReason::Bye(code) = reason {
                    self.shared.stats.count_error(*code);
                }
                self.tell(|| SessionTap::Closed(reason.clone()));
            }
            SessionEvent::Deinit(_) | SessionEvent::Opened(_) | SessionEvent::Tick(_) | _ => {}
        }
    }

    fn ticked(&self, handled: Handled) {
        let Handled { tick, elapsed, result, is_late } = handled;
        self.ticks.fetch_add(1, Ordering::Relaxed);
        self.shared.stats.record_tick(elapsed);
        // A panic's session ends for it, and a late tick was answered by the session: both count them.
        if let Err(error) = &result
            && error.code() != ErrorCode::HandlerPanic
            && !(is_late && error.code() == ErrorCode::HandlerTimeout)
        {
            self.shared.stats.count_error(error.code());
        }
        self.tell(|| SessionTap::Tick { tick, elapsed, result, is_late });
    }

    fn failed(&self, method: &'static str, error: &str) {
        let (connection, text) = (self.live.id, escaped(error, LOGGED_LEN_MAX));
        self.log_limited("strategy failed", |more| {
            tracing::warn!(connection, method, text, more, "the strategy failed");
        });
    }

    fn panicked(&self, method: &'static str, panic: &str) {
        let connection = self.live.id;
        self.log_limited("strategy panicked", |more| {
            tracing::error!(connection, method, panic, more, "the strategy panicked");
        });
    }
}
