//! TCP streams: the way between two servers, one of which has no pipe that the other can reach.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::{ACCEPT_RETRY, AcceptWait, Connection, ListenerStop, split_tcp};
use crate::error::{Error, ErrorKind};
use crate::log_limit::LogLimit;

/// The listening end of an address.
#[derive(Debug)]
pub(crate) struct TcpListening {
    socket: TcpListener,
    address: SocketAddr,
    wait: AcceptWait,
    log: LogLimit,
}

impl TcpListening {
    /// Listens on the first of `addresses` that is free.
    pub(crate) fn bind(addresses: &[SocketAddr]) -> Result<Self, Error> {
        let wanted = addresses.first().map(ToString::to_string).unwrap_or_default();
        let socket = TcpListener::bind(addresses).map_err(|error| {
            if error.kind() == io::ErrorKind::AddrInUse {
                let text = format!("address {wanted} is taken by another program");
                return Error::new(ErrorKind::AddressTaken, text).with_source(error);
            }
            Error::io(format!("cannot listen on {wanted}"), error)
        })?;
        let fail = |error| Error::io(format!("cannot listen on {wanted}"), error);
        socket.set_nonblocking(true).map_err(fail)?;
        let address = socket.local_addr().map_err(fail)?;
        let wait = AcceptWait::new(&socket).map_err(fail)?;
        Ok(Self { socket, address, wait, log: LogLimit::default() })
    }

    /// Returns where peers come to; the port is the one that the system gave if 0 was asked for.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn stop_handle(&self) -> ListenerStop {
        self.wait.stop_handle()
    }

    /// Waits for a peer; `None` once stopped and nobody waits.
    pub(crate) fn accept(&self) -> Option<(Connection, SocketAddr)> {
        loop {
            match self.socket.accept().and_then(|(stream, from)| Ok((split_tcp(stream)?, from))) {
                Ok(accepted) => return Some(accepted),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    match self.wait.peer(&self.socket) {
                        Ok(true) => continue,
                        Ok(false) => return None,
                        Err(error) => self.log_failure(&error),
                    }
                }
                Err(error) => self.log_failure(&error),
            }
            if !self.wait.pause(ACCEPT_RETRY) {
                return None;
            }
        }
    }

    fn log_failure(&self, error: &io::Error) {
        self.log.once_a_minute("cannot accept over TCP", None, |more| {
            tracing::warn!(%error, more, "cannot accept a TCP connection");
        });
    }
}

/// Connects to the first of `addresses` that answers, all of them within `timeout`.
pub(crate) fn connect_tcp(addresses: &[SocketAddr], timeout: Duration) -> io::Result<Connection> {
    let due = Instant::now().checked_add(timeout);
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for address in addresses {
        let left = due.map_or(timeout, |due| due.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(address, left).and_then(split_tcp) {
            Ok(connection) => return Ok(connection),
            Err(error) => last = error,
        }
    }
    Err(last)
}
