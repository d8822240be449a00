use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tickpipe_proto::ErrorCode;

use super::*;

mod orders;
use crate::error::ErrorKind;
use crate::session::{
    Bar, BarEvent, ClientId, Context, Execution, Handle, Lots, MarketOrder, RatesSpan, Settlement,
    Strategy, StrategyError, Symbol, Tick, Timeframe,
};

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn lots(text: &str) -> Lots {
    text.parse().unwrap()
}

fn script() -> Script {
    Script::new(&symbol(), 5)
}

/// In the tester no order expires, however long a busy machine takes.
fn timeless() -> Script {
    script().hello(|hello| hello.is_tester = true)
}

/// A strategy that does one thing with each tick.
struct OnTick<F>(F);

impl<F> Strategy for OnTick<F>
where
    F: FnMut(&mut Context<'_>, &Tick) -> Result<(), StrategyError> + Send,
{
    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        (self.0)(context, tick)
    }
}

/// Has a strategy do something once, inside a tick, and returns what came of it.
fn inside_a_tick<T: Send + 'static>(
    script: Script,
    mut act: impl FnMut(&mut Context<'_>) -> T + Send + 'static,
) -> (T, EaDouble) {
    let (tell, told) = channel();
    let strategy = OnTick(move |context: &mut Context<'_>, _: &Tick| {
        tell.send(act(context)).map_err(|error| error.to_string())?;
        Ok(())
    });
    let mut ea = script.run(strategy).unwrap();
    // The connection may end under the tick.
    drop(ea.prices("1.10000", "1.10012"));
    (told.recv_timeout(Duration::from_secs(60)).unwrap(), ea)
}

#[test]
fn a_strategy_trades_inside_its_tick() {
    let (execution, mut ea) = inside_a_tick(script().fill_market_orders(), |context| {
        context.buy(&symbol(), lots("0.10"))
    });
    let done = execution.unwrap().done().unwrap();
    assert_eq!(done.price, "1.10012".parse().ok());
    assert_eq!(done.client_id.as_str().len(), 16);
    let order = ea.orders_sent()[0];
    assert_eq!(order.client_id, Some(done.client_id));
    assert!(order.expires_at_ms.is_some());
    ea.leave().unwrap();
}

#[test]
fn an_order_in_the_tester_does_not_expire() {
    let script = script().hello(|hello| hello.is_tester = true).fill_market_orders();
    let (execution, ea) = inside_a_tick(script, |context| context.buy(&symbol(), lots("1")));
    assert!(execution.unwrap().is_done());
    assert_eq!(ea.orders_sent()[0].expires_at_ms, None);
}

#[test]
fn what_a_strategy_says_of_its_order_stays() {
    let id: ClientId = "mine".parse().unwrap();
    let (execution, ea) = inside_a_tick(script().fill_market_orders(), move |context| {
        let order = MarketOrder::sell(&symbol(), lots("1")).client_id(id);
        let first = context.order_send(order.clone()).unwrap();
        (first, context.order_status(id).unwrap())
    });
    assert_eq!(execution.0.client_id(), id);
    assert!(matches!(execution.1, Settlement::Done(done) if done.price == "1.1".parse().ok()));
    assert_eq!(ea.fills().len(), 1);
}

/// The whole of chapter 18 on doubt: whatever the EA does with an order, it is asked once.
#[test]
fn nothing_is_ever_sent_again() {
    let refused = |code| Response::Fault(Fault::new(code, "no"));
    let outcome = |outcome, retcode| {
        move |ask: &Ask| {
            let Ask::OrderSend(order) = ask else { panic!("{ask:?}") };
            let result = OrderResult::new(outcome, retcode, order.client_id.unwrap());
            Answer::OrderResult(Box::new(result)).into()
        }
    };
    type Responder = Box<dyn FnMut(&Ask) -> Response + Send>;
    let cases: Vec<(&str, Responder, &str)> = vec![
        ("done", Box::new(outcome(Outcome::Done, 10009)), "done"),
        ("rejected", Box::new(outcome(Outcome::Rejected, 10006)), "rejected"),
        ("requote", Box::new(outcome(Outcome::Rejected, 10004)), "rejected"),
        ("timeout at the broker", Box::new(outcome(Outcome::Unknown, 10012)), "unknown"),
        ("done, but its code is not", Box::new(outcome(Outcome::Done, 10012)), "unknown"),
        ("a code nobody knows", Box::new(outcome(Outcome::Done, 99_999)), "unknown"),
        ("absent", Box::new(outcome(Outcome::Absent, 0)), "unknown"),
        ("never", Box::new(|_| Response::Silence), "unknown"),
        ("late", Box::new(|_| Response::Late(Answer::Empty)), "unknown"),
        ("under another id", Box::new(|_| Response::OtherId(Answer::Empty)), "unknown"),
        ("garbage", Box::new(|_| Response::Line("}{".to_owned())), "unknown"),
        ("an answer to something else", Box::new(|_| Answer::Empty.into()), "unknown"),
        ("gone", Box::new(|_| Response::HangUp), "unknown"),
        (
            "an error of the terminal",
            Box::new(move |_| refused(ErrorCode::TerminalError)),
            "unknown",
        ),
        ("not found", Box::new(move |_| refused(ErrorCode::NotFound)), "unknown"),
        ("expired", Box::new(move |_| refused(ErrorCode::Expired)), "expired"),
        ("no such symbol", Box::new(move |_| refused(ErrorCode::UnknownSymbol)), "unknown_symbol"),
    ];
    for (name, responder, expected) in cases {
        let script = script().answer(AskKind::OrderSend, responder);
        let (result, ea) = inside_a_tick(script, |context| {
            context.within(Duration::from_millis(300)).buy(&symbol(), lots("1"))
        });
        let found = match &result {
            Ok(Execution::Done(_)) => "done",
            Ok(Execution::Rejected(_)) => "rejected",
            Ok(Execution::Unknown(_)) => "unknown",
            Err(error) => error.code(),
        };
        assert_eq!(found, expected, "{name}: {result:?}");
        assert_eq!(ea.orders_sent().len(), 1, "{name}");
    }
}

