//! From request to history.

use tickpipe_proto::message::{DealEntry, OrderState};

use super::*;
use OrderType::{Buy, BuyLimit, BuyStop, BuyStopLimit, Sell, SellLimit, SellStop, SellStopLimit};

/// States of the orders that are over.
fn states(world: &World) -> Vec<Option<OrderState>> {
    world.broker.history_orders().iter().map(|order| order.state).collect()
}

fn entries(world: &World) -> Vec<DealEntry> {
    world.broker.history_deals().iter().filter_map(|deal| deal.entry).collect()
}

#[test]
fn a_market_order_opens_and_closes() {
    let mut world = World::new(MarginMode::Hedging);
    let ticket = world.done(market(Buy, "1"));
    world.check_account("10000.00", "9990.00", "1100.10");
    let events = world.events();
    assert_eq!(
        events,
        ["OrderAdd 1", "DealAdd 2", "PositionOpen 1", "OrderDelete 1", "account 10000.00"]
    );
    world.tick("1.10110", "1.10120");
    world.check_account("10000.00", "10100.00", "1100.10");
    // Prices alone are told as ticks.
    assert!(world.events().is_empty());
    world.done(close(ticket, "0.4"));
    world.check_account("10040.00", "10100.00", "660.06");
    assert_eq!(world.positions(), ["1 Buy 0.60 1.10010"]);
    world.done(close(ticket, ""));
    world.check_account("10100.00", "10100.00", "0.00");
    assert_eq!(entries(&world), [DealEntry::In, DealEntry::Out, DealEntry::Out]);
    let closing = world.broker.history_deals()[3].clone();
    assert_eq!((closing.profit, closing.price), ("60".parse().ok(), price("1.10110")));
}

#[test]
fn a_netting_position_adds_closes_in_part_and_turns_round() {
    // The average price, and what a larger opposite order does:
    // https://www.metatrader5.com/en/terminal/help/trading/general_concept
    let mut world = World::new(MarginMode::Netting);
    world.done(market_with(Buy, "0.50", "1.05", ""));
    world.tick("1.10310", "1.10320");
    world.done(market(Buy, "1.00"));
    // (0.5 * 1.10010 + 1.0 * 1.10320) / 1.5 has more decimals; the new order had no stop loss.
    assert_eq!(world.positions(), ["1 Buy 1.50 1.10216667"]);
    assert_eq!(world.broker.positions().next().unwrap().stop_loss, None);
    world.done(market(Sell, "0.30"));
    // 0.3 of (310 - 206.66667 points of a lot).
    world.check_account("10028.00", "10140.00", "1322.60");
    world.done(market(Sell, "2.00"));
    assert_eq!(world.positions(), ["4 Sell 0.80 1.10310"]);
    world.check_account("10140.00", "10132.00", "882.48");
    assert_eq!(entries(&world), [DealEntry::In, DealEntry::In, DealEntry::Out, DealEntry::InOut]);
    // The identifier stays that of the first order.
    let deals = world.broker.history_deals().iter();
    assert!(deals.skip(1).all(|deal| deal.position.unwrap().value() == 1));
    world.done(market(Buy, "0.80"));
    world.check_account("10132.00", "10132.00", "0.00");
}

#[test]
fn opposite_positions_close_each_other() {
    // https://www.metatrader5.com/en/terminal/help/trading/general_concept
    let mut world = World::new(MarginMode::Hedging);
    let buy = world.done(market(Buy, "0.60"));
    world.tick("1.10210", "1.10220");
    let sell = world.done(market(Sell, "1.00"));
    // Covered 0.60 counts once, at the average of both sides; 0.40 by itself.
    // Buys 660.06, sells 1102.10: 440.84 + 1762.16 * 0.6 / 1.6.
    world.check_account("10000.00", "10110.00", "1101.65");
    world.events();
    world.done(close_by(buy, sell));
    // 200 points of 0.60 lots, whatever the market does; the spread is saved.
    world.check_account("10120.00", "10116.00", "440.84");
    assert_eq!(world.positions(), ["2 Sell 0.40 1.10210"]);
    assert_eq!(entries(&world)[2..], [DealEntry::OutBy, DealEntry::OutBy]);
    let events = world.events();
    assert_eq!(
        events,
        [
            "OrderAdd 3",
            "DealAdd 4",
            "PositionClose 1",
            "DealAdd 5",
            "PositionUpdate 2",
            "OrderDelete 3",
            "account 10120.00"
        ]
    );
    let deals = world.broker.history_deals();
    assert_eq!((deals[3].price, deals[4].price), (price("1.10210"), price("1.10010")));
}

