//! Windows named pipes on overlapped handles.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::windows::io::OwnedHandle;
use std::sync::Arc;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_BROKEN_PIPE, ERROR_FILE_NOT_FOUND, ERROR_NETNAME_DELETED,
    ERROR_NO_DATA, ERROR_PIPE_BUSY, ERROR_PIPE_NOT_CONNECTED,
};
use windows_sys::Win32::Networking::WinSock::{WSAECONNABORTED, WSAECONNRESET};

use super::left_over::{Patience, Wait, make_first};
use super::{ACCEPT_RETRY, Connection, ListenOptions, Received, describe_holder};
use crate::access::{Access, AccessEntry, AccessKind, CLIENT_ACCESS, FULL_ACCESS, SYSTEM};
use crate::error::{Error, ErrorKind};
use crate::handler::Peer;
use crate::log_limit::LogLimit;
use crate::name::PipeName;
use crate::sys::windows::{
    Ace, AceKind, Channel, Connecting, Descriptor, Direction, Event, Overlapped, PipeHandle,
    SecurityDescriptor, Transfer, clear_events, client_process, client_session, current_user,
    named_mutex, process_program, server_process, set_at_accept, wait_any,
};

/// How long a client sleeps between two looks at a pipe whose instances are all taken.
const BUSY_RETRY: Duration = Duration::from_millis(2);

/// Between two tries to be the first of a name that an EA still holds.
const LEFT_OVER_RETRY: Duration = Duration::from_millis(50);

/// The server's end of a name: pipe instances that wait for a client.
#[derive(Debug)]
pub(crate) struct Listener {
    path: String,
    descriptor: SecurityDescriptor,
    buffer_len: u32,
    idle_instances: usize,
    idle: Vec<Connecting>,
    stop: ListenerStop,
    log: LogLimit,
    /// Hold the name on the machine and in this session.
    _names: Vec<OwnedHandle>,
}

/// Ends a listener's wait, from any thread.
#[derive(Clone, Debug)]
pub(crate) struct ListenerStop(Arc<Event>);

impl ListenerStop {
    pub(crate) fn stop(&self) {
        self.0.set();
    }
}

/// Waits for the peers of a TCP listener, until stopped.
#[derive(Debug)]
pub(crate) struct AcceptWait {
    came: Event,
    stop: ListenerStop,
}

impl AcceptWait {
    pub(crate) fn new(socket: &TcpListener) -> io::Result<Self> {
        let came = Event::new()?;
        set_at_accept(socket, &came)?;
        Ok(Self { came, stop: ListenerStop(Arc::new(Event::new()?)) })
    }

    pub(crate) fn stop_handle(&self) -> ListenerStop {
        self.stop.clone()
    }

    /// Waits for a peer; whether one may be there, and `false` once stopped and nobody waits.
    pub(crate) fn peer(&self, _socket: &TcpListener) -> io::Result<bool> {
        let index = wait_any(&[self.came.handle(), self.stop.0.handle()], None)?;
        // Reset before the caller accepts: whoever comes after that sets it again.
        self.came.reset();
        Ok(index != Some(1))
    }

    /// Lets some time pass; `false` once stopped.
    pub(crate) fn pause(&self, pause: Duration) -> bool {
        !wait_any(&[self.stop.0.handle()], Some(pause)).is_ok_and(|index| index.is_some())
    }
}

