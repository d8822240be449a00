//! The server: takes the name, accepts peers, and ends in good order.

mod config;
mod connection;
mod listen;
mod live;
mod session;
mod watchdog;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::message::Hello;
use tickpipe_proto::{ErrorCode, LineError, Reply};

pub use config::{Mode, ServerConfig};

use self::live::{Handlers, Live, Shared, ThreadCount};
use crate::access::Access;
use crate::error::{Error, ErrorKind};
use crate::handler::{Exec, Factory, LineHandler, Peer};
use crate::name::PipeName;
use crate::session::{Strategy, StrategyFactory};
use crate::signals::on_signal;
use crate::stats::{Stats, Summary};
use crate::transport::{
    Connection, LEFT_OVER_WAIT, ListenOptions, Listener, ListenerStop, TcpListening,
};

/// Connections beyond the served ones that are kept and answered `busy`. Further ones are told so
/// once and closed.
const BUSY_CONNECTIONS_MAX: usize = 64;

/// Connections that are still taken at a stop, of those that came before it.
const ACCEPTS_AT_STOP_MAX: u32 = 64;

/// The last part of the stop deadline, for peers that do not read and for programs at work.
const ABORT_SHARE: u32 = 4;

/// Ends what handlers wait for that belongs to the server, so that they return; called at a stop.
type EndWork = Box<dyn FnOnce()>;

/// A server that holds a pipe's name and answers the lines of everyone who connects.
///
/// # Examples
///
/// ```
/// use tickpipe::{Client, Server, double};
///
/// # let name = format!("doc-server-{}", std::process::id());
/// let server = Server::bind(&name)?;
/// let stopper = server.stopper();
/// let serving = std::thread::spawn(move || server.serve_fn(double));
///
/// assert_eq!(Client::connect(&name)?.ask("1.10000000")?.as_deref(), Ok("2.200"));
///
/// stopper.stop();
/// let summary = serving.join().expect("the server does not panic")?;
/// assert_eq!(summary.exchanges, 1);
/// # Ok::<(), tickpipe::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    tcp: Option<TcpListening>,
    name: PipeName,
    config: ServerConfig,
    stopper: Stopper,
}

/// Ends a server, from any thread.
#[derive(Clone, Debug)]
pub struct Stopper {
    listeners: Vec<ListenerStop>,
    is_stopped: Arc<AtomicBool>,
}

impl Stopper {
    /// Has the server answer what it has computed, tell waiting peers `shutting_down`, and end.
    ///
    /// Returns at once; [`Server::serve`] returns when it is done.
    pub fn stop(&self) {
        if !self.is_stopped.swap(true, Ordering::AcqRel) {
            self.listeners.iter().for_each(ListenerStop::stop);
        }
    }
}

impl Server {
    /// Takes a pipe's name, with the default settings.
    ///
    /// # Errors
    ///
    /// As [`bind_with`](Self::bind_with).
    pub fn bind(name: &str) -> Result<Self, Error> {
        Self::bind_with(name, ServerConfig::default())
    }

