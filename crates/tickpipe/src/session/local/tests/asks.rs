//! Requests: what is refused, what is made of answers, and who may ask.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tickpipe_proto::LineError;

use super::super::{Answer, Ask, ErrorCode, Fault, HistorySpan, LocalEvent, run};
use super::rig::{Doing, Scripted, Told, play, symbol, tick};
use crate::handler::exec::Exec;
use crate::session::{
    AskError, AskKind, ClientId, Context, Execution, Handle, MarketOrder, OrderAction,
    OrderRequest, OrderResult, OrderType, Outcome, RatesSpan, StopReason, Strategy, StrategyError,
    Tick, Timeframe,
};
use crate::testing::{Response, Script};

fn client_id() -> ClientId {
    "mine".parse().unwrap()
}

/// An order that passes, but for what is changed.
fn order(change: impl FnOnce(&mut OrderRequest)) -> Ask {
    let mut request: OrderRequest =
        MarketOrder::buy(&symbol(), "0.10".parse().unwrap()).client_id(client_id()).into();
    change(&mut request);
    Ask::OrderSend(Box::new(request))
}

fn with_type(r#type: OrderType) -> Ask {
    order(|request| {
        if let OrderAction::Market { r#type: kind, .. } = &mut request.action {
            *kind = r#type;
        }
    })
}

/// What no EA should be asked, and some that it may.
fn asks() -> Vec<Ask> {
    let symbol = symbol();
    let modify = |ticket| OrderAction::Modify {
        ticket,
        price: None,
        stop_limit: None,
        stop_loss: Some(None),
        take_profit: None,
        expiration: None,
    };
    let rates = |span| Ask::Rates { symbol: symbol.clone(), timeframe: Timeframe::M1, span };
    vec![
        order(|_| {}),
        order(|request| request.client_id = None),
        order(|request| request.comment = Some("x".repeat(65))),
        order(|request| request.comment = Some("a\tb".to_owned())),
        order(|request| request.comment = Some("x".repeat(70_000))),
        order(|request| request.expires_at_ms = Some(-1)),
        order(|request| request.action = modify(0)),
        order(|request| request.action = modify(u64::MAX)),
        with_type(OrderType::BuyLimit),
        with_type(OrderType::Sell),
        Ask::Comment { text: "x".repeat(4097) },
        Ask::Comment { text: "x".to_owned() },
        Ask::Ping,
        Ask::Orders { symbol: None, magic: None, after: Some(0) },
        Ask::HistoryDeals(HistorySpan::new(5, 4, None)),
        Ask::HistoryDeals(HistorySpan::new(-1, i64::MAX, None)),
        rates(RatesSpan::Position { start: u64::MAX, count: 1 }),
        rates(RatesSpan::Position { start: 0, count: 0 }),
        Ask::Ticks { symbol, from_msc: 9, to_msc: -9, count: u64::MAX },
        // Not among the capabilities.
        Ask::Symbols { after: None },
    ]
}

/// Asks all of it, and notes what came of it.
struct Asking {
    asks: Vec<Ask>,
    found: Arc<Mutex<Vec<String>>>,
}

impl Strategy for Asking {
    fn on_tick(&mut self, context: &mut Context<'_>, _tick: &Tick) -> Result<(), StrategyError> {
        for ask in &self.asks {
            let found = match context.ask(ask) {
                Ok(Answer::OrderResult(result)) => {
                    format!("{:?} {:?}", result.outcome, result.code)
                }
                Ok(_) => "answered".to_owned(),
                Err(error) => error.code().to_string(),
            };
            self.found.lock().unwrap().push(format!("{}: {found}", ask.kind().as_str()));
        }
        Ok(())
    }
}

fn without_symbols(capabilities: &mut Vec<AskKind>) {
    capabilities.retain(|kind| *kind != AskKind::Symbols);
}

/// What comes of it over an EA in this process.
fn found_here(
    asks: Vec<Ask>,
    answering: impl FnMut(&Ask) -> Result<Answer, AskError> + Send + 'static,
) -> Vec<String> {
    let mut ea = Scripted::new([tick(1)], &Told::default());
    without_symbols(&mut ea.hello.capabilities);
    ea.answering = Box::new(answering);
    let found = Arc::default();
    let run = run(ea, |_| Asking { asks: asks.clone(), found: Arc::clone(&found) });
    assert_eq!(run.failures, [""; 0]);
    std::mem::take(&mut found.lock().unwrap())
}

/// What comes of it over a connection.
fn found_there(
    asks: Vec<Ask>,
    answering: impl Fn(&Ask) -> Response + Clone + Send + 'static,
) -> Vec<String> {
    let found = Arc::default();
    let mut script =
        Script::new(&symbol(), 5).hello(|hello| without_symbols(&mut hello.capabilities));
    for kind in AskKind::ALL {
        script = script.answer(*kind, answering.clone());
    }
    let mut ea = script.run(Asking { asks, found: Arc::clone(&found) }).unwrap();
    ea.prices("1.10000", "1.10012").unwrap();
    std::mem::take(&mut found.lock().unwrap())
}