impl Listener {
    /// Takes the name and makes the idle instances.
    pub(crate) fn bind(name: &PipeName, options: ListenOptions) -> Result<Self, Error> {
        let path = name.windows_path();
        let fail = |error| Error::io(format!("cannot create pipe `{path}`"), error);
        let user = current_user().map_err(fail)?;
        let wanted = descriptor_of(&user, &options.allowed_users);
        let descriptor = SecurityDescriptor::from_sddl(&sddl(&wanted)).map_err(fail)?;
        let names = take_name(name, &descriptor)?;
        let buffer_len = options.buffer_len.unwrap_or(PipeHandle::BUFFER_LEN);
        let create = || match PipeHandle::create(&path, &descriptor, true, buffer_len) {
            Ok(first) => Ok(Some(first)),
            // The first-instance flag: the name exists, though nobody was found who serves it.
            Err(error) if is(&error, ERROR_ACCESS_DENIED) => Ok(None),
            Err(error) => Err(fail(error)),
        };
        let mut patience = Patience::new(options.left_over_wait);
        let wait = || wait_for_left_over(name, &mut patience);
        let first = make_first(|| refuse_live_server(name, &path), create, wait)?
            .ok_or_else(|| left_over(name, options.left_over_wait))?;
        let found = SecurityDescriptor::of(first.handle())
            .and_then(|descriptor| descriptor.describe())
            .map_err(fail)?;
        check_descriptor(&path, &wanted, &found)?;
        let stop = ListenerStop(Arc::new(Event::new().map_err(fail)?));
        let mut listener = Self {
            path,
            descriptor,
            buffer_len,
            idle_instances: options.idle_instances,
            idle: Vec::new(),
            stop,
            log: LogLimit::default(),
            _names: names,
        };
        // A client may come and leave before we wait for it; then the next instance takes over.
        if let Ok(connecting) = Connecting::start(first) {
            listener.idle.push(connecting);
        }
        while listener.idle.len() < listener.idle_instances {
            if let Err(error) = listener.add_instance() {
                return Err(Error::io(format!("cannot create pipe `{}`", listener.path), error));
            }
        }
        Ok(listener)
    }

    /// Returns where peers come to.
    pub(crate) fn address(&self) -> String {
        self.path.clone()
    }

    /// Reads who may connect from an instance that waits.
    pub(crate) fn access(&self) -> Result<Access, Error> {
        let path = &self.path;
        let instance = self.idle.first().and_then(Connecting::pipe);
        match instance {
            Some(pipe) => access_of(pipe)
                .map_err(|error| Error::io(format!("cannot read who may open `{path}`"), error)),
            None => Err(Error::new(ErrorKind::Io, format!("no instance of `{path}` waits"))),
        }
    }

    pub(crate) fn stop_handle(&self) -> ListenerStop {
        self.stop.clone()
    }

    /// Waits for a peer; `None` once stopped and nobody waits.
    ///
    /// The next instance stands before the connected one is handed out, and an instance is never
    /// used again.
    pub(crate) fn accept(&mut self) -> Option<Connection> {
        loop {
            while self.idle.len() < self.idle_instances {
                if let Err(error) = self.add_instance() {
                    self.log_shortage(&error);
                    break;
                }
            }
            // The first that is set counts: whoever came before the stop is still served.
            let mut handles: Vec<_> = self.idle.iter().map(Connecting::handle).collect();
            handles.push(self.stop.0.handle());
            // With fewer idle instances than wanted, making them is tried again.
            let timeout = (self.idle.len() < self.idle_instances).then_some(ACCEPT_RETRY);
            let index = match wait_any(&handles, timeout) {
                Ok(None) => continue,
                Ok(Some(index)) if index == self.idle.len() => return None,
                Ok(Some(index)) => index,
                Err(error) => {
                    tracing::error!(%error, "cannot wait for connections");
                    std::thread::sleep(ACCEPT_RETRY);
                    continue;
                }
            };
            // In the order of their making, so that nobody waits for ever behind newer ones.
            let connected = self.idle.remove(index);
            if let Err(error) = self.add_instance() {
                self.log_shortage(&error);
            }
            match connected.finish().and_then(split) {
                Ok(connection) => return Some(connection),
                // It came and left: the instance goes, another stands already.
                Err(error) => tracing::debug!(%error, "client left before it was served"),
            }
        }
    }

    fn log_shortage(&self, error: &io::Error) {
        self.log.once_a_minute("cannot create a pipe instance", None, |more| {
            let idle = self.idle.len();
            tracing::warn!(%error, idle, more, "cannot create a pipe instance");
        });
    }

