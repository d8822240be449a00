//! The library's EA double as an EA that anybody's server may talk to: it comes again for ever.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use tickpipe::session::{
    AccountState, AskKind, Bar, BarEvent, ClientId, Deal, DealType, HistoryTick, LogEntry,
    LogLevel, Money, Order, OrderCheck, OrderType, Symbol, TerminalInfo, Timeframe, TradeEvent,
    TradeKind,
};
use tickpipe::testing::{Answer, Ask, EaDouble, Fault, Response, Script};
use tickpipe::{Error, ErrorCode, ErrorKind};

/// How long it waits for the answer to a tick: what chapter 13 says.
const TICK_LIMIT: Duration = Duration::from_millis(1500);

/// The pause between two ticks.
const PAUSE: Duration = Duration::from_millis(100);

/// The pause before it comes again.
const RETRY: Duration = Duration::from_millis(20);

/// When its bars and ticks begin, and how many bars it has: too many for a line.
const BEGIN: i64 = 1_700_000_000;
const BARS: i64 = 1200;

/// Connects to a pipe again and again, until stopped.
pub(crate) fn run(pipe: &str, is_stopped: &AtomicBool) {
    let mut ea: Option<EaDouble> = None;
    let orders = Arc::default();
    while !is_stopped.load(Ordering::Acquire) {
        let connected = match &mut ea {
            Some(ea) => ea.connect_again(pipe),
            none => script(&orders).connect(pipe).map(|new| *none = Some(new)),
        };
        if let (Ok(()), Some(ea)) = (connected, &mut ea) {
            serve(ea, is_stopped);
        }
        thread::sleep(RETRY);
    }
}

/// Sends ticks and serves requests while the session lasts.
fn serve(ea: &mut EaDouble, is_stopped: &AtomicBool) {
    while !is_stopped.load(Ordering::Acquire) {
        let is_over = |result: Result<(), Error>| match result.map_err(|error| error.kind()) {
            // An answer that does not come, or that is an error, ends nothing.
            Ok(()) | Err(ErrorKind::TimedOut | ErrorKind::Ask(_)) => false,
            Err(_) => true,
        };
        if is_over(ea.prices("1.10000", "1.10012"))
            || is_over(tell(ea))
            || is_over(ea.serve_for(PAUSE))
        {
            return;
        }
        let limit = ea.welcome().map(|welcome| Duration::from_millis(welcome.silence_ms));
        if ea.silence().is_none_or(|silence| limit.is_some_and(|limit| limit < silence)) {
            return;
        }
    }
}

/// Sends one of each event.
fn tell(ea: &mut EaDouble) -> Result<(), Error> {
    let symbol = Symbol::new("EURUSD").expect("a symbol");
    let bar = bars().pop().expect("a bar");
    ea.account(&state())?;
    ea.bar(&BarEvent::new(symbol.clone(), Timeframe::M1, bar))?;
    ea.log(&LogEntry::new(LogLevel::Info, "a tick"))?;
    ea.trade(&TradeEvent::new(TradeKind::DealAdd, symbol))
}

/// Connects to a pipe again and again, and leaves each time after a tick, until stopped.
pub(crate) fn leave_again_and_again(pipe: &str, is_stopped: &AtomicBool) {
    while !is_stopped.load(Ordering::Acquire) {
        if let Ok(mut ea) = script(&Arc::default()).connect(pipe) {
            // A server that is over by then is none to leave.
            drop(ea.prices("1.10000", "1.10012").and_then(|()| ea.leave()));
        }
        thread::sleep(RETRY);
    }
}

/// What is in its account.
fn state() -> AccountState {
    let zero: Money = "0.00".parse().expect("money");
    let balance: Money = "1000.00".parse().expect("money");
    AccountState::new(balance, balance, zero, balance)
}

/// Names of orders, by what the double said of them.
#[derive(Debug, Default)]
struct Names {
    sent: BTreeSet<ClientId>,
    absent: BTreeSet<ClientId>,
}

/// What the double is and answers.
fn script(names: &Arc<Mutex<Names>>) -> Script {
    let symbol = Symbol::new("EURUSD").expect("a symbol");
    let mut account = None;
    let script = Script::new(&symbol, 5)
        .hello(|hello| account = Some(hello.account.clone()))
        .fill_market_orders()
        .bars(Timeframe::M1, bars())
        .lenient()
        .limit(TICK_LIMIT);
    let account = account.expect("it was told");
    let script = script
        .answer(AskKind::AccountInfo, move |_| {
            Answer::AccountInfo { account: account.clone(), state: state() }.into()
        })
        .answer(AskKind::TerminalInfo, |_| {
            Answer::TerminalInfo(Box::new(TerminalInfo::new())).into()
        })
        .answer(AskKind::Symbols, symbols)
        .answer(AskKind::Indicator, indicator)
        .answer(AskKind::Ticks, ticks)
        .answer(AskKind::Orders, |_| Answer::Orders { orders: vec![order()], more: false }.into())
        .answer(AskKind::HistoryOrders, |_| {
            Answer::HistoryOrders { orders: vec![order()], more: false }.into()
        })
        .answer(AskKind::HistoryDeals, history_deals)
        .answer(AskKind::OrderCheck, |_| Answer::OrderCheck(Box::new(OrderCheck::new(0))).into());
    let (sending, asking) = (Arc::clone(names), Arc::clone(names));
    script
        .answer(AskKind::OrderSend, move |ask| send(ask, &sending))
        .answer(AskKind::OrderStatus, move |ask| status(ask, &asking))
}

