use super::*;
use crate::commands::install::find::{IsData, terminals_at};
use crate::commands::install::made_up::Tree;
use crate::commands::install::record::RECORD;

const LINE: &str = "MQL5/Include/TickPipe/Line.mqh";
const EA: &str = "MQL5/Experts/TickPipe/TickPipeDouble.mq5";

fn terminal(tree: &Tree) -> Terminal {
    tree.folder("MQL5");
    terminals_at(tree.path(), IsData::Yes).remove(0)
}

fn told(tree: &Tree) -> (&'static str, String) {
    let ours = Ours::of(&terminal(tree)).unwrap();
    (ours.word(), ours.text())
}

fn write_all(tree: &Tree) {
    for source in sources(terminal(tree).platform) {
        tree.write(&format!("MQL5/{}", source.path), source.bytes);
    }
}

#[test]
fn what_is_there_is_told() {
    let tree = Tree::new();
    assert_eq!(told(&tree), ("none", "none".to_owned()));
    write_all(&tree);
    let version = brought(&terminal(&tree));
    assert_eq!(told(&tree), ("current", version.to_owned()));
    fs::remove_file(tree.join(LINE)).unwrap();
    assert_eq!(told(&tree), ("incomplete", format!("{version}, incomplete")));
    tree.write(LINE, b"// mine");
    assert_eq!(told(&tree), ("changed", format!("{version}, 1 changed")));
    let line = format!("{}  Include/TickPipe/Line.mqh\n", hash(b"// mine"));
    tree.write(&format!("MQL5/{RECORD}"), line.as_bytes());
    assert_eq!(told(&tree), ("other", format!("{version}, not this one")));
}

#[test]
fn the_version_is_the_one_that_is_there() {
    let tree = Tree::new();
    write_all(&tree);
    tree.write(EA, b"#property strict\n#property version \"0.09\"\n");
    assert_eq!(told(&tree).1, "0.09, 1 changed");
    tree.write(EA, b"#property version \"\x1b[2J\"");
    assert_eq!(told(&tree).1, "\\u{1b}[2J, 1 changed");
    tree.write(EA, &[0xff; 10]);
    assert_eq!(told(&tree).1, "?, 1 changed");
}

#[test]
fn a_file_that_an_earlier_release_had_is_seen() {
    let tree = Tree::new();
    write_all(&tree);
    tree.write("MQL5/Include/TickPipe/Gone.mqh", b"gone");
    let line = format!("{}  Include/TickPipe/Gone.mqh\n", hash(b"gone"));
    tree.write(&format!("MQL5/{RECORD}"), line.as_bytes());
    assert_eq!(told(&tree).0, "other");
}

#[test]
fn a_long_file_is_not_ours_and_a_folder_is_an_error() {
    let tree = Tree::new();
    tree.write(LINE, &vec![b' '; record::FILE_LEN_MAX + 1]);
    assert_eq!(told(&tree), ("changed", "?, 1 changed".to_owned()));
    fs::remove_file(tree.join(LINE)).unwrap();
    tree.folder(LINE);
    let error = Ours::of(&terminal(&tree)).unwrap_err();
    assert_eq!(error.path, tree.join(LINE));
}
