//! The simulated terminal as strategies see it: in this process, and over a pipe.
//!
//! With `TICKPIPE_SOAK=1` the runs with faults are 20,000, as `cargo xtask soak` runs them, else 256.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

mod faults;
mod misfit;
mod rig;
mod same;
mod trader;
mod wire;
