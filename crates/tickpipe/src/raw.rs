//! Bytes over a pipe, either end, without lines and without a thread that serves.
//!
//! For programs that try the other end, such as `tickpipe conformance`: they write what no client
//! and no server would. Programs that want answers take [`Client`](crate::Client) or
//! [`Server`](crate::Server).

use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::error::Error;
use crate::name::PipeName;
use crate::transport::{
    Connection, LEFT_OVER_WAIT, ListenOptions, Listener, ListenerStop, Received, connect,
};

/// Peers that wait until [`RawListener::accept`] takes them; further ones wait at their own end.
const WAITING_MAX: usize = 16;

/// Pipe instances that wait for a client.
const IDLE_INSTANCES: usize = 4;

/// A connection, either end of it.
#[derive(Debug)]
pub struct RawConnection(Connection);

/// What a read came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawRead {
    /// So many bytes.
    Data(usize),
    /// The other end has left.
    End,
    /// Nothing within the time; maybe a little before it is over.
    TimedOut,
}

impl RawConnection {
    /// Opens the pipe of a name, waiting at most `timeout` while every instance is taken.
    ///
    /// # Errors
    ///
    /// As [`Client::connect`](crate::Client::connect).
    pub fn connect(name: &str, timeout: Duration) -> Result<Self, Error> {
        connect(&PipeName::new(name)?, timeout).map(Self)
    }

    /// Reads what is there, waiting for it at most `timeout`.
    ///
    /// # Errors
    ///
    /// Returns the system's word.
    pub fn read(&mut self, buf: &mut [u8], timeout: Duration) -> io::Result<RawRead> {
        Ok(match self.0.reader.read(buf, Some(timeout))? {
            Received::Data(count) => RawRead::Data(count),
            Received::End => RawRead::End,
            Received::TimedOut | Received::Woken => RawRead::TimedOut,
        })
    }

    /// Writes everything within `deadline`.
    ///
    /// # Errors
    ///
    /// Returns the system's word, and [`TimedOut`](io::ErrorKind::TimedOut).
    pub fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()> {
        self.0.writer.write_all(bytes, deadline)
    }
}

/// The server's end of a name; who comes is kept until it is taken.
#[derive(Debug)]
pub struct RawListener {
    address: String,
    stop: ListenerStop,
    /// `None` only while it is dropped.
    peers: Option<Receiver<Connection>>,
    thread: Option<JoinHandle<()>>,
}

impl RawListener {
    /// Takes a pipe's name.
    ///
    /// # Errors
    ///
    /// As [`Server::bind`](crate::Server::bind), and of kind [`Io`](crate::ErrorKind::Io) if no
    /// thread can be started.
    pub fn bind(name: &str) -> Result<Self, Error> {
        let options = ListenOptions {
            buffer_len: None,
            idle_instances: IDLE_INSTANCES,
            allowed_users: Vec::new(),
            left_over_wait: LEFT_OVER_WAIT,
        };
        let mut listener = Listener::bind(&PipeName::new(name)?, options)?;
        let (address, stop) = (listener.address(), listener.stop_handle());
        let (sender, peers) = sync_channel(WAITING_MAX);
        let thread = thread::Builder::new()
            .name("tickpipe-raw".to_owned())
            .spawn(move || {
                while let Some(connection) = listener.accept() {
                    if sender.send(connection).is_err() {
                        break;
                    }
                }
            })
            .map_err(|error| Error::io("cannot start the thread that accepts", error))?;
        Ok(Self { address, stop, peers: Some(peers), thread: Some(thread) })
    }

    /// Returns where clients connect: the pipe's path, or the socket's.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the next peer, waiting for one at most `timeout`.
    #[must_use]
    pub fn accept(&self, timeout: Duration) -> Option<RawConnection> {
        self.peers.as_ref()?.recv_timeout(timeout).ok().map(RawConnection)
    }
}

impl Drop for RawListener {
    /// Gives the name back; who waits is sent away.
    fn drop(&mut self) {
        self.peers = None;
        self.stop.stop();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that accepts panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[test]
    fn bytes_go_both_ways_and_the_name_is_given_back() {
        let name = format!("unit-{}-raw", std::process::id());
        let listener = RawListener::bind(&name).unwrap();
        let mut ours = RawConnection::connect(&name, LIMIT).unwrap();
        let mut theirs = listener.accept(LIMIT).unwrap();
        let mut buf = [0; 8];
        assert_eq!(ours.read(&mut buf, Duration::from_millis(1)).unwrap(), RawRead::TimedOut);
        theirs.write_all(b"a\0b", LIMIT).unwrap();
        assert_eq!(ours.read(&mut buf, LIMIT).unwrap(), RawRead::Data(3));
        assert_eq!(&buf[..3], b"a\0b");
        drop(ours);
        assert_eq!(theirs.read(&mut buf, LIMIT).unwrap(), RawRead::End);
        let waiting = RawConnection::connect(&name, LIMIT).unwrap();
        drop((listener, theirs, waiting));
        drop(RawListener::bind(&name).unwrap());
    }
}
