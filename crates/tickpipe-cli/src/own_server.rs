//! A server in this process, for a command that is its EA as well.

use std::io;
use std::thread::{self, JoinHandle};

use tickpipe::{Error, Server, ServerConfig, Stopper, Summary};

use crate::private::PrivateName;
use crate::report::Failure;

/// A server on a name that nobody else has, which nobody serves yet.
#[derive(Debug)]
pub(crate) struct OwnServer {
    server: Server,
    name: PrivateName,
}

impl OwnServer {
    /// Takes a name for what it is to be used.
    pub(crate) fn bind(purpose: &str, config: ServerConfig) -> Result<Self, Failure> {
        let name = PrivateName::new(purpose).map_err(Failure::private_name)?;
        let server =
            Server::bind_with(name.as_str(), config).map_err(Failure::library(name.as_str()))?;
        Ok(Self { server, name })
    }

    /// Returns where clients connect.
    pub(crate) fn address(&self) -> String {
        self.server.address()
    }

    /// Serves on a thread of its own.
    pub(crate) fn serve(
        self,
        serve: impl FnOnce(Server) -> Result<Summary, Error> + Send + 'static,
    ) -> Result<Serving, Failure> {
        let Self { server, name } = self;
        let (stopper, address) = (server.stopper(), server.address());
        let thread = thread::Builder::new()
            .name("tickpipe-server".to_owned())
            .spawn(move || serve(server))
            .map_err(|error| Failure::Stream("cannot start the server's thread", error))?;
        Ok(Serving { stopper, thread, address, name })
    }
}

/// A server at work; whoever starts it owes [`Serving::stop`], whatever fails meanwhile.
#[derive(Debug)]
pub(crate) struct Serving {
    stopper: Stopper,
    thread: JoinHandle<Result<Summary, Error>>,
    address: String,
    /// Dropped last: the directory of the socket.
    name: PrivateName,
}

impl Serving {
    /// Returns where clients connect.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Stops it in good order, and leaves nothing of its name behind.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        self.stopper.stop();
        let served = self.thread.join().map_err(|_| {
            Failure::Stream("the server ended", io::Error::other("it panicked, which is a bug"))
        })?;
        served.map(drop).map_err(Failure::library(self.name.as_str()))
    }
}
