//! The two servers that are compared.

use std::thread::{self, JoinHandle};

use tickpipe::yardstick::Yardstick;
use tickpipe::{Error, Server, Stopper, Summary, double};

use crate::private::PrivateName;
use crate::report::Failure;

/// tickpipe's server and the minimal one, each on a name of its own.
#[derive(Debug)]
pub(crate) struct Servers {
    name: PrivateName,
    address: String,
    stopper: Stopper,
    serving: JoinHandle<Result<Summary, Error>>,
    minimal: Yardstick,
    /// Dropped last: the directories of the sockets.
    _minimal_name: PrivateName,
}

impl Servers {
    pub(crate) fn start() -> Result<Self, Failure> {
        let private = |purpose| PrivateName::new(purpose).map_err(Failure::private_name);
        let (name, minimal_name) = (private("bench")?, private("minimal")?);
        let minimal = Yardstick::start(minimal_name.as_str())
            .map_err(Failure::library(minimal_name.as_str()))?;
        let server = Server::bind(name.as_str()).map_err(Failure::library(name.as_str()))?;
        let (stopper, address) = (server.stopper(), server.address());
        let serving = thread::Builder::new()
            .name("tickpipe-bench".to_owned())
            .spawn(move || server.serve_fn(double))
            .map_err(|error| Failure::Stream("cannot start the server's thread", error))?;
        Ok(Self { name, address, stopper, serving, minimal, _minimal_name: minimal_name })
    }

    /// Where clients of tickpipe connect.
    pub(crate) fn tickpipe(&self) -> &str {
        &self.address
    }

    /// Where clients of the minimal server connect.
    pub(crate) fn minimal(&self) -> &str {
        self.minimal.address()
    }

    /// Ends both, once their clients have left.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        let Self { name, stopper, serving, minimal, .. } = self;
        stopper.stop();
        minimal.stop();
        let served = serving.join().map_err(|_| {
            Failure::Stream("the server ended", std::io::Error::other("it panicked"))
        })?;
        served.map(drop).map_err(Failure::library(name.as_str()))
    }
}
