//! The code of each mistake.
//!
//! <https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes>

use tickpipe_proto::message::{Filling, TradeMode};

use super::*;
use OrderType::{Buy, BuyLimit, BuyStop, BuyStopLimit, Sell, SellLimit, SellStop};

fn hedging(change: impl FnOnce(&mut SymbolSpec)) -> World {
    World::with(MarginMode::Hedging, change)
}

fn edit(mut action: OrderAction, change: impl FnOnce(&mut OrderAction)) -> OrderAction {
    change(&mut action);
    action
}

#[test]
fn volumes() {
    let mut world = hedging(|spec| spec.volume_limit = "1".parse().ok());
    for volume in ["0.001", "0.015", "100.01", "1000"] {
        world.refused(market(Buy, volume), 10014);
    }
    world.refused(market(Buy, "1.01"), 10034);
    world.done(pending(BuyLimit, "1.09", ""));
    let position = world.done(market(Buy, "0.90"));
    world.refused(market(Buy, "0.01"), 10034);
    world.done(market(Sell, "1"));
    world.refused(close(position, "0.91"), 10038);
    world.refused(close(position, "0.005"), 10014);
}

#[test]
fn stops() {
    let mut world = hedging(|spec| spec.stops_level = 10);
    // Of a buy from the bid, of a sell from the ask; ten points are enough.
    for (kind, stop_loss, take_profit) in [
        (Buy, "1.09991", ""),
        (Buy, "1.10100", ""),
        (Buy, "", "1.10009"),
        (Buy, "", "1.09000"),
        (Sell, "1.10019", ""),
        (Sell, "", "1.10001"),
    ] {
        world.refused(market_with(kind, "0.1", stop_loss, take_profit), 10016);
    }
    // More decimals than the symbol has.
    world.refused(market_with(Buy, "0.1", "1.0900001", ""), 10016);
    world.done(market_with(Buy, "0.1", "1.09990", "1.10010"));
    world.done(market_with(Sell, "0.1", "1.10020", "1.10000"));
    let order = edit(pending(BuyLimit, "1.09000", ""), |action| {
        if let OrderAction::Pending { stop_loss, .. } = action {
            *stop_loss = price("1.08995");
        }
    });
    world.refused(order, 10016);
}

#[test]
fn prices_of_pending_orders() {
    let mut world = hedging(|spec| {
        spec.stops_level = 10;
        spec.tick_size = "0.00005".parse().ok();
    });
    for (kind, at, limit) in [
        (BuyLimit, "1.10005", ""),
        (BuyLimit, "1.11000", ""),
        (BuyStop, "1.10015", ""),
        (SellLimit, "1.10005", ""),
        (SellStop, "1.09995", ""),
        (SellStop, "1.09991", ""),
        (BuyLimit, "1.090001", ""),
        (BuyStopLimit, "1.10100", ""),
        (BuyStopLimit, "1.10100", "1.10200"),
        (BuyStop, "1.10100", "1.10000"),
    ] {
        world.refused(pending(kind, at, limit), 10015);
    }
    for (kind, at, limit) in [
        (BuyLimit, "1.10000", ""),
        (BuyStop, "1.10020", ""),
        (SellLimit, "1.10010", ""),
        (SellStop, "1.09990", ""),
        (BuyStopLimit, "1.10100", "1.10000"),
    ] {
        world.done(pending(kind, at, limit));
    }
    world.refused(pending(Buy, "1.1", ""), 10035);
    world.refused(market(BuyLimit, "0.1"), 10035);
}

#[test]
fn what_may_be_traded() {
    let check = |trade_mode, side, code| {
        let mut world = hedging(|spec| spec.trade_mode = trade_mode);
        match code {
            0 => {
                world.done(market(side, "0.1"));
            }
            _ => world.refused(market(side, "0.1"), code),
        }
    };
    check(TradeMode::Full, Buy, 0);
    check(TradeMode::Disabled, Buy, 10017);
    check(TradeMode::LongOnly, Buy, 0);
    check(TradeMode::LongOnly, Sell, 10042);
    check(TradeMode::ShortOnly, Sell, 0);
    check(TradeMode::ShortOnly, Buy, 10043);
    check(TradeMode::CloseOnly, Buy, 10044);
}

