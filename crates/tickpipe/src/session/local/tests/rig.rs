//! An EA that does what the test says, and tells what it hears.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::super::{Answer, Ask, ErrorCode, LocalEa, LocalEvent};
use crate::session::{
    AskError, Bar, BarEvent, Context, Hello, StopReason, Strategy, StrategyError, Symbol, Tick,
    Timeframe,
};
use tickpipe_proto::LineError;

/// What everybody tells, in order.
pub(super) type Told = Arc<Mutex<Vec<String>>>;

type Answering = Box<dyn FnMut(&Ask) -> Result<Answer, AskError> + Send>;

/// An EA with a script.
pub(super) struct Scripted {
    pub(super) hello: Hello,
    events: VecDeque<LocalEvent>,
    pub(super) answering: Answering,
    told: Told,
    now_msc: i64,
}

impl Scripted {
    pub(super) fn new(events: impl IntoIterator<Item = LocalEvent>, told: &Told) -> Self {
        Self {
            hello: crate::testing::hello_of_test(),
            events: events.into_iter().collect(),
            answering: Box::new(|_| Ok(Answer::Empty)),
            told: Arc::clone(told),
            now_msc: 0,
        }
    }

    fn tell(&self, line: String) {
        self.told.lock().unwrap().push(line);
    }
}

impl LocalEa for Scripted {
    fn hello(&mut self) -> Hello {
        self.tell("hello".to_owned());
        self.hello.clone()
    }

    fn next(&mut self) -> LocalEvent {
        let event = self.events.pop_front().unwrap_or(LocalEvent::Over);
        if let LocalEvent::Tick(tick) = &event {
            self.now_msc = tick.time_msc;
        }
        event
    }

    fn answer(&mut self, ask: &Ask) -> Result<Answer, AskError> {
        self.tell(format!("asked {} at {}", ask.kind().as_str(), self.now_msc));
        (self.answering)(ask)
    }

    fn finish(&mut self, result: Result<(), &LineError>) {
        self.tell(format!("finished {:?}", result.map_err(LineError::code)));
    }

    fn ended(&mut self, code: ErrorCode, message: &str) {
        self.tell(format!("ended {code}: {message}"));
    }

    fn now_msc(&self) -> i64 {
        self.now_msc
    }
}

/// What a test's strategy does in one of its methods.
pub(super) type Doing =
    Arc<dyn Fn(&str, &mut Context<'_>) -> Result<(), StrategyError> + Send + Sync>;

/// A strategy that tells what is called, and does what the test says.
pub(super) struct Listening {
    pub(super) told: Told,
    pub(super) doing: Doing,
}

impl Listening {
    fn heard(&self, what: &str, context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.told.lock().unwrap().push(what.to_owned());
        (self.doing)(what, context)
    }
}

impl Strategy for Listening {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.heard("on_start", context)
    }

    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        self.heard(&format!("on_tick {}", tick.time_msc), context)
    }

    fn on_bar(&mut self, context: &mut Context<'_>, _bar: &BarEvent) -> Result<(), StrategyError> {
        self.heard("on_bar", context)
    }

    fn on_timer(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.heard("on_timer", context)
    }

    fn on_stop(&mut self, context: &mut Context<'_>, reason: &StopReason) {
        self.heard(&format!("on_stop {reason:?} {}", context.is_open()), context).unwrap();
    }
}

pub(super) fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

pub(super) fn tick(time_msc: i64) -> LocalEvent {
    let (bid, ask) = ("1.10000".parse().unwrap(), "1.10012".parse().unwrap());
    LocalEvent::Tick(Tick::new(symbol(), time_msc, bid, ask))
}

pub(super) fn bar() -> LocalEvent {
    let price = "1.10000".parse().unwrap();
    let bar = Bar::new(0, price, price, price, price);
    LocalEvent::Bar(BarEvent::new(symbol(), Timeframe::M1, bar))
}

/// Runs a strategy over an EA; returns the failures and all that was told.
pub(super) fn play(ea: Scripted, doing: Doing) -> (Vec<String>, Vec<String>) {
    let told = Arc::clone(&ea.told);
    let run =
        super::super::run(ea, |_| Listening { told: Arc::clone(&told), doing: Arc::clone(&doing) });
    assert_eq!(run.failed, u64::try_from(run.failures.len()).unwrap());
    (run.failures, std::mem::take(&mut told.lock().unwrap()))
}

/// Does nothing.
pub(super) struct Idle;

impl Strategy for Idle {}

/// An EA that has ticks, and tells nobody.
#[derive(Default)]
pub(super) struct Quick(pub(super) std::vec::IntoIter<LocalEvent>);

impl LocalEa for Quick {
    fn hello(&mut self) -> Hello {
        crate::testing::hello_of_test()
    }

    fn next(&mut self) -> LocalEvent {
        self.0.next().unwrap_or(LocalEvent::Over)
    }

    fn answer(&mut self, _ask: &Ask) -> Result<Answer, AskError> {
        Ok(Answer::Empty)
    }

    fn now_msc(&self) -> i64 {
        0
    }
}
