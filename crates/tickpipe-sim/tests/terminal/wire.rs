//! Servers that are not there, not of this kind, or in trouble; and a run that somebody ends.

use std::thread;
use std::time::{Duration, Instant};

use tickpipe::session::{Context, Strategy, StrategyError, Tick};
use tickpipe::{Error, Server, Summary, echo};
use tickpipe_sim::terminal::Terminal;
use tickpipe_sim::terminal::wire::{self, Watch, WireConfig, WireEnd, WireRun};

use crate::rig::{Setup, new_name};

/// Plays a short run against a server that serves so.
fn play(
    serve: impl FnOnce(Server) -> Result<Summary, Error> + Send + 'static,
    watch: &mut impl Watch,
) -> WireRun {
    let name = new_name();
    let server = Server::bind(&name).unwrap();
    let stopper = server.stopper();
    let serving = thread::spawn(move || serve(server));
    let run = wire::play(Setup::new(1, 100).terminal(), &WireConfig::new(&name), watch);
    stopper.stop();
    serving.join().unwrap().unwrap();
    run
}

/// Does nothing.
struct Idle;

impl Strategy for Idle {}

/// Panics at every tick.
struct Broken;

impl Strategy for Broken {
    fn on_tick(&mut self, _: &mut Context<'_>, _: &Tick) -> Result<(), StrategyError> {
        std::panic::panic_any("the test wants it")
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let config = WireConfig::new(&new_name()).with_connect_within(Duration::from_millis(50));
    let run = wire::play(Setup::new(1, 10).terminal(), &config, &mut ());
    let error = run.result.unwrap_err();
    assert_eq!(error.code(), "not_found");
    assert!(error.to_string().contains("within 50 ms"), "{error}");
    assert!(error.hint().contains("start the server"));
}

#[test]
fn a_server_of_lines_is_none_of_sessions() {
    let error = play(|server| server.serve(|_| echo), &mut ()).result.unwrap_err();
    assert_eq!(error.code(), "no_session");
    assert!(error.to_string().contains("jsonrpc"), "{error}");
}

#[test]
fn a_strategy_that_panics_at_every_tick_ends_the_run() {
    let serve = |server: Server| server.serve_strategy(|_, _| Broken);
    let run = play(serve, &mut ());
    let error = run.result.unwrap_err();
    assert_eq!(error.code(), "handler_panic");
    assert_eq!(run.terminal.counts().sessions, 5);
}

/// Ends the run at a tick, and has each tick wait a little.
struct Ending {
    ticks: u64,
}

impl Watch for Ending {
    fn tick(&mut self, _: &Terminal, _: &Tick) -> Option<Instant> {
        self.ticks += 1;
        Some(Instant::now() + Duration::from_millis(1))
    }

    fn is_stopped(&mut self) -> bool {
        self.ticks == 10
    }
}

#[test]
fn whoever_watches_sets_the_pace_and_the_end() {
    let serve = |server: Server| server.serve_strategy(|_, _| Idle);
    let run = play(serve, &mut Ending { ticks: 0 });
    assert_eq!(run.result.unwrap(), WireEnd::Stopped);
    assert!((10..=11).contains(&run.terminal.counts().ticks_sent));
    assert!(!run.terminal.is_over());
}
