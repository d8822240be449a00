use super::*;
use crate::commands::install::made_up::Tree;

const LINE: &str = "Include/TickPipe/Line.mqh";

#[test]
fn a_record_is_read_as_it_was_written() {
    let mut record = Record::default();
    record.add(LINE, &hash(b"new"));
    record.add("Experts/TickPipe/A.mq4", &hash(b""));
    let text = record.text();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert!(text.starts_with(&format!("{empty}  Experts/TickPipe/A.mq4\n")), "{text}");
    assert_eq!(Record::parse(&text), record);
    assert_eq!(Record::parse(&text.replace('\n', "\r\n")), record);
    let mut both = Record::default();
    both.add(LINE, &hash(b"old"));
    let both = both.with(&record);
    assert!(both.has(LINE, &hash(b"old")) && both.has(LINE, &hash(b"new")));
    assert_eq!(both.text().lines().count(), 3);
}

/// Whoever can write the list cannot have files removed by it that are not in our folders.
#[test]
fn a_hostile_record_leads_nowhere() {
    let hash = hash(b"");
    for path in [
        "../config/accounts.dat",
        "Include/TickPipe/../../config/a",
        "Include/TickPipe/",
        "Include/TickPipe/a/b",
        r"Include/TickPipe/..\..\a",
        "Include/TickPipe/a:stream",
        "Include/TickPipe/.tickpipe-files",
        "Include/TickPipeOther/a",
        "/etc/passwd",
        r"C:\a",
        "Include/TickPipe/a",
        "Include/TickPipe/a.mqh.",
        "Include/TickPipe/a.mqh.bak",
        "Include/TickPipe/a.ex4",
        "Include/TickPipe/NUL",
        "Include/TickPipe/con.mqh",
        "Include/TickPipe/Com1.tar.mqh",
        "Include/TickPipe/.mqh",
    ] {
        assert_eq!(Record::parse(&format!("{hash}  {path}\n")), Record::default(), "{path}");
    }
    for text in ["", "\0\n\n", "12  Include/TickPipe/a.mqh\n", "# made ../.."] {
        assert_eq!(Record::parse(text), Record::default(), "{text:?}");
    }
}

#[test]
fn folders_that_we_made_are_known() {
    let mut record = Record::default();
    assert!(record.is_made("Include/TickPipe") && !record.is_made("Include"), "the list was lost");
    record.add(LINE, &hash(b""));
    record.add_made("Include");
    assert!(record.is_made("Include") && !record.is_made("Include/TickPipe"));
    assert!(record.text().ends_with("\n# made Include\n"), "{}", record.text());
    assert_eq!(Record::parse(&record.text()), record);
}

#[test]
fn what_is_too_long_or_no_file_lists_nothing() {
    let tree = Tree::new();
    assert_eq!(Record::of(tree.path()), Record::default());
    let line = format!("{}  {LINE}\n", hash(b""));
    tree.write(RECORD, line.repeat(FILE_LEN_MAX / line.len() + 1).as_bytes());
    assert_eq!(Record::of(tree.path()), Record::default());
    tree.write(RECORD, line.as_bytes());
    assert!(Record::of(tree.path()).has(LINE, &hash(b"")));
    std::fs::remove_file(tree.join(RECORD)).unwrap();
    tree.folder(RECORD);
    assert_eq!(Record::of(tree.path()), Record::default());
}
