//! The user of a session: a handler that takes its time, asks and trades, and a thread beside it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::value::RawValue;
use tickpipe_proto::message::{Answer, Ask, Outcome};
use tickpipe_proto::session::{AskError, AskId, CloseReason, Session, SessionEvent};
use tickpipe_proto::types::{ClientId, Symbol};
use tickpipe_proto::{ErrorCode, LineError};

use crate::broker::Broker;
use crate::random::Random;
use crate::{Clock, MS, SECOND, Time};

/// What the user knows of its orders, in all sessions.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    told: BTreeMap<String, Told>,
    next: u64,
    pub(crate) unknown: u64,
    pub(crate) settled: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Done,
    /// It was refused before anything was sent, is rejected or absent.
    Never,
    /// It is on its way.
    Open,
    /// Since then.
    Unknown(Time),
}

impl Orders {
    fn name(&mut self) -> String {
        self.next += 1;
        format!("o{}", self.next)
    }

    fn unknown_one(&self) -> Option<String> {
        self.told
            .iter()
            .find(|(_, told)| matches!(told, Told::Unknown(_)))
            .map(|(name, _)| name.clone())
    }

    fn tell(&mut self, now: Time, client_id: &str, outcome: Outcome, broker: &Broker) {
        let before = self.told.insert(
            client_id.to_owned(),
            match outcome {
                Outcome::Done => {
                    assert!(broker.has(client_id), "{client_id} is said to be done, and is not");
                    Told::Done
                }
                Outcome::Absent | Outcome::Rejected => Told::Never,
                Outcome::Unknown => Told::Unknown(now),
                other => panic!("{other:?}"),
            },
        );
        match (before, self.told[client_id]) {
            (Some(Told::Open), Told::Unknown(_)) => self.unknown += 1,
            (Some(Told::Unknown(_)), Told::Done | Told::Never) => self.settled += 1,
            (Some(Told::Unknown(since)), Told::Unknown(_)) => {
                self.told.insert(client_id.to_owned(), Told::Unknown(since));
            }
            (Some(Told::Open), _) => {}
            (before, now) => assert_eq!(before, Some(now), "{client_id}"),
        }
    }

    /// Holds what was told against what the trade server has.
    pub(crate) fn check(&self, broker: &Broker) {
        for (client_id, told) in &self.told {
            match told {
                Told::Done => assert!(broker.has(client_id), "{client_id} is not done"),
                Told::Never => {
                    assert!(!broker.has(client_id), "{client_id} was executed after all");
                }
                Told::Open | Told::Unknown(_) => {}
            }
        }
    }

    /// Returns since when an order has been unknown that nobody could settle.
    pub(crate) fn oldest_unknown(&self) -> Option<Time> {
        self.told
            .values()
            .filter_map(|told| match told {
                Told::Unknown(since) => Some(*since),
                Told::Done | Told::Never | Told::Open => None,
            })
            .min()
    }
}

/// What a request asked, to see whose answer came.
#[derive(Clone, Debug)]
enum Asked {
    Comment,
    Order(String),
    Status(String),
    Tick(Symbol),
}

#[derive(Debug)]
enum Handler {
    Free,
    /// At work until then, with so many questions left.
    Working(Time, u64),
    /// Waits for an answer.
    Asking(AskId, u64),
}

#[derive(Debug)]
pub(crate) struct Strategy {
    handler: Handler,
    open: BTreeMap<AskId, Asked>,
    /// When the other thread asks next.
    thread: Time,
    pub(crate) is_over: bool,
    /// It was over because of silence.
    pub(crate) is_silence: bool,
    /// Ticks and events that it was given, in the session's way of counting.
    pub(crate) taken: u64,
    /// No order is given any more.
    pub(crate) is_settling: bool,
}

/// What a strategy works with.
pub(crate) struct Scene<'a> {
    pub(crate) now: Time,
    pub(crate) clock: Clock,
    pub(crate) session: &'a mut Session,
    pub(crate) orders: &'a mut Orders,
    pub(crate) broker: &'a Broker,
    pub(crate) random: &'a mut Random,
}

impl Strategy {
    pub(crate) fn new(now: Time) -> Self {
        Self {
            handler: Handler::Free,
            open: BTreeMap::new(),
            thread: now + SECOND,
            is_over: false,
            is_silence: false,
            taken: 0,
            is_settling: false,
        }
    }

    pub(crate) fn due(&self) -> Time {
        if self.is_over {
            return Time::MAX;
        }
        match self.handler {
            Handler::Working(until, _) => self.thread.min(until),
            Handler::Asking(..) | Handler::Free => self.thread,
        }
    }

    pub(crate) fn oldest_ask(&self) -> Option<u64> {
        self.open.keys().next().map(|id| id.get())
    }

    pub(crate) fn open_asks(&self) -> usize {
        self.open.len()
    }

    /// Does what is due, and takes what is there. Returns words for the record.
    pub(crate) fn run(&mut self, scene: &mut Scene<'_>, record: &mut impl FnMut(&str)) {
        if !self.is_over && self.thread <= scene.now {
            self.thread = scene.now + scene.random.between(SECOND, 30 * SECOND);
            self.ask(scene);
        }
        loop {
            let mut is_idle = true;
            while let Some((id, result)) = scene.session.poll_reply() {
                record("reply");
                self.take_reply(scene, id, result);
                is_idle = false;
            }
            if let Handler::Working(until, asks) = self.handler
                && until <= scene.now
            {
                // It may have ended the session: its replies come before its last event.
                self.go_on(scene, asks);
                continue;
            }
            if matches!(self.handler, Handler::Free)
                && let Some(event) = scene.session.poll_event()
            {
                assert!(!self.is_over, "{event:?} came after the end");
                record(&word(&event));
                is_idle = false;
                self.take_event(scene, &event);
            }
            if is_idle {
                return;
            }
        }
    }

