//! A server that behaves badly when it is told to: what `tickpipe probe` runs.
//!
//! An EA's programmer learns from it what a terminal's file functions do when the other end is late,
//! silent or gone, and tests learn whether an EA bears it. Every connection begins well-mannered; a
//! line that begins with `!` is a [`Command`] that changes that. It is no server for a strategy.
//!
//! A connection has one thread, which reads a line, does what the line asks, and reads on; so a late
//! answer holds up the lines behind it, as a slow program would.

mod command;
mod connection;
mod die;
mod fault;
mod lines;
mod manner;
mod push;
mod random;
mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Scope};
use std::time::Duration;

use self::shared::{CONNECTIONS_MAX, Entry, Refused, Shared};
use crate::error::Error;
use crate::log_limit::LogLimit;
use crate::name::PipeName;
use crate::transport::{Connection, ListenOptions, Listener, ListenerStop};

pub use self::command::{Command, CommandError, End};
pub use self::fault::Faults;
pub use self::manner::Manner;

/// What the name of the pipe with small buffers ends in.
const SMALL_SUFFIX: &str = "-small";

/// Bytes of that pipe's buffers.
const SMALL_BUFFER_LEN: u32 = 4096;

/// Pipe instances of each pipe that wait for a client.
const IDLE_INSTANCES: usize = 16;

/// What an EA asked for.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProbeEvent<'a> {
    /// The connection's number, from 1 on.
    pub connection: u64,
    /// What stands after the `!`, as far as it is text.
    pub line: &'a str,
    /// What it was understood as.
    pub command: &'a Result<Command, CommandError>,
}

/// What is told of every command; it must not block, for the EA waits meanwhile.
type Observer<'a> = dyn Fn(&ProbeEvent<'_>) + Send + Sync + 'a;

/// A server that holds its two names and serves once [`serve`](Self::serve) is called.
#[derive(Debug)]
pub struct Probe {
    main: Listener,
    small: Listener,
    stopper: ProbeStopper,
    shared: Arc<Shared>,
}

/// Ends a [`Probe`], from any thread.
#[derive(Clone, Debug)]
pub struct ProbeStopper {
    listeners: [ListenerStop; 2],
    shared: Arc<Shared>,
}

impl ProbeStopper {
    /// Has every connection end, whatever it is at.
    pub fn stop(&self) {
        self.shared.stop();
        self.listeners.iter().for_each(ListenerStop::stop);
    }
}

impl Probe {
    /// Takes a pipe's name, and the same name with `-small` for a pipe with buffers of 4 KiB.
    ///
    /// # Errors
    ///
    /// As [`Server::bind`](crate::Server::bind) for either name, and of kind
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) for faults that cannot be.
    pub fn bind(name: &str, faults: Faults) -> Result<Self, Error> {
        faults.check()?;
        let small = PipeName::new(&format!("{name}{SMALL_SUFFIX}"))?;
        let options = |buffer_len| ListenOptions {
            buffer_len,
            idle_instances: IDLE_INSTANCES,
            allowed_users: Vec::new(),
            // Whoever starts one again waits without an end, and can be told to give up.
            left_over_wait: Duration::ZERO,
        };
        let main = Listener::bind(&PipeName::new(name)?, options(None))?;
        let small = Listener::bind(&small, options(Some(SMALL_BUFFER_LEN)))?;
        let shared = Arc::new(Shared::new(faults));
        let listeners = [main.stop_handle(), small.stop_handle()];
        let stopper = ProbeStopper { listeners, shared: Arc::clone(&shared) };
        Ok(Self { main, small, stopper, shared })
    }

    /// Returns where clients connect: the pipe's path, or the socket's.
    #[must_use]
    pub fn address(&self) -> String {
        self.main.address()
    }

    /// Returns where clients connect that are to meet small buffers.
    #[must_use]
    pub fn small_address(&self) -> String {
        self.small.address()
    }

    /// Returns what ends the server.
    #[must_use]
    pub fn stopper(&self) -> ProbeStopper {
        self.stopper.clone()
    }

    /// Serves until stopped, on threads of its own, and tells `observer` of every command.
    ///
    /// `!die` ends the whole program.
    pub fn serve(self, observer: impl Fn(&ProbeEvent<'_>) + Send + Sync) {
        let Self { main, small, stopper: _, shared } = self;
        let server = Serving {
            shared: &shared,
            observer: &observer,
            last_id: AtomicU64::new(0),
            log: LogLimit::default(),
        };
        thread::scope(|scope| {
            let second = thread::Builder::new()
                .name("tickpipe-small".to_owned())
                .spawn_scoped(scope, || server.accept_all(scope, small));
            if let Err(error) = second {
                tracing::error!(%error, "cannot start a thread, nobody is served at the small pipe");
            }
            server.accept_all(scope, main);
            shared.end_all();
        });
    }
}

/// What the threads that accept have in common.
struct Serving<'a> {
    shared: &'a Shared,
    observer: &'a Observer<'a>,
    last_id: AtomicU64,
    log: LogLimit,
}

impl Serving<'_> {
    fn accept_all<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, mut listener: Listener) {
        let address = listener.address();
        while let Some(connection) = listener.accept() {
            let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
            match self.shared.add(id, connection.control.clone()) {
                Ok(entry) => {
                    tracing::info!(connection = id, address, "connection opened");
                    self.start(scope, entry, connection);
                }
                Err(Refused::Stopping) => break,
                Err(Refused::TooMany) => {
                    self.log.once_a_minute("too many connections", None, |more| {
                        let max = CONNECTIONS_MAX;
                        tracing::warn!(max, more, "too many connections, one was closed");
                    });
                }
            }
        }
    }

    fn start<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        entry: Entry<'scope>,
        connection: Connection,
    ) {
        let id = entry.id;
        let serve = move || connection::serve(self.shared, self.observer, entry, connection);
        let named = thread::Builder::new().name(format!("tickpipe-probe-{id}"));
        if let Err(error) = named.spawn_scoped(scope, serve) {
            tracing::error!(connection = id, %error, "cannot start a thread, connection closed");
        }
    }
}

#[cfg(test)]
mod tests;
