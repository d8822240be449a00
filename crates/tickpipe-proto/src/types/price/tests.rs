use proptest::prelude::*;

use super::*;

/// The most points of a price: 18 digits.
const LARGEST: i64 = 999_999_999_999_999_999;

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

#[test]
fn a_price_is_printed_as_it_was() {
    for text in ["1.14540", "1", "0.00000001", "1899", "86.655", "9999999999.99999999", "0.5"] {
        assert_eq!(price(text).to_string(), text);
    }
}

#[test]
fn a_price_is_printed_with_as_many_decimals_as_are_wanted() {
    let check = |text: &str, decimals: usize, expected: &str| {
        assert_eq!(format!("{:.decimals$}", price(text)), expected, "{text} with {decimals}");
    };
    check("1.14543", 8, "1.14543000");
    check("1.14543", 5, "1.14543");
    check("1.14543", 4, "1.1454");
    check("1.14545", 4, "1.1455");
    check("1.99999", 2, "2.00");
    check("9.5", 0, "10");
    check("0.00001", 2, "0.00");
    check("1899", 2, "1899.00");
    check("1.5", 16, "1.5000000000000000");
    // As DoubleToString, which knows 16 decimals.
    check("1.5", 20, "1.5000000000000000");
    assert_eq!(format!("{:>9.2}", price("1.5")), "     1.50");
}

#[test]
fn what_is_no_price_is_refused() {
    let check = |text: &str, expected: &InvalidDecimal| {
        assert_eq!(text.parse::<Price>().as_ref(), Err(expected), "{text}");
    };
    let not_above_zero =
        |found: &str| InvalidDecimal::NotAboveZero { found: found.parse().unwrap() };
    for text in ["0", "0.00000", "-1.1"] {
        check(text, &not_above_zero(text));
        let shown = text.parse::<Price>().unwrap_err().to_string();
        assert_eq!(shown, format!("found {text}, allowed are numbers above zero"));
    }
    for text in ["", "nan", "inf", "1.", ".5", "01.1", "1e5", "1,1", "+1"] {
        check(text, &InvalidDecimal::NotANumber { found: text.to_owned(), example: "1.14543" });
    }
    check("1.123456789", &InvalidDecimal::TooManyDecimals { found: 9 });
    check("-1.123456789", &InvalidDecimal::TooManyDecimals { found: 9 });
    check("1000000000000000000", &InvalidDecimal::TooLarge);
    check("-1000000000000000000", &InvalidDecimal::TooLarge);
    assert_eq!(Price::new(0, 5), Err(not_above_zero("0")));
    assert_eq!(Price::new(-1, 5), Err(not_above_zero("-0.00001")));
    assert_eq!(Price::new(LARGEST + 1, 5), Err(InvalidDecimal::TooLarge));
    assert_eq!(Price::new(i64::MAX, 0), Err(InvalidDecimal::TooLarge));
    assert_eq!(Price::new(i64::MIN, 0), Err(InvalidDecimal::TooLarge));
    assert_eq!(Price::new(1, 9), Err(InvalidDecimal::TooManyDecimals { found: 9 }));
    assert_eq!(price("1").cmp(&price("2")), Ordering::Less);
}

#[test]
fn prices_are_equal_by_value() {
    let hash = |text: &str| {
        let mut hasher = std::hash::DefaultHasher::new();
        price(text).hash(&mut hasher);
        hasher.finish()
    };
    assert_eq!(price("1.10"), price("1.1"));
    assert!(price("1.1") < price("1.10001"));
    assert!(Price::new(LARGEST, 0).unwrap() > Price::new(LARGEST, 8).unwrap());
    assert_eq!(hash("1.1"), hash("1.100"));
}

#[test]
fn a_price_is_rescaled_if_its_value_stays() {
    let check = |text: &str, digits, expected: Option<&str>| {
        let found = price(text).rescale(digits).map(|price| price.to_string());
        assert_eq!(found.as_deref(), expected, "{text} to {digits}");
    };
    check("1.1454", 5, Some("1.14540"));
    check("1.14540", 4, Some("1.1454"));
    check("1.14543", 4, None);
    check("1", 8, Some("1.00000000"));
    check("1", 9, None);
    assert_eq!(Price::new(LARGEST, 0).unwrap().rescale(1), None);
    assert_eq!(price("100000000000").rescale(7), None, "it would have 19 digits");
}

proptest! {
    #[test]
    fn text_comes_back(points in 1..10_i64.pow(18), digits in 0..=DIGITS_MAX) {
        let price = Price::new(points, digits).unwrap();
        let text = price.to_string();
        let read: Price = text.parse().unwrap();
        prop_assert_eq!((read.points(), read.digits()), (points, digits));
    }

    #[test]
    fn more_decimals_change_no_value(points in 1..10_i64.pow(9), digits in 0..=DIGITS_MAX) {
        let price = Price::new(points, digits).unwrap();
        let text = format!("{price:.8}");
        prop_assert_eq!(text.parse::<Price>().unwrap(), price);
        prop_assert_eq!(price.rescale(DIGITS_MAX).unwrap(), price);
    }
}

#[test]
fn prices_are_compared_in_points() {
    let points = |a: &str, b: &str, digits| price(a).points_above(price(b), digits);
    assert_eq!(points("1.10012", "1.1", 5), Some(12));
    assert_eq!(points("1.1", "1.10012", 5), Some(-12));
    assert_eq!(points("1.10012", "1.1", 6), Some(120));
    assert_eq!(points("1.10012", "1.1", 4), None);
    assert_eq!(points("1.10010", "1.1", 4), Some(1));
    assert_eq!(points("1.1", "1.0", 9), None);
    assert_eq!(price("1.10012").checked_sub(price("1.1")).unwrap().to_string(), "0.00012");
}

#[test]
fn prices_are_moved_exactly() {
    assert_eq!(price("1.10000").offset(-200), Some(price("1.098")));
    assert_eq!(price("0.00001").offset(-1), None);
    assert_eq!(Price::new(LARGEST, 0).unwrap().offset(1), None);
    assert_eq!(price("1.1").offset(i64::MAX), None);
    assert_eq!(Price::new(LARGEST, 0).unwrap().checked_add(Decimal::new(1, 0).unwrap()), None);
    let moved = price("1.1").checked_add("-0.00005".parse().unwrap()).unwrap();
    assert_eq!(moved.to_string(), "1.09995");
    assert_eq!(price("1.1").checked_add("-1.1".parse().unwrap()), None);
}

#[test]
fn a_float_is_taken_for_a_price_only_where_it_is_one() {
    assert_eq!(Price::from_f64(1.1, 5).unwrap().to_string(), "1.10000");
    let not_above_zero =
        |found: &str| InvalidDecimal::NotAboveZero { found: found.parse().unwrap() };
    assert_eq!(Price::from_f64(0.0, 5), Err(not_above_zero("0")));
    assert_eq!(Price::from_f64(-1.1, 5), Err(not_above_zero("-1.1")));
    assert!(matches!(Price::from_f64(1.100_005, 5), Err(InvalidDecimal::NotAPoint { .. })));
    assert_eq!(price("1.10012").to_f64().to_bits(), 1.100_12_f64.to_bits());
}
