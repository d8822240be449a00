//! Texts in arrays.

use super::*;

#[test]
fn a_text_ends_at_its_zero() {
    assert_eq!(read("symbol", b"EURUSD\0\xff\xff"), Ok("EURUSD"));
    assert_eq!(read("symbol", b"\0"), Ok(""));
    for (bytes, found) in [(&b"EUR"[..], "without an end"), (b"\xc3(\0", "`\u{fffd}(`")] {
        let error = read("symbol", bytes).unwrap_err().to_string();
        assert!(error.contains(found) && error.starts_with("symbol: "), "{error}");
    }
}

#[test]
fn what_does_not_fit_is_cut_at_a_character() {
    assert_eq!(&write::<4>("abc"), b"abc\0");
    assert_eq!(&write::<4>("abcd"), b"abc\0");
    assert_eq!(&write::<4>("ab\u{e4}"), b"ab\0\0");
    assert_eq!(&write::<4>("a\0c"), b"a\0\0\0");
}
