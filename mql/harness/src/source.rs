//! Reading a file: UTF-8, with or without a byte order mark.
//!
//! `MetaEditor` also saves UTF-16 and the system's code page. Neither is text for git or for a
//! reader elsewhere, so that both are refused.

use std::path::Path;
use std::sync::Arc;

use crate::finding::{Finding, Rule};
use crate::place::Place;

/// The largest file that is read; ours are a hundredth of it.
const FILE_LEN_MAX: usize = 1 << 20;

/// Reads a file; `shown` is its path in a finding.
pub(crate) fn read(path: &Path, shown: &Arc<str>) -> Result<String, Finding> {
    let refuse = |message: String| Finding::new(&Place::file(shown), Rule::Encoding, message);
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    decode(&bytes, shown)
}

/// The text of a file's bytes.
pub(crate) fn decode(bytes: &[u8], shown: &Arc<str>) -> Result<String, Finding> {
    let refuse = |message: String| Finding::new(&Place::file(shown), Rule::Encoding, message);
    if FILE_LEN_MAX < bytes.len() {
        let len = bytes.len();
        return Err(refuse(format!("{len} bytes exceed the limit of {FILE_LEN_MAX} bytes")));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(refuse("the file is UTF-16: save it as UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let place = Place { path: Arc::clone(shown), line, column: 1 };
            let message = "the line is not UTF-8: save the file as UTF-8";
            Err(Finding::new(&place, Rule::Encoding, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_read_and_nothing_else() {
        let check = |bytes: &[u8], expected: Result<&str, &str>| {
            let decoded = decode(bytes, &"a.mq4".into()).map_err(|finding| finding.to_string());
            assert_eq!(decoded.as_deref().map_err(String::as_str), expected, "{bytes:02X?}");
        };
        check(b"", Ok(""));
        check("a\nä".as_bytes(), Ok("a\nä"));
        check(b"\xEF\xBB\xBFa", Ok("a"));
        check(b"a\r\nb\r\n", Ok("a\nb\n"));
        check(b"\xFF\xFEa\0", Err("a.mq4: the file is UTF-16: save it as UTF-8"));
        check(b"\xFE\xFF\0a", Err("a.mq4: the file is UTF-16: save it as UTF-8"));
        let line = "a.mq4:2:1: the line is not UTF-8: save the file as UTF-8";
        check(b"a\n\xE9", Err(line));
        let limit = "a.mq4: 1048577 bytes exceed the limit of 1048576 bytes";
        check(&[b' '; FILE_LEN_MAX + 1], Err(limit));
        assert!(decode(&[b' '; FILE_LEN_MAX], &"a.mq4".into()).is_ok());
    }
}
