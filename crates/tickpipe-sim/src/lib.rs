//! A simulated market, broker and terminal: recorded ticks in, exact books out.
//!
//! [`market`] merges tick files by time and builds bars. [`broker`] is a trade server: it takes ticks and
//! requests in the types of `tickpipe-proto`, and gives results, events and books as MetaTrader 5 would.
//! [`terminal`] is an EA's side of a session over both. The same ticks, requests and seed always give the
//! same deals; nothing here reads a clock, starts a thread or opens a pipe, but for [`terminal::wire`].
//!
//! Prices, lots and money are whole units, never a `f64`. `docs/simulation.md` says which formula each
//! model has, where it is from, and what a real broker does otherwise.
//!
//! [`fault`] decides what goes wrong at which tick, order or answer; the broker does not know it.
#![cfg_attr(not(test), warn(clippy::float_arithmetic))]

pub mod account;
pub mod broker;
mod calendar;
mod exact;
pub mod fault;
pub mod market;
mod random;
pub mod report;
pub mod settings;
pub mod terminal;
