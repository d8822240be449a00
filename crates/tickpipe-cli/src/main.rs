//! The `tickpipe` program.
//!
//! What it prints on stdout is data; stderr is for people.

mod args;
mod cell;
mod commands;
mod config;
mod interrupt;
mod latency;
mod limits;
mod log;
mod open_files;
mod own_server;
mod palette;
mod play;
mod print;
mod private;
mod report;
mod rules;
mod screen;
mod simulation;
mod typed;

use std::process::ExitCode;

use crate::args::{Args, Command, Stop};
use crate::commands::{
    backtest, bench, completions, conformance, demo, doctor, install, probe, replay, send, serve,
    service, simulate,
};

/// What the program ends with, beside 0 for done.
mod exit {
    pub(crate) const FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const NAME_TAKEN: u8 = 3;
    pub(crate) const SECURITY: u8 = 4;
    pub(crate) const INTERRUPTED: u8 = 130;
}

fn main() -> ExitCode {
    let (args, file) = match Args::read(std::env::args_os()) {
        Ok(read) => read,
        Err(Stop::Config(broken)) => return report::broken(&broken),
        Err(Stop::Typed(error)) => return report::usage(&error),
    };
    let result = log::start(args.verbosity(), args.log()).and_then(|()| match args.command {
        Command::Demo(options) => demo::run(&options),
        Command::Serve(options) => serve::run(*options, file),
        Command::Send(options) => send::run(options),
        Command::Replay(options) => replay::run(options),
        Command::Backtest(options) => backtest::run(*options),
        Command::Simulate(options) => simulate::run(*options),
        Command::Bench(options) => bench::run(options),
        Command::Doctor(options) => doctor::run(options),
        Command::Config(options) => commands::config::run(options),
        Command::Install(options) => install::run(&options),
        Command::Service(options) => service::run(options),
        Command::Probe(options) => probe::run(options),
        Command::Conformance(options) => conformance::run(*options),
        Command::Completions(options) => completions::run(options),
    });
    log::flush();
    let code = result.unwrap_or_else(|failure| report::failure(&failure));
    log::flush_file();
    code
}
