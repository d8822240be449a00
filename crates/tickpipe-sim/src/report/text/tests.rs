use super::*;

#[test]
fn times_are_those_of_the_clock() {
    assert_eq!(iso(1_549_238_400_994), "2019-02-04T00:00:00.994");
    assert_eq!(iso(-1), "1969-12-31T23:59:59.999");
    assert_eq!(moment(1_582_977_599_000), "2020-02-29 11:59:59");
}

#[test]
fn durations_have_two_units() {
    let check = |ms, expected: &str| assert_eq!(duration(ms), expected);
    check(0, "0.000s");
    check(59_999, "59.999s");
    check(238_000, "3m 58s");
    check(3_900_000, "1h 05m");
    check(183_600_000, "2d 03h");
}

#[test]
fn thousands_have_commas() {
    let check = |number: &str, expected: &str| assert_eq!(grouped(&number), expected);
    check("0.00", "0.00");
    check("-123.45", "-123.45");
    check("1234", "1,234");
    check("-1234567.89", "-1,234,567.89");
}
