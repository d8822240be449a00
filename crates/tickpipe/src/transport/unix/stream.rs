//! A connection's halves on a stream socket.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvFlags, recv};

use super::peer_of;
use crate::handler::Peer;
use crate::transport::{Connection, Received};

/// A socket that has a peer.
#[derive(Debug)]
enum Stream {
    Local(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Local(stream) => stream.as_fd(),
            Self::Tcp(stream) => stream.as_fd(),
        }
    }

    fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Local(stream) => (&*stream).read(buf),
            Self::Tcp(stream) => (&*stream).read(buf),
        }
    }

    /// Reads what is there, without any wait: the shortest that a socket can be told is some
    /// milliseconds long.
    fn read_now(&self, buf: &mut [u8]) -> io::Result<usize> {
        let (_, len) = recv(self.fd(), buf, RecvFlags::DONTWAIT)?;
        Ok(len)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Local(stream) => (&*stream).write(bytes),
            Self::Tcp(stream) => (&*stream).write(bytes),
        }
    }

    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        match self {
            Self::Local(stream) => stream.set_read_timeout(timeout),
            Self::Tcp(stream) => stream.set_read_timeout(timeout),
        }
    }

    fn set_write_timeout(&self, timeout: Duration) -> io::Result<()> {
        match self {
            Self::Local(stream) => stream.set_write_timeout(Some(timeout)),
            Self::Tcp(stream) => stream.set_write_timeout(Some(timeout)),
        }
    }

    fn shutdown(&self, which: Shutdown) -> io::Result<()> {
        match self {
            Self::Local(stream) => stream.shutdown(which),
            Self::Tcp(stream) => stream.shutdown(which),
        }
    }
}

/// Makes a connection of a local socket that has a peer.
pub(super) fn split(stream: UnixStream) -> Connection {
    connection(Stream::Local(stream))
}

/// Makes a connection of a TCP stream.
pub(crate) fn split_tcp(stream: TcpStream) -> io::Result<Connection> {
    // A listener's own mode is inherited on some systems.
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    Ok(connection(Stream::Tcp(stream)))
}

fn connection(stream: Stream) -> Connection {
    let stream = Arc::new(stream);
    let is_woken = Arc::new(AtomicBool::new(false));
    Connection {
        reader: Reader {
            stream: Arc::clone(&stream),
            is_woken: Arc::clone(&is_woken),
            timeout: None,
        },
        writer: Writer { stream: Arc::clone(&stream), deadline: None },
        control: Control { stream, is_woken },
    }
}

/// The receiving half.
#[derive(Debug)]
pub(crate) struct Reader {
    stream: Arc<Stream>,
    is_woken: Arc<AtomicBool>,
    /// The longest wait that the socket has now: setting it costs a call, and mostly it stays.
    timeout: Option<Duration>,
}

impl Reader {
    /// Reads what is there, waiting for it at most `timeout`.
    ///
    /// It may say too early that the time is over: the caller looks at its deadline again.
    pub(crate) fn read(
        &mut self,
        buf: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<Received> {
        if timeout != Some(Duration::ZERO) {
            self.set_timeout(timeout)?;
        }
        loop {
            let read = if timeout == Some(Duration::ZERO) {
                self.stream.read_now(buf)
            } else {
                self.stream.read(buf)
            };
            return match read {
                Ok(0) if self.is_woken.load(Ordering::Acquire) => Ok(Received::Woken),
                Ok(0) => Ok(Received::End),
                Ok(count) => Ok(Received::Data(count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Received::TimedOut),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    if timeout.is_none() {
                        continue;
                    }
                    Ok(Received::TimedOut)
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(Received::End),
                Err(error) => Err(error),
            };
        }
    }

    fn set_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        if self.timeout != timeout {
            self.stream.set_read_timeout(timeout)?;
            self.timeout = timeout;
        }
        Ok(())
    }
}

/// The sending half.
#[derive(Debug)]
pub(crate) struct Writer {
    stream: Arc<Stream>,
    /// The write deadline that the socket has now.
    deadline: Option<Duration>,
}

impl Writer {
    /// Writes everything within `deadline`, or fails.
    pub(crate) fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()> {
        self.set_deadline(deadline)?;
        let written = self.write_some(bytes)?;
        if written == bytes.len() {
            return Ok(());
        }
        // The peer reads slowly: from here on the clock is looked at.
        let begun_at = Instant::now();
        let mut rest = bytes.get(written..).unwrap_or_default();
        while !rest.is_empty() {
            let Some(left) =
                deadline.checked_sub(begun_at.elapsed()).filter(|left| !left.is_zero())
            else {
                return Err(io::ErrorKind::TimedOut.into());
            };
            self.set_deadline(left)?;
            let written = self.write_some(rest)?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    fn write_some(&self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            return match self.stream.write(bytes) {
                Ok(0) => Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => Ok(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    Err(io::ErrorKind::TimedOut.into())
                }
                Err(error) => Err(error),
            };
        }
    }

    fn set_deadline(&mut self, deadline: Duration) -> io::Result<()> {
        if self.deadline != Some(deadline) {
            self.stream.set_write_timeout(deadline)?;
            self.deadline = Some(deadline);
        }
        Ok(())
    }
}

/// What other threads may do with a connection: ask who it is, and end its transfers.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    stream: Arc<Stream>,
    is_woken: Arc<AtomicBool>,
}

impl Control {
    /// Looks up who the peer is.
    pub(crate) fn peer(&self) -> Peer {
        match &*self.stream {
            Stream::Local(stream) => peer_of(stream),
            Stream::Tcp(stream) => Peer { address: stream.peer_addr().ok(), ..Peer::default() },
        }
    }

    /// Ends the read under way, and every later one, once it has nothing to give.
    pub(crate) fn wake(&self) {
        self.is_woken.store(true, Ordering::Release);
        self.shut(Shutdown::Read);
    }

    /// Tells the peer that nothing more comes, while it may still be read.
    pub(crate) fn end_writing(&self) {
        self.shut(Shutdown::Write);
    }

    /// Ends every transfer, whatever it has to give.
    pub(crate) fn abort(&self) {
        self.is_woken.store(true, Ordering::Release);
        self.shut(Shutdown::Both);
    }

    /// Takes the connection from the peer; what was written before can still be read.
    pub(crate) fn disconnect(&self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Both)
    }

    /// Returns whether the peer has left, even if not all it wrote was read.
    pub(crate) fn has_peer_left(&self) -> io::Result<bool> {
        let mut fds = [PollFd::from_borrowed_fd(self.stream.fd(), PollFlags::empty())];
        poll(&mut fds, Some(&Timespec::default()))?;
        let [fd] = fds;
        Ok(fd.revents().intersects(PollFlags::HUP | PollFlags::ERR))
    }

    fn shut(&self, which: Shutdown) {
        match self.stream.shutdown(which) {
            // The peer has left already.
            Err(error) if error.kind() != io::ErrorKind::NotConnected => {
                tracing::debug!(%error, "cannot shut down a connection");
            }
            _ => {}
        }
    }
}
