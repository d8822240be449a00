//! What the bytes of a table stand for: UTF-8, or UTF-16LE as MT5 writes some of its exports.

use std::io::Read;

use crate::lines::Lines;
use crate::sniff::{self, Content, Other};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16LE_MARK: &[u8] = b"\xFF\xFE";
const UTF16BE_MARK: &[u8] = b"\xFE\xFF";

/// Tells what ticks `lines` hold, and makes them give 8-bit text without a byte order mark.
pub(crate) fn content<R: Read>(lines: &mut Lines<R>) -> Content {
    match decode(lines) {
        Some(other) => Content::Other(other),
        None => sniff::content(lines.head()),
    }
}

/// Makes `lines` give 8-bit text without a byte order mark, or says why that is not possible.
pub(crate) fn decode<R: Read>(lines: &mut Lines<R>) -> Option<Other> {
    let head = lines.head();
    if head.starts_with(UTF8_MARK) {
        lines.skip(UTF8_MARK.len());
    } else if head.starts_with(UTF16BE_MARK) {
        return Some(Other::Utf16Be);
    } else if head.starts_with(UTF16LE_MARK) {
        lines.skip(UTF16LE_MARK.len());
        lines.decode_utf16le();
    } else if matches!(head, [b'0'..=b'z', 0, b' '..=b'z', 0, ..]) {
        lines.decode_utf16le();
    }
    None
}
