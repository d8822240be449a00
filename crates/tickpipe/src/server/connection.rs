//! One connection's thread: read, answer, write.
//!
//! Whoever holds the [`Talk`] serves the connection. While a handler works the talk is parked; if
//! the handler is late, the watchdog gives the talk to a new thread, and the late thread ends when
//! its handler returns. So a late handler costs nothing but itself.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tickpipe_proto::{ErrorCode, LineConversation, LineError, LineEvent, Opened, Opening, Reply};

use super::live::{Live, Parked, Shared, ThreadCount};
use super::session;
use crate::handler::{BoxedHandler, Peer, drop_handler, panic_text};
use crate::tap::TapEvent;
use crate::transport::{Connection, Reader, Received, Writer};

/// Bytes that one read takes.
const READ_LEN: usize = 4096;

/// Reads that a stop still takes from a peer, so that one that floods cannot hold it up.
const READS_AT_STOP_MAX: usize = 64;

/// How long a stop waits for a line that is on its way.
const READ_AT_STOP: Duration = Duration::from_millis(10);

/// A connection in the hands of the thread that serves it.
pub(crate) struct Talk {
    reader: Reader,
    writer: Writer,
    conversation: LineConversation,
    /// Until the first line has decided, where it may open a session.
    opening: Option<Opening>,
    peer: Arc<Peer>,
    buf: Box<[u8; READ_LEN]>,
    out: Vec<u8>,
    /// A late handler is out; its lines are answered `handler_busy`.
    is_handler_out: bool,
    has_told_utf16: bool,
    exchanges: u64,
}

impl std::fmt::Debug for Talk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Talk").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl Talk {
    /// Takes the newest read's bytes; returns those of a session, if they open one.
    fn handle_bytes(&mut self, now: Instant, count: usize) -> Option<Vec<u8>> {
        let bytes = self.buf.get(..count).unwrap_or_default();
        let Some(opening) = &mut self.opening else {
            self.conversation.handle_bytes(now, bytes);
            return None;
        };
        opening.handle_bytes(now, bytes);
        self.look_at_first_line()
    }

    fn handle_timeout(&mut self, now: Instant) {
        if let Some(opening) = &mut self.opening {
            opening.handle_timeout(now);
            // What is not ended in time is line mode's.
            drop(self.look_at_first_line());
        }
        self.conversation.handle_timeout(now);
    }

    fn handle_end(&mut self) {
        if let Some(opening) = &mut self.opening {
            opening.handle_end();
            drop(self.look_at_first_line());
        }
        self.conversation.handle_end();
    }

    /// Gives line mode what is its own of a connection's first bytes; returns what opens a session.
    fn look_at_first_line(&mut self) -> Option<Vec<u8>> {
        while let Some(opened) = self.opening.as_mut()?.poll() {
            match opened {
                Opened::Empty { bytes, since } => self.conversation.handle_bytes(since, &bytes),
                Opened::Session { bytes, .. } => return Some(bytes),
                Opened::Line { bytes, since } => {
                    self.opening = None;
                    self.conversation.handle_bytes(since, &bytes);
                }
                _ => {}
            }
        }
        None
    }
}

/// What a thread has of its connection after a step.
enum Held {
    /// Another thread serves it now.
    Gone,
    /// It goes on.
    Open(Box<Talk>),
    /// It is over, for this reason.
    Over(Box<Talk>, &'static str),
    /// It goes on in session mode, with these bytes, which came then.
    Session(Box<Talk>, Vec<u8>, Instant),
}

/// A thread's view of its connection.
struct Worker<'a> {
    shared: &'a Arc<Shared>,
    live: &'a Arc<Live>,
    handler: Option<BoxedHandler>,
}

