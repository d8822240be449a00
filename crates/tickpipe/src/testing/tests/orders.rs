//! What the double makes of orders, and what it tells of them later.

use super::*;
use crate::session::{ClosePosition, Filling, Price, SymbolInfo, Terminal, TradeMode};

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn sent_as(script: Script, order: impl Into<OrderRequest>) -> (u64, String) {
    let order = order.into();
    let (sent, ea) = inside_a_tick(script.fill_market_orders(), move |context| {
        context.order_send(order.clone()).unwrap()
    });
    // What is refused opens nothing.
    let is_filled = ea.fills()[0].result.status.is_some();
    match sent {
        Execution::Done(done) => {
            assert!(is_filled);
            (done.retcode, done.message)
        }
        Execution::Rejected(no) => {
            assert!(!is_filled);
            (no.retcode, no.message)
        }
        Execution::Unknown(open) => panic!("{open:?}"),
    }
}

fn buy(volume: &str) -> MarketOrder {
    MarketOrder::buy(&symbol(), lots(volume))
}

fn sell() -> MarketOrder {
    MarketOrder::sell(&symbol(), lots("0.10"))
}

/// The bid is 1.10000, the ask 1.10012.
#[test]
fn what_a_trade_server_refuses_is_refused() {
    let stop = |text| buy("0.10").stop_loss(price(text));
    let profit = |text| buy("0.10").take_profit(price(text));
    for (order, retcode) in [
        (buy("0.01"), 10009),
        (buy("100"), 10009),
        (buy("0.005"), 10014),
        (buy("100.01"), 10014),
        (buy("0.015"), 10014),
        (stop("1.09999"), 10009),
        (stop("1.1"), 10016),
        (stop("1.10100"), 10016),
        (stop("1.099995"), 10016),
        (profit("1.10001"), 10009),
        (profit("1.10000"), 10016),
        (profit("1.09900"), 10016),
        (sell().stop_loss(price("1.10013")), 10009),
        (sell().stop_loss(price("1.10012")), 10016),
        (sell().take_profit(price("1.10011")), 10009),
        (sell().take_profit(price("1.10100")), 10016),
        (buy("0.10").filling(Filling::Fok), 10009),
    ] {
        let text = format!("{order:?}");
        let (found, message) = sent_as(script(), order);
        assert_eq!(found, retcode, "{message}: {text}");
    }
    let (_, message) = sent_as(script(), buy("0.015"));
    let text = "invalid volume: found 0.015 lots, allowed are 0.01 to 100.00 in steps of 0.01";
    assert_eq!(message, text);
    let (_, message) = sent_as(script(), stop("1.10100"));
    let text = "invalid stops: found a stop loss at 1.10100, allowed is one at least 1 points below \
                1.10000";
    assert_eq!(message, text);
}

fn index() -> SymbolInfo {
    let mut info = SymbolInfo::new(symbol(), 2, price("0.01"), lots("0.1"), lots("5"), lots("0.1"));
    info.tick_size = Some(price("0.25"));
    info.stops_level = Some(100);
    info.filling = vec![Filling::Ioc];
    info.trade_mode = Some(TradeMode::LongOnly);
    info
}

#[test]
fn a_symbol_allows_what_its_info_says() {
    let told = || script().symbol_info(index());
    let answered =
        || script().answer(AskKind::SymbolInfo, |_| Answer::SymbolInfo(Box::new(index())).into());
    for (order, retcode) in [
        (buy("0.1"), 10009),
        (buy("0.05"), 10014),
        (buy("5.1"), 10014),
        (buy("1").stop_loss(price("0.25")), 10016),
        (buy("1").take_profit(price("2.10")), 10016),
        (buy("1").take_profit(price("2.25")), 10009),
        (buy("1").filling(Filling::Fok), 10030),
        (buy("1").filling(Filling::Ioc), 10009),
        (MarketOrder::sell(&symbol(), lots("1")), 10042),
    ] {
        let text = format!("{order:?}");
        let (found, message) = sent_as(told(), order);
        assert_eq!(found, retcode, "{message}: {text}");
    }
    let (retcode, _) = inside_a_tick(answered().fill_market_orders(), |context| {
        let info = context.symbol_info(&symbol()).unwrap();
        assert_eq!(info, index());
        let Execution::Rejected(no) = context.buy(&symbol(), lots("0.05")).unwrap() else {
            return 0;
        };
        no.retcode
    });
    assert_eq!(retcode, 10014);
}

#[test]
fn mt4_refuses_in_its_own_numbers() {
    let mt4 = || script().hello(|hello| hello.terminal = Terminal::Mt4);
    assert_eq!(sent_as(mt4(), buy("1")).0, 0);
    assert_eq!(sent_as(mt4(), buy("0.001")).0, 131);
    assert_eq!(sent_as(mt4(), buy("1").stop_loss(price("2"))).0, 130);
}

#[test]
fn no_more_is_closed_than_is_open() {
    let (found, ea) = inside_a_tick(script().fill_market_orders(), |context| {
        let opened = context.buy(&symbol(), lots("0.10")).unwrap().done().unwrap();
        let ticket = opened.position.unwrap();
        let close = |volume: &str| {
            let part = ClosePosition::new(ticket).volume(lots(volume));
            match context.close(part).unwrap() {
                Execution::Done(done) => done.retcode,
                Execution::Rejected(no) => no.retcode,
                Execution::Unknown(_) => 0,
            }
        };
        ["0.11", "0.005", "0.04", "0.06", "0.01"].map(close)
    });
    assert_eq!(found, [10038, 10014, 10009, 10009, 10036]);
    assert_eq!(ea.orders_sent().len(), 6);
}

