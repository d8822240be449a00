//! What `simulate`, `backtest` and the demo's strategy have in common: a simulated terminal out of files,
//! watched while it plays, and told of in the end.

mod bar;
mod ending;
mod files;
pub(crate) mod help;
mod options;
mod out;
mod watcher;
pub(crate) mod words;

pub(crate) use self::ending::{Outcome, finish};
pub(crate) use self::options::{Made, SimulationOptions};
pub(crate) use self::watcher::{Server, play};
