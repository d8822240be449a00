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
