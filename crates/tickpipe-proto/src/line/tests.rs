#![expect(clippy::disallowed_methods, reason = "a test begins some time")]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::frame::NulPadding;

fn config(encoding: TextEncoding) -> LineConfig {
    LineConfig { encoding, ..LineConfig::default() }
}

/// Plays `sent` against an echo and returns what comes back.
fn echoed(config: LineConfig, sent: &[u8]) -> Vec<u8> {
    let mut conversation = LineConversation::new(config);
    conversation.handle_bytes(Instant::now(), sent);
    let mut out = Vec::new();
    while let Some(event) = conversation.poll_event() {
        let reply = match event {
            LineEvent::Request(text) => Ok(text.to_string()),
            LineEvent::Refused { error, .. } => Err(error),
            LineEvent::Truncated(_) => continue,
        };
        conversation.encode(&reply, &mut out).unwrap_or_default();
    }
    out
}

#[track_caller]
fn check(config: LineConfig, sent: &[u8], want: &[u8]) {
    let got = echoed(config, sent);
    assert!(
        got.starts_with(want),
        "found {:?}, expected {:?}",
        String::from_utf8_lossy(&got),
        String::from_utf8_lossy(want)
    );
    assert!(got.ends_with(b"\n") || got.ends_with(b"\n\0"));
}

#[test]
fn a_reply_goes_out_as_its_request_came_in() {
    let auto = config(TextEncoding::Auto(CodePage::from_name("windows-1251").unwrap()));
    check(auto, "цена\r\n".as_bytes(), "цена\r\n".as_bytes());
    check(auto, b"\xF6\xE5\xED\xE0\r\n", b"\xF6\xE5\xED\xE0\r\n");
    check(auto, b"1\0.\x001\0\r\0\n\0", b"1\0.\x001\0\r\0\n\0");
    let shift_jis = config(TextEncoding::Strict(CodePage::from_windows(932).unwrap()));
    check(shift_jis, b"\x83\x65\x83\x58\r\n", b"\x83\x65\x83\x58\r\n");
}

#[test]
fn what_is_no_text_is_refused() {
    let utf8 = config(TextEncoding::Strict(CodePage::UTF_8));
    check(utf8, b"\xC0\xAF\n", b"ERR encoding found bytes that are not utf-8\r\n");
    check(utf8, b"\xFF1\n", b"ERR encoding ");
    check(utf8, b"\xED\xA0\x80\n", b"ERR encoding ");
    check(utf8, b"\n", b"ERR empty ");
    check(utf8, b"1\x0012\n", b"ERR nul ");
    check(utf8, &[b'x'; 5000], b"ERR too_long found a line of more than 4096 bytes");
    check(utf8, b"1\x002\0\0\xD8\n\0", b"E\0R\0R\0 \0e\0n\0c\0o\0d\0i\0n\0g\0 \0");
    check(utf8, b"\x001\0.\0\n", b"\0E\0R\0R\0 \0u\0t\0f\x001\x006\0 ");
}

#[test]
fn padding_is_stripped_when_asked_for() {
    let mut config = LineConfig::default();
    config.frame.nul_padding = NulPadding::Strip;
    check(config, b"1.1\0\0\r\n\0\0\x002\n", b"1.1\r\n2\r\n");
}

#[test]
fn an_answer_that_cannot_be_sent_becomes_an_error_and_the_error_gets_through() {
    let mut conversation = LineConversation::new(LineConfig {
        reply_len_max: 10,
        ..config(TextEncoding::Strict(CodePage::WINDOWS_1252))
    });
    conversation.handle_bytes(Instant::now(), b"1\n");
    assert!(conversation.poll_event().is_some());
    let check = |reply: Reply, want: &str, code: ErrorCode| {
        let mut out = Vec::new();
        let error = conversation.encode(&reply, &mut out).unwrap_err();
        assert_eq!(String::from_utf8(out).unwrap(), want);
        assert_eq!(error.code(), code);
    };
    check(
        Ok("цена".to_owned()),
        "ERR encoding the reply's text has characters that windows-1252 cannot carry\r\n",
        ErrorCode::Encoding,
    );
    check(
        Ok("1\n2".to_owned()),
        "ERR bad_reply the handler's reply holds a line feed, allowed is one line\r\n",
        ErrorCode::BadReply,
    );
    check(
        Ok("2\0".to_owned()),
        "ERR bad_reply the handler's reply holds a NUL character, at which an EA's text would end\r\n",
        ErrorCode::BadReply,
    );
    check(
        Ok("12345678901".to_owned()),
        "ERR bad_reply the handler's reply has 11 bytes, allowed are 10\r\n",
        ErrorCode::BadReply,
    );
    check(
        Err(LineError::new(ErrorCode::HandlerFailed, "нет\n2")),
        "ERR handler_failed \\u{43d}\\u{435}\\u{442} 2\r\n",
        ErrorCode::HandlerFailed,
    );
}

#[test]
fn lines_beyond_the_rate_are_refused_and_the_rate_comes_back() {
    let mut conversation =
        LineConversation::new(LineConfig { rate_max: NonZeroU32::new(2), ..LineConfig::default() });
    let begin = Instant::now();
    let mut is_served = |ms: u64| {
        conversation.handle_bytes(begin + Duration::from_millis(ms), b"1\n");
        matches!(conversation.poll_event(), Some(LineEvent::Request(_)))
    };
    assert!(is_served(0));
    assert!(is_served(0));
    assert!(!is_served(0));
    assert!(!is_served(499));
    assert!(is_served(500));
    assert!(!is_served(501));
}

#[test]
fn code_pages_have_names_and_numbers() {
    for name in ["utf-8", "UTF8", "windows-1251", "cp1251", "1251", "shift_jis", "932", "65001"] {
        assert!(CodePage::from_name(name).is_ok(), "{name}");
    }
    for name in ["utf-16le", "utf-16be", "iso-2022-jp", "replacement", "nonsense", "", "cp", "437"]
    {
        assert!(CodePage::from_name(name).is_err(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn every_line_feed_gets_exactly_one_reply_line(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), 1_u8..=255], 0..80),
    ) {
        // No NUL in it: 8-bit text, unless a byte order mark says otherwise.
        prop_assume!(!bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]));
        let replies = echoed(LineConfig::default(), &bytes);
        let count = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        prop_assert_eq!(count(&replies), count(&bytes));
    }

    #[test]
    fn a_number_is_finite_or_refused(text in "[-+0-9eE.,xinfa ]{0,12}") {
        if let Ok(value) = crate::number(&text) {
            prop_assert!(value.is_finite());
        }
    }
}
