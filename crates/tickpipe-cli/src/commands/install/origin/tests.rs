use super::*;
use crate::commands::install::made_up::{Tree, utf16};

fn broken(bytes: &[u8]) -> (String, &'static str) {
    match Origin::parse(bytes) {
        Origin::Broken { text, problem } => (text, problem),
        found @ (Origin::At(_) | Origin::Missing) => panic!("{found:?}"),
    }
}

#[test]
fn a_path_is_read() {
    for path in [
        r"C:\Program Files (x86)\Alpari MT4",
        r"D:\トレード\ブローカー MT5",
        r"\\server\share\MetaTrader 5",
        "C:/MT4",
    ] {
        assert_eq!(Origin::parse(&utf16(path)), Origin::At(path.to_owned()));
        let with_line_end = utf16(&format!("{path}\r\n"));
        assert_eq!(Origin::parse(&with_line_end), Origin::At(path.to_owned()));
    }
}

#[test]
fn what_is_no_path_is_said_with_its_text() {
    assert_eq!(broken(br"C:\MT4"), (r"C:\MT4".to_owned(), "does not begin as UTF-16LE does"));
    assert_eq!(broken(b""), (String::new(), "does not begin as UTF-16LE does"));
    let big_endian = [0xfe, 0xff, 0, b'C'];
    let without_a_mark = [b'C', 0, b':', 0, b'\\', 0];
    let utf8 = [&[0xef, 0xbb, 0xbf], br"C:\MT4".as_slice()].concat();
    for bytes in [&big_endian[..], &without_a_mark, &utf8, b"\xff", b"\0\0\0"] {
        assert_eq!(broken(bytes).1, "does not begin as UTF-16LE does", "{bytes:?}");
    }
    assert_eq!(broken(&[0xff, 0xfe]).1, "is no full path");
    assert_eq!(broken(&big_endian).1, "does not begin as UTF-16LE does");
    for text in ["", "MT4", r"..\..\MT4", "C:", r"C:\a|b", "/etc/passwd", r"\\\\", r"C:\a:stream"] {
        assert_eq!(broken(&utf16(text)), (text.to_owned(), "is no full path"));
    }
}

#[test]
fn what_drives_a_terminal_is_no_path() {
    for text in ["C:\\a\u{1b}[2J", "C:\\a\nb", "C:\\a\0b", "C:\\a\u{202e}b", "C:\\a\tb"] {
        assert_eq!(broken(&utf16(text)), (text.to_owned(), "has characters that no path has"));
    }
}

#[test]
fn broken_utf_16_is_said() {
    let mut odd = utf16(r"C:\MT4");
    odd.push(b'x');
    assert_eq!(broken(&odd), (r"C:\MT4".to_owned(), "is broken UTF-16"));
    let half_of_a_pair = [utf16(r"C:\"), vec![0x00, 0xd8]].concat();
    assert_eq!(broken(&half_of_a_pair).1, "is broken UTF-16");
}

#[test]
fn a_long_file_is_read_to_its_limit() {
    let longest = format!(r"C:\{}", "x".repeat((ORIGIN_LEN_MAX - 2) / 2 - 3));
    assert_eq!(utf16(&longest).len(), ORIGIN_LEN_MAX);
    assert_eq!(Origin::parse(&utf16(&longest)), Origin::At(longest.clone()));
    let tree = Tree::new();
    tree.write("origin.txt", &utf16(&longest.repeat(1000)));
    let Origin::Broken { text, problem } = Origin::of(tree.path()) else { panic!("it is broken") };
    assert_eq!(problem, "is longer than 4096 bytes");
    assert!(text.len() <= ORIGIN_LEN_MAX, "{}", text.len());
}

#[test]
fn a_file_that_is_none_is_said() {
    let tree = Tree::new();
    assert_eq!(Origin::of(tree.path()), Origin::Missing);
    tree.folder("origin.txt");
    let Origin::Broken { problem, .. } = Origin::of(tree.path()) else { panic!("it is broken") };
    assert_eq!(problem, "cannot be read");
}

#[test]
fn the_brokers_folder_is_the_last_name() {
    for (path, name) in [
        (r"C:\Program Files\Alpari MT4", "Alpari MT4"),
        (r"C:\MT4\", "MT4"),
        ("/home/a/MT5", "MT5"),
        ("MT5", "MT5"),
    ] {
        assert_eq!(last_name(path), name);
    }
}
