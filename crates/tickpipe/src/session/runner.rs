//! Runs one session's strategy: gives it the events, answers with what it returns.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tickpipe_proto::message::{Hello, Tick};
use tickpipe_proto::session::{CloseReason, SessionEvent};
use tickpipe_proto::{ErrorCode, LineError};

use super::context::Context;
use super::ea::Ea;
use super::error::StrategyError;
use super::lane::{Lane, Requests};
use super::link::{Link, Next};
use super::strategy::{StopReason, Strategy, TickGap};
use crate::handler::panic_text;

/// Who is told what a session's strategy does; it must not wait for anything.
pub(crate) trait Witness<L = Link> {
    /// The session is open, its strategy not made yet.
    fn opened(&self, lane: &Arc<L>, hello: &Arc<Hello>);

    /// An event came, before the strategy has it.
    fn came(&self, event: &SessionEvent);

    /// A tick was handled.
    fn ticked(&self, handled: Handled);

    /// A method of the strategy returned an error.
    fn failed(&self, method: &'static str, error: &str);

    /// A method of the strategy, or what makes it, panicked.
    fn panicked(&self, method: &'static str, panic: &str);
}

/// Makes the strategy of a session.
pub(crate) type Make<'a, 's> = dyn FnMut(&Hello) -> Box<dyn Strategy + 's> + 'a;

/// What became of a tick.
#[derive(Debug)]
pub(crate) struct Handled {
    pub(crate) tick: Tick,
    /// Since the newest bytes had come by then; zero where none come.
    pub(crate) elapsed: Duration,
    pub(crate) result: Result<(), LineError>,
    /// It was answered before, as late.
    pub(crate) is_late: bool,
}

/// Runs a session to its end on this thread; `make` makes its strategy.
pub(crate) fn run<'s, L: Lane>(lane: &Arc<L>, make: &mut Make<'_, 's>, witness: &dyn Witness<L>) {
    let mut runner = Runner { lane, make, witness, ea: None, strategy: None, is_stopped: false };
    loop {
        match lane.next() {
            Next::Event(event, came_at) => runner.handle(event, came_at),
            Next::Over => break,
            Next::Stopping => {
                runner.stop(&StopReason::ServerStopping);
                lane.close(ErrorCode::ShuttingDown, "the server is stopping");
            }
            Next::Timer => {
                if let Some(Err(failure)) =
                    runner.call(|strategy, context| strategy.on_timer(context))
                {
                    runner.fail("on_timer", failure);
                }
                lane.rest();
            }
        }
    }
    // It may have ended without an event, if the session is at fault.
    runner.drop_strategy();
}

struct Runner<'a, 's, L> {
    lane: &'a Arc<L>,
    make: &'a mut Make<'a, 's>,
    witness: &'a dyn Witness<L>,
    ea: Option<Ea>,
    strategy: Option<Box<dyn Strategy + 's>>,
    /// It was told that the session is over, or would have been: none is made any more.
    is_stopped: bool,
}

/// How a method of the strategy did not succeed.
enum Failure {
    Error(LineError),
    Panic(String),
}

impl<'s, L: Lane> Runner<'_, 's, L> {
    fn handle(&mut self, event: SessionEvent, came_at: Option<Instant>) {
        self.witness.came(&event);
        match event {
            SessionEvent::Opened(hello) => self.open(Arc::from(hello)),
            SessionEvent::Tick(tick) => self.tick(tick, came_at),
            SessionEvent::Closed(reason) => {
                self.stop(&match reason {
                    CloseReason::Deinit(deinit) => StopReason::Deinit(deinit),
                    CloseReason::Bye(code) => StopReason::Ended(code),
                    CloseReason::Disconnected | _ => StopReason::Disconnected,
                });
                self.lane.rest();
            }
            SessionEvent::Account(_)
            | SessionEvent::Bar(_)
            | SessionEvent::Deinit(_)
            | SessionEvent::Gap { .. }
            | SessionEvent::Log(_)
            | SessionEvent::Trade(_)
            | _ => self.tell(&event),
        }
    }

    /// Tells the strategy of what the EA does not wait for.
    fn tell(&mut self, event: &SessionEvent) {
        let (method, result) = match event {
            SessionEvent::Account(account) => {
                ("on_account", self.call(|strategy, context| strategy.on_account(context, account)))
            }
            SessionEvent::Bar(bar) => {
                ("on_bar", self.call(|strategy, context| strategy.on_bar(context, bar)))
            }
            SessionEvent::Gap { symbol, expected, found } => {
                let gap = TickGap { symbol: symbol.clone(), expected: *expected, found: *found };
                ("on_gap", self.call(|strategy, context| strategy.on_gap(context, &gap)))
            }
            SessionEvent::Log(entry) => {
                ("on_log", self.call(|strategy, context| strategy.on_log(context, entry)))
            }
            SessionEvent::Trade(trade) => {
                ("on_trade", self.call(|strategy, context| strategy.on_trade(context, trade)))
            }
            // The witness counts what no method is for.
            SessionEvent::Closed(_)
            | SessionEvent::Deinit(_)
            | SessionEvent::Opened(_)
            | SessionEvent::Tick(_)
            | _ => ("", None),
        };
        self.lane.finish(Ok(()));
        if let Some(Err(failure)) = result {
            self.fail(method, failure);
        }
    }

