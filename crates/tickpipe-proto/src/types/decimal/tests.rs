use proptest::prelude::*;

use super::*;

#[test]
fn decimals() {
    let check = |text: &str, expected: Result<(i64, u8), NotADecimal>| {
        let found = Decimal::from_unsigned(text.as_bytes());
        assert_eq!(found.map(|found| (found.units(), found.digits())), expected, "{text}");
    };
    check("1.14543", Ok((114_543, 5)));
    check("0", Ok((0, 0)));
    check("0.00000001", Ok((1, 8)));
    check("999999999999999999", Ok((999_999_999_999_999_999, 0)));
    check("9999999999.99999999", Ok((999_999_999_999_999_999, 8)));
    check("1000000000000000000", Err(NotADecimal::TooLarge));
    check("99999999999.99999999", Err(NotADecimal::TooLarge));
    check("1.123456789", Err(NotADecimal::TooManyDecimals { found: 9 }));
    check("1.00000000000000000000", Err(NotADecimal::TooManyDecimals { found: 20 }));
    check("-1.1", Err(NotADecimal::Negative));
    check("-0", Err(NotADecimal::Negative));
    for text in [
        "",
        ".",
        "1.",
        ".5",
        "01",
        "00.1",
        "1.1.1",
        "+1",
        "1e5",
        "nan",
        "inf",
        "-inf",
        "1,1",
        " 1",
        "1 ",
        "--1",
        "0x1",
        "1.1234567890123456789x",
        "٣",
    ] {
        check(text, Err(NotADecimal::NotANumber));
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn a_sign_belongs_to_a_number() {
    let check = |text: &str, expected: Result<(i64, u8), InvalidDecimal>| {
        let found = text.parse::<Decimal>();
        assert_eq!(found.map(|found| (found.units(), found.digits())), expected, "{text}");
    };
    check("-12.50", Ok((-1250, 2)));
    check("0.00", Ok((0, 2)));
    check("-0.00", Ok((0, 2)));
    check("-999999999999999999", Ok((-999_999_999_999_999_999, 0)));
    check("-1000000000000000000", Err(InvalidDecimal::TooLarge));
    check("-1.123456789", Err(InvalidDecimal::TooManyDecimals { found: 9 }));
    for text in ["--1", "-", "-+1", "+1", "-01", "-.5", "-1e5", "- 1", "1-"] {
        check(text, Err(InvalidDecimal::NotANumber { found: text.to_owned(), example: "-12.50" }));
    }
    assert_eq!(decimal("-0.00").to_string(), "0.00");
    assert_eq!(Decimal::new(1, 9), Err(InvalidDecimal::TooManyDecimals { found: 9 }));
    assert_eq!(Decimal::new(i64::MIN, 0), Err(InvalidDecimal::TooLarge));
}

#[test]
fn a_number_is_printed_with_as_many_decimals_as_are_wanted() {
    let check = |text: &str, decimals: usize, expected: &str| {
        assert_eq!(format!("{:.decimals$}", decimal(text)), expected, "{text} with {decimals}");
    };
    check("-12.50", 4, "-12.5000");
    check("-12.55", 1, "-12.6");
    check("-0.004", 2, "0.00");
    check("0.995", 2, "1.00");
    assert_eq!(format!("{:>8.1}", decimal("-1.5")), "    -1.5");
}

#[test]
fn numbers_are_rounded_away_from_zero() {
    let check = |text: &str, digits: u8, expected: &str| {
        assert_eq!(decimal(text).round(digits).to_string(), expected, "{text} to {digits}");
    };
    check("12.345", 2, "12.35");
    check("-12.345", 2, "-12.35");
    check("12.344", 2, "12.34");
    check("-0.5", 0, "-1");
    check("-0.4", 0, "0");
    check("1.5", 4, "1.5");
    check("999999999.99999999", 0, "1000000000");
}

#[test]
fn what_does_not_fit_is_none() {
    let largest = decimal("999999999999999999");
    assert_eq!(largest.checked_add(decimal("1")), None);
    assert_eq!(largest.checked_add(decimal("0.1")), None);
    assert_eq!((-largest).checked_sub(decimal("1")), None);
    assert_eq!(largest.rescale(1), None);
    assert_eq!(decimal("1.5").rescale(0), None);
    assert_eq!(decimal("1.50").rescale(1).unwrap().to_string(), "1.5");
    assert_eq!(decimal("1").rescale(9), None);
}

#[test]
fn a_float_is_taken_for_a_number_only_where_it_is_one() {
    let taken = |value: f64, digits: u8, expected: &str| {
        let found = Decimal::from_f64(value, digits).map(|found| found.to_string());
        assert_eq!(found.as_deref(), Ok(expected), "{value} with {digits}");
    };
    taken(1.1, 5, "1.10000");
    taken(0.1 + 0.2, 1, "0.3");
    taken(1.100_010_000_009, 5, "1.10001");
    taken(-0.0, 2, "0.00");
    taken(-12.5, 2, "-12.50");
    taken(1899.0, 0, "1899");
    taken(67_000.123_456_78, 8, "67000.12345678");
    taken(123_456_789.12, 2, "123456789.12");
    let refused = |value: f64, digits: u8| {
        let found = Decimal::from_f64(value, digits);
        assert!(matches!(found, Err(InvalidDecimal::NotAPoint { .. })), "{value}: {found:?}");
    };
    refused(1.100_005, 5);
    refused(1.100_011, 5);
    refused(1.100_010_000_02, 5);
    refused(0.5, 0);
    refused(1e-9, 8);
    for (value, found) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        let error = Decimal::from_f64(value, 5).unwrap_err();
        assert_eq!(error, InvalidDecimal::NotFinite { found: found.to_owned() });
        assert!(!error.to_string().contains("round"), "{error}");
    }
    assert_eq!(Decimal::from_f64(1e18, 0), Err(InvalidDecimal::TooLarge));
    assert_eq!(Decimal::from_f64(-1e300, 8), Err(InvalidDecimal::TooLarge));
    assert_eq!(Decimal::from_f64(1.0, 9), Err(InvalidDecimal::TooManyDecimals { found: 9 }));
    let text = Decimal::from_f64(1.100_005, 5).unwrap_err().to_string();
    assert_eq!(text, "found 1.100005, which is no number of 5 decimals; round it first");
}

/// Two numbers of more than fifteen digits may have one float: it is taken for the nearest.
#[test]
fn a_float_of_many_digits_is_taken_for_the_number_nearest_to_it() {
    for (text, digits, expected) in [
        ("100000000", 8, "100000000.00000000"),
        ("9007199254740992", 0, "9007199254740992"),
        ("9007199254740993", 0, "9007199254740992"),
        ("9007199254740995", 0, "9007199254740996"),
        ("123456789012.12345", 5, "123456789012.12344"),
        ("1234567890123.12345", 5, "1234567890123.12354"),
        ("-9999999999.9999999", 7, "-10000000000.0000000"),
        ("90071992547409.93", 2, "90071992547409.94"),
    ] {
        let found = Decimal::from_f64(text.parse().unwrap(), digits);
        assert_eq!(found.map(|found| found.to_string()).as_deref(), Ok(expected), "{text}");
    }
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let units = -999_999_999_999_999_999..=999_999_999_999_999_999_i64;
    (units, 0..=DIGITS_MAX).prop_map(|(units, digits)| Decimal::new(units, digits).unwrap())
}

/// The units with eight decimals, in more bits than can be needed.
fn wide(decimal: Decimal) -> i128 {
    let missing = u32::from(DIGITS_MAX - decimal.digits());
    i128::from(decimal.units()) * 10_i128.pow(missing)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_comes_back(number in any_decimal()) {
        let read = decimal(&number.to_string());
        prop_assert_eq!((read.units(), read.digits()), (number.units(), number.digits()));
    }

    #[test]
    fn sums_and_order_are_those_of_wider_numbers(a in any_decimal(), b in any_decimal()) {
        prop_assert_eq!(a.cmp(&b), wide(a).cmp(&wide(b)));
        prop_assert_eq!(a == b, wide(a) == wide(b));
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(wide(sum), wide(a) + wide(b));
            prop_assert_eq!(sum.digits(), a.digits().max(b.digits()));
            // The way back may need more digits than the sum.
            prop_assert!(sum.checked_sub(b).is_none_or(|back| back == a));
        }
        if let Some(difference) = a.checked_sub(b) {
            prop_assert_eq!(wide(difference), wide(a) - wide(b));
        }
    }

    #[test]
    fn a_number_is_the_nearest_float_and_back(number in any_decimal()) {
        let float = number.to_f64();
        prop_assert_eq!(float.to_bits(), (float_of_text(number)).to_bits());
        // Beyond fifteen digits two numbers may have one float.
        if number.units().unsigned_abs() < 1_000_000_000_000_000 {
            prop_assert_eq!(Decimal::from_f64(float, number.digits()), Ok(number));
        } else if let Ok(found) = Decimal::from_f64(float, number.digits()) {
            let text = format!("{float:.*}", usize::from(number.digits()));
            prop_assert_eq!(found.to_string(), text);
        }
    }
}

/// What the standard library reads out of the number's text, which it does exactly.
fn float_of_text(number: Decimal) -> f64 {
    number.to_string().parse().unwrap()
}
