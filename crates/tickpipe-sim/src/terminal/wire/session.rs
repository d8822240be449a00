//! One session: hello, ticks, and what is served meanwhile.

use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tickpipe::raw::RawConnection;
use tickpipe::session::StopReason;
use tickpipe::session::local::LocalEvent;
use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Ask, Deinit, Fault, ServerMessage, Tick, Welcome, encode, parse_server,
};
use tickpipe_proto::types::RequestId;

use super::line::{Came, Lines};
use super::{LOOK, Watch, WireConfig, WireError, WireNote, pass};
use crate::terminal::answer::Served;
use crate::terminal::{Step, Terminal};

/// The line of the fault `garbage`.
const GARBAGE: &[u8] = b"\x02garbage\xff{]\n";
/// How long the answer to `deinit` is waited for, and the server's own end.
const LEAVE_WITHIN: Duration = Duration::from_secs(5);
/// MQL's `REASON_REMOVE`: the EA has been taken off its chart.
const REASON_REMOVE: u64 = 1;

/// How a session ended.
#[derive(Debug)]
pub(super) enum SessionEnd {
    /// As the terminal has it: another one follows.
    Again,
    /// The server ended it, with this word.
    Lost(String),
    /// There are no more.
    Over,
    /// Whoever watches ended it.
    Stopped,
}

/// What a wait came to, if not to its end.
#[derive(Debug)]
enum Broken {
    /// The terminal died while it served.
    Gone,
    /// The connection ended, or the server said why it will.
    Lost(String),
    /// Whoever watches ended it.
    Stopped,
    System(io::Error),
}

/// What a wait is for.
#[derive(Clone, Copy, Debug)]
struct Until {
    /// The answer to this request, or nothing but time.
    id: Option<u64>,
    end: Instant,
}

/// The answer to a request, or nothing until the time was over.
type Waited = Option<Result<(), Fault>>;

struct Session<'a, W> {
    lines: Lines,
    terminal: &'a mut Terminal,
    watch: &'a mut W,
    welcome: Welcome,
    last_id: u64,
    /// What ended the session, as the answer to the last tick has it; `bye` may come too late to be read.
    ended_by: Option<ErrorCode>,
    /// The open ping, and when it was sent.
    ping: Option<(u64, Instant)>,
    out: Vec<u8>,
}

/// Opens a session and plays it to its end.
pub(super) fn play_session<W: Watch>(
    terminal: &mut Terminal,
    connection: RawConnection,
    config: &WireConfig,
    watch: &mut W,
) -> Result<SessionEnd, WireError> {
    let mut lines = Lines::new(connection);
    let system = |source| WireError::System { pipe: config.pipe.clone(), source };
    let welcome = match greet(&mut lines, terminal, config, watch) {
        Ok(Greeted::Welcome(welcome)) => welcome,
        Ok(Greeted::Lost(code)) => return Ok(SessionEnd::Lost(code)),
        Ok(Greeted::Refused(error)) => return Err(error),
        Ok(Greeted::Stopped) => return Ok(SessionEnd::Stopped),
        Err(error) if is_lost(&error) => return Ok(SessionEnd::Lost(disconnected())),
        Err(error) => return Err(system(error)),
    };
    watch.note(WireNote::Opened(&welcome.session));
    let mut session = Session {
        lines,
        terminal,
        watch,
        welcome,
        last_id: 1,
        ended_by: None,
        ping: None,
        out: Vec::new(),
    };
    match session.play(config) {
        Ok(end) => Ok(end),
        Err(Broken::Gone) => {
            session.terminal.hang_up();
            Ok(SessionEnd::Again)
        }
        Err(Broken::Lost(code)) => match code.as_str() {
            "hello_required" | "replaced" | "version" => {
                let message = "it takes no other session of this terminal".to_owned();
                Err(WireError::Ended { code, message })
            }
            _ => Ok(SessionEnd::Lost(code)),
        },
        Err(Broken::Stopped) => session.stop().or(Ok(SessionEnd::Stopped)),
        Err(Broken::System(error)) if is_lost(&error) => {
            let code = session.ended_by.unwrap_or(ErrorCode::Disconnected);
            Ok(SessionEnd::Lost(code.as_str().to_owned()))
        }
        Err(Broken::System(error)) => Err(system(error)),
    }
}

enum Greeted {
    Lost(String),
    Refused(WireError),
    Stopped,
    Welcome(Welcome),
}

