//! Unix stream sockets, for development, tests and local programs.

mod stream;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
    PermissionsExt as _,
};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::set_socket_send_buffer_size;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, socket_with};

pub(crate) use self::stream::{Control, Reader, Writer, split_tcp};

use self::stream::split;
use super::{ACCEPT_RETRY, Connection, ListenOptions, describe_holder};
use crate::access::Access;
use crate::error::{Error, ErrorKind};
use crate::handler::Peer;
use crate::log_limit::LogLimit;
use crate::name::PipeName;

/// Connections that wait to be accepted before further ones wait at their own end.
///
/// Each costs a thread's start, so what stands in this queue is what a new peer waits for.
const BACKLOG: i32 = 128;

/// How long a client sleeps between two looks at a queue without room.
const CONNECT_RETRY: Duration = Duration::from_millis(2);

/// Bytes of a socket's path, with room for `.new` in the address.
const PATH_LEN_MAX: usize = 103;

/// The server's end of a name: the socket that peers come to.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: UnixListener,
    path: PathBuf,
    inode: (u64, u64),
    stopped: io::PipeReader,
    stop: ListenerStop,
    buffer_len: Option<u32>,
    log: LogLimit,
    /// Holds the name; released by the system when the program ends, however it ends.
    _lock: File,
}

/// Ends a listener's wait, from any thread.
#[derive(Clone, Debug)]
pub(crate) struct ListenerStop(Arc<io::PipeWriter>);

impl ListenerStop {
    pub(crate) fn stop(&self) {
        if let Err(error) = (&*self.0).write_all(b"x") {
            tracing::error!(%error, "cannot wake the listener");
        }
    }
}

/// Waits for the peers of a TCP listener, until stopped.
#[derive(Debug)]
pub(crate) struct AcceptWait {
    stopped: io::PipeReader,
    stop: ListenerStop,
}

