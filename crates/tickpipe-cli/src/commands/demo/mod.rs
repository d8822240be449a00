//! `tickpipe demo`: the article's picture, with nothing else needed.

mod closing;
mod layout;
mod show;
mod strategy;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tickpipe::{Client, Reply, ServerConfig, Tap, TapEvent, double};
use tickpipe_ticks::{Tick, TickError, TickReader, TickTime};

use self::closing::{Runs, closing};
use self::show::{Seen, Show};
use self::strategy::DemoStrategy;
use crate::interrupt::Interrupt;
use crate::own_server::{OwnServer, Serving};
use crate::play::{End, Exchange, Pace, Play, Played, Speed};
use crate::report::Failure;
use crate::{exit, screen, typed};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
An EA that writes each bid and a server that doubles it, in one program, over the real pipe. Takes
20 s at most on a terminal, and no time where stdout is none.
Exit codes: 0 done, 1 failed, 130 interrupted.")]
pub(crate) struct DemoOptions {
    /// Have a strategy trade an hour of real ticks on a simulated terminal instead
    #[arg(long, value_name = "STRATEGY")]
    strategy: Option<DemoStrategy>,
}

/// What is played; `data/README.md` says where it is from.
const TICKS: &[u8] = include_bytes!("../../../data/EURUSD-ticks.csv");

/// So that a person can follow and 200 ticks take no more than 17 s: 41 s of a busy minute.
const WATCHED_SPEED: Speed = Speed::Times(2.5);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// How often the ticks are played again at full speed, for percentiles that mean something.
const FULL_SPEED_ROUNDS: usize = 25;

/// Exchanges that wait to be shown.
const TAP_CAPACITY: usize = 1024;

/// What an exchange that was answered takes to be told.
const TAP_LIMIT: Duration = Duration::from_secs(1);

pub(crate) fn run(options: &DemoOptions) -> Result<ExitCode, Failure> {
    if let Some(strategy) = options.strategy {
        return strategy::run(strategy);
    }
    let ticks = bundled().map_err(Failure::TickFile)?;
    let interrupt = Interrupt::listen_with(screen::leave)?;
    let (serving, exchanges) = serve()?;
    let played = play(&serving, &exchanges, ticks, &interrupt);
    // Whatever failed, nothing of it stays behind.
    let stopped = serving.stop();
    let (show, shown, full_speed) = played?;
    stopped?;
    finish(show, shown, full_speed)
}

/// Shows an EA and the server at work, then has them work unseen.
fn play(
    serving: &Serving,
    exchanges: &Receiver<TapEvent>,
    ticks: Vec<Tick>,
    interrupt: &Interrupt,
) -> Result<(Show, Played, Played), Failure> {
    let count = ticks.len();
    let pipe = serving.address().to_owned();
    let client = Client::connect(&pipe).map_err(Failure::library(&pipe))?;
    interrupt.watch(client.interrupter());
    let mut show = Show::begin(count).map_err(cannot_print)?;
    let speed = if io::stdout().is_terminal() { WATCHED_SPEED } else { Speed::Max };
    let (sender, printed) = sync_channel(TAP_CAPACITY);
    let ea = Ea { client, pipe, ticks, interrupt: interrupt.clone() };
    let playing = spawn("tickpipe-ea", move || ea.run(speed, sender))?;
    for (index, Printed { time, answer }) in printed.iter().enumerate() {
        let seen = Seen { time, answer, served: next_exchange(exchanges) };
        show.tick(seen, index + 1, count).map_err(cannot_print)?;
    }
    let status =
        if interrupt.is_set() { "interrupted" } else { "and once more, at full speed …" };
    show.status(status).map_err(cannot_print)?;
    let (shown, full_speed) = join(playing)?;
    Ok((show, shown, full_speed))
}

/// What the EA prints, and at which tick.
struct Printed {
    time: TickTime,
    answer: String,
}

/// Reads the ticks that are built in.
fn bundled() -> Result<Vec<Tick>, TickError> {
    TickReader::new(TICKS, "EURUSD-ticks.csv")?.collect()
}