#[test]
fn an_unknown_symbol_is_told_by_its_code() {
    let (sent, mut ea) = inside_a_tick(script().fill_market_orders(), |context| {
        let other = Symbol::new("GBPUSD").unwrap();
        (context.buy(&other, lots("1")), context.symbol_info(&other))
    });
    assert_eq!(sent.0.unwrap_err().code(), "unknown_symbol");
    assert_eq!(sent.1.unwrap_err().code(), "unknown_symbol");
    ea.leave().unwrap();

    let (tell, told) = channel();
    let strategy = OnTick(move |context: &mut Context<'_>, tick: &Tick| {
        let info = context.symbol_info(&tick.symbol)?;
        let execution = context.buy(&tick.symbol, lots("1"))?;
        tell.send((info.digits, execution.is_done())).map_err(|error| error.to_string())?;
        Ok(())
    });
    let mut ea = script().fill_market_orders().run(strategy).unwrap();
    let other = Symbol::new("USDJPY").unwrap();
    ea.tick(Tick::new(other, 1_700_000_000_000, price("151.123"), price("151.130"))).unwrap();
    assert_eq!(told.recv().unwrap(), (3, true));
}

#[test]
fn an_order_that_comes_too_late_is_expired() {
    let (sent, _ea) = inside_a_tick(script().fill_market_orders(), |context| {
        let mut order = OrderRequest::from(buy("1"));
        order.expires_at_ms = Some(1);
        context.order_send(order)
    });
    assert_eq!(sent.unwrap_err().code(), "expired");
}

fn outcome_of(settled: &Settlement) -> &'static str {
    match settled {
        Settlement::Absent(_) => "absent",
        Settlement::Done(_) => "done",
        Settlement::Rejected(_) => "rejected",
        Settlement::Unknown(_) => "unknown",
    }
}

/// What an order came to is known however its answer fared, whether it was filled or scripted.
#[test]
fn every_order_can_be_settled() {
    let result = |ask: &Ask, outcome, retcode| {
        let Ask::OrderSend(order) = ask else { panic!("{ask:?}") };
        Answer::OrderResult(Box::new(OrderResult::new(outcome, retcode, order.client_id.unwrap())))
    };
    let refused = |code| Response::Fault(Fault::new(code, "no"));
    type Responder = Box<dyn FnMut(&Ask) -> Response + Send>;
    let cases: Vec<(&str, Responder, &str)> = vec![
        ("usual", Box::new(|_| Response::Usual), "done"),
        ("lost", Box::new(|_| Response::UsualButLost), "done"),
        ("late", Box::new(move |ask| Response::Late(result(ask, Outcome::Done, 10009))), "done"),
        (
            "under another id",
            Box::new(move |ask| Response::OtherId(result(ask, Outcome::Rejected, 10006))),
            "rejected",
        ),
        ("answered", Box::new(move |ask| result(ask, Outcome::Done, 10009).into()), "done"),
        ("in doubt", Box::new(move |ask| result(ask, Outcome::Unknown, 10012).into()), "unknown"),
        ("another answer", Box::new(|_| Answer::Empty.into()), "unknown"),
        ("garbage", Box::new(|_| Response::Line("}{".to_owned())), "unknown"),
        ("in doubt by an error", Box::new(move |_| refused(ErrorCode::TerminalError)), "unknown"),
        ("refused before", Box::new(move |_| refused(ErrorCode::Stopping)), "absent"),
        ("silence", Box::new(|_| Response::Silence), "absent"),
    ];
    for (name, responder, expected) in cases {
        let script = timeless().fill_market_orders().answer(AskKind::OrderSend, responder);
        let (found, ea) = inside_a_tick(script, move |context| {
            let client_id = context.new_client_id();
            let ea = context.within(Duration::from_millis(100));
            drop(ea.order_send(buy("1").client_id(client_id)));
            let settled = if expected == "unknown" {
                context.order_status(client_id)
            } else {
                context.settle(client_id, Duration::from_secs(60))
            };
            settled.map(|settled| outcome_of(&settled))
        });
        assert_eq!(found.map_err(|error| error.to_string()), Ok(expected), "{name}");
        assert_eq!(ea.orders_sent().len(), 1, "{name}");
    }
}

#[test]
fn what_was_called_absent_never_comes() {
    let (found, ea) = inside_a_tick(script().fill_market_orders(), |context| {
        let client_id = context.new_client_id();
        let status = outcome_of(&context.order_status(client_id).unwrap());
        (status, context.order_send(buy("1").client_id(client_id)))
    });
    assert_eq!((found.0, found.1.unwrap_err().code()), ("absent", "expired"));
    assert_eq!(ea.fills().len(), 0);
}

#[test]
fn an_order_without_fills_is_known_too() {
    let (found, _ea) = inside_a_tick(script(), |context| {
        let client_id = context.new_client_id();
        let sent = context.order_send(buy("1").client_id(client_id)).unwrap_err();
        (sent.code(), outcome_of(&context.order_status(client_id).unwrap()))
    });
    assert_eq!(found, ("unsupported", "absent"));
}
