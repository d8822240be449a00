#![expect(clippy::disallowed_methods, reason = "a test begins some time")]

use super::*;

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"hello"}"#;

#[derive(Debug, PartialEq, Eq)]
enum Mode {
    Line,
    Open,
    Session,
}

/// Feeds chunks, and returns the mode, the empty lines before it, and what is handed on with it.
fn open<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Mode, Vec<u8>, Vec<u8>) {
    let now = Instant::now();
    let mut opening = Opening::new(Duration::from_secs(5));
    let mut empty = Vec::new();
    let mut rest = Vec::new();
    let mut mode = Mode::Open;
    for chunk in chunks {
        if mode != Mode::Open {
            rest.extend_from_slice(chunk);
            continue;
        }
        opening.handle_bytes(now, chunk);
        while mode == Mode::Open
            && let Some(opened) = opening.poll()
        {
            let (found, bytes) = match opened {
                Opened::Empty { bytes, .. } => {
                    empty.extend(bytes);
                    continue;
                }
                Opened::Line { bytes, .. } => (Mode::Line, bytes),
                Opened::Session { bytes, .. } => (Mode::Session, bytes),
            };
            mode = found;
            rest = bytes;
        }
    }
    (mode, empty, rest)
}

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, mode: Mode, empty_len: usize) {
    let bytes = bytes.as_ref();
    let (found, empty, rest) = open([bytes]);
    assert_eq!(found, mode);
    assert_eq!(empty, &bytes[..empty_len], "empty lines");
    if mode != Mode::Open {
        assert_eq!(rest, &bytes[empty_len..], "handed on");
    }
    assert_eq!(open(bytes.chunks(1)), (found, empty, rest), "byte by byte");
}

#[test]
fn the_first_line_decides() {
    check(format!("{HELLO}\n"), Mode::Session, 0);
    check(format!("{HELLO}\r\nmore"), Mode::Session, 0);
    check(format!(" \t{HELLO} \n"), Mode::Session, 0);
    check(format!("\u{feff}{HELLO}\n"), Mode::Session, 0);
    check("{\"\\u006asonrpc\":\"\\u0032.0\"}\n", Mode::Session, 0);
    check("{\"jsonrpc\":1,\"jsonrpc\":\"2.0\"}\n", Mode::Session, 0);
    check("{\"jsonrpc\":\"1.0\"}\n", Mode::Line, 0);
    check("{\"jsonrpc\":2.0}\n", Mode::Line, 0);
    check("{\"a\":{\"jsonrpc\":\"2.0\"}}\n", Mode::Line, 0);
    check(format!("[{HELLO}]\n"), Mode::Line, 0);
    check(format!("{HELLO}x\n"), Mode::Line, 0);
    check(format!("{}\n", &HELLO[..HELLO.len() - 1]), Mode::Line, 0);
    check(b"{\"jsonrpc\":\"2.0\",\"a\":\"\xFF\"}\n", Mode::Line, 0);
    check("1.10000000\r\n", Mode::Line, 0);
    check(" \n", Mode::Line, 0);
}

#[test]
fn what_cannot_be_json_waits_for_nothing() {
    check("1", Mode::Line, 0);
    check(" 1", Mode::Line, 0);
    check("\u{feff}1", Mode::Line, 0);
    check(b"\xFF\xFE", Mode::Line, 0);
    check(b"\xFE", Mode::Line, 0);
    check(b"\xEF\xBBx", Mode::Line, 0);
    check(b"{\0\"\0", Mode::Line, 0);
    check(b"\0{\0\"", Mode::Line, 0);
    check(b"\n\0{\0", Mode::Line, 1);
    check("{", Mode::Open, 0);
    check("  ", Mode::Open, 0);
    check(b"\xEF\xBB", Mode::Open, 0);
}

#[test]
fn empty_lines_are_line_modes_and_decide_nothing() {
    check("\n\r\n", Mode::Open, 3);
    check(format!("\n\r\n{HELLO}\n"), Mode::Session, 3);
    check("\n\n1\n", Mode::Line, 2);
    check(format!("\u{feff}\n{HELLO}\n"), Mode::Session, 4);
    check(format!("\n\u{feff}{HELLO}\n"), Mode::Line, 1);
}

#[test]
fn a_first_line_beyond_the_limit_is_line_modes() {
    let len = HELLO_LEN_MAX - HELLO.len();
    check(format!("{HELLO}{}\n", " ".repeat(len)), Mode::Session, 0);
    check(format!("{HELLO}{}\r\n", " ".repeat(len)), Mode::Session, 0);
    check(format!("{HELLO}{}\n", " ".repeat(len + 1)), Mode::Line, 0);
    check(format!("{HELLO}{}", " ".repeat(len + 1)), Mode::Line, 0);
    check(format!("{HELLO}{}", " ".repeat(len)), Mode::Open, 0);
    check(" ".repeat(HELLO_LEN_MAX + 1), Mode::Line, 0);
}

#[test]
fn half_a_line_is_line_modes_at_its_deadline_and_at_the_end() {
    let now = Instant::now();
    let mut opening = Opening::new(Duration::from_secs(5));
    assert_eq!(opening.poll_timeout(), None);
    opening.handle_bytes(now, b"{\"json");
    opening.handle_bytes(now + Duration::from_secs(4), b"rpc\"");
    assert_eq!(opening.poll(), None);
    let due = now + Duration::from_secs(5);
    assert_eq!(opening.poll_timeout(), Some(due));
    opening.handle_timeout(due - Duration::from_millis(1));
    assert_eq!(opening.poll(), None);
    opening.handle_timeout(due);
    let line = Opened::Line { bytes: b"{\"jsonrpc\"".to_vec(), since: now };
    assert_eq!(opening.poll(), Some(line.clone()));
    assert_eq!((opening.poll(), opening.poll_timeout()), (None, None));

    let mut opening = Opening::new(Duration::from_secs(5));
    opening.handle_bytes(now, b"{\"jsonrpc\"");
    opening.handle_end();
    assert_eq!(opening.poll(), Some(line));
}
