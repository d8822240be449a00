//! Another server as a handler: lines go there over TCP, its answers come back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{io, thread};

use tickpipe_proto::{ErrorCode, LineError, Reply};

use super::LineHandler;
use super::exchange::{Exchange, Missed, Partner, Time, reply_of};
use crate::endpoint::Endpoint;
use crate::handshake::{NoLine, WELCOME, read_first_line};
use crate::log_limit::LogLimit;
use crate::token::Token;
use crate::transport::{Connection, Received, connect_tcp};

/// The pause before another try to connect: doubled each time.
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(200);

/// How long a line without a deadline waits for a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How long a refused token is not shown again: each time counts against us.
const REFUSED_PAUSE: Duration = Duration::from_secs(1);

/// Where a write without a deadline ends: a day.
const WRITE_LIMIT: Duration = Duration::from_secs(86_400);

/// A write begins although its time is over, and then fails.
const WRITE_MIN: Duration = Duration::from_millis(1);

/// A server that listens on TCP, as [`ServerConfig::with_listen`](crate::ServerConfig::with_listen)
/// has it, and answers the lines: one connection for each of ours.
///
/// This is how an EA in a terminal under Wine reaches a program outside of Wine: the server in the
/// terminal's prefix forwards to one that runs natively.
///
/// The connection is made at the first line, and again when it is lost. A line waits for it as long
/// as there is time, and is sent once at most: whether a line whose answer does not come was
/// executed is not known, so it is answered with an error.
///
/// # Defaults
///
/// 5 s for the connection where lines have no deadline.
///
/// # Examples
///
/// ```
/// use tickpipe::{Client, Endpoint, Forward, Server, ServerConfig, Token, double};
///
/// # let [far, near] = ["far", "near"].map(|end| format!("doc-{end}-{}", std::process::id()));
/// let token = Token::random()?;
/// let config = ServerConfig::default()
///     .with_listen(Endpoint::loopback("127.0.0.1:0")?, token.clone());
/// let far = Server::bind_with(&far, config)?;
/// let address = far.tcp_address().expect("it listens").to_string();
/// std::thread::spawn(move || far.serve_fn(double));
///
/// let forward = Forward::new(Endpoint::loopback(&address)?, token);
/// let server = Server::bind(&near)?;
/// std::thread::spawn(move || server.serve(move |_| forward.handler()));
///
/// assert_eq!(Client::connect(&near)?.ask("1.10000000")?.as_deref(), Ok("2.200"));
/// # Ok::<(), tickpipe::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Forward(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    endpoint: Endpoint,
    token: Token,
    counters: Counters,
    log: LogLimit,
}

#[derive(Debug, Default)]
struct Counters {
    connected: AtomicU64,
    late_answers: AtomicU64,
    lost: AtomicU64,
    refused: AtomicU64,
    replaced: AtomicU64,
    unasked_lines: AtomicU64,
}

/// What became of the connections of a [`Forward`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForwardSummary {
    /// Connections that were made.
    pub connected: u64,
    /// Connections that the other server, or the way to it, ended.
    pub lost: u64,
    /// Connections that were given up because they were stuck, or sent without end.
    pub replaced: u64,
    /// How often the other server refused the token.
    pub refused: u64,
    /// Answers that came after their line had been answered `handler_timeout`; dropped.
    pub late_answers: u64,
    /// Lines that nobody asked for; dropped.
    pub unasked_lines: u64,
}

impl Forward {
    /// The handler deadline for a server that forwards: 1.25 s, between the 1 s that the other server
    /// gives its own handler, whose `handler_timeout` then still comes through, and the 1.5 s that
    /// an EA should wait.
    pub const HANDLER_DEADLINE: Duration = Duration::from_millis(1250);

    /// Names a server and the token that it wants to see.
    pub fn new(endpoint: Endpoint, token: Token) -> Self {
        Self(Arc::new(Inner {
            endpoint,
            token,
            counters: Counters::default(),
            log: LogLimit::default(),
        }))
    }

    /// Returns whether the lines would come to who listens on `address` of this machine: a server
    /// that listens there must not forward to itself, for each connection would make another.
    ///
    /// Of a server that listens on every address, only the loopback ones are known to be its own.
    #[must_use]
    pub fn reaches(&self, address: SocketAddr) -> bool {
        self.0.endpoint.reaches(address)
    }

    /// Makes the handler of a connection, which connects at the first line.
    #[must_use]
    pub fn handler(&self) -> ForwardHandler {
        ForwardHandler { forward: Arc::clone(&self.0), remote: None, refused: None }
    }

