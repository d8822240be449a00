//! What a terminal says and answers, without anybody who trades.

use tickpipe::session::AskError;
use tickpipe::session::local::{LocalEa, LocalEvent};
use tickpipe_proto::message::{
    Answer, Ask, AskKind, Bar, Fault, HistorySpan, OrderAction, OrderRequest, OrderResult,
    OrderType, Outcome, RatesSpan, ServerMessage, SubscribeKind, Terminal as TerminalKind, Tick,
    encode, parse, parse_server,
};
use tickpipe_proto::types::{ClientId, RequestId, Symbol, Timeframe};

use super::*;
use crate::account::AccountSpec;
use crate::broker::{BrokerConfig, Latency, SymbolSpec};
use crate::fault::Faults;

/// Milliseconds of 2019-02-04 00:00, a Monday.
const MONDAY: i64 = 1_549_238_400_000;

fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

/// Ticks of EURUSD every ten seconds, and between them of GBPUSD.
fn ticks(count: i64) -> Vec<Tick> {
    let tick = |at: i64| {
        let (name, begin) = if at % 2 == 0 { ("EURUSD", 110_000) } else { ("GBPUSD", 130_000) };
        let price = |points| Price::new(points, 5).unwrap();
        let bid = begin + at % 7;
        Tick::new(symbol(name), MONDAY + at * 5000, price(bid), price(bid + 2))
    };
    (0..count).map(tick).collect()
}

fn terminal_with(
    count: i64,
    faults: &[&str],
    change: impl FnOnce(BrokerConfig) -> BrokerConfig,
) -> Terminal {
    let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
    let config = BrokerConfig::new(account)
        .with_symbol(SymbolSpec::forex(symbol("EURUSD"), 5, "EUR", "USD"))
        .with_symbol(SymbolSpec::forex(symbol("GBPUSD"), 5, "GBP", "USD"));
    let broker = Broker::new(change(config)).unwrap();
    let faults = Faults::parse(faults, 1).unwrap();
    let config = TerminalConfig::new(symbol("EURUSD")).with_faults(faults);
    Terminal::new(config, broker, ticks(count).into_iter().map(Ok)).unwrap()
}

fn terminal(count: i64) -> Terminal {
    terminal_with(count, &[], |config| config)
}

/// An order at the market.
fn market(name: &str, volume: &str) -> OrderRequest {
    let mut request = OrderRequest::new(OrderAction::Market {
        symbol: symbol("EURUSD"),
        r#type: OrderType::Buy,
        volume: volume.parse().unwrap(),
        stop_loss: None,
        take_profit: None,
        deviation_points: None,
        filling: None,
    });
    request.client_id = Some(name.parse().unwrap());
    request
}

fn send(terminal: &mut Terminal, request: &OrderRequest) -> Result<OrderResult, AskError> {
    terminal.answer(&Ask::OrderSend(Box::new(request.clone()))).map(result)
}

fn result(answer: Answer) -> OrderResult {
    let Answer::OrderResult(result) = answer else { panic!("another answer") };
    *result
}

fn status(terminal: &mut Terminal, name: &str) -> OrderResult {
    let client_id: ClientId = name.parse().unwrap();
    result(terminal.answer(&Ask::OrderStatus { client_id }).unwrap())
}