impl AcceptWait {
    pub(crate) fn new(_socket: &TcpListener) -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        Ok(Self { stopped, stop: ListenerStop(Arc::new(stop)) })
    }

    pub(crate) fn stop_handle(&self) -> ListenerStop {
        self.stop.clone()
    }

    /// Waits for a peer; whether one may be there, and `false` once stopped and nobody waits.
    pub(crate) fn peer(&self, socket: &TcpListener) -> io::Result<bool> {
        let mut fds =
            [PollFd::new(&self.stopped, PollFlags::IN), PollFd::new(socket, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
        let [stopped, ready] = fds.map(|fd| !fd.revents().is_empty());
        Ok(ready || !stopped)
    }

    /// Lets some time pass; `false` once stopped.
    pub(crate) fn pause(&self, pause: Duration) -> bool {
        let mut fds = [PollFd::new(&self.stopped, PollFlags::IN)];
        let pause = Timespec::try_from(pause).ok();
        !poll(&mut fds, pause.as_ref()).is_ok_and(|count| count > 0)
    }
}

impl Listener {
    /// Takes the name and listens on it.
    pub(crate) fn bind(name: &PipeName, options: ListenOptions) -> Result<Self, Error> {
        let path = socket_path(name)?;
        if name.name_or_path().is_ok() {
            secure_directory(path.parent().unwrap_or(Path::new("/")))?;
        }
        refuse_foreign_file(&path)?;
        let lock = take_lock(name, &path)?;
        refuse_live_server(name, &path)?;
        let fail = |error| Error::io(format!("cannot listen on `{}`", path.display()), error);
        let socket = listen(&path).map_err(fail)?;
        let metadata = fs::symlink_metadata(&path).map_err(fail)?;
        let (stopped, stop) = io::pipe().map_err(fail)?;
        Ok(Self {
            socket,
            inode: (metadata.dev(), metadata.ino()),
            path,
            stopped,
            stop: ListenerStop(Arc::new(stop)),
            buffer_len: options.buffer_len,
            log: LogLimit::default(),
            _lock: lock,
        })
    }

    /// Returns where peers come to.
    pub(crate) fn address(&self) -> String {
        self.path.display().to_string()
    }

    /// Reads who may connect.
    pub(crate) fn access(&self) -> Result<Access, Error> {
        access_of(&self.path)
    }

    pub(crate) fn stop_handle(&self) -> ListenerStop {
        self.stop.clone()
    }

    /// Waits for a peer; `None` once stopped and nobody waits.
    pub(crate) fn accept(&mut self) -> Option<Connection> {
        loop {
            let mut fds = [
                PollFd::new(&self.stopped, PollFlags::IN),
                PollFd::new(&self.socket, PollFlags::IN),
            ];
            if let Err(error) = poll(&mut fds, None) {
                if error != rustix::io::Errno::INTR {
                    tracing::error!(%error, "cannot wait for connections");
                    std::thread::sleep(ACCEPT_RETRY);
                }
                continue;
            }
            let [stopped, ready] = fds.map(|fd| !fd.revents().is_empty());
            if stopped && !ready {
                return None;
            }
            match self.socket.accept().map(|(stream, _)| admit(stream, self.buffer_len)) {
                Ok(Ok(connection)) => return Some(connection),
                Ok(Err(error)) => self.log.once_a_minute("connection refused", None, |more| {
                    tracing::warn!(%error, more, "connection refused");
                }),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => {
                    self.log.once_a_minute("cannot accept", None, |more| {
                        tracing::warn!(%error, more, "cannot accept a connection");
                    });
                    if stopped {
                        return None;
                    }
                    std::thread::sleep(ACCEPT_RETRY);
                }
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let is_ours = fs::symlink_metadata(&self.path)
            .is_ok_and(|metadata| (metadata.dev(), metadata.ino()) == self.inode);
        if is_ours && let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "cannot remove the socket");
        }
    }
}

/// Returns where the socket of a name is.
fn socket_path(name: &PipeName) -> Result<PathBuf, Error> {
    let path = match name.name_or_path() {
        Err(path) => path.to_owned(),
        Ok(name) => {
            let directory = match std::env::var_os("XDG_RUNTIME_DIR") {
                Some(runtime) if Path::new(&runtime).is_absolute() => {
                    Path::new(&runtime).join("tickpipe")
                }
                _ => std::env::temp_dir()
                    .join(format!("tickpipe-{}", rustix::process::geteuid().as_raw())),
            };
            directory.join(format!("{name}.sock"))
        }
    };
    let len = path.as_os_str().len();
    if len > PATH_LEN_MAX {
        let text = format!(
            "socket path `{}` has {len} bytes, allowed are {PATH_LEN_MAX}; choose a shorter name",
            path.display()
        );
        return Err(Error::new(ErrorKind::InvalidName, text));
    }
    Ok(path)
}

/// Returns where clients of a name connect.
pub(crate) fn address(name: &PipeName) -> Result<String, Error> {
    Ok(socket_path(name)?.display().to_string())
}

/// Reads who may connect to a name.
pub(crate) fn access(name: &PipeName) -> Result<Access, Error> {
    access_of(&socket_path(name)?)
}

fn access_of(path: &Path) -> Result<Access, Error> {
    let fail = |error: io::Error| {
        let at = path.display();
        if error.kind() == io::ErrorKind::NotFound {
            return Error::new(ErrorKind::NotFound, format!("nobody serves `{at}`"))
                .with_source(error);
        }
        Error::io(format!("cannot read who may open `{at}`"), error)
    };
    let directory = path.parent().unwrap_or(Path::new("/"));
    let socket = fs::symlink_metadata(path).map_err(fail)?;
    let place = fs::metadata(directory).map_err(fail)?;
    Ok(Access::Socket {
        owner: socket.uid(),
        mode: socket.mode() & 0o7777,
        directory: directory.display().to_string(),
        directory_owner: place.uid(),
        directory_mode: place.mode() & 0o7777,
        this_user: rustix::process::geteuid().as_raw(),
    })
}

/// Makes the directory of our sockets, or checks that nobody else can write there.
fn secure_directory(path: &Path) -> Result<(), Error> {
    let fail = |error| {
        let text = format!(
            "cannot make the directory `{}`; it is in $XDG_RUNTIME_DIR, else in $TMPDIR",
            path.display()
        );
        Error::io(text, error)
    };
    match DirBuilder::new().mode(0o700).create(path) {
        // Whatever the umask took away, its owner needs.
        Ok(()) => fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(fail)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(fail(error)),
    }
    let metadata = fs::symlink_metadata(path).map_err(fail)?;
    let insecure = |found: String| {
        Err(Error::new(
            ErrorKind::Security,
            format!(
                "directory `{}` {found}; allowed is a directory of this user's with mode 0700",
                path.display()
            ),
        ))
    };
    if !metadata.is_dir() {
        return insecure("is a symbolic link or a file".to_owned());
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return insecure(format!("belongs to user {}", metadata.uid()));
    }
    if metadata.mode() & 0o077 != 0 {
        return insecure(format!("has mode {:04o}", metadata.mode() & 0o7777));
    }
    Ok(())
}

/// Connects without waiting for a place in the server's queue.
fn try_connect(path: &Path) -> io::Result<UnixStream> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    rustix::net::connect(&socket, &SocketAddrUnix::new(path)?)?;
    let stream = UnixStream::from(socket);
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// Returns whether a server is there but has no room in its queue.
fn is_full(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// Takes the lock that one server of a name holds; its file stays for ever, so that two servers
/// never lock two files of one name.
fn take_lock(name: &PipeName, socket: &Path) -> Result<File, Error> {
    let path = PathBuf::from(format!("{}.lock", socket.display()));
    let fail = |error| Error::io(format!("cannot open the lock file `{}`", path.display()), error);
    let mut lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(&path)
        .map_err(fail)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let holder = match lock.read_to_string(&mut holder) {
                Ok(_) => holder.trim().parse().ok(),
                Err(_) => None,
            };
            return Err(taken(name, holder));
        }
        Err(fs::TryLockError::Error(error)) => return Err(fail(error)),
    }
    lock.set_permissions(fs::Permissions::from_mode(0o600)).map_err(fail)?;
    lock.set_len(0).map_err(fail)?;
    write!(lock, "{}", std::process::id()).map_err(fail)?;
    Ok(lock)
}