/// Serves a new connection to its end, or until its handler is late.
pub(crate) fn serve(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    reader: Reader,
    writer: Writer,
    _count: ThreadCount,
) {
    let peer = Arc::new(live.control().map_or_else(Peer::default, |control| control.peer()));
    tracing::info!(connection = live.id, ?peer, "connection opened");
    if let Some(tap) = &shared.config.tap {
        tap.tell(TapEvent::Opened { connection: live.id, peer: Peer::clone(&peer) });
    }
    let talk = Box::new(Talk {
        reader,
        writer,
        conversation: LineConversation::new(shared.config.line),
        opening: shared
            .opens_sessions()
            .then(|| Opening::new(shared.config.line.frame.line_deadline)),
        peer,
        buf: Box::new([0; READ_LEN]),
        out: Vec::new(),
        is_handler_out: false,
        has_told_utf16: false,
        exchanges: 0,
    });
    run(shared, live, talk, None);
}

/// Serves a connection whose handler is late: answers its line with `error`, then goes on.
pub(crate) fn take_over(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    parked: Parked,
    error: LineError,
    _count: ThreadCount,
) {
    let Parked { mut talk, request, received_at } = parked;
    talk.is_handler_out = true;
    let late = Late { request, received_at, error };
    run(shared, live, talk, Some(late));
}

/// Serves a connection; a defect of ours ends it and nothing else.
fn run(shared: &Arc<Shared>, live: &Arc<Live>, talk: Box<Talk>, late: Option<Late>) {
    let worker = Worker { shared, live, handler: None };
    if catch_unwind(AssertUnwindSafe(|| worker.run(talk, late))).is_err() {
        tracing::error!(connection = live.id, "a defect in tickpipe ended the connection");
        live.break_off(shared);
    }
}

/// Closes a connection that there is no thread for, after its peer was told why.
pub(crate) fn turn_away(shared: &Shared, mut connection: Connection) {
    shared.stats.count_error(ErrorCode::Busy);
    let line = format!(
        "ERR {} the server has no room for another connection, close one\r\n",
        ErrorCode::Busy
    );
    if let Err(error) = connection.writer.write_all(line.as_bytes(), Duration::from_millis(100)) {
        tracing::debug!(%error, "cannot tell a peer that the server is busy");
    }
}

/// The line that a late handler left unanswered.
struct Late {
    request: Arc<str>,
    received_at: Instant,
    error: LineError,
}

