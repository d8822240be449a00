use proptest::prelude::*;

use super::*;

fn put(value: &(impl Put + ?Sized)) -> String {
    let mut out = Vec::new();
    value.put(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn strings_are_escaped() {
    let check = |text: &str, expected: &str| assert_eq!(put(text), expected);
    check("", r#""""#);
    check("EURUSD", r#""EURUSD""#);
    check("a\"b\\c\n\r\t\u{1}\u{1f}\u{7f}é", "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\u{7f}é\"");
}

proptest! {
    #[test]
    fn numbers_are_as_they_are_printed(
        units in -999_999_999_999_999_999..=999_999_999_999_999_999_i64,
        digits in 0..=8_u8,
        number: u64,
        signed: i64,
    ) {
        let decimal = Decimal::new(units, digits).unwrap();
        prop_assert_eq!(put(&decimal), decimal.to_string());
        prop_assert_eq!(put(&number), number.to_string());
        prop_assert_eq!(put(&signed), signed.to_string());
        prop_assert_eq!(put(&MagicNumber::new(signed)), format!("\"{signed}\""));
    }

    #[test]
    fn strings_come_back(text: String) {
        prop_assert_eq!(serde_json::from_str::<String>(&put(text.as_str())).unwrap(), text);
    }
}