#[track_caller]
fn refused(answer: Result<impl fmt::Debug, AskError>) -> Fault {
    match answer {
        Err(AskError::Refused(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

/// What comes next, as a word; of a tick its time since midnight.
fn next(terminal: &mut Terminal) -> String {
    match terminal.next() {
        LocalEvent::Account(_) => "account".to_owned(),
        LocalEvent::Bar(event) => format!("bar {} {}", event.symbol, event.timeframe),
        LocalEvent::Ended(StopReason::Deinit(deinit)) => format!("deinit {}", deinit.reason),
        LocalEvent::Ended(reason) => format!("{reason:?}"),
        LocalEvent::Over => "over".to_owned(),
        LocalEvent::Tick(tick) => {
            let (at, seq) = ((tick.time_msc - MONDAY) / 1000, tick.seq.unwrap());
            format!("tick {} {at} #{seq}", tick.symbol)
        }
        LocalEvent::Trade(trade) => format!("{:?}", trade.event),
        LocalEvent::Gap(_) | LocalEvent::Log(_) | _ => "other".to_owned(),
    }
}

/// Opens a session, and hears what is in its account.
fn open(terminal: &mut Terminal) {
    terminal.hello();
    assert_eq!(next(terminal), "account");
}

fn all(terminal: &mut Terminal, count: usize) -> Vec<String> {
    (0..count).map(|_| next(terminal)).collect()
}

/// One request of each kind.
fn asks() -> Vec<Ask> {
    let (symbol, timeframe) = (symbol("EURUSD"), Timeframe::M1);
    let own = || symbol.clone();
    let span = HistorySpan::new(0, MONDAY, None);
    let bars = |span| Ask::Rates { symbol: own(), timeframe, span };
    vec![
        Ask::AccountInfo,
        Ask::Alert { text: "alert".to_owned() },
        Ask::Comment { text: "comment".to_owned() },
        Ask::HistoryDeals(span),
        Ask::HistoryOrders(span),
        Ask::OrderCheck(Box::new(market("check", "0.10"))),
        Ask::OrderSend(Box::new(market("send", "0.10"))),
        Ask::OrderStatus { client_id: "send".parse().unwrap() },
        Ask::Orders { symbol: None, magic: None, after: None },
        Ask::Ping,
        Ask::Positions { symbol: Some(own()), magic: None, after: None },
        bars(RatesSpan::Position { start: 0, count: 10 }),
        bars(RatesSpan::Before { to: MONDAY, count: 10 }),
        bars(RatesSpan::Between { from: 0, to: MONDAY }),
        Ask::Subscribe { symbol: own(), kind: SubscribeKind::Ticks },
        Ask::SymbolInfo { symbol: own() },
        Ask::SymbolTick { symbol: own() },
        Ask::Symbols { after: None },
        Ask::TerminalInfo,
        Ask::Ticks { symbol: own(), from_msc: 0, to_msc: MONDAY + 60_000, count: 10 },
        Ask::Unsubscribe { symbol: own(), kind: SubscribeKind::Ticks },
    ]
}

#[test]
fn every_request_is_answered_with_what_its_kind_allows() {
    let mut terminal = terminal(100);
    let capabilities = terminal.hello().capabilities;
    all(&mut terminal, 20);
    for ask in asks() {
        let kind = ask.kind();
        assert!(kind == AskKind::Ping || capabilities.contains(&kind), "{kind}");
        let answer = terminal.answer(&ask).unwrap();
        let mut line = Vec::new();
        encode::answer(&mut line, &RequestId::Number(1), &answer).unwrap();
        let Ok(tickpipe_proto::message::Message::Reply { result: Ok(result), .. }) =
            parse(line.trim_ascii_end())
        else {
            panic!("{}", String::from_utf8_lossy(&line));
        };
        assert_eq!(Answer::parse(kind, result, TerminalKind::Sim).unwrap(), answer, "{kind}");
    }
    for kind in capabilities {
        assert!(asks().iter().any(|ask| ask.kind() == kind), "{kind} is not asked");
    }
}

#[test]
fn hello_is_one_that_a_server_takes() {
    let mut line = Vec::new();
    encode::hello(&mut line, 1, &terminal(1).hello());
    assert!(line.len() < 4096);
    assert!(parse(line.trim_ascii_end()).is_ok(), "{}", String::from_utf8_lossy(&line));
}

#[test]
fn a_terminal_needs_a_name_and_a_chart() {
    let make = |config| {
        let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
        let broker = Broker::new(BrokerConfig::new(account)).unwrap();
        Terminal::new(config, broker, std::iter::empty()).unwrap_err()
    };
    let config = TerminalConfig::new(symbol("EURUSD"));
    assert_eq!(make(config.clone()), InvalidTerminal::Symbol("EURUSD".to_owned()));
    assert_eq!(make(config.with_instance("")), InvalidTerminal::Instance(0));
}

#[test]
fn a_session_begins_with_what_is_in_its_account() {
    let mut terminal = terminal_with(6, &["die@tick=2"], |config| config);
    let balances = |terminal: &mut Terminal| {
        terminal.hello();
        let LocalEvent::Account(state) = terminal.next() else { panic!("another event") };
        (state.balance.to_string(), state.equity.to_string(), state.margin.to_string())
    };
    let told = |[balance, equity, margin]: [&str; 3]| {
        (balance.to_owned(), equity.to_owned(), margin.to_owned())
    };
    assert_eq!(balances(&mut terminal), told(["10000.00", "10000.00", "0.00"]));
    assert_eq!(next(&mut terminal), "tick EURUSD 0 #1");
    send(&mut terminal, &market("one", "0.10")).unwrap();
    while next(&mut terminal) != "Disconnected" {}
    // As it stood when the tick came at which the terminal died.
    assert_eq!(balances(&mut terminal), told(["10000.00", "10000.00", "110.00"]));
    assert_eq!(next(&mut terminal), "tick EURUSD 20 #1");
}

#[test]
fn a_session_without_a_tick_does_not_say_what_is_in_its_account() {
    let mut terminal = terminal_with(1, &["die@tick=1"], |config| config);
    terminal.hello();
    assert_eq!(all(&mut terminal, 2), ["Disconnected", "deinit 9"]);
    let mut terminal = terminal_with(1, &["die@tick=1"], |config| config);
    assert!(!terminal.begin_seen(), "nothing of it is seen");
}

#[test]
fn what_happened_comes_before_the_tick() {
    let mut terminal = terminal(40);
    open(&mut terminal);
    assert_eq!(next(&mut terminal), "tick EURUSD 0 #1");
    let kind = SubscribeKind::Bars(Timeframe::M1);
    terminal.answer(&Ask::Subscribe { symbol: symbol("EURUSD"), kind }).unwrap();
    terminal.answer(&Ask::Subscribe { symbol: symbol("GBPUSD"), kind }).unwrap();
    send(&mut terminal, &market("one", "0.10")).unwrap();
    let traded = ["OrderAdd", "DealAdd", "PositionOpen", "OrderDelete", "account"];
    let mut came = all(&mut terminal, traded.len());
    came.sort();
    let mut expected = traded.to_vec();
    expected.sort_unstable();
    assert_eq!(came, expected);
    let ticks = ["10 #2", "20 #3", "30 #4", "40 #5", "50 #6"];
    assert_eq!(all(&mut terminal, 5), ticks.map(|tick| format!("tick EURUSD {tick}")));
    assert_eq!(all(&mut terminal, 2), ["bar EURUSD M1", "tick EURUSD 60 #7"]);
    // The other symbol's bar closed with a tick of its own, which does not come.
    assert_eq!(all(&mut terminal, 2), ["bar GBPUSD M1", "tick EURUSD 70 #8"]);
    let kind = SubscribeKind::Ticks;
    terminal.answer(&Ask::Subscribe { symbol: symbol("GBPUSD"), kind }).unwrap();
    assert_eq!(all(&mut terminal, 2), ["tick GBPUSD 75 #1", "tick EURUSD 80 #9"]);
}

#[test]
fn at_the_end_all_is_closed_and_nothing_trades() {
    let mut terminal = terminal(2);
    terminal.hello();
    next(&mut terminal);
    send(&mut terminal, &market("one", "0.10")).unwrap();
    let events: Vec<String> = std::iter::from_fn(|| {
        let word = next(&mut terminal);
        if word == "PositionClose" {
            let late = send(&mut terminal, &market("late", "0.10")).unwrap();
            assert_eq!((late.outcome, late.retcode), (Outcome::Rejected, 10018));
        }
        Some(word).filter(|word| word != "over")
    })
    .collect();
    assert!(events.contains(&"PositionClose".to_owned()), "{events:?}");
    assert_eq!(events.last().map(String::as_str), Some("deinit 9"));
    let last = terminal.broker().history_deals().last().unwrap();
    assert_eq!(last.comment.as_deref(), Some("end of test"));
    assert!(terminal.is_over() && terminal.failure().is_none());
}

#[test]
fn an_order_has_its_first_answer_for_ever() {
    let mut terminal = terminal(10);
    terminal.hello();
    next(&mut terminal);
    let mut order = market("one", "0.10");
    let first = send(&mut terminal, &order).unwrap();
    next(&mut terminal);
    order.expires_at_ms = Some(0);
    assert_eq!(send(&mut terminal, &order).unwrap(), first);
    assert_eq!(status(&mut terminal, "one"), first);
    let conflict = refused(send(&mut terminal, &market("one", "0.20")));
    assert_eq!(conflict.code, ErrorCode::IdConflict);
    assert_eq!(terminal.counts().orders, 1);
}

#[test]
fn the_deposit_is_a_deal_of_the_first_ticks_second() {
    let mut terminal = terminal(10);
    terminal.hello();
    let mut deals = |from, to| {
        let span = HistorySpan::new(from, to, None);
        let Answer::HistoryDeals { deals, .. } = terminal.answer(&Ask::HistoryDeals(span)).unwrap()
        else {
            panic!("another answer")
        };
        deals.len()
    };
    let begin = MONDAY / 1000;
    assert_eq!([deals(0, begin - 1), deals(begin, begin), deals(begin + 1, begin + 9)], [0, 1, 0]);
}

#[test]
fn an_order_that_was_called_absent_is_never_sent() {
    let mut terminal = terminal(10);
    terminal.hello();
    assert_eq!(status(&mut terminal, "one").outcome, Outcome::Absent);
    assert_eq!(refused(send(&mut terminal, &market("one", "0.10"))).code, ErrorCode::Expired);
    assert_eq!(status(&mut terminal, "one").outcome, Outcome::Absent);
}

#[test]
fn an_order_of_an_unknown_symbol_is_not_noted() {
    let mut terminal = terminal(10);
    terminal.hello();
    let mut order = market("one", "0.10");
    if let OrderAction::Market { symbol: of, .. } = &mut order.action {
        *of = symbol("XAUUSD");
    }
    assert_eq!(refused(send(&mut terminal, &order)).code, ErrorCode::UnknownSymbol);
    assert_eq!(send(&mut terminal, &market("one", "0.10")).unwrap().outcome, Outcome::Done);
}

#[test]
fn orders_expire_by_the_machines_clock_where_there_is_one() {
    let mut terminal = terminal(10);
    terminal.begin();
    let mut order = market("one", "0.10");
    order.expires_at_ms = Some(1000);
    let ask = Ask::OrderSend(Box::new(order));
    let served = terminal.serve(&ask, Some(1000));
    assert!(matches!(served, answer::Served::Refused(fault) if fault.code == ErrorCode::Expired));
    assert!(matches!(terminal.serve(&ask, Some(999)), answer::Served::Answer(_)));
}

#[test]
fn an_order_under_way_lets_ticks_pass() {
    let mut terminal = terminal_with(40, &[], |config| config.with_latency(Latency::Fixed(12_000)));
    open(&mut terminal);
    assert_eq!(next(&mut terminal), "tick EURUSD 0 #1");
    let result = send(&mut terminal, &market("one", "0.10")).unwrap();
    // The ask of 10 s: the tick of 15 s is one of another symbol, that of 20 s too late.
    assert_eq!(result.price.unwrap().to_string(), "1.10004");
    assert_eq!(terminal.counts().ticks_missed, 1);
    let came = std::iter::from_fn(|| Some(next(&mut terminal))).find(|word| word.contains("tick"));
    assert_eq!(came.as_deref(), Some("tick EURUSD 20 #2"));
}

#[test]
fn faults_of_orders_leave_the_truth_in_the_table() {
    let faults = ["requote@order=1", "reject:10021@order=2", "unknown@order=3", "drop@order=4"];
    let mut terminal = terminal_with(40, &faults, |config| config);
    terminal.hello();
    next(&mut terminal);
    let mut codes = Vec::new();
    for name in ["one", "two", "three"] {
        let told = send(&mut terminal, &market(name, "0.10")).unwrap().retcode;
        codes.push((told, status(&mut terminal, name).retcode));
    }
    assert_eq!(codes, [(10004, 10004), (10021, 10021), (10012, 10009)]);
    let lost = send(&mut terminal, &market("four", "0.10"));
    assert!(
        matches!(lost, Err(AskError::Local(error)) if error.code() == ErrorCode::RequestTimeout)
    );
    assert_eq!(status(&mut terminal, "four").outcome, Outcome::Done);
    assert_eq!(terminal.broker().positions().count(), 2);
    assert_eq!(terminal.fault_counts().total(), 4);
}

#[test]
fn a_terminal_that_dies_comes_back_with_its_books() {
    let mut terminal = terminal_with(40, &["die@order=1", "freeze:20000@tick=4"], |config| config);
    open(&mut terminal);
    next(&mut terminal);
    let gone = send(&mut terminal, &market("one", "0.10"));
    assert!(matches!(gone, Err(AskError::Local(error)) if error.code() == ErrorCode::Disconnected));
    assert_eq!(next(&mut terminal), "Disconnected");
    open(&mut terminal);
    assert_eq!(next(&mut terminal), "tick EURUSD 10 #1");
    assert_eq!(status(&mut terminal, "one").outcome, Outcome::Done);
    assert_eq!(all(&mut terminal, 2), ["tick EURUSD 20 #2", "Ended(Silence)"]);
    open(&mut terminal);
    assert_eq!(next(&mut terminal), "tick EURUSD 40 #1");
}

#[test]
fn the_clock_jumps_and_time_goes_on() {
    let faults = ["clock:3600@tick=2", "clock:-3600@tick=3"];
    let mut terminal = terminal_with(40, &faults, |config| config);
    open(&mut terminal);
    let came = all(&mut terminal, 3);
    assert_eq!(came, ["tick EURUSD 0 #1", "tick EURUSD 3610 #2", "tick EURUSD 20 #3"]);
    // What the trade server has reached it has reached.
    assert_eq!(terminal.now_msc(), MONDAY + 3_615_000);
}

fn rates(terminal: &mut Terminal, span: RatesSpan) -> (Vec<Bar>, bool) {
    let ask = Ask::Rates { symbol: symbol("EURUSD"), timeframe: Timeframe::M1, span };
    let Answer::Rates { bars, more } = terminal.answer(&ask).unwrap() else {
        panic!("another answer")
    };
    (bars, more)
}

#[test]
fn bars_come_in_pages_the_newest_first() {
    let mut terminal = terminal(12 * 1000);
    terminal.hello();
    while terminal.counts().ticks_sent < 6000 {
        next(&mut terminal);
    }
    let minutes = |(bars, more): (Vec<Bar>, bool)| {
        let minute = |bar: Option<&Bar>| bar.map(|bar| (bar.time - MONDAY / 1000) / 60);
        (minute(bars.first()), minute(bars.last()), bars.len(), more)
    };
    let time = |minute: i64| MONDAY / 1000 + minute * 60;
    for (span, expected) in [
        (RatesSpan::Position { start: 0, count: 5 }, (Some(995), Some(999), 5, false)),
        (RatesSpan::Position { start: 1, count: 5000 }, (Some(599), Some(998), 400, true)),
        (RatesSpan::Position { start: 998, count: 5 }, (Some(0), Some(1), 2, false)),
        (RatesSpan::Position { start: 1000, count: 5 }, (None, None, 0, false)),
        (RatesSpan::Position { start: 0, count: 0 }, (None, None, 0, false)),
        (RatesSpan::Before { to: time(10) + 59, count: 3 }, (Some(8), Some(10), 3, false)),
        (RatesSpan::Before { to: time(-1), count: 3 }, (None, None, 0, false)),
        (RatesSpan::Between { from: time(3), to: time(5) }, (Some(3), Some(5), 3, false)),
        (RatesSpan::Between { from: time(3), to: time(900) }, (Some(501), Some(900), 400, true)),
        (RatesSpan::Between { from: time(3) + 1, to: time(4) - 1 }, (None, None, 0, false)),
    ] {
        assert_eq!(minutes(rates(&mut terminal, span)), expected, "{span:?}");
    }
}

#[test]
fn what_is_before_the_begin_is_history() {
    let mut terminal = terminal(100);
    terminal.config.begin_msc = MONDAY + 120_000;
    open(&mut terminal);
    assert_eq!(next(&mut terminal), "tick EURUSD 120 #1");
    let span = RatesSpan::Position { start: 0, count: 10 };
    assert_eq!(rates(&mut terminal, span).0.len(), 3);
}

#[test]
fn pages_of_ticks_end_with_a_whole_millisecond() {
    let mut terminal = terminal(2000);
    terminal.hello();
    while terminal.counts().ticks_sent < 1000 {
        next(&mut terminal);
    }
    let mut page = |from_msc, to_msc, count| {
        let ask = Ask::Ticks { symbol: symbol("EURUSD"), from_msc, to_msc, count };
        let Answer::Ticks { ticks, more } = terminal.answer(&ask).unwrap() else {
            panic!("another answer")
        };
        (ticks.len(), more)
    };
    assert_eq!(page(0, i64::MAX, 10_000), (500, true));
    assert_eq!(page(MONDAY + 10_000 * 500, i64::MAX, 10_000), (500, false));
    assert_eq!(page(MONDAY + 1, MONDAY + 10_000, 10_000), (1, false));
    assert_eq!(page(MONDAY, i64::MAX, 7), (7, false));
    assert_eq!(page(MONDAY + 2, MONDAY + 1, 7), (0, false));
}

/// The longest rows there can be fit a line as a page of them.
#[test]
fn the_largest_pages_fit_a_line() {
    let mut terminal = terminal(10);
    terminal.hello();
    next(&mut terminal);
    for number in 0..200 {
        let mut order = market(&format!("name-of-{number:08}"), "0.01");
        order.comment = Some("\"".repeat(64));
        order.magic = Some(i64::MIN.into());
        send(&mut terminal, &order).unwrap();
    }
    let span = HistorySpan::new(0, MONDAY, None);
    let all = Ask::Positions { symbol: None, magic: None, after: None };
    for ask in [all, Ask::HistoryDeals(span), Ask::HistoryOrders(span)] {
        let answer = terminal.answer(&ask).unwrap();
        let mut line = Vec::new();
        encode::answer(&mut line, &RequestId::Number(1), &answer).unwrap();
        // Symbols are shorter than they may be: 64 rows of 58 escaped bytes more.
        assert!(line.len() + 64 * 2 * 58 < encode::LINE_LEN_MAX, "{}", line.len());
        assert!(String::from_utf8_lossy(&line).contains("\"more\":true"), "{:?}", ask.kind());
    }
}

/// What is asked on the wire is read as it was asked here.
#[test]
fn asks_are_those_of_the_wire() {
    for ask in asks() {
        let mut line = Vec::new();
        encode::ask(&mut line, 1, &ask).unwrap();
        let read = parse_server(line.trim_ascii_end()).unwrap();
        assert!(matches!(read, ServerMessage::Ask { ask: read, .. } if read == ask));
    }
}