#[test]
fn when_it_may_be_traded() {
    let sessions = Sessions::new().with_session(1, 0, 10);
    let mut world = hedging(|spec| spec.sessions = sessions);
    let position = world.done(market(Buy, "0.1"));
    world.now_msc += 60_000;
    world.refused(market(Buy, "0.1"), 10018);
    world.refused(close(position, ""), 10018);
    world.refused(modify(position, Some("1.05"), None), 10018);
    world.refused(pending(BuyLimit, "1.09", ""), 10018);
    // Levels wait for the next session too.
    let mut late = hedging(|spec| spec.sessions = Sessions::new().with_session(1, 0, 3));
    late.done(market_with(Buy, "0.1", "1.09", ""));
    late.tick("1.10000", "1.10010");
    late.tick("1.08000", "1.08010");
    assert_eq!(late.positions().len(), 1);
}

#[test]
fn without_a_quote() {
    let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
    let config =
        BrokerConfig::new(account).with_symbol(SymbolSpec::forex(eurusd(), 5, "EUR", "USD"));
    let broker = Broker::new(config).unwrap();
    let mut world = World { broker, now_msc: MONDAY, sent: 0 };
    world.refused(market(Buy, "0.1"), 10021);
    world.refused(pending(BuyLimit, "1.1", ""), 10021);
    let action = edit(market(Buy, "0.1"), |action| {
        if let OrderAction::Market { symbol, .. } = action {
            *symbol = Symbol::new("eurusd").unwrap();
        }
    });
    world.refused(action, 10013);
}

#[test]
fn money() {
    let mut world = World::new(MarginMode::Hedging);
    // A lot needs 1,100.10 of 10,000.
    world.refused(market(Buy, "9.1"), 10019);
    let check = |world: &mut World, volume| {
        let request = world.request(market(Buy, volume));
        let check = world.broker.order_check(world.now_msc, &request);
        (check.retcode, check.margin.unwrap().to_string(), check.margin_free.unwrap().to_string())
    };
    assert_eq!(check(&mut world, "9.1").0, 10019);
    let passes = (0, "9900.90".to_owned(), "99.10".to_owned());
    assert_eq!(check(&mut world, "9"), passes);
    assert_eq!(world.broker.positions().count(), 0);
    world.done(market(Buy, "9"));
    world.refused(market(Buy, "0.1"), 10019);
    // What covers lowers the margin, and passes where nothing else does.
    world.tick("1.09700", "1.09710");
    world.check_account("10000.00", "7210.00", "9900.90");
    world.refused(market(Buy, "0.01"), 10019);
    world.done(market(Sell, "9"));
}

#[test]
fn limits_and_fillings() {
    let mut world = World::with_config(MarginMode::Hedging, |config| {
        config.account.orders_max = Some(1);
        config.account.positions_max = Some(1);
        config.symbols[0].filling = vec![Filling::Ioc];
    });
    let action = edit(market(Buy, "0.1"), |action| {
        if let OrderAction::Market { filling, .. } = action {
            *filling = Some(Filling::Fok);
        }
    });
    world.refused(action, 10030);
    world.done(market(Buy, "0.1"));
    world.refused(market(Buy, "0.1"), 10040);
    world.done(pending(BuyLimit, "1.09", ""));
    world.refused(pending(BuyLimit, "1.08", ""), 10033);
}

#[test]
fn expirations() {
    let mut world = World::new(MarginMode::Hedging);
    let with = |time| {
        edit(pending(BuyLimit, "1.09", ""), |action| {
            if let OrderAction::Pending { expiration, .. } = action {
                *expiration = Some(time);
            }
        })
    };
    let now = world.now_msc / 1000;
    world.refused(with(now), 10022);
    world.refused(with(1), 10022);
    world.done(with(0));
    world.done(with(now + 1));
}

