//! The shipped EAs, as a terminal would run them, against `tickpipe.exe` under Wine.
//!
//! `cargo xtask mql test` builds what is needed and says where it is. What a terminal is here, and what
//! it is not, is in mql/harness/README.md.
#![cfg(not(windows))]

#[expect(dead_code, reason = "it serves the other end-to-end tests too, and they use more of it")]
#[path = "../it/host.rs"]
mod host;

mod client;
mod documents;
mod expert;
mod pairing;
mod player;
mod probe;
mod refused;
mod scenarios;
mod script;
mod ticks;
