use super::*;
use crate::commands::install::made_up::{Tree, utf16};

fn read(bytes: &[u8]) -> EditorLog {
    let tree = Tree::new();
    tree.write("log", bytes);
    EditorLog::of(&tree.join("log")).unwrap()
}

fn facts(log: &EditorLog) -> (bool, u32, u32) {
    (log.is_complete(), log.errors(), log.warnings())
}

#[test]
fn what_editors_write_is_read() {
    let good = "C:\\A.mq5 : information: compiling C:\\A.mq5\r\n : information: code generated\r\n\
                Result: 0 errors, 0 warnings, 412 ms elapsed, cpu='X64 Regular'\r\n";
    assert_eq!(facts(&read(&utf16(good))), (true, 0, 0));
    assert_eq!(facts(&read(good.as_bytes())), (true, 0, 0));
    assert_eq!(facts(&read(&utf16(good)[2..])), (true, 0, 0));
    // An older one says so where it has succeeded.
    let old = "A.mq4 : information: error generating code\r\n0 error(s), 2 warning(s)\r\n";
    assert_eq!(facts(&read(&utf16(old))), (true, 0, 2));
    let bad = "C:\\a b\\A.mq5(12,5) : error 256: undeclared identifier 'a/b'\r\n\
               A.mqh(3,1) : warning 43: possible loss of data\r\nResult: 1 errors, 1 warnings\r\n";
    let log = read(&utf16(bad));
    assert_eq!(facts(&log), (true, 1, 1));
    assert_eq!(log.lines, ["A.mq5(12,5) : error 256: undeclared identifier 'a/b'"]);
}

#[test]
fn a_log_that_is_cut_is_not_complete() {
    let log = read(&utf16("A.mq5(1,2) : warning 43: loss\r\nResult: 0 err"));
    assert_eq!(facts(&log), (false, 0, 1));
    assert_eq!(log.lines.len(), 1);
    for bytes in [&b""[..], &[0xff, 0xfe], &[0xff; 333], b"\0\0\0", b"Result: x errors, 1 warnings"]
    {
        assert_eq!(facts(&read(bytes)), (false, 0, 0), "{bytes:?}");
    }
}

#[test]
fn garbage_is_bounded_and_drives_no_terminal() {
    let line = format!("A.mq5(1,2) : error 1: \u{1b}[2J{}\r\n", "x".repeat(1000));
    let log = read(&utf16(&line.repeat(2000)));
    assert!(log.errors() > 100 && log.lines.len() == LINES_MAX, "{}", log.errors());
    assert!(log.lines.iter().all(|line| !line.contains('\u{1b}') && line.len() < 300));
}