#[test]
fn what_is_refused_over_a_connection_is_refused_here() {
    let refused = |_: &Ask| Fault::new(ErrorCode::TerminalError, "so it is");
    let here = found_here(asks(), move |ask| Err(AskError::Refused(refused(ask))));
    let there = found_there(asks(), move |ask| refused(ask).into());
    assert_eq!(here, there);
    assert!(here.contains(&"symbols: unsupported".to_owned()), "{here:?}");
    let refused = here.iter().filter(|line| line.ends_with(": invalid_params")).count();
    assert!(9 <= refused, "{here:?}");
}

#[test]
fn what_an_answer_becomes_over_a_connection_it_becomes_here() {
    let result = |outcome, id: &str| {
        let retcode = if outcome == Outcome::Absent { 0 } else { 10_009 };
        Answer::OrderResult(Box::new(OrderResult::new(outcome, retcode, id.parse().unwrap())))
    };
    let cases: Vec<Result<Answer, Fault>> = vec![
        Ok(result(Outcome::Done, "mine")),
        Ok(result(Outcome::Absent, "mine")),
        // The code says that it was done.
        Ok(result(Outcome::Rejected, "mine")),
        Ok(result(Outcome::Done, "another")),
        Ok(Answer::Positions { positions: Vec::new(), more: false }),
        Err(Fault::new(ErrorCode::IdConflict, "known")),
        Err(Fault::new(ErrorCode::TerminalError, "broken")),
        Err(Fault::new(ErrorCode::UnknownSymbol, "unknown")),
    ];
    let status = Ask::OrderStatus { client_id: client_id() };
    let asks = vec![order(|_| {}), status, Ask::Orders { symbol: None, magic: None, after: None }];
    for case in cases {
        let here = found_here(asks.clone(), {
            let case = case.clone();
            move |_| case.clone().map_err(AskError::Refused)
        });
        let there = found_there(asks.clone(), {
            let case = case.clone();
            move |_| case.clone().map_or_else(Response::from, Response::from)
        });
        assert_eq!(here, there, "{case:?}");
    }
}

/// Sends an order, asks what became of it, and asks something else.
fn order_and_settle(context: &Context<'_>) -> Result<String, StrategyError> {
    let execution = context.order_send(MarketOrder::buy(&symbol(), "0.10".parse()?))?;
    let Execution::Unknown(open) = execution else { return Err("the outcome is known".into()) };
    let settled = context.settle(open.client_id, Duration::from_secs(3600)).err();
    let told = context.comment("x").err();
    let codes = [settled, told].map(|error| error.map(|error| error.code()));
    Ok(format!("{:?} {codes:?} {}", open.code, context.is_open()))
}

#[test]
fn a_lost_answer_leaves_a_doubt_and_an_ea_that_is_gone_hears_nothing() {
    for (code, expected, asked) in [
        (
            ErrorCode::RequestTimeout,
            r#"Some(RequestTimeout) [Some("request_timeout"), Some("request_timeout")] true"#,
            3,
        ),
        (
            ErrorCode::Disconnected,
            r#"Some(Disconnected) [Some("disconnected"), Some("disconnected")] false"#,
            1,
        ),
    ] {
        let gone = LocalEvent::Ended(StopReason::Disconnected);
        let mut ea = Scripted::new([tick(1), gone], &Told::default());
        ea.answering = Box::new(move |_| Err(AskError::Local(LineError::new(code, "lost"))));
        let doing: Doing = Arc::new(|what, context| match what {
            "on_tick 1" => Err(order_and_settle(context)?.into()),
            _ => Ok(()),
        });
        let (failures, told) = play(ea, doing);
        assert_eq!(failures, [format!("on_tick failed: {expected}")]);
        assert_eq!(told.iter().filter(|line| line.starts_with("asked")).count(), asked);
        let finished = told.iter().any(|line| line.starts_with("finished"));
        assert_eq!(finished, code == ErrorCode::RequestTimeout);
    }
}

#[test]
fn another_thread_asks_until_the_session_is_over() {
    let handles: Arc<Mutex<Vec<Handle>>> = Arc::default();
    let doing: Doing = Arc::new({
        let handles = Arc::clone(&handles);
        move |what, context| {
            if what.starts_with("on_tick") {
                let mut handles = handles.lock().unwrap_or_else(PoisonError::into_inner);
                handles.push(context.handle());
                // Of the session before.
                if let [old, _] = handles.as_slice() {
                    assert_eq!(old.comment("x").unwrap_err().code(), "disconnected");
                }
                let handle = context.handle();
                let asked = std::thread::spawn(move || handle.comment("x")).join();
                asked.map_err(|_| "the thread panicked")??;
            }
            Ok(())
        }
    });
    let between = LocalEvent::Ended(StopReason::Disconnected);
    let (failures, _) = play(Scripted::new([tick(1), between, tick(2)], &Told::default()), doing);
    assert!(failures.is_empty(), "{failures:?}");
    for handle in handles.lock().unwrap().iter() {
        assert_eq!(handle.comment("x").unwrap_err().code(), "disconnected");
        assert!(!handle.is_open());
    }
}

#[test]
fn a_program_has_no_session_without_a_connection() {
    let peer = crate::handler::Peer::default();
    let exec = Exec::new("no such program", [""; 0]);
    let run = run(Scripted::new([tick(1)], &Told::default()), |hello| exec.strategy(hello, &peer));
    let expected = "on_start failed: the handler's program trades over a connection alone; \
                    this session has none";
    assert_eq!(run.failures, [expected]);
}