    /// Returns what became of the connections until now.
    #[must_use]
    pub fn summary(&self) -> ForwardSummary {
        let counters = &self.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ForwardSummary {
            connected: read(&counters.connected),
            lost: read(&counters.lost),
            replaced: read(&counters.replaced),
            refused: read(&counters.refused),
            late_answers: read(&counters.late_answers),
            unasked_lines: read(&counters.unasked_lines),
        }
    }
}

/// Why there is no connection.
enum NoConnection {
    /// It may work in a moment.
    Failed(String),
    /// It will not work before somebody mends it.
    Refused(String),
}

impl Inner {
    /// Connects and shows the token, until `due`.
    fn connect(&self, due: Instant) -> Result<Remote, NoConnection> {
        let left = due.saturating_duration_since(Instant::now());
        let mut connection = connect_tcp(self.endpoint.addresses(), left)
            .map_err(|error| NoConnection::Failed(error.to_string()))?;
        let left = due.saturating_duration_since(Instant::now()).max(WRITE_MIN);
        connection
            .writer
            .write_all(self.token.line().as_bytes(), left)
            .map_err(|error| NoConnection::Failed(error.to_string()))?;
        match read_first_line(&mut connection.reader, due) {
            Ok(line) if line == WELCOME.as_bytes() => {
                self.counters.connected.fetch_add(1, Ordering::Relaxed);
                tracing::info!(address = %self.endpoint, "connected to the other server");
                Ok(Remote { connection, exchange: Exchange::with_server() })
            }
            Ok(line) => Err(self.turned_away(&line)),
            Err(NoLine::Ended) => {
                Err(NoConnection::Failed("it closed the connection without a word".to_owned()))
            }
            Err(NoLine::Late | NoLine::Woken) => {
                Err(NoConnection::Failed("it said nothing to the token in time".to_owned()))
            }
            Err(NoLine::TooLong) => Err(no_server()),
        }
    }

    /// Reads what the other end said in place of a welcome.
    ///
    /// Nothing but a code of ours is shown of it: many a server repeats what it was sent, which was
    /// the token.
    fn turned_away(&self, line: &[u8]) -> NoConnection {
        let line = String::from_utf8_lossy(line);
        let code = line.strip_prefix("ERR ").and_then(|error| error.split(' ').next());
        match code.and_then(ErrorCode::from_word) {
            Some(code @ ErrorCode::TokenRefused) => {
                self.counters.refused.fetch_add(1, Ordering::Relaxed);
                let mend = "both ends need the same token file";
                NoConnection::Refused(format!("it said `ERR {code}`, {mend}"))
            }
            Some(code) => NoConnection::Failed(format!("it said `ERR {code}`")),
            None => no_server(),
        }
    }

    /// Counts what came to no purpose.
    fn note_dropped(&self, remote: &mut Remote) {
        let dropped = remote.exchange.take_dropped();
        self.counters.late_answers.fetch_add(dropped.late, Ordering::Relaxed);
        self.counters.unasked_lines.fetch_add(dropped.unasked, Ordering::Relaxed);
    }
}

fn no_server() -> NoConnection {
    NoConnection::Refused("what listens there is no tickpipe".to_owned())
}

/// Answers the lines of one connection by way of another server; made by [`Forward::handler`].
#[derive(Debug)]
pub struct ForwardHandler {
    forward: Arc<Inner>,
    remote: Option<Remote>,
    /// Why there is no use in connecting, and until when.
    refused: Option<(String, Instant)>,
}

/// A connection that has been let in.
#[derive(Debug)]
struct Remote {
    connection: Connection,
    exchange: Exchange,
}

impl Partner for Connection {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received> {
        self.reader.read(buf, timeout)
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Option<Duration>) -> io::Result<()> {
        self.writer.write_all(bytes, deadline.unwrap_or(WRITE_LIMIT).max(WRITE_MIN))
    }
}

impl LineHandler for ForwardHandler {
    fn reply_to(&mut self, line: &str) -> Reply {
        self.reply_by(line, None)
    }

    fn reply_by(&mut self, line: &str, due: Option<Instant>) -> Reply {
        let time = Time::until(due);
        let connect_due = time.due.unwrap_or_else(|| Instant::now() + CONNECT_LIMIT);
        let mut tries = Tries { due: connect_due, pause: Duration::ZERO };
        loop {
            let missed = match self.ask(line, time.due, &mut tries)? {
                Ok(answer) => return reply_of(answer),
                Err(missed) => missed,
            };
            match missed {
                // It was lost before the line was sent: another connection may do.
                Missed::Ended { was_sent: false } => {
                    self.note_lost();
                    if !tries.pause() {
                        return Err(self.unavailable("it closes each connection"));
                    }
                }
                // A whole deadline more, and nothing. What comes on another connection is ours.
                Missed::Owed { since } if is_over(since, time) => {
                    self.replace("gave no answer");
                }
                missed @ (Missed::Ended { .. }
                | Missed::Flooded
                | Missed::Owed { .. }
                | Missed::Stuck
                | Missed::TimedOut
                | Missed::Unusable(_)) => return Err(self.missed(missed, time)),
            }
        }
    }
}