impl Worker<'_> {
    fn run(mut self, talk: Box<Talk>, late: Option<Late>) {
        let held = match late {
            None => Held::Open(talk),
            Some(late) => self.answer_late(talk, &late),
        };
        let held = match held {
            Held::Open(talk) if self.shared.is_session_only() => {
                Held::Session(talk, Vec::new(), Instant::now())
            }
            Held::Open(talk) => self.read_on(talk),
            Held::Gone | Held::Over(..) | Held::Session(..) => held,
        };
        match held {
            Held::Over(talk, reason) => {
                // It keeps its place until then: else peers that come and go would leave handlers
                // behind faster than they end.
                drop_handler(self.handler.take());
                self.close(&talk, reason);
            }
            Held::Session(talk, bytes, now) => {
                let Talk { reader, writer, peer, .. } = *talk;
                session::serve(self.shared, self.live, peer, (reader, writer), (&bytes, now));
            }
            Held::Gone | Held::Open(_) => {}
        }
    }

    /// Answers the line of a late handler, and what came with it or since.
    fn answer_late(&mut self, mut talk: Box<Talk>, late: &Late) -> Held {
        let reply = Err(late.error.clone());
        match self.send(&mut talk, &late.request, &reply, late.received_at) {
            Ok(now) => self.answer_all(talk, now),
            Err(reason) => Held::Over(talk, reason),
        }
    }

    /// Reads and answers until the connection is over, or another thread has it.
    fn read_on(&mut self, mut talk: Box<Talk>) -> Held {
        let mut reads_at_stop = 0;
        loop {
            let is_stopping = reads_at_stop > 0;
            let timeout = if is_stopping {
                Some(READ_AT_STOP)
            } else {
                let due = match &talk.opening {
                    Some(opening) => opening.poll_timeout(),
                    None => talk.conversation.poll_timeout(),
                };
                due.map(|due| due.saturating_duration_since(Instant::now()))
            };
            let received = talk.reader.read(talk.buf.as_mut_slice(), timeout);
            let now = Instant::now();
            let (mut over, mut session) = (None, None);
            match received {
                Ok(Received::Data(count)) => session = talk.handle_bytes(now, count),
                Ok(Received::TimedOut | Received::Woken) if is_stopping => {
                    over = Some("server stopped");
                }
                Ok(Received::TimedOut) => talk.handle_timeout(now),
                // What has come until now is still read, and a moment's more.
                Ok(Received::Woken) => {}
                Ok(Received::End) => {
                    talk.handle_end();
                    over = Some("peer left");
                }
                Err(error) => {
                    tracing::debug!(connection = self.live.id, %error, "cannot read");
                    over = Some("read failed");
                }
            }
            talk = match self.answer_all(talk, now) {
                Held::Open(talk) => talk,
                held @ (Held::Gone | Held::Over(..) | Held::Session(..)) => return held,
            };
            if let Some(bytes) = session {
                return Held::Session(talk, bytes, now);
            }
            if self.shared.is_stopping() {
                reads_at_stop += 1;
                if reads_at_stop > READS_AT_STOP_MAX {
                    over = Some("server stopped");
                }
            }
            if let Some(reason) = over {
                return Held::Over(talk, reason);
            }
        }
    }

    /// Answers every whole line that came.
    fn answer_all(&mut self, mut talk: Box<Talk>, received_at: Instant) -> Held {
        let mut now = received_at;
        while let Some(event) = talk.conversation.poll_event() {
            let (request, reply) = match event {
                LineEvent::Refused { error, line } => (line.into(), Err(error)),
                LineEvent::Request(request) => {
                    let Some((same, reply)) = self.ask(talk, &request, received_at, now) else {
                        return Held::Gone;
                    };
                    talk = same;
                    (request, reply)
                }
                LineEvent::Truncated(len) => {
                    self.note_truncated(&talk, len);
                    continue;
                }
                _ => continue,
            };
            now = match self.send(&mut talk, &request, &reply, received_at) {
                Ok(now) => now,
                Err(reason) => return Held::Over(talk, reason),
            };
        }
        if talk.conversation.is_utf16() && !talk.has_told_utf16 {
            talk.has_told_utf16 = true;
            self.shared.log.once_a_minute("utf16", talk.peer.process_id, |more| {
                let mend = "peer writes UTF-16; add FILE_ANSI to the EA's FileOpen flags";
                tracing::warn!(connection = self.live.id, more, "{mend}");
            });
        }
        Held::Open(talk)
    }

    fn note_truncated(&self, talk: &Talk, len: usize) {
        let code = ErrorCode::Truncated;
        self.shared.stats.count_error(code);
        self.shared.log.once_a_minute(code.as_str(), talk.peer.process_id, |more| {
            let code = code.as_str();
            tracing::warn!(connection = self.live.id, code, len, more, "peer left within a line");
        });
    }

    /// Has the handler answer a line; `None` if it was late and another thread has the talk.
    fn ask(
        &mut self,
        mut talk: Box<Talk>,
        request: &Arc<str>,
        received_at: Instant,
        now: Instant,
    ) -> Option<(Box<Talk>, Reply)> {
        if let Err(error) = self.may_ask(&mut talk) {
            return Some((talk, Err(error)));
        }
        let peer = Arc::clone(&talk.peer);
        let parked = Parked { talk, request: Arc::clone(request), received_at };
        *self.parked() = Some(parked);
        // The clock of a line behind others starts when its turn comes.
        let token = self.live.turn.begin(self.shared.nanoseconds(now));
        let due =
            self.shared.config.handler_deadline.and_then(|deadline| now.checked_add(deadline));
        let handler = &mut self.handler;
        let answered = catch_unwind(AssertUnwindSafe(|| {
            handler.get_or_insert_with(|| (self.shared.factory)(&peer)).reply_by(request, due)
        }));
        let reply = answered.unwrap_or_else(|panic| {
            // Before the turn ends: what hangs here is late as well.
            drop_handler(self.handler.take());
            let text = panic_text(panic);
            self.shared.log.once_a_minute("handler panicked", None, |more| {
                tracing::error!(connection = self.live.id, panic = text, more, "handler panicked");
            });
            Err(LineError::new(ErrorCode::HandlerPanic, "the handler failed, see the server's log"))
        });
        if self.live.turn.end(token) {
            let parked = self.parked().take()?;
            return Some((parked.talk, reply));
        }
        self.shared.stats.late_replies.fetch_add(1, Ordering::Relaxed);
        self.shared.log.once_a_minute("late answer dropped", peer.process_id, |more| {
            let late_ms = u64::try_from(received_at.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(connection = self.live.id, late_ms, more, "late answer dropped");
        });
        self.live.give_back(self.shared, self.handler.take());
        None
    }

    /// Returns whether a handler may be asked, or what to answer in its place.
    fn may_ask(&mut self, talk: &mut Talk) -> Result<(), LineError> {
        if self.shared.is_stopping() {
            return Err(LineError::new(ErrorCode::ShuttingDown, "the server is stopping"));
        }
        if !self.live.take_place(self.shared) {
            let max = self.shared.config.connections_max;
            return Err(LineError::new(
                ErrorCode::Busy,
                format!("the server serves {max} other connections, allowed are {max}"),
            ));
        }
        if talk.is_handler_out {
            let Some(handler) = self.live.fetch_handler() else {
                return Err(LineError::new(
                    ErrorCode::HandlerBusy,
                    "the handler still works on a line it was too late for",
                ));
            };
            self.handler = handler;
            talk.is_handler_out = false;
        }
        Ok(())
    }

    /// Writes the reply to a line, counts it and tells the tap; returns when it was written, or why
    /// the connection is over.
    fn send(
        &self,
        talk: &mut Talk,
        request: &Arc<str>,
        reply: &Reply,
        received_at: Instant,
    ) -> Result<Instant, &'static str> {
        talk.out.clear();
        let sent = talk.conversation.encode(reply, &mut talk.out);
        let written = talk.writer.write_all(&talk.out, self.shared.config.write_deadline);
        if talk.out.capacity() > READ_LEN {
            talk.out = Vec::new();
        }
        if let Err(error) = written {
            return Err(self.cannot_write(&error));
        }
        let now = Instant::now();
        let elapsed = now.saturating_duration_since(received_at);
        self.shared.stats.record(elapsed);
        talk.exchanges += 1;
        if let Err(error) = &sent {
            self.shared.stats.count_error(error.code());
            self.log_error(talk, error);
        }
        if let Some(tap) = &self.shared.config.tap {
            let reply = match sent {
                Ok(()) => reply.clone(),
                Err(error) => Err(error),
            };
            let request = Arc::clone(request);
            tap.tell(TapEvent::Exchange { connection: self.live.id, request, reply, elapsed });
        }
        Ok(now)
    }

    fn cannot_write(&self, error: &io::Error) -> &'static str {
        if error.kind() == io::ErrorKind::TimedOut {
            self.shared.stats.count_error(ErrorCode::SlowConsumer);
            tracing::warn!(
                connection = self.live.id,
                code = ErrorCode::SlowConsumer.as_str(),
                deadline_ms = u64::try_from(self.shared.config.write_deadline.as_millis())
                    .unwrap_or(u64::MAX),
                "peer does not read its replies, connection closed"
            );
            return "peer does not read";
        }
        tracing::debug!(connection = self.live.id, %error, "cannot write");
        "peer left"
    }

    /// Logs an error that was sent.
    fn log_error(&self, talk: &Talk, error: &LineError) {
        let code = error.code().as_str();
        self.shared.log.once_a_minute(code, talk.peer.process_id, |more| {
            let text = error.text();
            tracing::warn!(connection = self.live.id, code, text, more, "error sent");
        });
    }

    fn close(&self, talk: &Talk, reason: &'static str) {
        self.live.close(self.shared);
        tracing::info!(
            connection = self.live.id,
            exchanges = talk.exchanges,
            reason,
            "connection closed"
        );
    }

    fn parked(&self) -> MutexGuard<'_, Option<Parked>> {
        self.live.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
