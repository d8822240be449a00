//! The two servers that are compared.

use tickpipe::yardstick::Yardstick;
use tickpipe::{ServerConfig, double};

use crate::own_server::{OwnServer, Serving};
use crate::private::PrivateName;
use crate::report::Failure;

/// tickpipe's server and the minimal one, each on a name of its own.
#[derive(Debug)]
pub(crate) struct Servers {
    tickpipe: Serving,
    minimal: Yardstick,
    /// Dropped last: the directory of the socket.
    _minimal_name: PrivateName,
}

impl Servers {
    pub(crate) fn start() -> Result<Self, Failure> {
        let minimal_name = PrivateName::new("minimal").map_err(Failure::private_name)?;
        let minimal = Yardstick::start(minimal_name.as_str())
            .map_err(Failure::library(minimal_name.as_str()))?;
        let tickpipe = OwnServer::bind("bench", ServerConfig::default())?
            .serve(|server| server.serve_fn(double))?;
        Ok(Self { tickpipe, minimal, _minimal_name: minimal_name })
    }

    /// Where clients of tickpipe connect.
    pub(crate) fn tickpipe(&self) -> &str {
        self.tickpipe.address()
    }

    /// Where clients of the minimal server connect.
    pub(crate) fn minimal(&self) -> &str {
        self.minimal.address()
    }

    /// Ends both, once their clients have left.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        self.minimal.stop();
        self.tickpipe.stop()
    }
}
