//! Session mode: strategies that hear an EA's ticks, ask its terminal and trade.
//!
//! [`Strategy`] is what a user writes, [`Context`] what it asks through, [`Handle`] the same for
//! other threads. `link` carries all of it over one connection.

mod context;
mod error;
mod handle;
pub(crate) mod link;
pub(crate) mod memory;
pub(crate) mod note;
pub(crate) mod registry;
pub(crate) mod runner;
mod strategy;

pub use tickpipe_proto::message::{Hello, Tick};

pub use self::context::Context;
pub use self::error::StrategyError;
pub use self::handle::Handle;
pub(crate) use self::strategy::{BoxedStrategy, StrategyFactory};
pub use self::strategy::{StopReason, Strategy};
