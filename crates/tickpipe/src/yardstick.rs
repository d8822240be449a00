//! The plainest blocking server: what `tickpipe bench` measures [`Server`](crate::Server) against.
//!
//! A thread for each connection reads up to 4 KiB at a time, and doubles the number of each line
//! with one write. It has no framer, handler, deadline, counter or watchdog; what these cost is what
//! the comparison shows. It is no server for an EA: a line that is no number ends its connection.

use std::io::{self, Write as _};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::error::Error;
use crate::name::PipeName;
use crate::transport::{
    Connection, LEFT_OVER_WAIT, ListenOptions, Listener, ListenerStop, Received,
};

/// Pipe instances that wait for a client; as many as [`ServerConfig`](crate::ServerConfig) has.
const IDLE_INSTANCES: usize = 32;

/// Bytes of a read, and so the longest line with its end.
const READ_LEN: usize = 4096;

/// The time that a client has to take a reply.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);

/// A running minimal server.
#[derive(Debug)]
pub struct Yardstick {
    address: String,
    stop: ListenerStop,
    thread: JoinHandle<()>,
}

impl Yardstick {
    /// Takes a pipe's name and serves it on threads of its own.
    ///
    /// # Errors
    ///
    /// As [`Server::bind`](crate::Server::bind), and of kind [`Io`](crate::ErrorKind::Io) if no
    /// thread can be started.
    pub fn start(name: &str) -> Result<Self, Error> {
        let options = ListenOptions {
            buffer_len: None,
            idle_instances: IDLE_INSTANCES,
            allowed_users: Vec::new(),
            left_over_wait: LEFT_OVER_WAIT,
        };
        let listener = Listener::bind(&PipeName::new(name)?, options)?;
        let (address, stop) = (listener.address(), listener.stop_handle());
        let thread = thread::Builder::new()
            .name("tickpipe-yardstick".to_owned())
            .spawn(move || accept_all(listener))
            .map_err(|error| Error::io("cannot start the yardstick's thread", error))?;
        Ok(Self { address, stop, thread })
    }

    /// Returns where clients connect: the pipe's path, or the socket's.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Gives the name back, once every client has left.
    pub fn stop(self) {
        self.stop.stop();
        if self.thread.join().is_err() {
            tracing::error!("the yardstick panicked");
        }
    }
}

fn accept_all(mut listener: Listener) {
    thread::scope(|scope| {
        while let Some(connection) = listener.accept() {
            let served = thread::Builder::new().spawn_scoped(scope, move || {
                if let Err(error) = serve(connection) {
                    tracing::debug!(%error, "yardstick's connection ended");
                }
            });
            if let Err(error) = served {
                tracing::error!(%error, "cannot start a thread, connection closed");
            }
        }
    });
}

fn serve(connection: Connection) -> io::Result<()> {
    let Connection { mut reader, mut writer, control: _ } = connection;
    let mut buf = [0; READ_LEN];
    let mut held = 0;
    let mut reply = Vec::new();
    while let Received::Data(count) = reader.read(&mut buf[held..], None)? {
        held += count;
        let mut done = 0;
        while let Some(len) = buf[done..held].iter().position(|byte| *byte == b'\n') {
            reply.clear();
            write!(reply, "{:.3}\r\n", number(&buf[done..done + len])? * 2.0)?;
            writer.write_all(&reply, WRITE_DEADLINE)?;
            done += len + 1;
        }
        buf.copy_within(done..held, 0);
        held -= done;
    }
    Ok(())
}

fn number(line: &[u8]) -> io::Result<f64> {
    let text = std::str::from_utf8(line).ok();
    let number = text.and_then(|text| text.trim_end().parse().ok());
    number.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a line is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    #[test]
    fn it_doubles_lines_for_several_clients_until_stopped() {
        let name = format!("unit-{}-yardstick", std::process::id());
        let yardstick = Yardstick::start(&name).unwrap();
        let mut clients: Vec<_> = (0..3).map(|_| Client::connect(&name).unwrap()).collect();
        for client in &mut clients {
            assert_eq!(client.ask("1.10000000").unwrap().as_deref(), Ok("2.200"));
            assert_eq!(client.ask("-2").unwrap().as_deref(), Ok("-4.000"));
        }
        assert!(clients[0].ask("abc").is_err(), "what is no number ends the connection");
        assert_eq!(clients[1].ask("3").unwrap().as_deref(), Ok("6.000"), "others go on");
        drop(clients);
        yardstick.stop();
        Yardstick::start(&name).unwrap().stop();
    }
}