    /// Makes one more instance and waits for a client on it.
    fn add_instance(&mut self) -> io::Result<()> {
        let pipe = PipeHandle::create(&self.path, &self.descriptor, false, self.buffer_len)?;
        match Connecting::start(pipe) {
            Ok(connecting) => self.idle.push(connecting),
            Err(error) if is(&error, ERROR_NO_DATA) => {
                tracing::debug!("client left before it was served");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Returns the descriptor that our pipes have: their owner, the system, and whom else the user
/// named.
fn descriptor_of(user: &str, allowed_users: &[String]) -> Descriptor {
    let allow = |mask, sid: &str| Ace { kind: AceKind::Allow, mask, sid: sid.to_owned() };
    let mut aces = vec![allow(FULL_ACCESS, user), allow(FULL_ACCESS, SYSTEM)];
    aces.extend(allowed_users.iter().map(|sid| allow(CLIENT_ACCESS, sid)));
    Descriptor { owner: Some(user.to_owned()), aces: Some(aces) }
}

/// Writes a descriptor of ours as text.
fn sddl(descriptor: &Descriptor) -> String {
    let mut text = format!("O:{}D:P", descriptor.owner.as_deref().unwrap_or_default());
    for ace in descriptor.aces.iter().flatten() {
        let kind = if ace.kind == AceKind::Allow { "A" } else { "D" };
        text.push_str(&format!("({kind};;0x{:x};;;{})", ace.mask, ace.sid));
    }
    text
}

/// Compares the descriptor that stands on the pipe with the one that should.
fn check_descriptor(path: &str, wanted: &Descriptor, found: &Descriptor) -> Result<(), Error> {
    let sorted = |descriptor: &Descriptor| {
        let mut descriptor = descriptor.clone();
        descriptor.aces.iter_mut().for_each(|aces| {
            aces.sort();
            aces.dedup();
        });
        descriptor
    };
    if sorted(wanted) == sorted(found) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Security,
        format!("pipe `{path}` has the descriptor {found:?}, allowed is only {wanted:?}"),
    ))
}

/// Takes the name's mutexes: for all sessions, and for this one.
fn take_name(name: &PipeName, descriptor: &SecurityDescriptor) -> Result<Vec<OwnedHandle>, Error> {
    let mut names = Vec::new();
    for space in ["Global", "Local"] {
        let mutex = format!("{space}\\{}", name.mutex_name());
        match named_mutex(&mutex, descriptor) {
            Ok(Some(handle)) => names.push(handle),
            Ok(None) => return Err(taken(name, holder(&name.windows_path()))),
            // Another user's server has it.
            Err(error) if is(&error, ERROR_ACCESS_DENIED) => {
                return Err(taken(name, holder(&name.windows_path())));
            }
            Err(error) => {
                return Err(Error::io(format!("cannot hold the name `{name}`"), error));
            }
        }
    }
    Ok(names)
}

/// Refuses if somebody serves the name who holds no mutex of ours.
fn refuse_live_server(name: &PipeName, path: &str) -> Result<(), Error> {
    match PipeHandle::open(path) {
        Ok(pipe) => Err(taken(name, server_process(pipe.handle()).ok())),
        Err(error) if is(&error, ERROR_FILE_NOT_FOUND) => Ok(()),
        Err(error) if is(&error, ERROR_PIPE_BUSY) || is(&error, ERROR_ACCESS_DENIED) => {
            Err(taken(name, None))
        }
        Err(error) => Err(Error::io(format!("cannot look whether `{path}` is served"), error)),
    }
}

/// Lets a moment pass for EAs to close the pipe of a server that has ended; `false` once they had
/// their time.
fn wait_for_left_over(name: &PipeName, patience: &mut Patience) -> bool {
    match patience.at(Instant::now()) {
        Wait::Begun => {
            let text = "an EA still holds the pipe of a server that has ended, the new one waits \
                        for it to close its handle";
            tracing::warn!(%name, "{text}");
        }
        Wait::GoesOn => {}
        Wait::Over => return false,
    }
    std::thread::sleep(LEFT_OVER_RETRY);
    true
}

/// The name exists, and nobody serves it.
///
/// # Source
///
/// Windows: `CreateNamedPipeW` on `FILE_FLAG_FIRST_PIPE_INSTANCE`. That a name lives as long as any
/// end of its pipes is open, and that a client finds nothing once no server end is, is not written
/// there.
fn left_over(name: &PipeName, waited: Duration) -> Error {
    let ms = waited.as_millis();
    Error::new(
        ErrorKind::NameTaken,
        format!(
            "pipe `{name}` still exists, though within {ms} ms nobody was found who serves it: an \
             EA holds the pipe of a server that has ended, or another program has made it and does \
             not answer"
        ),
    )
    .with_source(io::Error::from_raw_os_error(ERROR_ACCESS_DENIED.cast_signed()))
}

/// Returns who serves a pipe, if it can be asked.
fn holder(path: &str) -> Option<u32> {
    PipeHandle::open(path).and_then(|pipe| server_process(pipe.handle())).ok()
}

fn taken(name: &PipeName, holder: Option<u32>) -> Error {
    let program = holder.and_then(|id| process_program(id).ok()).map(|(program, _)| program);
    Error::new(
        ErrorKind::NameTaken,
        format!(
            "pipe `{name}` is served by {} already",
            describe_holder(holder, program.as_deref())
        ),
    )
}

/// Makes a connection of a pipe that has a peer.
pub(crate) fn split(pipe: PipeHandle) -> io::Result<Connection> {
    connection(Channel::Pipe(pipe))
}

/// Makes a connection of a TCP stream.
pub(crate) fn split_tcp(stream: TcpStream) -> io::Result<Connection> {
    // It has its listener's event and mode.
    clear_events(&stream)?;
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    connection(Channel::Socket(stream))
}

fn connection(channel: Channel) -> io::Result<Connection> {
    let channel = Arc::new(channel);
    let wake = Arc::new(Event::new()?);
    Ok(Connection {
        reader: Reader {
            transfers: Overlapped::new(Arc::clone(&channel))?,
            wake: Arc::clone(&wake),
        },
        writer: Writer { transfers: Overlapped::new(Arc::clone(&channel))? },
        control: Control { channel, wake },
    })
}

/// Opens a client's connection to a name; waits at most `timeout` while all instances are taken.
///
/// Refuses a server of another user.
pub(crate) fn connect(name: &PipeName, timeout: Duration) -> Result<Connection, Error> {
    let path = name.windows_path();
    let fail = |error| Error::io(format!("cannot connect to `{path}`"), error);
    let begun_at = Instant::now();
    let pipe = loop {
        match PipeHandle::open(&path) {
            Ok(pipe) => break pipe,
            Err(error) if is(&error, ERROR_FILE_NOT_FOUND) => {
                return Err(Error::new(ErrorKind::NotFound, format!("nobody serves `{path}`"))
                    .with_source(error));
            }
            Err(error) if is(&error, ERROR_PIPE_BUSY) && begun_at.elapsed() < timeout => {
                std::thread::sleep(BUSY_RETRY);
            }
            Err(error) => return Err(fail(error)),
        }
    };
    let owner = SecurityDescriptor::of(pipe.handle())
        .and_then(|found| found.describe())
        .map_err(fail)?
        .owner;
    check_owner(&path, owner.as_deref(), &current_user().map_err(fail)?)?;
    tracing::debug!(server = server_process(pipe.handle()).ok(), "connected");
    split(pipe).map_err(fail)
}

/// Returns where clients of a name connect.
#[expect(clippy::unnecessary_wraps, reason = "on Unix a path can be too long")]
pub(crate) fn address(name: &PipeName) -> Result<String, Error> {
    Ok(name.windows_path())
}

/// Reads who may connect to a name, from an instance that is opened for it.
pub(crate) fn access(name: &PipeName) -> Result<Access, Error> {
    let path = name.windows_path();
    match PipeHandle::open(&path) {
        Ok(pipe) => access_of(&pipe)
            .map_err(|error| Error::io(format!("cannot read who may open `{path}`"), error)),
        Err(error) if is(&error, ERROR_FILE_NOT_FOUND) => {
            Err(Error::new(ErrorKind::NotFound, format!("nobody serves `{path}`"))
                .with_source(error))
        }
        Err(error) => Err(Error::io(format!("cannot open `{path}`"), error)),
    }
}

fn access_of(pipe: &PipeHandle) -> io::Result<Access> {
    let descriptor = SecurityDescriptor::of(pipe.handle())?;
    let Descriptor { owner, aces } = descriptor.describe()?;
    let entry = |ace: Ace| AccessEntry {
        kind: match ace.kind {
            AceKind::Allow => AccessKind::Allow,
            AceKind::Deny => AccessKind::Deny,
            AceKind::Other(number) => AccessKind::Other(number),
        },
        user: ace.sid,
        rights: ace.mask,
    };
    Ok(Access::Pipe {
        owner,
        entries: aces.map(|aces| aces.into_iter().map(entry).collect()),
        sddl: descriptor.to_sddl()?,
        this_user: current_user()?,
    })
}

/// Compares a pipe's owner with this user.
fn check_owner(path: &str, owner: Option<&str>, user: &str) -> Result<(), Error> {
    if owner == Some(user) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Security,
        format!(
            "pipe `{path}` belongs to {}, allowed is a server of this user, {user}",
            owner.unwrap_or("nobody")
        ),
    ))
}