#[test]
fn what_is_not_there_or_not_changed() {
    let mut world = World::new(MarginMode::Hedging);
    world.refused(close(7, ""), 10036);
    world.refused(delete(7), 10035);
    world.refused(modify(7, Some("1.0"), None), 10035);
    let position = world.done(market_with(Buy, "0.1", "1.09", ""));
    world.refused(modify(position, Some("1.09"), None), 10025);
    world.refused(modify(position, None, Some("")), 10025);
    world.refused(move_order(position, "1.09"), 10013);
    world.refused(delete(position), 10035);
    world.refused(close_by(position, position), 10013);
    world.done(close(position, ""));
    world.refused(close(position, ""), 10036);
    world.refused(modify(position, Some("1.0"), None), 10036);
    let order = world.done(pending(BuyLimit, "1.09", ""));
    world.refused(move_order(order, "1.09"), 10025);
    world.refused(move_order(order, "1.12"), 10015);
    world.done(delete(order));
    world.refused(delete(order), 10035);
    World::new(MarginMode::Netting).refused(close_by(1, 2), 10046);
}

#[test]
fn frozen() {
    let mut world = hedging(|spec| spec.freeze_level = 10);
    let position = world.done(market_with(Buy, "0.1", "1.09990", ""));
    let order = world.done(pending(BuyLimit, "1.10000", ""));
    world.refused(modify(position, Some(""), None), 10029);
    world.refused(close(position, ""), 10029);
    world.refused(move_order(order, "1.09"), 10029);
    world.refused(delete(order), 10029);
    world.tick("1.10010", "1.10020");
    world.done(modify(position, Some(""), None));
    world.done(delete(order));
}

#[test]
fn requotes() {
    let with = |execution| {
        World::with_config(MarginMode::Hedging, |config| {
            config.slippage = Slippage::Fixed(3);
            config.symbols[0].execution = execution;
        })
    };
    let deviating = |points| {
        edit(market(Buy, "0.1"), |action| {
            if let OrderAction::Market { deviation_points, .. } = action {
                *deviation_points = Some(points);
            }
        })
    };
    let mut instant = with(Execution::Instant);
    instant.refused(deviating(2), 10004);
    let result = instant.send(deviating(3));
    assert_eq!(result.price, price("1.10013"));
    instant.done(market(Buy, "0.1"));
    let mut at_market = with(Execution::Market);
    at_market.done(deviating(0));
}

#[test]
fn client_ids_are_for_ever() {
    let mut world = World::new(MarginMode::Hedging);
    let request = world.request(market(Buy, "0.1"));
    let first = world.broker.order_send(world.now_msc, &request).unwrap();
    let mut again = request.clone();
    again.expires_at_ms = Some(5);
    assert_eq!(world.broker.order_send(world.now_msc + 5, &again), Ok(first.clone()));
    assert_eq!(world.positions().len(), 1);
    assert_eq!(world.broker.order_status(&request.client_id.unwrap()), Some(&first));
    let mut other = request.clone();
    other.comment = Some("other".to_owned());
    let error = world.broker.order_send(world.now_msc, &other).unwrap_err();
    assert_eq!(error.code().as_str(), "id_conflict");
    other.client_id = None;
    let error = world.broker.order_send(world.now_msc, &other).unwrap_err();
    assert_eq!(error.code().as_str(), "invalid_params");
}

#[test]
fn what_was_carried_out_is_never_forgotten() {
    let mut world = World::new(MarginMode::Hedging);
    let request = world.request(market(Buy, "0.01"));
    let first = world.broker.order_send(world.now_msc, &request).unwrap();
    let wrong = world.request(market(Buy, "0.001"));
    world.broker.order_send(world.now_msc, &wrong).unwrap();
    // Two days and 1,100 other orders later.
    world.now_msc += 2 * 24 * 3_600_000;
    for _ in 0..1100 {
        world.send(market(Buy, "0.001"));
    }
    assert_eq!(world.broker.order_send(world.now_msc, &request), Ok(first));
    assert_eq!(world.broker.history_deals().len(), 2);
    // One that was refused is in no books.
    assert_eq!(world.broker.order_status(&wrong.client_id.unwrap()), None);
}
