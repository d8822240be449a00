//! What becomes of a program's orders, whatever their EA does.

use tickpipe::session::AskKind;
use tickpipe::testing::{Answer, Ask, OrderRequest, OrderResult, Outcome, Response, Script};
use tickpipe::{ErrorCode, ServerConfig, SessionTap, Tap, TapEvent};

use super::child::{Rig, rig};
use super::{script, sent, serve_comments};

/// Sends one order at the first tick and says what came of it; then says what became of it.
const ONE_ORDER: &str = r#"
def text(found):
    if "error" in found:
        return "error " + found["error"]["data"]["code"]
    result = found["result"]
    return " ".join([result["outcome"], str(result["retcode"]), str(result.get("price", "-"))])

for message in messages():
    if message.get("method") == "tick":
        params = {"action": "market", "symbol": "EURUSD", "type": "buy", "volume": 0.1}
        found = ask("order_send", **params, **extra)
        say(text(found))
        if "result" in found:
            say("then", text(ask("order_status", client_id=found["result"]["client_id"])))
        answer(message)
"#;

fn one_order(extra: &str) -> Rig {
    rig(&format!("extra = {extra}\n{ONE_ORDER}"))
}

/// Returns what the program says of an order that is answered so, and how often it was sent.
fn outcome(respond: impl FnMut(&Ask) -> Response + Send + 'static) -> (String, usize) {
    let rig = one_order("{}");
    let mut ea = rig.connect(script().answer(AskKind::OrderSend, respond));
    // One that takes its time is over after 5 s.
    assert_eq!(sent(&mut ea), "");
    let said = serve_comments(&mut ea, 1).remove(0);
    let orders = ea.orders_sent().len();
    ea.leave().unwrap();
    rig.stop();
    (said, orders)
}

fn result(ask: &Ask, outcome: Outcome, retcode: u64) -> Answer {
    let Ask::OrderSend(order) = ask else { panic!("{ask:?}") };
    let client_id = order.client_id.expect("it has a name");
    Answer::OrderResult(Box::new(OrderResult::new(outcome, retcode, client_id)))
}

fn filling(script: Script) -> Script {
    script.fill_market_orders()
}

#[test]
fn an_order_is_named_and_expires_and_is_filled() {
    let rig = one_order("{}");
    let mut ea = rig.connect(filling(script()));
    assert_eq!(sent(&mut ea), "");
    assert_eq!(serve_comments(&mut ea, 2), ["done 10009 1.10012", "then done 10009 1.10012"]);
    let order: &OrderRequest = ea.orders_sent()[0];
    assert!(order.client_id.is_some());
    assert!(order.expires_at_ms.is_some());
    assert_eq!(sent(&mut ea), "");
    let (one, other) = (ea.orders_sent()[0].client_id, ea.orders_sent()[1].client_id);
    assert_ne!(one, other);
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn a_program_may_name_its_orders_and_have_them_expire_sooner() {
    let rig = one_order(r#"{"client_id": "mine-1", "expires_at_ms": 5}"#);
    let mut ea = rig.connect(filling(script()));
    assert_eq!(sent(&mut ea), "");
    let order = ea.orders_sent()[0];
    assert_eq!(order.client_id.map(|id| id.to_string()).as_deref(), Some("mine-1"));
    assert_eq!(order.expires_at_ms, Some(5));
    ea.leave().unwrap();
    rig.stop();
    // The tester's clock is another.
    let rig = one_order("{}");
    let mut ea = rig.connect(filling(script().hello(|hello| hello.is_tester = true)));
    assert_eq!(sent(&mut ea), "");
    assert_eq!(ea.orders_sent()[0].expires_at_ms, None);
    ea.leave().unwrap();
    rig.stop();
}

#[test]
fn the_outcomes_are_told_apart() {
    let rejected = outcome(|ask| result(ask, Outcome::Rejected, 10019).into());
    assert_eq!(rejected, ("rejected 10019 -".to_owned(), 1));
    let unknown = outcome(|ask| result(ask, Outcome::Unknown, 10012).into());
    assert_eq!(unknown, ("unknown 10012 -".to_owned(), 1));
    // An EA that says more than the code allows.
    let doubtful = outcome(|ask| result(ask, Outcome::Done, 10012).into());
    assert_eq!(doubtful, ("unknown 10012 -".to_owned(), 1));
    let fault = |code| move |_: &Ask| tickpipe::testing::Fault::new(code, "no").into();
    assert_eq!(outcome(fault(ErrorCode::Expired)), ("error expired".to_owned(), 1));
    assert_eq!(outcome(fault(ErrorCode::UnknownSymbol)), ("error unknown_symbol".to_owned(), 1));
    assert_eq!(outcome(fault(ErrorCode::TerminalError)), ("unknown 0 -".to_owned(), 1));
}

#[test]
fn whatever_leaves_a_doubt_is_unknown_and_nothing_is_sent_twice() {
    let line = |text: &str| Response::Line(text.to_owned());
    let broken = r#"{"jsonrpc":"2.0","id":{id},"result":{"outcome":"done"}}"#;
    assert_eq!(outcome(move |_| line(broken)), ("unknown 0 -".to_owned(), 1));
    // Each of these takes the time that a request has.
    let other = |ask: &Ask| Response::OtherId(result(ask, Outcome::Done, 10009));
    let late = |ask: &Ask| Response::Late(result(ask, Outcome::Done, 10009));
    std::thread::scope(|scope| {
        let silent = scope.spawn(|| outcome(|_| Response::Silence));
        let found =
            [scope.spawn(move || outcome(other)), scope.spawn(move || outcome(late)), silent];
        for found in found {
            assert_eq!(found.join().unwrap(), ("unknown 0 -".to_owned(), 1));
        }
    });
}

/// An EA that leaves with an order under way: the program is told before its session is over.
#[test]
fn an_order_under_way_at_the_end_is_unknown() {
    let file = std::env::temp_dir().join(crate::support::new_name());
    let path = file.display().to_string();
    let rig = rig(&format!(
        r#"
receive()
send(id=1, method="order_send", params={{"action": "close", "ticket": "5"}})
while True:
    line = sys.stdin.readline()
    if not line:
        break
    open({path:?}, "a").write(line)
"#
    ));
    let mut ea = rig.connect(script().answer(AskKind::OrderSend, |_| Response::HangUp));
    assert!(ea.serve_until(|_| false).is_err());
    rig.stop();
    let told = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines.iter().any(|line| line.contains(r#""outcome":"unknown""#)), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(r#""method":"bye""#)), "{lines:?}");
}

/// Nobody is left to hear of it but the observer.
#[test]
fn a_program_that_dies_inside_a_request_leaves_its_outcome_with_the_observer() {
    let (tap, events) = Tap::new(64);
    let text = r#"
receive()
send(id=1, method="order_send", params={"action": "close", "ticket": "5"})
sys.exit(1)
"#;
    let rig = Rig::with_config(text, ServerConfig::default().with_tap(tap));
    let mut ea = rig.connect(script().answer(AskKind::OrderSend, |_| Response::Silence));
    assert!(ea.serve_until(|_| false).is_err());
    assert_eq!(ea.orders_sent().len(), 1);
    rig.stop();
    let is_unknown = |event: &TapEvent| {
        let TapEvent::Session { event: SessionTap::Order { result, .. }, .. } = event else {
            return false;
        };
        result.as_ref().is_ok_and(|result| result.outcome == Outcome::Unknown)
    };
    assert_eq!(events.iter().filter(is_unknown).count(), 1);
}