    /// Takes a pipe's name.
    ///
    /// From now on clients can connect; they are answered once the server serves.
    ///
    /// On Windows a name lives on with a server that has ended as long as an EA has its end of the
    /// pipe open: that is waited for, 3 s at most.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidName`](crate::ErrorKind::InvalidName),
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig),
    /// [`NameTaken`](crate::ErrorKind::NameTaken) if another server has the name,
    /// [`AddressTaken`](crate::ErrorKind::AddressTaken) if another program has the TCP address,
    /// [`Security`](crate::ErrorKind::Security) if others could reach the pipe than may, and
    /// [`Io`](crate::ErrorKind::Io).
    pub fn bind_with(name: &str, config: ServerConfig) -> Result<Self, Error> {
        let name = PipeName::new(name)?;
        config.check()?;
        for sid in &config.allowed_users {
            tracing::warn!(sid, "another user may connect");
        }
        let listener = Listener::bind(
            &name,
            ListenOptions {
                buffer_len: None,
                idle_instances: config.idle_instances,
                allowed_users: config.allowed_users.clone(),
                left_over_wait: LEFT_OVER_WAIT,
            },
        )?;
        let listen = config.listen.as_ref();
        let tcp =
            listen.map(|(endpoint, _)| TcpListening::bind(endpoint.addresses())).transpose()?;
        let mut listeners = vec![listener.stop_handle()];
        listeners.extend(tcp.as_ref().map(TcpListening::stop_handle));
        let stopper = Stopper { listeners, is_stopped: Arc::new(AtomicBool::new(false)) };
        tracing::info!(%name, address = listener.address(), "server listens");
        if let Some(tcp) = &tcp {
            tracing::info!(%name, address = %tcp.address(), "server listens on TCP");
        }
        Ok(Self { listener, tcp, name, config, stopper })
    }

    /// Returns the pipe's name.
    #[must_use]
    pub const fn name(&self) -> &PipeName {
        &self.name
    }

    /// Returns where clients connect: the pipe's path, or the socket's.
    #[must_use]
    pub fn address(&self) -> String {
        self.listener.address()
    }

    /// Reads back from the system who may connect.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if the system does not tell, and
    /// [`NotFound`](crate::ErrorKind::NotFound) if somebody has removed the socket.
    pub fn access(&self) -> Result<Access, Error> {
        self.listener.access()
    }

    /// Returns where the server listens on TCP, if it does; the port is the one that the system gave
    /// if 0 was asked for.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().map(TcpListening::address)
    }

    /// Returns what ends the server.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Ends the server in good order at Ctrl-C, SIGTERM or a closed console.
    ///
    /// The program handles these signals from then on, also once the server has ended; further ones
    /// do nothing. [`on_signal`](crate::on_signal) gives more say.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if the system refuses, or if the
    /// program handles signals already.
    pub fn stop_on_signals(&self) -> Result<(), Error> {
        let stopper = self.stopper();
        on_signal(move |_| stopper.stop())
            .map_err(|error| Error::io("cannot listen for signals", error))
    }

    /// Answers every line with a function, until stopped.
    ///
    /// # Errors
    ///
    /// As [`serve`](Self::serve).
    pub fn serve_fn(
        self,
        reply_to: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Result<Summary, Error> {
        let reply_to = Arc::new(reply_to);
        self.serve(move |_: &Peer| {
            let reply_to = Arc::clone(&reply_to);
            move |line: &str| reply_to(line)
        })
    }

    /// Answers lines until stopped: each connection has the handler that `make_handler` makes for
    /// it at its first line, on a thread of its own.
    ///
    /// A handler that does not return is left behind when the stop deadline is over, and counted in
    /// [`Summary::abandoned`].
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if no thread can be started.
    pub fn serve<H, F>(self, make_handler: F) -> Result<Summary, Error>
    where
        H: LineHandler + 'static,
        F: Fn(&Peer) -> H + Send + Sync + 'static,
    {
        let line: Factory = Box::new(move |peer| Box::new(make_handler(peer)));
        self.run(Handlers { line, session: None }, Box::new(|| {}))
    }

    /// Runs a strategy for every EA that opens a session, until stopped: each on a thread of its
    /// own, made by `make_strategy` from what the EA says of itself.
    ///
    /// Line mode is answered `session_required`. A strategy that does not return is left behind
    /// when the stop deadline is over, and counted in [`Summary::abandoned`].
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with
    /// [`Mode::Line`], and of kind [`Io`](crate::ErrorKind::Io) if no thread can be started.
    pub fn serve_strategy<S, F>(self, make_strategy: F) -> Result<Summary, Error>
    where
        S: Strategy + 'static,
        F: Fn(&Hello, &Peer) -> S + Send + Sync + 'static,
    {
        if self.config.mode == Mode::Line {
            let text = "a strategy in line mode would hear nothing, allowed are auto and session";
            return Err(Error::new(ErrorKind::InvalidConfig, text));
        }
        self.serve_both(|_: &Peer| session_required, make_strategy)
    }

    /// Serves both ways to talk until stopped: lines as [`serve`](Self::serve) does, sessions as
    /// [`serve_strategy`](Self::serve_strategy); the first line of a connection decides.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if no thread can be started.
    pub fn serve_both<H, L, S, F>(self, make_handler: L, make_strategy: F) -> Result<Summary, Error>
    where
        H: LineHandler + 'static,
        L: Fn(&Peer) -> H + Send + Sync + 'static,
        S: Strategy + 'static,
        F: Fn(&Hello, &Peer) -> S + Send + Sync + 'static,
    {
        let line: Factory = Box::new(move |peer| Box::new(make_handler(peer)));
        let session: StrategyFactory =
            Box::new(move |hello, peer| Box::new(make_strategy(hello, peer)));
        self.run(Handlers { line, session: Some(session) }, Box::new(|| {}))
    }

    /// Answers lines and runs sessions by way of a program until stopped: one process for each
    /// connection. The first line of a connection decides which of the two it is.
    ///
    /// Unlike with [`serve`](Self::serve) and [`Exec::handler`], a stop does not leave programs behind
    /// that are at work: after three quarters of the stop deadline it ends all of `exec`, as
    /// [`Exec::end_all`] does, and their handlers return.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Io`](crate::ErrorKind::Io) if no thread can be started.
    pub fn serve_exec(self, exec: &Exec) -> Result<Summary, Error> {
        let (handlers, strategies, ended) = (exec.clone(), exec.clone(), exec.clone());
        let line: Factory = Box::new(move |peer| Box::new(handlers.handler(peer)));
        let session: StrategyFactory =
            Box::new(move |hello, peer| Box::new(strategies.strategy(hello, peer)));
        self.run(Handlers { line, session: Some(session) }, Box::new(move || ended.end_all()))
    }

    fn run(mut self, handlers: Handlers, end_work: EndWork) -> Result<Summary, Error> {
        if self.config.mode == Mode::Session && handlers.session.is_none() {
            let text = "session mode without a strategy, allowed are auto and line";
            return Err(Error::new(ErrorKind::InvalidConfig, text));
        }
        let stats = Arc::new(Stats::new());
        let shared = Arc::new(Shared::new(self.config.clone(), handlers, Arc::clone(&stats)));
        let watchdog = watchdog::start(&shared)
            .map_err(|error| Error::io("cannot start the watchdog's thread", error))?;
        let listening = match (self.tcp.take(), self.config.listen.take()) {
            (Some(tcp), Some((_, token))) => Some(
                listen::start(&shared, tcp, token)
                    .map_err(|error| Error::io("cannot start the thread that listens", error))?,
            ),
            _ => None,
        };
        let mut accepts_at_stop = 0;
        while let Some(connection) = self.listener.accept() {
            // Who came before the stop is told of it; the next one may go on for ever.
            accepts_at_stop += u32::from(self.stopper.is_stopped.load(Ordering::Acquire));
            if accepts_at_stop > ACCEPTS_AT_STOP_MAX {
                break;
            }
            start_connection(&shared, connection);
        }
        // Whoever came is entered by then, and told of the stop.
        if listening.is_some_and(|listening| listening.join().is_err()) {
            tracing::error!("the thread that listens panicked");
        }
        finish(&shared, end_work);
        shared.registry.close();
        if watchdog.join().is_err() {
            tracing::error!("the watchdog panicked");
        }
        Ok(stats.summary())
    }
}

