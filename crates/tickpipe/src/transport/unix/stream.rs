//! A connection's halves on a stream socket.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::peer_of;
use crate::handler::Peer;
use crate::transport::{Connection, Received};

/// Makes a connection of a socket that has a peer.
pub(super) fn split(stream: UnixStream) -> Connection {
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
    stream: Arc<UnixStream>,
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
        self.set_timeout(timeout)?;
        loop {
            return match (&*self.stream).read(buf) {
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
            // A socket takes no time for one that is over already.
            let least = Duration::from_micros(1);
            self.stream.set_read_timeout(timeout.map(|timeout| timeout.max(least)))?;
            self.timeout = timeout;
        }
        Ok(())
    }
}

/// The sending half.
#[derive(Debug)]
pub(crate) struct Writer {
    stream: Arc<UnixStream>,
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
            return match (&*self.stream).write(bytes) {
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
            self.stream.set_write_timeout(Some(deadline))?;
            self.deadline = Some(deadline);
        }
        Ok(())
    }
}

/// What other threads may do with a connection: ask who it is, and end its transfers.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    stream: Arc<UnixStream>,
    is_woken: Arc<AtomicBool>,
}

impl Control {
    /// Looks up who the peer is.
    pub(crate) fn peer(&self) -> Peer {
        peer_of(&self.stream)
    }

    /// Ends the read under way, and every later one, once it has nothing to give.
    pub(crate) fn wake(&self) {
        self.is_woken.store(true, Ordering::Release);
        self.shut(std::net::Shutdown::Read);
    }

    /// Ends every transfer, whatever it has to give.
    pub(crate) fn abort(&self) {
        self.is_woken.store(true, Ordering::Release);
        self.shut(std::net::Shutdown::Both);
    }

    fn shut(&self, which: std::net::Shutdown) {
        match self.stream.shutdown(which) {
            // The peer has left already.
            Err(error) if error.kind() != io::ErrorKind::NotConnected => {
                tracing::debug!(%error, "cannot shut down a connection");
            }
            _ => {}
        }
    }
}
