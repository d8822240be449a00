use proptest::prelude::*;

use super::*;

#[test]
fn tickets_are_digits_and_not_zero() {
    for text in ["", "0", "00", "01", "-1", "+1", "1.0", "1e3", " 1", "18446744073709551616", "٣"]
    {
        assert!(text.parse::<OrderTicket>().is_err(), "{text}");
    }
    let largest: PositionTicket = "18446744073709551615".parse().unwrap();
    assert_eq!((largest.value(), largest.to_string().as_str()), (u64::MAX, "18446744073709551615"));
    assert!(DealTicket::new(0).is_err());
    let text = "x\n".parse::<DealTicket>().unwrap_err().to_string();
    assert!(text.starts_with("found `x\\n`, allowed is a ticket"), "{text}");
}

#[test]
fn numbers_of_marks_and_charts_have_a_sign() {
    for text in ["", "-", "-0", "--1", "+1", "01", "-01", "1.0", "9223372036854775808", "x"] {
        assert!(text.parse::<MagicNumber>().is_err(), "{text}");
    }
    for number in [0, 1, -1, i64::MAX, i64::MIN] {
        assert_eq!(number.to_string().parse(), Ok(ChartId::new(number)));
    }
}

#[test]
fn client_ids_are_short_and_plain() {
    for text in ["", "12345678901234567", "a b", "ä", "a.b", "a\n", "\0"] {
        assert!(ClientId::new(text).is_err(), "{text:?}");
    }
    for text in ["a", "1234567890123456", "_-", "aZ09"] {
        let id = ClientId::new(text).unwrap();
        assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
    }
    assert_eq!(format!("{:?}", ClientId::new("a").unwrap()), "ClientId(\"a\")");
}

#[test]
fn request_ids_have_bounds() {
    assert!(RequestId::number(WHOLE_MAX).is_ok());
    assert!(RequestId::number(WHOLE_MAX + 1).is_err());
    assert!(RequestId::text("").is_err());
    assert!(RequestId::text(&"x".repeat(65)).is_err());
    assert_eq!(RequestId::text("a\nb").unwrap().to_string(), "a\\nb");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_64_bits_survive(ticket in 1..=u64::MAX, number: i64) {
        prop_assert_eq!(ticket.to_string().parse::<OrderTicket>().unwrap().value(), ticket);
        prop_assert_eq!(number.to_string().parse::<MagicNumber>().unwrap().value(), number);
    }

    #[test]
    fn client_ids_have_the_order_of_their_texts(a in "[0-9A-Za-z_-]{1,16}", b in "[0-9A-Za-z_-]{1,16}") {
        let (x, y) = (ClientId::new(&a).unwrap(), ClientId::new(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
    }
}
