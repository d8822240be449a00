//! Bytes over a Windows named pipe, a Unix socket or a TCP stream. Knows no line and no message.
//!
//! Both systems have the same five parts: [`Listener`] gives a [`Connection`] for each peer, which
//! is a [`Reader`], a [`Writer`] and a [`Control`] through which another thread ends them.

#[cfg(any(windows, test))]
mod left_over;
mod tcp;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::time::Duration;

pub(crate) use tcp::{TcpListening, connect_tcp};
#[cfg(unix)]
use unix::{AcceptWait, split_tcp};
#[cfg(unix)]
pub(crate) use unix::{Control, Listener, ListenerStop, Reader, Writer, access, address, connect};
#[cfg(windows)]
use windows::{AcceptWait, split_tcp};
#[cfg(windows)]
pub(crate) use windows::{
    Control, Listener, ListenerStop, Reader, Writer, access, address, connect, split,
};

/// What a server end is made with.
#[derive(Debug)]
#[cfg_attr(unix, expect(dead_code, reason = "what is the pipe's alone"))]
pub(crate) struct ListenOptions {
    /// Bytes of a connection's buffers; `None` for what suits a server.
    ///
    /// On Unix it is that of our own writes alone: what the peer writes is kept in the peer's.
    pub(crate) buffer_len: Option<u32>,
    /// Windows: pipe instances that wait for a client.
    pub(crate) idle_instances: usize,
    /// Windows: SIDs of other users who may connect.
    pub(crate) allowed_users: Vec<String>,
    /// Windows: how long an EA may still hold the pipe of a server that has ended.
    pub(crate) left_over_wait: Duration,
}

/// A peer's connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
    pub(crate) control: Control,
}

/// What a read came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// So many bytes.
    Data(usize),
    /// The peer has left.
    End,
    /// Nothing within the time.
    TimedOut,
    /// Nothing yet, and it was woken.
    Woken,
}

/// Who stands at the other end, for the log.
pub(crate) fn describe_holder(process_id: Option<u32>, program: Option<&str>) -> String {
    match (process_id, program) {
        (Some(id), Some(program)) => format!("process {id} ({program})"),
        (Some(id), None) => format!("process {id}"),
        (None, _) => "another server".to_owned(),
    }
}

/// How long a new server waits until every EA has closed the pipe of one that has ended.
pub(crate) const LEFT_OVER_WAIT: Duration = Duration::from_secs(3);

/// How long a failed accept waits before the next one.
pub(crate) const ACCEPT_RETRY: Duration = Duration::from_millis(50);
