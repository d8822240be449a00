//! A bridge between MetaTrader 4 and 5 and any program, over a plain named pipe, with no DLL.
//!
//! An EA opens `\\.\pipe\NAME` with MQL's own `FileOpen`, writes a line for each tick and reads the
//! answer. This crate is the other end: a blocking server with a thread per connection, no async
//! runtime, and a deadline on every wait. A whole program:
//!
//! ```no_run
//! use tickpipe::{Server, number};
//!
//! fn main() -> Result<(), tickpipe::Error> {
//!     let server = Server::bind("TestPipe")?;
//!     server.stop_on_signals()?;
//!     server.serve_fn(|line| Ok(format!("{:.3}", number(line)? * 2.0)))?;
//!     Ok(())
//! }
//! ```
//!
//! What always holds: every request line gets exactly one reply line, in order, whatever happens;
//! and no connection can slow or end another. `docs/PROTOCOL.md` says it in full.

mod access;
mod child;
mod client;
mod endpoint;
mod error;
mod handler;
mod handshake;
mod log_limit;
#[doc(hidden)]
pub mod machine;
mod name;
#[doc(hidden)]
pub mod probe;
#[doc(hidden)]
pub mod programs;
#[doc(hidden)]
pub mod raw;
mod server;
pub mod session;
mod signals;
mod stats;
pub mod strategies;
#[cfg(windows)]
mod sys;
mod tap;
pub mod testing;
mod token;
mod transport;
mod wine;
#[doc(hidden)]
pub mod yardstick;

pub use tickpipe_proto::{
    Blame, CodePage, ErrorCode, LineError, NulPadding, Reply, TextEncoding, UnknownCodePage,
    escaped, number,
};

pub use crate::access::{Access, AccessEntry, AccessKind};
pub use crate::client::{Client, Interrupter, RemoteError};
pub use crate::endpoint::Endpoint;
pub use crate::error::{Error, ErrorKind};
pub use crate::handler::{
    Exec, ExecHandler, ExecSummary, Forward, ForwardHandler, ForwardSummary, LineHandler, Peer,
    double, echo,
};
pub use crate::name::{InvalidPipeName, PipeName};
pub use crate::server::{Mode, Server, ServerConfig, Stopper};
pub use crate::signals::on_signal;
pub use crate::stats::Summary;
pub use crate::tap::{SessionTap, Tap, TapEvent};
pub use crate::token::{Token, default_token_path};
pub use crate::wine::wine_version;

/// Runs what docs/strategies.md shows.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/strategies.md")]
struct StrategiesDocument;
