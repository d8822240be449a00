//! Texts in arrays of fixed length, with a zero at their end.

#[cfg(test)]
mod tests;

use tickpipe_proto::escaped;

use crate::failure::Failure;

const SHOWN_CHARS_MAX: usize = 40;

/// Reads the text of an array.
pub(crate) fn read<'a>(name: &'static str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    let wrong = |found: String| Failure::Text {
        name,
        found,
        allowed: format!("UTF-8 of at most {} bytes with a zero behind it", bytes.len() - 1),
    };
    let Some(len) = bytes.iter().position(|byte| *byte == 0) else {
        return Err(wrong("a text without an end".to_owned()));
    };
    let (text, _) = bytes.split_at(len);
    std::str::from_utf8(text)
        .map_err(|_| wrong(format!("`{}`", shown(&String::from_utf8_lossy(text)))))
}

/// Writes a text into an array. What does not fit is cut off, at a whole character.
pub(crate) fn write<const LEN: usize>(text: &str) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    // A zero would end it where C reads it.
    let text = text.split('\0').next().unwrap_or_default();
    let mut len = text.len().min(LEN - 1);
    while !text.is_char_boundary(len) {
        len -= 1;
    }
    bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
    bytes
}

/// Returns what a caller wrote as it may be shown.
pub(crate) fn shown(text: &str) -> String {
    escaped(text, SHOWN_CHARS_MAX)
}
