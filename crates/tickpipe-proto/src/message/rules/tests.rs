use super::*;
use crate::types::Symbol;

fn info(digits: u8, tick_size: Option<&str>) -> SymbolInfo {
    let lots = |text: &str| text.parse().unwrap();
    let symbol = Symbol::new("EURUSD").unwrap();
    let point = Price::new(1, digits).unwrap();
    let mut info = SymbolInfo::new(symbol, digits, point, lots("0.01"), lots("50"), lots("0.01"));
    info.tick_size = tick_size.map(|text| text.parse().unwrap());
    info
}

#[test]
fn prices_are_rounded_to_the_grid() {
    for (digits, tick_size, price, rounded) in [
        (5, None, "1.1", Some("1.10000")),
        (5, None, "1.100004", Some("1.10000")),
        (5, None, "1.100005", Some("1.10001")),
        (5, None, "1.10000499", Some("1.10000")),
        (2, Some("0.25"), "4000.12", Some("4000.00")),
        (2, Some("0.25"), "4000.13", Some("4000.25")),
        (2, Some("0.25"), "4000.125", Some("4000.25")),
        (2, Some("0.25"), "4000.12499", Some("4000.00")),
        (0, Some("5"), "17", Some("15")),
        (0, Some("5"), "18", Some("20")),
        (0, Some("5"), "17.5", Some("20")),
        (0, Some("5"), "2", None),
        (3, Some("0.003"), "0.004", Some("0.003")),
        (3, Some("0.003"), "0.005", Some("0.006")),
        (3, Some("0.003"), "0.0045", Some("0.006")),
    ] {
        let found = info(digits, tick_size).round_price(price.parse().unwrap());
        assert_eq!(found.map(|price| price.to_string()).as_deref(), rounded, "{price}");
    }
}

#[test]
fn points_are_the_symbols() {
    let price = |text: &str| text.parse::<Price>().unwrap();
    let five = info(5, None);
    assert_eq!(five.points_above(price("1.1002"), price("1.1")), Some(20));
    assert_eq!(five.points_above(price("1.1"), price("1.1002")), Some(-20));
    assert_eq!(five.points_above(price("1.10000019"), price("1.1")), Some(0));
    assert_eq!(five.offset(price("1.1"), -200), Some(price("1.098")));
    assert_eq!(five.offset(price("0.001"), -100), None);
}

#[test]
fn lots_are_what_the_symbol_allows() {
    let lots = |text: &str| text.parse::<Lots>().unwrap();
    let info = info(5, None);
    for (volume, allowed) in
        [("0.257", Some("0.25")), ("0.01", Some("0.01")), ("0.0099", None), ("1000", Some("50"))]
    {
        assert_eq!(info.allowed_lots(lots(volume)), allowed.map(lots), "{volume}");
    }
    assert_eq!(info.lots_from_f64(0.1).unwrap().to_string(), "0.10");
    assert_eq!(
        info.lots_from_f64(0.257).unwrap_err().to_string(),
        "found 0.257 lots, which is no number of 2 decimals; round it to at most 8 decimals, and \
         down to what the symbol allows with `allowed_lots`"
    );
    assert_eq!(info.price_from_f64(1.1).unwrap().to_string(), "1.10000");
    assert!(info.price_from_f64(1.100_004).is_err());
}