/// Leaves a file alone that is no socket.
fn refuse_foreign_file(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.file_type().is_socket() => {
            let at = path.display();
            let text =
                format!("`{at}` is there and is no socket; remove it or choose another name");
            Err(Error::new(ErrorKind::Security, text))
        }
        _ => Ok(()),
    }
}

/// Refuses if somebody listens on the socket who holds no lock of ours.
fn refuse_live_server(name: &PipeName, path: &Path) -> Result<(), Error> {
    match try_connect(path) {
        Ok(stream) => Err(taken(name, peer_of(&stream).process_id)),
        Err(error) if is_full(&error) => Err(taken(name, None)),
        Err(_) => Ok(()),
    }
}

fn taken(name: &PipeName, holder: Option<u32>) -> Error {
    let program = holder.and_then(program_of);
    Error::new(
        ErrorKind::NameTaken,
        format!(
            "pipe `{name}` is served by {} already",
            describe_holder(holder, program.as_deref())
        ),
    )
}

/// Listens on a new socket that takes the path's place at once, with the right mode from the start.
fn listen(path: &Path) -> io::Result<UnixListener> {
    let new = PathBuf::from(format!("{}.new", path.display()));
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let socket = UnixListener::bind(&new)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
    // Again, with a limit: the first call, which is the library's, allows thousands.
    rustix::net::listen(&socket, BACKLOG)?;
    socket.set_nonblocking(true)?;
    fs::rename(&new, path)?;
    Ok(socket)
}

/// Lets a peer in if it is the same user.
fn admit(stream: UnixStream, buffer_len: Option<u32>) -> io::Result<Connection> {
    check_user(&stream)?;
    stream.set_nonblocking(false)?;
    if let Some(len) = buffer_len.and_then(|len| usize::try_from(len).ok()) {
        set_socket_send_buffer_size(&stream, len)?;
    }
    Ok(split(stream))
}

#[cfg(target_os = "linux")]
fn check_user(stream: &UnixStream) -> io::Result<()> {
    let theirs = rustix::net::sockopt::socket_peercred(stream)?.uid;
    let ours = rustix::process::geteuid();
    if theirs == ours {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("peer is user {}, allowed is user {}", theirs.as_raw(), ours.as_raw()),
    ))
}

/// Elsewhere the directory and the socket's mode keep others out.
#[cfg(not(target_os = "linux"))]
fn check_user(_stream: &UnixStream) -> io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn peer_of(stream: &UnixStream) -> Peer {
    let Ok(credentials) = rustix::net::sockopt::socket_peercred(stream) else {
        return Peer::default();
    };
    let process_id = u32::try_from(credentials.pid.as_raw_nonzero().get()).ok();
    Peer {
        process_id,
        user: Some(credentials.uid.as_raw().to_string()),
        program: process_id.and_then(program_of),
        ..Peer::default()
    }
}

#[cfg(not(target_os = "linux"))]
fn peer_of(_stream: &UnixStream) -> Peer {
    Peer::default()
}

fn program_of(process_id: u32) -> Option<String> {
    let path = fs::read_link(format!("/proc/{process_id}/exe")).ok()?;
    Some(path.display().to_string())
}

/// Opens a client's connection to a name; fails at once if nobody listens, and after `timeout` if
/// the server takes no more connections.
pub(crate) fn connect(name: &PipeName, timeout: Duration) -> Result<Connection, Error> {
    let path = socket_path(name)?;
    let at = path.display();
    let begun_at = Instant::now();
    let stream = loop {
        let error = match try_connect(&path) {
            Ok(stream) => break stream,
            Err(error) => error,
        };
        let is_absent =
            matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused);
        if is_absent {
            return Err(
                Error::new(ErrorKind::NotFound, format!("nobody serves `{at}`")).with_source(error)
            );
        }
        if !is_full(&error) {
            return Err(Error::io(format!("cannot connect to `{at}`"), error));
        }
        if begun_at.elapsed() >= timeout {
            let ms = timeout.as_millis();
            let text = format!("server at `{at}` took no connection within {ms} ms");
            return Err(Error::new(ErrorKind::TimedOut, text).with_source(error));
        }
        std::thread::sleep(CONNECT_RETRY);
    };
    check_user(&stream).map_err(|error| {
        Error::new(ErrorKind::Security, format!("server at `{}` is another user's", path.display()))
            .with_source(error)
    })?;
    Ok(split(stream))
}

#[cfg(test)]
mod tests;