/// Says hello, and waits for the answer.
fn greet(
    lines: &mut Lines,
    terminal: &mut Terminal,
    config: &WireConfig,
    watch: &mut impl Watch,
) -> io::Result<Greeted> {
    let mut out = Vec::new();
    encode::hello(&mut out, 1, &terminal.greeting());
    lines.write(&out)?;
    let end = Instant::now() + config.hello_within;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Greeted::Refused(WireError::NoSession(String::new())));
        }
        if watch.is_stopped() {
            return Ok(Greeted::Stopped);
        }
        let line = match lines.next(left.min(LOOK))? {
            Came::Line(line) => line,
            Came::End => return Ok(Greeted::Lost(disconnected())),
            Came::Nothing => continue,
        };
        match parse_server(line) {
            Ok(ServerMessage::Reply { result: Ok(result), .. }) => {
                return Ok(match Welcome::parse(result) {
                    Ok(welcome) => Greeted::Welcome(welcome),
                    Err(fault) => Greeted::Refused(WireError::Hello(fault)),
                });
            }
            Ok(ServerMessage::Reply { result: Err(fault), .. }) => {
                return Ok(Greeted::Refused(WireError::Hello(fault)));
            }
            Ok(ServerMessage::Bye(bye)) => return Ok(Greeted::Lost(bye.code)),
            // An echo of the hello itself, or a line of line mode.
            Ok(ServerMessage::UnknownAsk { .. }) | Err(_) => {
                let shown = String::from_utf8_lossy(line).into_owned();
                return Ok(Greeted::Refused(WireError::NoSession(shown)));
            }
            Ok(_) => {}
        }
    }
}

