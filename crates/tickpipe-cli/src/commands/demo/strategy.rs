//! `tickpipe demo --strategy`: a strategy at a server, a simulated terminal at its pipe, and what came of it.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use clap::ValueEnum;
use tickpipe::ServerConfig;
use tickpipe::session::{Deal, DealEntry, Symbol, Tick};
use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig};
use tickpipe_sim::market::{Feed, Source};
use tickpipe_sim::settings;
use tickpipe_sim::terminal::wire::{self, Watch, WireConfig};
use tickpipe_sim::terminal::{Terminal, TerminalConfig};
use tickpipe_ticks::{TickReader, TickTime};

use super::PAUSE_MAX;
use crate::interrupt::Interrupt;
use crate::own_server::{OwnServer, Serving};
use crate::play::{Pace, Speed};
use crate::print::printed;
use crate::report::{Failure, tell};
use crate::simulation::{Outcome, finish};
use crate::typed;

/// A strategy that is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoStrategy {
    /// The cross of two moving averages
    Cross,
}

/// An hour of real ticks; `data/README.md` says where they are from.
const HOUR: &[u8] = include_bytes!("../../../data/EURUSD/2019/01/04/14h_ticks.bi5");
/// What that file's name says: whose it is, and which hour.
const HOUR_NAME: &str = "EURUSD/2019/01/04/14h_ticks.bi5";
const SYMBOL: &str = "EURUSD";

/// So that a person can follow: an hour in 12 s.
const WATCHED_SPEED: Speed = Speed::Times(300.0);

pub(crate) fn run(DemoStrategy::Cross: DemoStrategy) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen()?;
    let terminal = terminal()?;
    let serving = serve()?;
    tell("EURUSD, 14:00 to 15:00 on 2019-02-04: the averages of 3 and 8 minutes cross");
    let played = play(terminal, serving.address(), &interrupt);
    // Whatever failed, nothing of it stays behind.
    let stopped = serving.stop();
    let outcome = played?;
    stopped?;
    let code = finish(outcome, &[("strategy", "cross".to_owned())], None, &interrupt)?;
    if !interrupt.is_set() {
        tell(&format!(
            "Try it on ticks of your own: {} backtest FILE --out result cross",
            typed::program()
        ));
    }
    Ok(code)
}

/// Has a server of our own run the strategy.
fn serve() -> Result<Serving, Failure> {
    let settings = CrossSettings::default();
    Cross::new(settings).map_err(Failure::library(SYMBOL))?;
    let config = ServerConfig::default().with_idle_instances(2);
    OwnServer::bind("demo", config)?.serve(move |server| {
        server.serve_strategy(move |_, _| {
            Cross::new(settings).expect("invariant: these settings were tried above")
        })
    })
}

/// Puts an account at a broker, and an EA on a chart of the hour.
fn terminal() -> Result<Terminal, Failure> {
    let usage = |error: &dyn std::error::Error| Failure::simulation(error);
    let spec = settings::symbol(SYMBOL).map_err(|error| usage(&error))?;
    let symbol: Symbol = spec.symbol.clone();
    let config = BrokerConfig::new(AccountSpec::default()).with_symbol(spec);
    let broker = Broker::new(config).map_err(|error| usage(&error))?;
    let reader = TickReader::new(HOUR, HOUR_NAME).map_err(Failure::TickFile)?;
    let feed =
        Feed::new(vec![Source::new(symbol.clone(), reader)]).map_err(|error| usage(&error))?;
    let terminal = Terminal::new(TerminalConfig::new(symbol), broker, feed);
    Ok(terminal.map_err(|error| usage(&error))?.with_recorder())
}

fn play(terminal: Terminal, pipe: &str, interrupt: &Interrupt) -> Result<Outcome, Failure> {
    let speed = if io::stdout().is_terminal() { WATCHED_SPEED } else { Speed::Max };
    let mut viewer = Viewer {
        pace: Pace::new(speed, PAUSE_MAX),
        begun_at: Instant::now(),
        interrupt,
        // The first deal is the deposit.
        deals_shown: 1,
        failed: Ok(()),
    };
    let run = wire::play(terminal, &WireConfig::new(pipe), &mut viewer);
    // What closed it at the end came after the last tick.
    viewer.show_deals(&run.terminal);
    viewer.failed?;
    printed(writeln!(io::stdout()))?;
    run.result.map_err(Failure::Wire)?;
    let counts = run.terminal.counts();
    Ok(Outcome {
        ticks_answered: counts.ticks_sent - counts.ticks_failed,
        failures: Vec::new(),
        failed: counts.ticks_failed,
        failure: None,
        terminal: run.terminal,
    })
}

/// Shows each deal when it comes.
struct Viewer<'a> {
    pace: Pace,
    begun_at: Instant,
    interrupt: &'a Interrupt,
    deals_shown: usize,
    failed: Result<(), Failure>,
}

impl Viewer<'_> {
    fn show_deals(&mut self, terminal: &Terminal) {
        let deals = terminal.broker().history_deals();
        for deal in deals.iter().skip(self.deals_shown) {
            if self.failed.is_ok() {
                self.failed = printed(show(deal));
            }
        }
        self.deals_shown = deals.len();
    }
}

impl Watch for Viewer<'_> {
    fn tick(&mut self, terminal: &Terminal, tick: &Tick) -> Option<Instant> {
        self.show_deals(terminal);
        Some(self.begun_at + self.pace.due(tick.time_msc.saturating_mul(1_000_000))?)
    }

    fn is_stopped(&mut self) -> bool {
        self.interrupt.is_set() || self.failed.is_err()
    }
}

fn show(deal: &Deal) -> io::Result<()> {
    let time = TickTime::from_nanos(deal.time_msc.unwrap_or_default().saturating_mul(1_000_000));
    let time = time.to_string();
    let time = time.split_once(' ').map_or(time.as_str(), |(_, of_day)| of_day);
    let (volume, price) = (text(deal.volume.as_ref()), text(deal.price.as_ref()));
    let what = if deal.entry == Some(DealEntry::In) {
        "opens".to_owned()
    } else {
        format!("closes, {:>7}", text(deal.profit.as_ref()))
    };
    let r#type = deal.r#type.as_str();
    writeln!(io::stdout(), "{time}  {type:<4} {volume} at {price}  {what}", r#type = r#type)
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
