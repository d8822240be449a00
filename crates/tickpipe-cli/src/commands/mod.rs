//! The commands, a module each: its options, and what it does.

pub(crate) mod backtest;
pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod conformance;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod install;
pub(crate) mod probe;
pub(crate) mod replay;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod service;
pub(crate) mod simulate;
