//! The program as a whole, with an EA in C at the other end.
//!
//! The same cases run natively and, with `TICKPIPE_E2E=wine`, with both programs under Wine.
//! `TICKPIPE_SOAK=1` runs them at full size.
mod article;
mod backtest;
mod bench;
mod completions;
mod config;
mod conformance;
mod crowd;
mod demo;
mod doctor;
mod double;
mod ea;
mod ending;
mod exec;
mod exec_sessions;
mod forward;
mod host;
mod install;
mod names;
mod output;
mod probe;
mod replay;
mod service;
mod session_ea;
mod session_json;
mod session_modes;
mod session_scripts;
mod sim_broker;
mod simulate;
#[cfg(unix)]
mod terminal;
mod watch;
