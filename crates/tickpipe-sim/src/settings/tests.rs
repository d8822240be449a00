//! Settings in texts.

use tickpipe_proto::message::{Filling, MarginMode, TradeMode};

use super::{account, symbol};
use crate::broker::{
    Broker, BrokerConfig, CalcMode, Commission, Execution, Latency, Sessions, Slippage, SwapMode,
};

#[test]
fn an_account_is_what_is_said_and_else_the_default() {
    let text = "balance=2500.50,currency=EUR,leverage=30,mode=netting,stop_out=20,margin_call=80,\
                orders_max=5,positions_max=6,currency_digits=3";
    let spec = account(text).unwrap();
    assert_eq!((spec.balance.to_string().as_str(), spec.currency.as_str()), ("2500.50", "EUR"));
    assert_eq!((spec.leverage, spec.margin_mode), (30, MarginMode::Netting));
    assert_eq!((spec.orders_max, spec.positions_max, spec.currency_digits), (Some(5), Some(6), 3));
    assert_eq!(spec.stop_out_percent, "20".parse().unwrap());
    assert_eq!(spec.margin_call_percent, "80".parse().unwrap());
    assert_eq!(account("").unwrap(), crate::account::AccountSpec::default());
}

#[test]
fn a_known_symbol_needs_nothing_and_takes_everything() {
    let spec = symbol("EURUSD").unwrap();
    assert_eq!((spec.digits, spec.calc_mode), (5, CalcMode::Forex));
    assert_eq!((spec.currency_base.as_str(), spec.currency_profit.as_str()), ("EUR", "USD"));
    let spec = symbol(
        "EURUSD.r:digits=4,commission=3.5,swap_long=-6.2,swap_short=1,stops_level=10,freeze_level=2,\
         volume_min=0.1,volume_step=0.1,volume_max=50,volume_limit=70,filling=fok+ioc,execution=instant,\
         trade_mode=long_only,sessions=working_days,contract_size=1000,description=Euro",
    )
    .unwrap();
    assert_eq!((spec.digits, spec.stops_level, spec.freeze_level), (4, 10, 2));
    assert_eq!(spec.commission, Commission::PerLot("3.5".parse().unwrap()));
    assert_eq!((spec.swap.mode, spec.swap.long), (SwapMode::Points, "-6.2".parse().unwrap()));
    assert_eq!(spec.filling, [Filling::Fok, Filling::Ioc]);
    assert_eq!((spec.execution, spec.trade_mode), (Execution::Instant, TradeMode::LongOnly));
    assert_eq!(spec.sessions, Sessions::working_days());
    assert_eq!(
        (spec.contract_size, spec.margin_hedged),
        ("1000".parse().unwrap(), "1000".parse().unwrap())
    );
    assert_eq!(spec.volume_limit, Some("70".parse().unwrap()));
}

#[test]
fn names_tell_pairs_and_metals_from_the_rest() {
    for (name, digits, calc) in [
        ("USDJPY", 3, CalcMode::Forex),
        ("mGBPCHF_x", 5, CalcMode::Forex),
        ("XAUUSD", 2, CalcMode::CfdLeverage),
        ("XAGEUR.pro", 3, CalcMode::CfdLeverage),
    ] {
        let spec = symbol(name).unwrap();
        assert_eq!((spec.digits, spec.calc_mode), (digits, calc), "{name}");
    }
    let index = symbol("GER40:digits=1,currency=EUR,contract_size=1,calc=cfd_index,tick_value=0.1");
    assert_eq!(index.unwrap().calc_mode, CalcMode::CfdIndex);
}

#[test]
fn what_is_wrong_is_named_with_what_is_allowed() {
    for (text, setting, found, allowed) in [
        ("balance=much", "balance", "much", "a number"),
        ("balance=-1", "balance", "-1", "zero or above"),
        ("stop_out=-5", "stop_out", "-5", "zero or above"),
        ("leverage=-1", "leverage", "-1", "a whole number"),
        ("leverage=0", "leverage", "0", "above zero"),
        ("orders_max=0", "orders_max", "0", "above zero"),
        ("positions_max=0", "positions_max", "0", "above zero"),
        ("mode=both", "mode", "both", "hedging, netting"),
        ("currency=usd", "currency", "usd", "capital letters"),
        ("balance", "account", "balance", "NAME=VALUE with one of balance, currency"),
        ("balans=1", "account", "balans=1", "balance"),
        ("leverage=1,leverage=2", "account", "leverage=2", "leverage once"),
    ] {
        let error = account(text).unwrap_err();
        assert_eq!((error.setting.as_str(), error.found.as_str()), (setting, found), "{text}");
        assert!(error.allowed.contains(allowed), "{error}");
    }
    for (text, setting, allowed) in [
        ("", "symbol", "1 to 64 bytes"),
        ("GER40", "symbol", "GER40:digits=2,currency=USD"),
        ("EURUSD:digit=5", "EURUSD", "digits"),
        ("EURUSD:filling=all", "filling", "fok, ioc, return"),
        ("EURUSD:volume_min=0", "volume_min", "lots above zero"),
        ("EURUSD:sessions=night", "sessions", "working_days"),
        ("EURUSD:calc=magic", "calc", "forex_no_leverage"),
    ] {
        let error = symbol(text).unwrap_err();
        assert_eq!(error.setting, setting, "{text}");
        assert!(error.allowed.contains(allowed), "{error}");
    }
}

#[test]
fn models_are_a_number_or_a_range() {
    assert_eq!("none".parse(), Ok(Slippage::None));
    assert_eq!("2".parse(), Ok(Slippage::Fixed(2)));
    assert_eq!("0..5".parse(), Ok(Slippage::Uniform(5)));
    assert_eq!("none".parse(), Ok(Latency::None));
    assert_eq!("80".parse(), Ok(Latency::Fixed(80)));
    assert_eq!("50..200".parse(), Ok(Latency::Uniform(50, 200)));
    for refused in ["", "-1", "1..5", "0..", "x", "1.5"] {
        assert!(refused.parse::<Slippage>().is_err(), "{refused}");
    }
    for refused in ["", "-1", "200..50", "1..", "600001", "1.5"] {
        assert!(refused.parse::<Latency>().is_err(), "{refused}");
    }
}

#[test]
fn a_broker_takes_what_was_typed() {
    let config = BrokerConfig::new(account("").unwrap());
    Broker::new(config.with_symbol(symbol("XAUUSD:digits=3").unwrap())).unwrap();
}

#[test]
fn the_order_of_settings_says_nothing() {
    for text in [
        "EURUSD:margin_hedged=100000,contract_size=1000",
        "EURUSD:contract_size=1000,margin_hedged=100000",
    ] {
        let spec = symbol(text).unwrap();
        assert_eq!(spec.margin_hedged, "100000".parse().unwrap(), "{text}");
        assert_eq!(spec.contract_size, "1000".parse().unwrap(), "{text}");
    }
    for text in ["commission=1,commission_percent=2", "commission_percent=2,commission=1"] {
        let refused = symbol(&format!("EURUSD:{text}")).unwrap_err().to_string();
        let expected = "commission_percent: found `2`, allowed is either commission or \
                        commission_percent";
        assert_eq!(refused, expected);
    }
}
