use super::{ALLOWED, is_allowed};

#[track_caller]
fn check(expression: &str, expected: bool) {
    assert_eq!(is_allowed(expression).unwrap(), expected, "{expression}");
}

#[test]
fn one_allowed_alternative_is_enough() {
    check("MIT", true);
    check("MIT OR GPL-3.0-only", true);
    check("Unlicense/MIT", true);
    check("(Apache-2.0 OR MIT) AND BSD-3-Clause", true);
    check("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true);
}

#[test]
fn all_parts_of_a_whole_must_be_allowed() {
    check("GPL-3.0-only", false);
    check("MIT AND GPL-3.0-only", false);
    check("(MIT OR Apache-2.0) AND MPL-2.0", false);
}

#[test]
fn what_is_no_licence_is_refused() {
    assert!(is_allowed("").is_err());
    assert!(is_allowed("free for all").is_err());
}

#[test]
fn the_list_is_sorted() {
    assert!(ALLOWED.is_sorted());
}