/// Answers the lines of a server that has strategies only.
fn session_required(_: &str) -> Reply {
    let text = "this server speaks session mode only, see docs/PROTOCOL.md chapter 10";
    Err(LineError::new(ErrorCode::SessionRequired, text))
}

/// Gives a new connection its thread.
fn start_connection(shared: &Arc<Shared>, connection: Connection) {
    let id = shared.next_id();
    shared.stats.connections.fetch_add(1, Ordering::Relaxed);
    let max = shared.config.connections_max.saturating_add(BUSY_CONNECTIONS_MAX);
    if shared.registry.count() >= max {
        shared.log.once_a_minute("too many connections", None, |more| {
            tracing::warn!(connection = id, max, more, "too many connections, one was closed");
        });
        return connection::turn_away(shared, connection);
    }
    let Connection { reader, writer, control } = connection;
    let live = Arc::new(Live::new(id, control));
    shared.registry.add(&live);
    // Taken here, so that places go to those who came first.
    live.take_place(shared);
    // One that showed its token late may have missed the call to all.
    if shared.is_stopping()
        && let Some(control) = live.control()
    {
        control.wake();
    }
    let spawned = thread::Builder::new().name(format!("tickpipe-{id}")).spawn({
        let count = ThreadCount::new(shared);
        let (shared, live) = (Arc::clone(shared), Arc::clone(&live));
        move || connection::serve(&shared, &live, reader, writer, count)
    });
    if let Err(error) = spawned {
        tracing::error!(connection = id, %error, "cannot start a thread, connection closed");
        live.close(shared);
    }
}

/// Ends every connection within the stop deadline.
fn finish(shared: &Arc<Shared>, end_work: EndWork) {
    let begun_at = Instant::now();
    let deadline = shared.config.stop_deadline;
    shared.stop();
    shared.lobby.wake_all();
    for live in shared.registry.all() {
        // A session is told without being woken, for its strategy may still ask.
        if let Some(link) = live.link() {
            link.begin_stop();
        } else if let Some(control) = live.control() {
            control.wake();
        }
    }
    let share = deadline / ABORT_SHARE;
    if shared.registry.wait_for_threads(begun_at + (deadline - share * 2)) > 0 {
        watchdog::expire_all(shared);
    }
    let mut left = shared.registry.wait_for_threads(begun_at + (deadline - share));
    if left > 0 {
        end_work();
    }
    while left > 0 && begun_at.elapsed() < deadline {
        for live in shared.registry.all() {
            if let Some(control) = live.control() {
                control.abort();
            }
        }
        let next = Instant::now() + Duration::from_millis(50);
        left = shared.registry.wait_for_threads(next.min(begun_at + deadline));
    }
    if left > 0 {
        shared.stats.abandoned.store(u64::try_from(left).unwrap_or(u64::MAX), Ordering::Relaxed);
        tracing::warn!(handlers = left, "handlers did not return, left behind");
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "server of {}", self.name)
    }
}
