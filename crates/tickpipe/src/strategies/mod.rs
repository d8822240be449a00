//! Strategies to begin with: to see a setup at work, to compare runs with, to read.
//!
//! None of them is advice. `docs/strategies.md` tells how one is written.

mod cross;

pub use self::cross::{Cross, CrossSettings};