#[test]
fn pending_orders_are_filled_at_their_price_or_what_the_market_has() {
    let check = |kind, at, bid: &str, ask: &str, open: &str| {
        let mut world = World::new(MarginMode::Hedging);
        let ticket = world.done(pending(kind, at, ""));
        // One side reaches each price, but not the side that counts.
        world.tick("1.09895", "1.09901");
        if kind == SellStop {
            assert_eq!(world.positions(), ["1 Sell 0.10 1.09895"]);
            return;
        }
        world.tick("1.10099", "1.10105");
        if kind == BuyStop {
            assert_eq!(world.positions(), ["1 Buy 0.10 1.10105"]);
            return;
        }
        assert_eq!(world.broker.orders().count(), 1);
        world.tick(bid, ask);
        let side = if kind == BuyLimit { Buy } else { Sell };
        assert_eq!(world.positions(), [format!("{ticket} {side:?} 0.10 {open}")]);
        assert_eq!(states(&world), [Some(OrderState::Filled)]);
    };
    check(BuyLimit, "1.09900", "1.09890", "1.09900", "1.09900");
    check(SellLimit, "1.10100", "1.10100", "1.10110", "1.10100");
    // A gap: a limit gets better, a stop worse.
    check(BuyLimit, "1.09900", "1.09800", "1.09810", "1.09810");
    check(SellLimit, "1.10100", "1.10150", "1.10160", "1.10150");
    check(BuyStop, "1.10100", "", "", "");
    check(SellStop, "1.09900", "", "", "");
}

#[test]
fn a_stop_is_not_reached_by_the_other_side() {
    let mut world = World::new(MarginMode::Hedging);
    world.done(pending(BuyStop, "1.10100", ""));
    world.done(pending(SellStop, "1.09900", ""));
    world.done(market_with(Buy, "0.1", "1.09905", "1.10095"));
    world.done(market_with(Sell, "0.1", "1.10095", "1.09905"));
    // The bid is between all, and so is the ask, though neither by much.
    world.tick("1.09906", "1.10094");
    assert_eq!((world.positions().len(), world.broker.orders().count()), (2, 2));
    // What is reached exactly is reached.
    world.tick("1.09905", "1.10095");
    assert_eq!((world.positions().len(), world.broker.orders().count()), (0, 2));
    world.tick("1.09900", "1.10100");
    assert_eq!((world.positions().len(), world.broker.orders().count()), (2, 0));
}