impl<W: Watch> Session<'_, W> {
    fn play(&mut self, config: &WireConfig) -> Result<SessionEnd, Broken> {
        loop {
            match self.terminal.step() {
                Step::Event(LocalEvent::Tick(tick)) => self.tick(&tick, config)?,
                Step::Event(LocalEvent::Ended(reason)) => return self.end(reason),
                Step::Event(LocalEvent::Over) => return Ok(SessionEnd::Over),
                Step::Event(event) => self.put(&event),
                Step::Freeze(ms) => {
                    if pass(Duration::from_millis(ms.into()), self.watch) {
                        return Err(Broken::Stopped);
                    }
                }
                Step::Garbage => self.out.extend_from_slice(GARBAGE),
            }
        }
    }

    /// Writes an event; it goes out with the tick.
    fn put(&mut self, event: &LocalEvent) {
        match event {
            LocalEvent::Account(state) => encode::account(&mut self.out, None, state),
            LocalEvent::Bar(bar) => encode::bar(&mut self.out, None, bar),
            LocalEvent::Log(log) => encode::log(&mut self.out, None, log),
            LocalEvent::Trade(trade) => encode::trade(&mut self.out, None, trade),
            LocalEvent::Ended(_)
            | LocalEvent::Gap(_)
            | LocalEvent::Over
            | LocalEvent::Tick(_)
            | _ => {}
        }
    }

    /// Sends a tick with all that happened before it, and serves until it is answered.
    fn tick(&mut self, tick: &Tick, config: &WireConfig) -> Result<(), Broken> {
        if self.watch.is_stopped() {
            return Err(Broken::Stopped);
        }
        if let Some(end) = self.watch.tick(self.terminal, tick) {
            self.wait(Until { id: None, end })?;
        }
        let id = self.next_id();
        encode::tick(&mut self.out, Some(id), tick);
        self.flush()?;
        let end = Instant::now() + config.reply_within;
        let waited = self.wait(Until { id: Some(id), end })?;
        match &waited {
            Some(Ok(())) => self.watch.note(WireNote::TickAnswered),
            Some(Err(fault)) => {
                let ends = matches!(fault.code, ErrorCode::HandlerPanic | ErrorCode::HandlerEnded);
                self.ended_by = ends.then_some(fault.code);
                self.watch.note(WireNote::TickFailed(fault.code.as_str()));
            }
            None => self.watch.note(WireNote::TickUnanswered),
        }
        self.terminal.handle_reply(matches!(waited, Some(Ok(()))));
        Ok(())
    }

    /// The session is over as the terminal has it.
    fn end(&mut self, reason: StopReason) -> Result<SessionEnd, Broken> {
        match reason {
            StopReason::Deinit(deinit) => {
                self.leave(&deinit)?;
                Ok(SessionEnd::Over)
            }
            // It has been silent for too long; the server says so before it closes.
            StopReason::Ended(_) => {
                self.await_end()?;
                Ok(SessionEnd::Again)
            }
            StopReason::Disconnected | StopReason::ServerStopping | _ => Ok(SessionEnd::Again),
        }
    }

    /// Whoever watches ends it: the EA leaves.
    fn stop(&mut self) -> Result<SessionEnd, Broken> {
        self.out.clear();
        self.leave(&Deinit::new(REASON_REMOVE))?;
        Ok(SessionEnd::Stopped)
    }

    /// Says that the EA leaves, and waits until the server has heard it.
    fn leave(&mut self, deinit: &Deinit) -> Result<(), Broken> {
        let id = self.next_id();
        encode::deinit(&mut self.out, Some(id), deinit);
        self.flush()?;
        let end = Instant::now() + LEAVE_WITHIN;
        match self.wait(Until { id: Some(id), end }) {
            Ok(_) | Err(Broken::Lost(_) | Broken::Gone | Broken::Stopped) => Ok(()),
            Err(Broken::System(error)) => Err(Broken::System(error)),
        }
    }

    /// Reads what is left, until the server has closed.
    fn await_end(&mut self) -> Result<(), Broken> {
        let end = Instant::now() + LEAVE_WITHIN;
        while Instant::now() < end {
            match self.lines.next(LOOK) {
                Ok(Came::End) => break,
                Ok(Came::Line(_) | Came::Nothing) => {}
                Err(error) if is_lost(&error) => break,
                Err(error) => return Err(Broken::System(error)),
            }
        }
        Ok(())
    }

    /// Serves what is asked until an answer comes, or the time is over.
    fn wait(&mut self, until: Until) -> Result<Waited, Broken> {
        loop {
            let now = Instant::now();
            let left = until.end.saturating_duration_since(now);
            if left.is_zero() {
                return Ok(None);
            }
            let line = match self.lines.next(left.min(LOOK)).map_err(Broken::System)? {
                Came::Line(line) => line,
                Came::End => {
                    let code = self.ended_by.unwrap_or(ErrorCode::Disconnected);
                    return Err(Broken::Lost(code.as_str().to_owned()));
                }
                Came::Nothing => {
                    self.beat(now)?;
                    if self.watch.is_stopped() {
                        return Err(Broken::Stopped);
                    }
                    continue;
                }
            };
            match parse_server(line) {
                Ok(ServerMessage::Reply { id: Some(RequestId::Number(id)), result }) => {
                    if until.id == Some(id) {
                        return Ok(Some(result.map(|_| ())));
                    }
                    self.ping = self.ping.filter(|(ping, _)| *ping != id);
                }
                // Of what was garbage, or late.
                Ok(ServerMessage::Reply { .. }) => {}
                Ok(ServerMessage::Ask { id, ask }) => self.answer(&id, &ask)?,
                Ok(ServerMessage::Bye(bye)) => return Err(Broken::Lost(bye.code)),
                Ok(ServerMessage::UnknownAsk { id, method }) => {
                    let shown = tickpipe_proto::escaped(&method, 40);
                    let text = format!("found the method `{shown}`, which is not known here");
                    let fault = Fault::new(ErrorCode::UnknownMethod, text);
                    self.write(|out| encode::error(out, Some(&id), &fault))?;
                }
                Ok(_) => {}
                Err(refused) if refused.is_notification => {}
                Err(refused) => {
                    self.write(|out| encode::error(out, refused.id.as_ref(), &refused.fault))?;
                }
            }
        }
    }

    /// Serves one request.
    fn answer(&mut self, id: &RequestId, ask: &Ask) -> Result<(), Broken> {
        match self.terminal.serve(ask, Some(utc_ms())) {
            Served::Answer(answer) => self.write(|out| {
                if let Err(error) = encode::answer(out, id, &answer) {
                    encode::error(out, Some(id), &error.into());
                }
            }),
            Served::Gone => Err(Broken::Gone),
            Served::Lost => Ok(()),
            Served::Refused(fault) => self.write(|out| encode::error(out, Some(id), &fault)),
        }
    }

    /// Sends a ping if it is time for one, and notices a server that says nothing any more.
    fn beat(&mut self, now: Instant) -> Result<(), Broken> {
        let heartbeat = Duration::from_millis(self.welcome.heartbeat_ms);
        let silence = Duration::from_millis(self.welcome.silence_ms);
        if silence <= now.saturating_duration_since(self.lines.last_received) {
            return Err(Broken::Lost(ErrorCode::Silence.as_str().to_owned()));
        }
        let is_open = self.ping.is_some_and(|(_, sent)| now < sent + heartbeat);
        if is_open || now.saturating_duration_since(self.lines.last_sent) < heartbeat {
            return Ok(());
        }
        let id = self.next_id();
        self.ping = Some((id, now));
        self.write(|out| encode::ping(out, id))
    }

    /// Writes a line of its own; what waits for the tick goes on waiting.
    fn write(&mut self, put: impl FnOnce(&mut Vec<u8>)) -> Result<(), Broken> {
        let waiting = self.out.len();
        put(&mut self.out);
        let written = self.lines.write(&self.out[waiting..]);
        self.out.truncate(waiting);
        written.map_err(Broken::System)
    }

    fn flush(&mut self) -> Result<(), Broken> {
        let written = self.lines.write(&self.out);
        self.out.clear();
        written.map_err(Broken::System)
    }

    const fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

/// Whether an error says no more than that the other end has gone.
fn is_lost(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::BrokenPipe
            | K::ConnectionAborted
            | K::ConnectionReset
            | K::NotConnected
            | K::UnexpectedEof
            | K::TimedOut
    )
}

fn disconnected() -> String {
    ErrorCode::Disconnected.as_str().to_owned()
}

/// The machine's clock, by which orders expire.
fn utc_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
