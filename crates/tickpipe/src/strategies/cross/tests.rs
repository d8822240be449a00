use std::sync::{Arc, Mutex};

use super::*;
use crate::session::{MagicNumber, OrderAction, Symbol, Timeframe};
use crate::testing::{Answer, Ask, AskKind, Response, Script};

#[test]
fn settings_out_of_their_range_are_refused_by_name() {
    for (fast, slow, expected) in [
        (3, 8, None),
        (1, 2, None),
        (9_999, 10_000, None),
        (0, 8, Some("fast: found 0 bars, allowed are 1 and more")),
        (8, 8, Some("slow: found 8 bars, allowed are more than the 8 of fast")),
        (9, 8, Some("slow: found 8 bars, allowed are more than the 9 of fast")),
        (3, 10_001, Some("slow: found 10001 bars, allowed are 10000 at most")),
    ] {
        let made = Cross::new(CrossSettings::default().with_averages(fast, slow));
        let found = made.err().map(|error| (error.code(), error.to_string()));
        let expected = expected.map(|text| ("invalid_config", text.to_owned()));
        assert_eq!(found, expected, "{fast} and {slow}");
    }
}

#[test]
fn a_side_changes_when_the_averages_cross() {
    let settings = CrossSettings::default().with_averages(1, 2);
    let mut cross = Cross::new(settings).unwrap();
    let mut add = |close: &str| {
        let close = close.parse().unwrap();
        let has_crossed = cross.add(&Bar::new(0, close, close, close, close), 5).unwrap();
        (has_crossed, cross.side)
    };
    for (close, expected) in [
        ("1.10000", (false, None)),
        // The first side is no cross.
        ("1.10001", (false, Some(OrderType::Buy))),
        ("1.1", (true, Some(OrderType::Sell))),
        // Equal averages leave the side as it is.
        ("1.10000", (false, Some(OrderType::Sell))),
        ("1.10002", (true, Some(OrderType::Buy))),
    ] {
        assert_eq!(add(close), expected, "{close}");
    }
}

#[test]
fn the_settings_say_what_is_asked_and_ordered() {
    let price = |text: &str| text.parse().unwrap();
    let bar = |time, close| Bar::new(time, price(close), price(close), price(close), price(close));
    for (stop_points, stop) in [(0, None), (50, Some("1.09950"))] {
        let settings = CrossSettings::default()
            .with_averages(1, 2)
            .with_timeframe(Timeframe::M5)
            .with_volume("0.25".parse().unwrap())
            .with_stop_points(stop_points)
            .with_magic(MagicNumber::new(7));
        let told = Arc::new(Mutex::new(Vec::new()));
        let cross = Cross::new(settings).unwrap().on_execution({
            let told = Arc::clone(&told);
            move |execution| told.lock().unwrap().push(execution.is_done())
        });
        let symbol = Symbol::new("EURUSD").unwrap();
        // The fast average falls below the slow one, and rises above it.
        let history = vec![bar(0, "1.10010"), bar(300, "1.10000"), bar(600, "1.10000")];
        let script = Script::new(&symbol, 5)
            .bars(Timeframe::M5, history)
            .answer(AskKind::Subscribe, |_| Response::Answer(Answer::Empty))
            .fill_market_orders();
        let mut ea = script.run(cross).unwrap();
        for (time, close) in [(600, "1.09990"), (900, "1.10010")] {
            ea.prices("1.10000", "1.10012").unwrap();
            ea.bar(&BarEvent::new(symbol.clone(), Timeframe::M5, bar(time, close))).unwrap();
        }
        ea.prices("1.10000", "1.10012").unwrap();
        let orders = ea.orders_sent();
        assert_eq!(orders.len(), 1, "{:?}", ea.failures());
        let order = &orders[0];
        assert_eq!((order.magic, order.comment.as_deref()), (Some(settings.magic), Some("cross")));
        let OrderAction::Market { r#type, volume, stop_loss, .. } = &order.action else {
            panic!("{order:?}")
        };
        assert_eq!((*r#type, *volume), (OrderType::Buy, settings.volume));
        assert_eq!(*stop_loss, stop.map(price));
        let subscribed = ea.asked().iter().any(|ask| matches!(ask, Ask::Subscribe { .. }));
        assert!(subscribed);
        ea.leave().unwrap();
        assert_eq!(*told.lock().unwrap(), [true]);
    }
}
