use super::*;

fn lots(text: &str) -> Lots {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn lots_are_above_zero() {
    let not_above_zero =
        |found: &str| InvalidDecimal::NotAboveZero { found: found.parse().unwrap() };
    for text in ["0", "0.00", "-0.1", "-0"] {
        assert_eq!(text.parse::<Lots>(), Err(not_above_zero(text)), "{text}");
    }
    assert!("1e2".parse::<Lots>().is_err());
    assert_eq!(Lots::new(-1, 2), Err(not_above_zero("-0.01")));
    assert_eq!(Lots::from_f64(0.0, 2), Err(not_above_zero("0")));
    let text = "a lot".parse::<Lots>().unwrap_err().to_string();
    assert_eq!(text, "found `a lot`, allowed is a number such as 0.10");
    assert_eq!(Lots::from_f64(0.25, 2).unwrap().to_string(), "0.25");
}

#[test]
fn lots_go_down_to_a_step() {
    let check = |own: &str, step: &str, expected: Option<&str>| {
        let found = lots(own).floor_to_step(lots(step)).map(|found| found.to_string());
        assert_eq!(found.as_deref(), expected, "{own} by {step}");
    };
    check("0.257", "0.01", Some("0.250"));
    check("0.25", "0.01", Some("0.25"));
    check("1", "0.3", Some("0.9"));
    check("0.009", "0.01", None);
    check("7", "5", Some("5"));
    check("999999999999999999", "0.01", None);
}

#[test]
fn lots_are_added_and_taken_away() {
    assert_eq!(lots("0.1").checked_add(lots("0.25")), Some(lots("0.35")));
    assert_eq!(lots("0.35").checked_sub(lots("0.1")), Some(lots("0.25")));
    assert_eq!(lots("0.1").checked_sub(lots("0.10")), None);
    assert_eq!(lots("0.1").checked_sub(lots("0.2")), None);
}

#[test]
fn money_is_counted_exactly() {
    let sum = money("0.10").checked_add(money("0.20")).unwrap();
    assert_eq!(sum.to_string(), "0.30");
    assert_eq!(sum.checked_sub(money("1")).unwrap().to_string(), "-0.70");
    assert_eq!((-sum).to_string(), "-0.30");
    assert_eq!(money("12.345").round(2).to_string(), "12.35");
    assert_eq!(money("999999999999999999").checked_add(money("1")), None);
    assert!(money("-0.01").is_negative() && !Money::ZERO.is_negative() && Money::ZERO.is_zero());
    assert_eq!(Money::from_f64(-12.5, 2).unwrap().to_string(), "-12.50");
    assert_eq!(money("1.50").rescale(1).unwrap().to_string(), "1.5");
    assert!(money("1.1") < money("1.11"));
}