/// The receiving half.
#[derive(Debug)]
pub(crate) struct Reader {
    transfers: Overlapped,
    wake: Arc<Event>,
}

impl Reader {
    /// Returns what ends the read under way, and every later one.
    pub(crate) fn waker(&self) -> Arc<Event> {
        Arc::clone(&self.wake)
    }

    /// Reads what is there, waiting for it at most `timeout`.
    pub(crate) fn read(
        &mut self,
        buf: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<Received> {
        match self.transfers.transfer(Direction::Read(buf), Some(&self.wake), timeout) {
            // A socket's end; through a pipe no read is empty.
            Ok(Transfer::Done(0)) if self.transfers.is_socket() => Ok(Received::End),
            Ok(Transfer::Done(count)) => Ok(Received::Data(count)),
            Ok(Transfer::TimedOut) => Ok(Received::TimedOut),
            Ok(Transfer::Woken) => Ok(Received::Woken),
            Err(error) if is_end(&error) => Ok(Received::End),
            Err(error) => Err(error),
        }
    }
}

/// The sending half.
#[derive(Debug)]
pub(crate) struct Writer {
    transfers: Overlapped,
}

impl Writer {
    /// Writes everything within `deadline`, or fails.
    pub(crate) fn write_all(&mut self, mut bytes: &[u8], deadline: Duration) -> io::Result<()> {
        // A byte-mode pipe takes all of a write; the loop is for what Windows does not promise.
        while !bytes.is_empty() {
            match self.transfers.transfer(Direction::Write(bytes), None, Some(deadline))? {
                Transfer::Done(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Transfer::TimedOut | Transfer::Woken => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
        Ok(())
    }
}

/// What other threads may do with a connection: ask who it is, and end its transfers.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    channel: Arc<Channel>,
    wake: Arc<Event>,
}

impl Control {
    /// Looks up who the peer is.
    pub(crate) fn peer(&self) -> Peer {
        let pipe = match &*self.channel {
            Channel::Pipe(pipe) => pipe.handle(),
            Channel::Socket(stream) => {
                return Peer { address: stream.peer_addr().ok(), ..Peer::default() };
            }
        };
        let process_id = client_process(pipe).ok();
        let program = process_id.and_then(|id| process_program(id).ok());
        let (program, user) = program.unzip();
        let session_id = client_session(pipe).ok();
        Peer { process_id, session_id, program, user, ..Peer::default() }
    }

    /// Ends the read under way, and every later one, once it has nothing to give.
    pub(crate) fn wake(&self) {
        self.wake.set();
    }

    /// Tells a peer over TCP that nothing more comes, while it may still be read; a pipe has no such
    /// word.
    pub(crate) fn end_writing(&self) {
        if let Channel::Socket(stream) = &*self.channel
            && let Err(error) = stream.shutdown(Shutdown::Write)
        {
            tracing::debug!(%error, "cannot shut down a connection");
        }
    }

    /// Ends every transfer under way, whatever it has to give.
    pub(crate) fn abort(&self) {
        self.wake.set();
        self.channel.cancel_all();
    }

    /// Takes the connection from the peer, and with it what the peer has not read yet.
    pub(crate) fn disconnect(&self) -> io::Result<()> {
        self.channel.disconnect()
    }

    /// Returns whether the peer has left, even if not all it wrote was read.
    pub(crate) fn has_peer_left(&self) -> io::Result<bool> {
        self.channel.has_peer_left()
    }
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}

/// Returns whether an error says that the peer has left.
fn is_end(error: &io::Error) -> bool {
    let codes = [
        ERROR_BROKEN_PIPE,
        ERROR_NETNAME_DELETED,
        ERROR_NO_DATA,
        ERROR_PIPE_NOT_CONNECTED,
        WSAECONNABORTED.cast_unsigned(),
        WSAECONNRESET.cast_unsigned(),
    ];
    codes.into_iter().any(|code| is(error, code))
}

#[cfg(test)]
mod tests;