#[test]
fn an_order_in_doubt_is_settled_by_asking() {
    let mut asked = 0;
    let script = script().answer(AskKind::OrderSend, |_| Response::Silence).answer(
        AskKind::OrderStatus,
        move |ask| {
            let Ask::OrderStatus { client_id } = ask else { panic!("{ask:?}") };
            asked += 1;
            let (outcome, retcode) = match asked {
                1 => return Response::Silence,
                2 => (Outcome::Unknown, 10012),
                _ => (Outcome::Done, 10009),
            };
            Answer::OrderResult(Box::new(OrderResult::new(outcome, retcode, *client_id))).into()
        },
    );
    let (settled, ea) = inside_a_tick(script, |context| {
        let order = context.within(Duration::from_millis(100)).buy(&symbol(), lots("1")).unwrap();
        assert!(order.is_unknown());
        let ea = context.within(Duration::from_millis(100));
        ea.settle(order.client_id(), Duration::from_secs(60)).unwrap()
    });
    assert!(settled.is_done());
    assert_eq!((ea.orders_sent().len(), ea.asked().len()), (1, 4));
}

#[test]
fn an_order_whose_answer_is_lost_was_executed_once() {
    let script =
        timeless().fill_market_orders().answer(AskKind::OrderSend, |_| Response::UsualButLost);
    let (settled, ea) = inside_a_tick(script, |context| {
        let order = context.within(Duration::from_millis(100)).buy(&symbol(), lots("1")).unwrap();
        assert!(order.is_unknown());
        context.settle(order.client_id(), Duration::from_secs(60)).unwrap()
    });
    assert!(settled.is_done());
    assert_eq!(ea.fills().len(), 1);
}

#[test]
fn settling_ends() {
    let script = script().answer(AskKind::OrderStatus, |ask| {
        let Ask::OrderStatus { client_id } = ask else { panic!("{ask:?}") };
        Answer::OrderResult(Box::new(OrderResult::new(Outcome::Unknown, 0, *client_id))).into()
    });
    let (settled, _) = inside_a_tick(script, |context| {
        context.settle("never".parse().unwrap(), Duration::from_millis(120))
    });
    assert!(settled.unwrap().is_unknown());
}

#[test]
fn an_order_after_the_end_is_an_error() {
    let (handle, mut ea) = inside_a_tick(script().fill_market_orders(), |context| context.handle());
    ea.hang_up().unwrap();
    assert!(!handle.is_open());
    let error = handle.buy(&symbol(), lots("1")).unwrap_err();
    assert_eq!(error.code(), "disconnected");
}

#[test]
fn a_handle_asks_while_the_strategy_rests() {
    let (handle, mut ea): (Handle, _) =
        inside_a_tick(script().fill_market_orders(), |context| context.handle());
    let other = std::thread::spawn(move || handle.buy(&symbol(), lots("1")));
    ea.serve_until(|ea| ea.fills().len() == 1).unwrap();
    assert!(other.join().unwrap().unwrap().is_done());
    ea.leave().unwrap();
}

#[test]
fn bars_come_whole_out_of_pages() {
    let price = "1.1".parse().unwrap();
    let bars: Vec<Bar> =
        (0..1234).map(|minute| Bar::new(minute * 60, price, price, price, price)).collect();
    let script = script().bars(Timeframe::M1, bars.clone());
    let (found, ea) = inside_a_tick(script, |context| {
        let span = RatesSpan::Position { start: 1, count: 1100 };
        context.rates(context.symbol(), Timeframe::M1, span).unwrap()
    });
    assert_eq!(found, bars[133..1233]);
    assert_eq!(ea.asked().len(), 3);
}