    fn take_event(&mut self, scene: &mut Scene<'_>, event: &SessionEvent) {
        let is_counted = !matches!(
            event,
            SessionEvent::Closed(_) | SessionEvent::Gap { .. } | SessionEvent::Opened(_)
        );
        self.taken += u64::from(is_counted);
        if let SessionEvent::Closed(reason) = event {
            assert_ne!(
                *reason,
                CloseReason::Bye(ErrorCode::QueueFull),
                "events fill no queue here"
            );
            self.is_over = true;
            self.is_silence = *reason == CloseReason::Bye(ErrorCode::Silence);
            assert!(self.open.is_empty(), "requests without a reply: {:?}", self.open);
            return;
        }
        let random = &mut *scene.random;
        let time = match random.next() % 1000 {
            0..900 => random.between(0, 5 * MS),
            900..990 => random.between(5 * MS, 900 * MS),
            990..999 => random.between(900 * MS, 3 * SECOND),
            _ => random.between(10 * SECOND, 40 * SECOND),
        };
        let asks = if random.chance(1500) { random.between(1, 3) } else { 0 };
        self.handler = Handler::Working(scene.now + time, asks);
    }

    /// A part of the handler's work is done: it asks, or is finished.
    fn go_on(&mut self, scene: &mut Scene<'_>, asks: u64) {
        if asks > 0
            && let Some(id) = self.ask(scene)
        {
            self.handler = Handler::Asking(id, asks - 1);
            return;
        }
        let result = match scene.random.next() % 20_000 {
            0..400 => Err(LineError::new(ErrorCode::HandlerFailed, "no luck")),
            400 => Err(LineError::new(ErrorCode::HandlerPanic, "panicked")),
            _ => Ok(()),
        };
        self.handler = Handler::Free;
        scene.session.finish(scene.clock.at(scene.now), result);
    }

    fn ask(&mut self, scene: &mut Scene<'_>) -> Option<AskId> {
        let unknown = scene.orders.unknown_one();
        let kinds = if self.is_settling { 2 } else { 4 };
        let (asked, ask) = match (scene.random.next() % kinds, unknown) {
            (0 | 1, Some(name)) => {
                let client_id = client_id(&name);
                (Asked::Status(name), Ask::OrderStatus { client_id })
            }
            (0, None) => (Asked::Comment, Ask::Comment { text: "hi".to_owned() }),
            (1 | 2, _) => {
                let symbol =
                    Symbol::new(&format!("S{}", scene.random.next() % 100_000)).expect("valid");
                (Asked::Tick(symbol.clone()), Ask::SymbolTick { symbol })
            }
            _ => {
                let name = scene.orders.name();
                let ask = order(&name, scene.now / MS + 3000);
                (Asked::Order(name), ask)
            }
        };
        let now = scene.clock.at(scene.now);
        match scene.session.request(now, &ask, Duration::from_secs(5)) {
            Ok(id) => {
                if let Asked::Order(name) = &asked {
                    scene.orders.told.insert(name.clone(), Told::Open);
                }
                self.open.insert(id, asked);
                Some(id)
            }
            Err(error) => {
                let code = error.code();
                let expected =
                    [ErrorCode::Disconnected, ErrorCode::HelloRequired, ErrorCode::TooManyRequests];
                assert!(expected.contains(&code), "{error}");
                if let Asked::Order(name) = asked {
                    scene.orders.told.insert(name, Told::Never);
                }
                None
            }
        }
    }

    fn take_reply(&mut self, scene: &mut Scene<'_>, id: AskId, result: Result<Answer, AskError>) {
        let asked = self.open.remove(&id).unwrap_or_else(|| panic!("a second reply to {id:?}"));
        match (&asked, result) {
            (Asked::Comment, Ok(Answer::Empty)) => {}
            (Asked::Tick(symbol), Ok(Answer::SymbolTick(tick))) => {
                assert_eq!(tick.symbol, *symbol, "an answer reached another request");
            }
            (Asked::Order(name) | Asked::Status(name), Ok(Answer::OrderResult(order))) => {
                assert_eq!(order.client_id.to_string(), *name);
                scene.orders.tell(scene.now, name, order.outcome, scene.broker);
            }
            (Asked::Order(name), Err(AskError::Refused(_))) => {
                scene.orders.told.insert(name.clone(), Told::Never);
            }
            (Asked::Order(name), Err(error)) => panic!("the order {name} came to {error}"),
            (_, Ok(answer)) => panic!("{asked:?} was answered {answer:?}"),
            (_, Err(_)) => {}
        }
        if let Handler::Asking(waits, asks) = self.handler
            && waits == id
        {
            let time = scene.random.between(0, 5 * MS);
            self.handler = Handler::Working(scene.now + time, asks);
        }
    }
}

fn client_id(name: &str) -> ClientId {
    name.parse().expect("a valid client id")
}

fn order(name: &str, expires_at_ms: u64) -> Ask {
    let params = format!(
        r#"{{"action":"market","symbol":"EURUSD","type":"buy","volume":0.10,"comment":"{name}",
            "client_id":"{name}","expires_at_ms":{expires_at_ms}}}"#
    );
    let params = RawValue::from_string(params).expect("JSON");
    Ask::parse("order_send", Some(&params)).expect("an order")
}

fn word(event: &SessionEvent) -> String {
    let text = format!("{event:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}