    fn open(&mut self, hello: Arc<Hello>) {
        self.witness.opened(self.lane, &hello);
        if self.is_stopped {
            self.lane.finish(Ok(()));
            return;
        }
        self.ea = Some(Ea::new(Arc::clone(self.lane) as Arc<dyn Requests>, Arc::clone(&hello)));
        match catch_unwind(AssertUnwindSafe(|| (self.make)(&hello))) {
            Ok(strategy) => self.strategy = Some(strategy),
            Err(panic) => self.fail("the factory", Failure::Panic(panic_text(panic))),
        }
        match self.call(|strategy, context| strategy.on_start(context)) {
            Some(Err(Failure::Error(error))) => {
                self.witness.failed("on_start", error.text());
                self.drop_strategy();
                self.lane.close(error.code(), error.text());
            }
            Some(Err(failure)) => self.fail("on_start", failure),
            Some(Ok(())) | None => {}
        }
        self.lane.finish(Ok(()));
    }

    fn tick(&mut self, tick: Tick, came_at: Option<Instant>) {
        let called = self.call(|strategy, context| strategy.on_tick(context, &tick));
        let (result, panic) = match called {
            Some(Ok(())) | None => (Ok(()), None),
            Some(Err(Failure::Error(error))) => (Err(error), None),
            Some(Err(Failure::Panic(text))) => {
                let told = "the strategy panicked, see the server's log";
                (Err(LineError::new(ErrorCode::HandlerPanic, told)), Some(text))
            }
        };
        let is_late = self.lane.finish(result.clone());
        if let Err(error) = &result
            && panic.is_none()
        {
            self.witness.failed("on_tick", error.text());
        }
        let elapsed = came_at.map_or(Duration::ZERO, |came_at| came_at.elapsed());
        self.witness.ticked(Handled { tick, elapsed, result, is_late });
        if let Some(text) = panic {
            self.fail("on_tick", Failure::Panic(text));
        }
    }

    /// Tells the strategy that it is over, and drops it.
    fn stop(&mut self, reason: &StopReason) {
        self.is_stopped = true;
        let stopped = self.call(|strategy, context| {
            strategy.on_stop(context, reason);
            Ok(())
        });
        if let Some(Err(Failure::Panic(text))) = stopped {
            self.witness.panicked("on_stop", &text);
        }
        self.drop_strategy();
    }

    /// Calls a method of the strategy, if there is one.
    fn call(
        &mut self,
        call: impl FnOnce(&mut (dyn Strategy + 's), &mut Context<'_>) -> Result<(), StrategyError>,
    ) -> Option<Result<(), Failure>> {
        let (strategy, ea) = (self.strategy.as_deref_mut()?, self.ea.as_ref()?);
        let mut context = Context::new(ea);
        // An error's text and its end are a user's code too.
        let called = || call(strategy, &mut context).map_err(line_error);
        Some(match catch_unwind(AssertUnwindSafe(called)) {
            Ok(result) => result.map_err(Failure::Error),
            Err(panic) => Err(Failure::Panic(panic_text(panic))),
        })
    }

    /// Logs a failure; a panic ends the session, for what the strategy kept is not to be trusted.
    fn fail(&mut self, method: &'static str, failure: Failure) {
        match failure {
            Failure::Error(error) => self.witness.failed(method, error.text()),
            Failure::Panic(text) => {
                self.witness.panicked(method, &text);
                self.drop_strategy();
                let told = "the strategy panicked, see the server's log";
                self.lane.close(ErrorCode::HandlerPanic, told);
            }
        }
    }

    /// Drops the strategy; what it does then may panic as well.
    fn drop_strategy(&mut self) {
        let strategy = self.strategy.take();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(strategy))) {
            self.witness.panicked("drop", &panic_text(panic));
        }
    }
}

/// Returns what the EA is told of a strategy's error: that it failed, unless it says itself that it
/// is at its end.
fn line_error(error: StrategyError) -> LineError {
    use ErrorCode::{HandlerEnded, HandlerTimeout, HandlerUnavailable, ShuttingDown};
    match error.downcast::<LineError>() {
        Ok(error)
            if [HandlerEnded, HandlerTimeout, HandlerUnavailable, ShuttingDown]
                .contains(&error.code()) =>
        {
            *error
        }
        Ok(error) => LineError::failed(error.to_string()),
        Err(error) => LineError::failed(error.to_string()),
    }
}