#[test]
fn an_order_that_nobody_answered_says_why_it_is_unknown() {
    let silent = script().answer(AskKind::OrderSend, |_| Response::Silence);
    let (execution, _ea) = inside_a_tick(silent, |context| {
        context.within(Duration::from_millis(20)).buy(&symbol(), lots("0.10"))
    });
    let Execution::Unknown(open) = execution.unwrap() else { panic!("it is known") };
    // A retcode of zero is MT4's for success.
    assert_eq!((open.retcode, open.code), (None, Some(ErrorCode::RequestTimeout)));
}

#[test]
fn an_order_sent_again_under_its_name_gets_its_first_answer() {
    let (sent, ea) = inside_a_tick(script().fill_market_orders(), |context| {
        let order =
            |volume| MarketOrder::buy(&symbol(), lots(volume)).client_id("once".parse().unwrap());
        let first = context.order_send(order("0.10")).unwrap();
        // It expires later than the first.
        let again = context.within(Duration::from_secs(30)).order_send(order("0.10")).unwrap();
        (first, again, context.order_send(order("0.20")))
    });
    assert!(sent.0.is_done());
    assert_eq!(sent.0, sent.1);
    assert_eq!(sent.2.unwrap_err().code(), "id_conflict");
    assert_eq!(ea.fills().len(), 1);
}

#[test]
fn what_fails_is_told() {
    let mut ea =
        script().run(OnTick(|_: &mut Context<'_>, _: &Tick| Err("no idea".into()))).unwrap();
    let error = ea.prices("1.1", "1.2").unwrap_err();
    assert_eq!(error.code(), "handler_failed");
    assert_eq!(error.to_string(), "the strategy answered `handler_failed`: no idea");
    assert_eq!(ea.prices("x", "1").unwrap_err().kind(), ErrorKind::InvalidParams);
    ea.leave().unwrap();
    assert_eq!(ea.failures(), ["on_tick failed: no idea"]);

    let mut ea = script().run(OnTick(|_: &mut Context<'_>, _: &Tick| panic!("oh"))).unwrap();
    assert_eq!(ea.prices("1.1", "1.2").unwrap_err().code(), "handler_panic");
    assert_eq!(ea.prices("1.1", "1.2").unwrap_err().code(), "handler_panic");
    assert_eq!(ea.bye().map(|bye| bye.code.as_str()), Some("handler_panic"));
}

/// Notes which of its methods are called.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, text: impl Into<String>) -> Result<(), StrategyError> {
        self.0.lock().unwrap().push(text.into());
        Ok(())
    }
}

impl Strategy for Notes {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        context.subscribe_bars(context.symbol(), Timeframe::M5)?;
        self.add("start")
    }

    fn on_tick(&mut self, _: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        self.add(format!("tick {}", tick.bid))
    }

    fn on_bar(&mut self, context: &mut Context<'_>, bar: &BarEvent) -> Result<(), StrategyError> {
        context.comment("a bar")?;
        self.add(format!("bar {}", bar.bar.time))
    }

    fn on_gap(
        &mut self,
        _: &mut Context<'_>,
        gap: &crate::session::TickGap,
    ) -> Result<(), StrategyError> {
        self.add(format!("gap {} to {}", gap.expected, gap.found))
    }

    fn on_stop(&mut self, _: &mut Context<'_>, reason: &crate::session::StopReason) {
        self.add(format!("stop {reason:?}")).unwrap();
    }
}

#[test]
fn a_strategy_hears_everything_in_order() {
    let notes = Notes::default();
    let mut ea = script().run(notes.clone()).unwrap();
    ea.prices("1.1", "1.2").unwrap();
    let price = "1.1".parse().unwrap();
    let bar = Bar::new(60, price, price, price, price);
    ea.bar(&BarEvent::new(symbol(), Timeframe::M5, bar)).unwrap();
    let mut tick = Tick::new(symbol(), 1_700_000_100_000, price, price);
    tick.seq = Some(7);
    ea.tick(tick).unwrap();
    assert_eq!(
        ea.asked().iter().map(|ask| ask.kind().as_str()).collect::<Vec<_>>(),
        ["subscribe", "comment"]
    );
    ea.leave().unwrap();
    let heard = notes.0.lock().unwrap().clone();
    assert_eq!(heard[..5], ["start", "tick 1.1", "bar 60", "gap 2 to 7", "tick 1.1"]);
    assert!(heard[5].starts_with("stop Deinit"), "{heard:?}");
}

#[test]
fn a_call_that_the_end_overtakes_is_told_so() {
    let script = script().answer(AskKind::Comment, |_| Response::HangUp);
    let (result, _) = inside_a_tick(script, |context| {
        let during = context.comment("a").unwrap_err();
        (during, context.comment("b").unwrap_err())
    });
    for error in [result.0, result.1] {
        assert_eq!(error.code(), "disconnected", "{error}");
    }
}