/// Returns whether all of a line's time has passed since then.
fn is_over(since: Instant, time: Time) -> bool {
    since.elapsed() >= time.in_all.unwrap_or_default()
}

/// The tries to connect for one line.
struct Tries {
    due: Instant,
    pause: Duration,
}

impl Tries {
    /// Lets some time pass before the next try, none before the first; `false` if none is left.
    fn pause(&mut self) -> bool {
        let left = self.due.saturating_duration_since(Instant::now());
        // So much is left for the last try.
        let Some(pause_max) = left.checked_sub(PAUSE_MIN) else { return false };
        thread::sleep(self.pause.min(pause_max));
        self.pause = (self.pause * 2).clamp(PAUSE_MIN, PAUSE_MAX);
        true
    }
}

impl ForwardHandler {
    /// Asks the other server, to which a connection is made if there is none.
    fn ask(
        &mut self,
        line: &str,
        due: Option<Instant>,
        tries: &mut Tries,
    ) -> Result<Result<String, Missed>, LineError> {
        let mut remote = match self.remote.take() {
            Some(remote) => remote,
            None => self.connect(tries)?,
        };
        let asked = remote.exchange.ask(&mut remote.connection, line, due);
        self.forward.note_dropped(&mut remote);
        self.remote = Some(remote);
        Ok(asked)
    }

    /// Connects, again and again while there is time.
    fn connect(&mut self, tries: &mut Tries) -> Result<Remote, LineError> {
        if let Some((why, until)) = &self.refused {
            if Instant::now() < *until {
                return Err(self.unavailable(why));
            }
            self.refused = None;
        }
        loop {
            let why = match self.forward.connect(tries.due) {
                Ok(remote) => return Ok(remote),
                Err(NoConnection::Refused(why)) => {
                    let error = self.unavailable(&why);
                    self.refused = Some((why, Instant::now() + REFUSED_PAUSE));
                    return Err(error);
                }
                Err(NoConnection::Failed(why)) => why,
            };
            if !tries.pause() {
                return Err(self.unavailable(&why));
            }
        }
    }

    fn unavailable(&self, why: &str) -> LineError {
        let endpoint = &self.forward.endpoint;
        self.forward.log.once_a_minute("cannot reach the other server", None, |more| {
            let address = endpoint.to_string();
            tracing::warn!(address, why, more, "cannot reach the other server");
        });
        let text = format!("cannot reach the server at {endpoint}: {why}");
        LineError::new(ErrorCode::HandlerUnavailable, text)
    }

    fn missed(&mut self, missed: Missed, time: Time) -> LineError {
        let at = format!("the server at {}", self.forward.endpoint);
        match missed {
            Missed::Unusable(error) => error,
            Missed::Ended { .. } => {
                self.note_lost();
                let text = format!("{at} left before it answered, the line may have been executed");
                LineError::new(ErrorCode::HandlerEnded, text)
            }
            Missed::Flooded => {
                self.replace("sent without end and without being asked");
                let text = format!("{at} sent without end and without being asked");
                LineError::new(ErrorCode::BadReply, text)
            }
            Missed::Stuck => {
                self.replace("did not read");
                LineError::new(ErrorCode::HandlerTimeout, format!("{at} did not read the line"))
            }
            Missed::TimedOut => {
                let ms = time.as_millis();
                LineError::new(
                    ErrorCode::HandlerTimeout,
                    format!("{at} gave no answer within {ms} ms"),
                )
            }
            Missed::Owed { .. } => LineError::new(
                ErrorCode::HandlerBusy,
                format!("{at} still owes the answer to a line before"),
            ),
        }
    }

    /// Takes leave of a connection that has ended.
    fn note_lost(&mut self) {
        self.remote = None;
        self.forward.counters.lost.fetch_add(1, Ordering::Relaxed);
        self.forward.log.once_a_minute("the other server left", None, |more| {
            let address = self.forward.endpoint.to_string();
            tracing::warn!(address, more, "lost the connection to the other server");
        });
    }

    /// Ends a connection that is of no use any more.
    fn replace(&mut self, why: &'static str) {
        self.remote = None;
        self.forward.counters.replaced.fetch_add(1, Ordering::Relaxed);
        self.forward.log.once_a_minute("the other server is stuck", None, |more| {
            let address = self.forward.endpoint.to_string();
            tracing::warn!(address, more, "the other server {why}, its connection was closed");
        });
    }
}