/// Looks at an order in the sequence of chapter 18; the double's own table knows what came before.
fn send(ask: &Ask, names: &Mutex<Names>) -> Response {
    let Ask::OrderSend(request) = ask else { return Response::Usual };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let mut names = names.lock().expect("no panic under it");
    let is_in =
        |names: &BTreeSet<ClientId>| request.client_id.is_some_and(|id| names.contains(&id));
    if is_in(&names.sent) {
        return Response::Usual;
    }
    let is_past = |at| u128::try_from(at).is_ok_and(|at| at <= now.as_millis());
    if is_in(&names.absent) || request.expires_at_ms.is_some_and(is_past) {
        return Fault::new(ErrorCode::Expired, "its time is over, it was not sent").into();
    }
    if is_of_no_symbol(ask) {
        return Fault::new(ErrorCode::UnknownSymbol, "the double knows EURUSD alone").into();
    }
    names.sent.extend(request.client_id);
    Response::Usual
}

fn is_of_no_symbol(ask: &Ask) -> bool {
    use tickpipe::testing::OrderAction;
    let Ask::OrderSend(request) = ask else { return false };
    matches!(&request.action, OrderAction::Market { symbol, .. } if symbol.as_str() != "EURUSD")
}

fn status(ask: &Ask, names: &Mutex<Names>) -> Response {
    if let Ask::OrderStatus { client_id } = ask {
        let mut names = names.lock().expect("no panic under it");
        if !names.sent.contains(client_id) {
            names.absent.insert(*client_id);
        }
    }
    Response::Usual
}

fn bars() -> Vec<Bar> {
    let price = |text: &str| text.parse().expect("a price");
    let (open, high, low, close) =
        (price("1.10000"), price("1.10100"), price("1.09900"), price("1.10050"));
    (0..BARS).map(|minute| Bar::new(BEGIN + minute * 60, open, high, low, close)).collect()
}

fn symbols(ask: &Ask) -> Response {
    let Ask::Symbols { after } = ask else { return Response::Usual };
    let symbols = ["EURUSD", "GBPUSD"].map(|name| Symbol::new(name).expect("a symbol"));
    let is_asked = |symbol: &Symbol| after.as_ref().is_none_or(|after| after < symbol);
    let symbols = symbols.into_iter().filter(is_asked).collect();
    Answer::Symbols { symbols, more: false }.into()
}

fn indicator(ask: &Ask) -> Response {
    let Ask::Indicator { name, count, .. } = ask else { return Response::Usual };
    if name != "iMA" {
        return Fault::new(ErrorCode::NotFound, "the double has iMA alone").into();
    }
    let value = Some("1.10000".parse().expect("a decimal"));
    let count = usize::try_from(*count).expect("a small count");
    Answer::Indicator { values: vec![value; count] }.into()
}

fn ticks(ask: &Ask) -> Response {
    let Ask::Ticks { count, .. } = ask else { return Response::Usual };
    let ticks = (0..i64::try_from(*count).expect("a small count")).map(|second| {
        let mut tick = HistoryTick::new((BEGIN + second) * 1000);
        (tick.bid, tick.ask) = ("1.10000".parse().ok(), "1.10012".parse().ok());
        (tick.volume, tick.flags) = ("0".parse().ok(), Some(6));
        tick
    });
    Answer::Ticks { ticks: ticks.collect(), more: false }.into()
}

fn order() -> Order {
    let symbol = Symbol::new("EURUSD").expect("a symbol");
    let mut order = Order::new("1001".parse().expect("a ticket"), symbol, OrderType::BuyLimit);
    (order.volume, order.price) = ("0.10".parse().ok(), "1.05000".parse().ok());
    order
}

fn history_deals(ask: &Ask) -> Response {
    let Ask::HistoryDeals(span) = ask else { return Response::Usual };
    let deposit = Deal::new("1".parse().expect("a ticket"), DealType::Balance);
    let deals = if BEGIN <= span.to { vec![deposit] } else { Vec::new() };
    Answer::HistoryDeals { deals, more: false }.into()
}
