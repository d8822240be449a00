//! A server on a thread, and a gate for handlers that are to hang.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tickpipe::{Client, Error, LineHandler, Peer, Server, ServerConfig, Stopper, Summary, echo};

/// No test waits longer for anything.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A server that runs until the test stops it.
pub(crate) struct Running {
    pub(crate) name: String,
    address: String,
    tcp_address: Option<SocketAddr>,
    stopper: Stopper,
    thread: JoinHandle<Result<Summary, Error>>,
}

pub(crate) fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("lib-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Starts a server on a new name.
pub(crate) fn start<H: LineHandler + 'static>(
    config: ServerConfig,
    make_handler: impl Fn(&Peer) -> H + Send + Sync + 'static,
) -> Running {
    start_server(config, |server| server.serve(make_handler))
}

/// Starts a server on a new name that serves so.
pub(crate) fn start_server(
    config: ServerConfig,
    serve: impl FnOnce(Server) -> Result<Summary, Error> + Send + 'static,
) -> Running {
    let name = new_name();
    let server = Server::bind_with(&name, config).unwrap();
    let stopper = server.stopper();
    let address = server.address();
    let tcp_address = server.tcp_address();
    let thread = thread::spawn(move || serve(server));
    Running { name, address, tcp_address, stopper, thread }
}

/// Starts an echo that waits at the gate with each line that `hangs` names.
pub(crate) fn start_gated(config: ServerConfig, hangs: fn(&str) -> bool) -> (Running, Gate) {
    let gate = Gate::default();
    let server = start(config, {
        let gate = gate.clone();
        move |_: &Peer| {
            let gate = gate.clone();
            move |line: &str| {
                if hangs(line) {
                    gate.pass();
                }
                echo(line)
            }
        }
    });
    (server, gate)
}

impl Running {
    pub(crate) fn client(&self) -> Client {
        Client::connect_with(&self.name, LIMIT).unwrap()
    }

    /// Connects as any program would that does not know this crate.
    #[cfg(unix)]
    pub(crate) fn raw_client(&self) -> std::os::unix::net::UnixStream {
        std::os::unix::net::UnixStream::connect(&self.address).unwrap()
    }

    /// Connects as any program would that does not know this crate.
    #[cfg(windows)]
    pub(crate) fn raw_client(&self) -> std::fs::File {
        std::fs::File::options().read(true).write(true).open(&self.address).unwrap()
    }

    /// Returns where it listens on TCP.
    pub(crate) fn tcp_address(&self) -> SocketAddr {
        self.tcp_address.unwrap()
    }

    /// Asks the server to stop, without waiting for it.
    pub(crate) fn begin_stop(&self) {
        self.stopper.stop();
    }

    /// Stops the server and returns what it did.
    pub(crate) fn stop(self) -> Summary {
        self.stopper.stop();
        self.thread.join().unwrap().unwrap()
    }
}

/// Asks and returns the answer, or the code of the error.
pub(crate) fn ask(client: &mut Client, line: &str) -> String {
    match client.ask(line).unwrap() {
        Ok(answer) => answer,
        Err(error) => error.code,
    }
}

/// Holds whoever waits for it, until opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    is_open: bool,
    waiting: u32,
}

impl Gate {
    /// Waits until the gate is open.
    pub(crate) fn pass(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        state.waiting += 1;
        changed.notify_all();
        drop(changed.wait_while(state, |state| !state.is_open).unwrap());
    }

    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().is_open = true;
        self.0.1.notify_all();
    }

    /// Waits until so many have come to the gate.
    pub(crate) fn wait_for(&self, count: u32) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap();
        let (state, result) =
            changed.wait_timeout_while(state, LIMIT, |state| state.waiting < count).unwrap();
        drop(state);
        assert!(!result.timed_out(), "nobody came to the gate");
    }
}
