//! Whatever a caller says, the broker answers: no numbers make it panic.

use proptest::prelude::*;

use super::*;
use crate::layout::{Decimal, Request};

/// 2019-02-04 00:00, a Monday.
const MONDAY: i64 = 1_549_238_400_000;

fn session(account: &str) -> Session {
    let symbols = ["EURUSD:commission=3.5,swap_long=-6.2,swap_short=1", "USDJPY", "XAUUSD"];
    let symbols = symbols.map(str::to_owned).into();
    let latency = Some("0..200".to_owned());
    Session::open(&Texts { account: account.to_owned(), symbols, latency, ..Texts::default() })
        .unwrap()
}

/// Mostly what makes sense; else what is at an edge, or anything.
fn number(sense: std::ops::Range<i64>) -> BoxedStrategy<i64> {
    let edges = [i64::MIN, -1, 0, 1, 10_i64.pow(12), 10_i64.pow(18) - 1, i64::MAX];
    prop_oneof![60 => sense, 1 => prop::sample::select(edges.to_vec()), 1 => any::<i64>()].boxed()
}

fn decimal(sense: std::ops::Range<i64>, digits: u32) -> BoxedStrategy<Decimal> {
    let digits = prop_oneof![60 => Just(digits), 1 => 0..10_u32, 1 => any::<u32>()];
    let is_set = prop_oneof![60 => Just(1), 1 => Just(0), 1 => any::<u32>()];
    let made = |(units, digits, is_set)| Decimal { units, digits, is_set };
    (number(sense), digits, is_set).prop_map(made).boxed()
}

fn level(sense: std::ops::Range<i64>) -> BoxedStrategy<Decimal> {
    prop_oneof![2 => Just(Decimal::default()), 1 => decimal(sense, 5)].boxed()
}

fn request() -> BoxedStrategy<Request> {
    let doing = prop_oneof![
        8 => (Just(code::ACTION_MARKET), 0..2_i32),
        6 => (Just(code::ACTION_PENDING), 2..6_i32),
        6 => (code::ACTION_MODIFY..7, Just(0)),
        2 => (-1..9_i32, -2..10_i32),
    ];
    let filling = prop_oneof![10 => Just(0), 1 => -1..5_i32];
    let words = (doing, filling, prop_oneof![4 => Just(0), 1 => Just(1_u32)]);
    let tickets = (number(1..6), number(1..6), number(0..9), number(-1..50));
    let expiration = number(MONDAY / 1000 + 100..MONDAY / 1000 + 200_000);
    let price = decimal(114_000..115_000, 5);
    let limit = prop_oneof![9 => Just(Decimal::default()), 1 => decimal(114_000..115_000, 5)];
    let prices = (price, limit, level(113_900..114_100), level(114_900..115_100));
    let name = prop_oneof![
        20 => Just("EURUSD"),
        1 => prop::sample::select(vec!["USDJPY", "XAUUSD", "GBPUSD", "", "a\u{e4}"]),
    ];
    let id = prop_oneof![20 => Just(""), 1 => prop::sample::select(vec!["c-3", "again", "no id"])];
    let texts = (name, id);
    let all = (words, tickets, expiration, decimal(1..500, 2), prices, texts);
    all.prop_map(|(words, tickets, expiration, volume, prices, (symbol, client_id))| {
        let mut request = Request::zeros();
        ((request.action, request.r#type), request.filling, request.has_expiration) = words;
        request.ticket = tickets.0.cast_unsigned();
        request.by_ticket = tickets.1.cast_unsigned();
        (request.magic, request.deviation_points) = (tickets.2, tickets.3);
        (request.expiration, request.volume) = (expiration, volume);
        (request.price, request.stop_limit, request.stop_loss, request.take_profit) = prices;
        request.symbol = text::write(symbol);
        request.comment = text::write("any");
        request.client_id = text::write(client_id);
        request
    })
    .boxed()
}

#[derive(Clone, Debug)]
enum Step {
    Check(Request),
    Send(Request),
    Submit(Request),
    Tick(&'static str, i64, i64),
    Time(i64),
}

fn step() -> BoxedStrategy<Step> {
    let symbol = prop::sample::select(vec!["EURUSD", "EURUSD", "USDJPY", "XAUUSD"]);
    let tick = (symbol, number(114_400..114_500), number(114_500..114_600));
    prop_oneof![
        1 => request().prop_map(Step::Check),
        4 => request().prop_map(Step::Send),
        2 => request().prop_map(Step::Submit),
        4 => tick.prop_map(|(symbol, bid, ask)| Step::Tick(symbol, bid, ask)),
        1 => number(0..200_000).prop_map(Step::Time),
    ]
    .boxed()
}

/// Takes a step at a time, and looks at all there is.
fn walk(session: &mut Session, index: usize, step: &Step) {
    let now_msc = MONDAY + i64::try_from(index).unwrap() * 5000;
    let failed = match step {
        Step::Check(request) => session.order_check(now_msc, request).err(),
        Step::Send(request) => session.order_send(now_msc, request).err(),
        Step::Submit(request) => session.order_submit(now_msc, request).err(),
        Step::Tick(symbol, bid, ask) => session.tick(symbol, now_msc, (*bid, *ask)).err(),
        Step::Time(more) if (0..200_000).contains(more) => session.time(now_msc + more).err(),
        Step::Time(other) => session.time(*other).err(),
    };
    if let Some(failure) = failed {
        assert!(failure.code() < code::OK && !failure.to_string().is_empty());
    }
    while session.event().kind != code::EVENT_NONE {}
    for index in 0..session.positions() {
        session.position(u64::try_from(index).unwrap()).unwrap();
    }
    for index in 0..session.orders() {
        session.order(u64::try_from(index).unwrap()).unwrap();
    }
    session.account();
}

proptest! {
    #[test]
    fn no_number_makes_the_broker_panic(
        is_netting in any::<bool>(),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mode = if is_netting { "netting" } else { "hedging" };
        let mut session = session(&format!("balance=1000000,mode={mode}"));
        walk(&mut session, 0, &Step::Tick("USDJPY", 110_000, 110_010));
        walk(&mut session, 0, &Step::Tick("EURUSD", 114_490, 114_510));
        for (index, step) in steps.iter().enumerate() {
            walk(&mut session, index, step);
        }
        session.close_all();
        prop_assert_eq!(session.positions() + session.orders(), 0);
        for index in 0..session.history_deals() {
            session.history_deal(u64::try_from(index).unwrap()).unwrap();
        }
        for index in 0..session.history_orders() {
            session.history_order(u64::try_from(index).unwrap()).unwrap();
        }
    }
}

#[test]
fn a_name_that_is_made_is_nobody_elses() {
    let mut session = session("");
    session.tick("EURUSD", MONDAY, (114_543, 114_545)).unwrap();
    let request = |name: &str| {
        let mut request = Request::zeros();
        request.action = code::ACTION_MARKET;
        request.volume = Decimal { units: 1, digits: 2, is_set: 1 };
        request.symbol = text::write("EURUSD");
        request.client_id = text::write(name);
        request
    };
    let mut send = |name| {
        let result = session.order_send(MONDAY, &request(name)).unwrap();
        assert_eq!(result.retcode, 10009);
        text::read("client_id", &result.client_id).unwrap().to_owned()
    };
    assert_eq!(["", "c-2", "", "c-3", ""].map(&mut send), ["c-1", "c-2", "c-3", "c-3", "c-4"]);
    assert_eq!(session.positions(), 4, "the fourth is the third again");
}