/// Says what came of it.
fn finish(show: Show, shown: Played, full_speed: Played) -> Result<ExitCode, Failure> {
    for end in [shown.end, full_speed.end] {
        match end {
            End::Failed(failure) => return Err(failure),
            End::Finished => {}
            End::Interrupted => return Ok(ExitCode::from(exit::INTERRUPTED)),
        }
    }
    let (shown, full_speed) = (shown.tally, full_speed.tally);
    let has_errors = shown.errors() + full_speed.errors() > 0;
    let runs = Runs { shown: &shown, full_speed: &full_speed };
    show.end(|palette| closing(&runs, &typed::program(), palette)).map_err(cannot_print)?;
    Ok(if has_errors { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
}

/// Has a server of our own double; returns what it does as well.
fn serve() -> Result<(Serving, Receiver<TapEvent>), Failure> {
    let (tap, events) = Tap::new(TAP_CAPACITY);
    let config = ServerConfig::default().with_tap(tap).with_idle_instances(2);
    let serving = OwnServer::bind("demo", config)?.serve(|server| server.serve_fn(double))?;
    Ok((serving, events))
}

/// The article's EA, with a client in place of `FileOpen`.
struct Ea {
    client: Client,
    pipe: String,
    ticks: Vec<Tick>,
    interrupt: Interrupt,
}

impl Ea {
    /// Plays the ticks, printing each answer, and then at full speed, printing none.
    fn run(mut self, speed: Speed, printed: SyncSender<Printed>) -> (Played, Played) {
        let shown = self.play(speed, 1, |exchange| {
            let answer = exchange.reply.to_owned();
            // Nobody looks any more if the console has failed.
            drop(printed.send(Printed { time: exchange.tick.time, answer }));
        });
        drop(printed);
        let full_speed = self.play(Speed::Max, FULL_SPEED_ROUNDS, |_| {});
        (shown, full_speed)
    }

    fn play(&mut self, speed: Speed, rounds: usize, on_tick: impl Fn(&Exchange<'_>)) -> Played {
        let play = Play {
            client: &mut self.client,
            pipe: &self.pipe,
            pace: Pace::new(speed, PAUSE_MAX),
            limit: u64::MAX,
            interrupt: &self.interrupt,
        };
        let ticks = std::iter::repeat_n(&self.ticks, rounds).flatten().copied().map(Ok);
        play.run(ticks, |exchange| {
            on_tick(exchange);
            Ok(())
        })
    }
}

/// Returns what the server did with the next line.
fn next_exchange(events: &Receiver<TapEvent>) -> Option<(String, Reply)> {
    loop {
        match events.recv_timeout(TAP_LIMIT) {
            Ok(TapEvent::Exchange { request, reply, .. }) => {
                return Some((request.to_string(), reply));
            }
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

fn spawn<T: Send + 'static>(
    name: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, Failure> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| Failure::Stream("cannot start a thread", error))
}

fn join<T>(thread: JoinHandle<T>) -> Result<T, Failure> {
    thread
        .join()
        .map_err(|_| Failure::Stream("a thread of the demo panicked", io::ErrorKind::Other.into()))
}

fn cannot_print(error: io::Error) -> Failure {
    Failure::Stream("cannot print", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_are_real_and_take_less_than_17_s() {
        let ticks = bundled().expect("they can be read");
        assert_eq!(ticks.len(), 200);
        assert_eq!(ticks[0].time.to_string(), "2019-02-04 14:50:48.207");
        assert_eq!(ticks[0].bid.expect("a bid").to_string(), "1.14329");
        let mut pace = Pace::new(WATCHED_SPEED, PAUSE_MAX);
        let due = ticks.iter().filter_map(|tick| pace.due(tick.time.as_nanos())).last();
        let due = due.expect("they are paced");
        assert!(Duration::from_secs(10) < due && due < Duration::from_secs(17), "{due:?}");
    }
}