#[test]
fn a_stop_limit_order_becomes_a_limit_order() {
    let mut world = World::new(MarginMode::Hedging);
    let buy = world.done(pending(BuyStopLimit, "1.10100", "1.10050"));
    let sell = world.done(pending(SellStopLimit, "1.09900", "1.09950"));
    world.tick("1.10090", "1.10100");
    let kinds: Vec<OrderType> = world.broker.orders().map(|order| order.r#type).collect();
    assert_eq!(kinds, [BuyLimit, SellStopLimit]);
    world.tick("1.10040", "1.10050");
    assert_eq!(world.positions(), [format!("{buy} Buy 0.10 1.10050")]);
    world.tick("1.09890", "1.09900");
    world.tick("1.09960", "1.09970");
    assert_eq!(world.positions()[1], format!("{sell} Sell 0.10 1.09960"));
}

#[test]
fn levels_close_positions_with_an_order_that_says_why() {
    let mut world = World::new(MarginMode::Hedging);
    world.done(market_with(Buy, "0.1", "1.09900", ""));
    world.done(market_with(Buy, "0.1", "", "1.10100"));
    world.done(market_with(Sell, "0.1", "1.10110", "1.08"));
    // The ask reaches the sell's stop, the bid the buy's profit.
    world.tick("1.10100", "1.10110");
    assert_eq!(world.positions(), ["1 Buy 0.10 1.10010"]);
    world.tick("1.09850", "1.09860");
    assert!(world.positions().is_empty());
    let orders = world.broker.history_orders();
    let comments: Vec<&str> =
        orders[3..].iter().filter_map(|order| order.comment.as_deref()).collect();
    assert_eq!(comments, ["tp 1.10100", "sl 1.10110", "sl 1.09900"]);
    // 9 for the profit, 11 and 16 for the stops, the last one at the market beyond it.
    world.check_account("9982.00", "9982.00", "0.00");
}

#[test]
fn what_happens_on_one_tick_has_an_order() {
    let mut world = World::new(MarginMode::Hedging);
    let now = world.now_msc / 1000;
    let mut expiring = pending(BuyStop, "1.10100", "");
    if let OrderAction::Pending { expiration, .. } = &mut expiring {
        *expiration = Some(now + 1);
    }
    world.done(expiring);
    let mut stopped = pending(BuyStop, "1.10200", "");
    if let OrderAction::Pending { take_profit, .. } = &mut stopped {
        *take_profit = price("1.10300");
    }
    world.done(stopped);
    world.done(market_with(Buy, "0.1", "", "1.10250"));
    world.events();
    // A tick after the expiration, beyond all of it.
    world.tick("1.10400", "1.10410");
    let events = world.events();
    assert_eq!(
        events,
        [
            "OrderDelete 1",
            "DealAdd 3",
            "PositionOpen 2",
            "OrderDelete 2",
            "OrderAdd 4",
            "DealAdd 4",
            "PositionClose 2",
            "OrderDelete 4",
            "OrderAdd 5",
            "DealAdd 5",
            "PositionClose 3",
            "OrderDelete 5",
            "account 10038.00"
        ]
    );
    assert_eq!(states(&world)[1], Some(OrderState::Expired));
}

#[test]
fn orders_expire_without_a_tick() {
    let mut world = World::new(MarginMode::Hedging);
    let mut action = pending(BuyLimit, "1.09", "");
    if let OrderAction::Pending { expiration, .. } = &mut action {
        *expiration = Some(MONDAY / 1000 + 60);
    }
    world.done(action);
    assert_eq!(world.broker.poll_timeout(), Some(MONDAY + 60_000));
    world.broker.handle_time(MONDAY + 59_999);
    assert_eq!(world.broker.orders().count(), 1);
    world.broker.handle_time(MONDAY + 60_000);
    assert_eq!(states(&world), [Some(OrderState::Expired)]);
    assert_eq!(world.broker.poll_timeout(), None);
}

#[test]
fn positions_are_closed_when_the_margin_is_gone_the_largest_loss_first() {
    let mut world = World::new(MarginMode::Hedging);
    world.done(market(Buy, "2"));
    world.done(market(Buy, "5"));
    // Equity 10000 - 7 * 885 = 3805, margin 7700.70: below half of it. Without the larger one 3805 are
    // more than half of 2200.20.
    world.tick("1.09125", "1.09135");
    assert_eq!(world.positions(), ["1 Buy 2.00 1.10010"]);
    world.check_account("5575.00", "3805.00", "2200.20");
    let order = world.broker.history_orders().last().unwrap().clone();
    assert_eq!(order.comment.as_deref(), Some("so 3805.00/7700.70"));
    assert!(!world.broker.is_margin_called());
    world.tick("1.08300", "1.08310");
    assert!(world.broker.is_margin_called());
    assert_eq!(world.positions().len(), 1);
}

#[test]
fn a_pending_order_without_money_is_rejected() {
    let mut world = World::new(MarginMode::Hedging);
    let mut action = pending(BuyLimit, "1.09900", "");
    if let OrderAction::Pending { volume, .. } = &mut action {
        *volume = "50".parse().unwrap();
    }
    world.done(action);
    world.tick("1.09800", "1.09810");
    assert!(world.positions().is_empty());
    assert_eq!(states(&world), [Some(OrderState::Rejected)]);
}

#[test]
fn a_request_takes_time() {
    let mut world = World::with_config(MarginMode::Hedging, |config| {
        config.latency = Latency::Fixed(1500);
        config.symbols[0].execution = Execution::Instant;
    });
    let request = world.request(market(Buy, "0.1"));
    let due = world.broker.order_submit(world.now_msc, &request).unwrap();
    assert_eq!((due, world.broker.poll_timeout()), (world.now_msc + 1500, Some(due)));
    assert_eq!(world.broker.order_status(&request.client_id.unwrap()), None);
    let result = world.broker.order_send(world.now_msc, &request).unwrap();
    assert_eq!((result.outcome, result.retcode), (Outcome::Unknown, 10012));
    world.tick("1.10050", "1.10060");
    assert!(world.events().is_empty());
    // It arrives before this tick, at the price of the last one.
    world.tick("1.20000", "1.20010");
    assert_eq!(world.positions(), ["1 Buy 0.10 1.10060"]);
    assert_eq!(world.events().last().unwrap(), "account 10000.00");
    assert_eq!(world.broker.order_status(&request.client_id.unwrap()).unwrap().retcode, 10009);
    // What moved on the way counts as deviation.
    let mut action = market(Buy, "0.1");
    if let OrderAction::Market { deviation_points, .. } = &mut action {
        *deviation_points = Some(10);
    }
    let request = world.request(action);
    world.broker.order_submit(world.now_msc, &request).unwrap();
    world.tick("1.20002", "1.20021");
    world.broker.handle_time(world.now_msc + 500);
    assert_eq!(world.events(), ["result 10004"]);
}

#[test]
fn ticks_that_cannot_be() {
    let mut world = World::new(MarginMode::Hedging);
    let mut check = |name: &str, bid: &str, expected: &str| {
        let symbol = Symbol::new(name).unwrap();
        let tick = Tick::new(symbol, MONDAY, bid.parse().unwrap(), "1.2".parse().unwrap());
        let error = world.broker.handle_tick(&tick).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("GBPUSD", "1.1", "not traded here");
    check("EURUSD", "1.100001", "5 decimals");
    check("EURUSD", "10000000", "10^12 points");
    // Earlier than the last one: taken, and time stands.
    let tick = Tick::new(eurusd(), 0, "1.2".parse().unwrap(), "1.3".parse().unwrap());
    world.broker.handle_tick(&tick).unwrap();
    assert_eq!(world.broker.now_msc(), Some(world.now_msc));
}

#[test]
fn times_have_an_end() {
    let mut world = World::new(MarginMode::Hedging);
    for time_msc in [i64::MAX, i64::MIN] {
        let tick = Tick::new(eurusd(), time_msc, price("1.1").unwrap(), price("1.1").unwrap());
        let refused = world.broker.handle_tick(&tick).unwrap_err().to_string();
        let expected =
            format!("found a tick of EURUSD at {time_msc} ms, allowed are the years 1 to 9999");
        assert_eq!(refused, expected);
    }
    // A request has no time of its own: it is sent, at the last moment there is.
    let request = world.request(market(Buy, "1"));
    let result = world.broker.order_send(i64::MAX, &request).unwrap();
    assert_eq!(result.outcome, Outcome::Done);
    assert_eq!(world.broker.now_msc(), Some(253_402_300_799_999));
}
