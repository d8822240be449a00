//! Commission, swap, and properties that cannot be.

use super::*;
use OrderType::{Buy, Sell};

#[test]
fn a_deal_costs_its_commission() {
    let mut world = World::with(MarginMode::Hedging, |spec| {
        spec.commission = Commission::PerLot("3.50".parse().unwrap());
    });
    let ticket = world.done(market(Buy, "0.50"));
    world.check_account("9998.25", "9993.25", "550.05");
    world.done(close(ticket, ""));
    world.check_account("9991.50", "9991.50", "0.00");
    let commissions: Vec<String> = world.broker.history_deals()[1..]
        .iter()
        .map(|deal| deal.commission.unwrap().to_string())
        .collect();
    assert_eq!(commissions, ["-1.75", "-1.75"]);
}

#[test]
fn nights_are_booked_at_midnight_and_three_times_on_wednesday() {
    let mut world = World::with(MarginMode::Hedging, |spec| {
        spec.swap = Swap::points("-5".parse().unwrap(), "1.5".parse().unwrap());
    });
    let buy = world.done(market(Buy, "1"));
    world.done(market(Sell, "0.1"));
    let swaps = |world: &World| -> Vec<String> {
        world.broker.positions().map(|position| position.swap.unwrap().to_string()).collect()
    };
    let day = 86_400_000;
    world.broker.handle_time(MONDAY + day - 1);
    assert_eq!(swaps(&world), ["0.00", "0.00"]);
    // The nights after Monday, Tuesday, Wednesday, Thursday, Friday; none at the weekend.
    let expected = [
        "-5.00 0.15",
        "-10.00 0.30",
        "-25.00 0.75",
        "-30.00 0.90",
        "-35.00 1.05",
        "-35.00 1.05",
        "-35.00 1.05",
        "-40.00 1.20",
    ];
    for (days, expected) in (1..).zip(expected) {
        world.broker.handle_time(MONDAY + days * day);
        assert_eq!(swaps(&world).join(" "), expected, "after {days} days");
    }
    world.check_account("10000.00", "9950.20", "1100.10");
    // A part takes its share along; the rest stays.
    world.done(close(buy, "0.25"));
    assert_eq!(swaps(&world), ["-30.00", "1.20"]);
    let deal = world.broker.history_deals().last().unwrap().clone();
    assert_eq!((deal.swap, deal.profit), ("-10".parse().ok(), "-2.5".parse().ok()));
    world.check_account("9987.50", "9950.20", "825.07");
}

#[test]
fn a_gap_of_days_has_all_its_nights() {
    let run = |steps: &[i64]| {
        let mut world = World::with(MarginMode::Hedging, |spec| {
            spec.swap = Swap::points("-5".parse().unwrap(), "1.5".parse().unwrap());
        });
        world.done(market(Buy, "1"));
        for days in steps {
            world.broker.handle_time(MONDAY + days * 86_400_000);
        }
        world.broker.account_state().equity.to_string()
    };
    let all: Vec<i64> = (1..=30).collect();
    assert_eq!(run(&[30]), run(&all));
}

#[test]
fn properties_that_cannot_be_are_named() {
    let check = |member: &str, change: fn(&mut BrokerConfig)| {
        let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
        let mut config =
            BrokerConfig::new(account).with_symbol(SymbolSpec::forex(eurusd(), 5, "EUR", "USD"));
        change(&mut config);
        let error = Broker::new(config).unwrap_err();
        assert_eq!(error.member, member, "{error}");
    };
    check("digits", |config| config.symbols[0].digits = 9);
    check("contract_size", |config| config.symbols[0].contract_size = "0".parse().unwrap());
    check("margin_hedged", |config| config.symbols[0].margin_hedged = "-1".parse().unwrap());
    check("tick_size", |config| config.symbols[0].tick_size = "0.000001".parse().ok());
    check("tick_value", |config| config.symbols[0].calc_mode = CalcMode::Futures);
    check("volume_max", |config| config.symbols[0].volume_max = "0.001".parse().unwrap());
    check("volume_step", |config| {
        let symbol = &mut config.symbols[0];
        (symbol.volume_max, symbol.volume_step) = ("0.05".parse().unwrap(), "0.1".parse().unwrap());
    });
    check("volume_limit", |config| config.symbols[0].volume_limit = "0.0001".parse().ok());
    check("filling", |config| config.symbols[0].filling.clear());
    check("currency_margin", |config| config.symbols[0].currency_margin = "GBP".to_owned());
    check("currency_profit", |config| config.symbols[0].currency_profit = "JPY".to_owned());
    check("leverage", |config| config.account.leverage = 0);
    check("balance", |config| config.account.balance = "0.001".parse().unwrap());
    check("margin_mode", |config| config.account.margin_mode = MarginMode::Exchange);
    check("rates", |config| {
        config.account.rates.insert("JPY".to_owned(), "0".parse().unwrap());
    });
    check("symbol", |config| config.symbols.push(config.symbols[0].clone()));
}

#[test]
fn a_stated_rate_goes_before_quotes() {
    let mut world = World::with_config(MarginMode::Hedging, |config| {
        config.account.rates.insert("EUR".to_owned(), "2".parse().unwrap());
    });
    world.done(market(Buy, "1"));
    world.check_account("10000.00", "9990.00", "2000.00");
}
