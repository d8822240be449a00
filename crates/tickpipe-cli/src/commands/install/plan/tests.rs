use super::*;
use crate::commands::install::find::{IsData, Terminal, terminals_at};
use crate::commands::install::made_up::Tree;
use crate::commands::install::sources::sources;

const LINE: &str = "Include/TickPipe/Line.mqh";
const EA: &str = "Experts/TickPipe/TickPipeDouble.mq4";

/// A terminal whose files are as we write them, but for those that are named.
fn terminal(files: &[(&str, &str)], recorded: &[(&str, &str)]) -> (Tree, Terminal) {
    let tree = Tree::new();
    for source in sources(Platform::Mt4) {
        tree.write(&format!("MQL4/{}", source.path), source.bytes);
    }
    for (path, text) in files {
        tree.write(&format!("MQL4/{path}"), text.as_bytes());
    }
    let mut record = Record::default();
    for (path, text) in recorded {
        record.add(path, &hash(text.as_bytes()));
    }
    tree.write(&format!("MQL4/{RECORD}"), record.text().as_bytes());
    let terminal = terminals_at(tree.path(), IsData::Yes).remove(0);
    (tree, terminal)
}

#[test]
fn an_empty_terminal_gets_every_file() {
    let tree = Tree::new();
    tree.folder("MQL4");
    let terminal = terminals_at(tree.path(), IsData::Yes).remove(0);
    let ours = Ours::of(&terminal).unwrap();
    let plan = install(&ours, Platform::Mt4, &terminal.mql());
    assert_eq!(plan.writes.len(), sources(Platform::Mt4).count());
    assert!(plan.writes.iter().all(|write| !write.keeps));
    assert!(plan.is_record_new && plan.removes.is_empty() && plan.left.is_empty());
    assert!(remove(&ours, Platform::Mt4, &terminal.mql()).is_nothing());
}

#[test]
fn only_what_was_changed_by_hand_is_kept() {
    let (_tree, terminal) = terminal(
        &[(LINE, "mine"), (EA, "earlier"), ("Include/TickPipe/Gone.mqh", "gone")],
        &[(EA, "earlier"), ("Include/TickPipe/Gone.mqh", "gone"), (LINE, "earlier")],
    );
    let ours = Ours::of(&terminal).unwrap();
    let plan = install(&ours, Platform::Mt4, &terminal.mql());
    let writes: Vec<_> = plan.writes.iter().map(|write| (write.path, write.keeps)).collect();
    assert_eq!(writes, [(EA, false), (LINE, true)]);
    assert_eq!(plan.removes, ["Include/TickPipe/Gone.mqh"]);
    assert_eq!(plan.same, sources(Platform::Mt4).count() - 2);
}

#[test]
fn removal_takes_ours_and_what_was_made_of_it() {
    let (tree, terminal) = terminal(&[(LINE, "mine")], &[]);
    tree.write("MQL4/Experts/TickPipe/TickPipeDouble.ex4", b"compiled");
    tree.write("MQL4/Experts/TickPipe/Mine.mq4", b"theirs");
    tree.write("MQL4/Experts/TickPipe/Mine.ex4", b"theirs");
    let ours = Ours::of(&terminal).unwrap();
    let plan = remove(&ours, Platform::Mt4, &terminal.mql());
    assert_eq!(plan.left, [LINE]);
    // All but the changed one, and one compiled.
    assert_eq!(plan.removes.len(), sources(Platform::Mt4).count());
    let has = |path: &str| plan.removes.iter().any(|removed| removed == path);
    assert!(has("Experts/TickPipe/TickPipeDouble.ex4") && has(EA));
    assert!(!plan.removes.iter().any(|path| path.contains("Mine")), "{:?}", plan.removes);
}

#[test]
fn no_copy_takes_the_name_of_another() {
    let (tree, terminal) = terminal(&[], &[]);
    let mql = terminal.mql();
    let name = || backup(&mql, LINE).unwrap().name;
    assert_eq!(name(), "Include/TickPipe/Line.mqh.bak");
    tree.write(&format!("MQL4/{LINE}.bak"), b"");
    tree.folder(&format!("MQL4/{LINE}.bak2"));
    assert_eq!(name(), "Include/TickPipe/Line.mqh.bak3");
}

/// What the editor made of something else than our source would be lost under what it makes of ours.
#[test]
fn what_was_compiled_of_something_else_is_kept() {
    let (tree, terminal) = terminal(&[(EA, "mine")], &[]);
    let mql = terminal.mql();
    for name in ["TickPipeDouble", "TickPipeLine"] {
        tree.write(&format!("MQL4/Experts/TickPipe/{name}.ex4"), b"compiled");
    }
    let ours = Ours::of(&terminal).unwrap();
    assert_eq!(install(&ours, Platform::Mt4, &mql).keeps, ["Experts/TickPipe/TickPipeDouble.ex4"]);
}

/// An EA that is no longer installed leaves nothing to start in the Navigator.
#[test]
fn what_was_compiled_of_a_file_that_goes_goes_too() {
    const GONE: &str = "Experts/TickPipe/Article.mq4";
    let (tree, terminal) = terminal(&[(GONE, "earlier")], &[(GONE, "earlier")]);
    tree.write("MQL4/Experts/TickPipe/Article.ex4", b"compiled");
    let ours = Ours::of(&terminal).unwrap();
    let plan = install(&ours, Platform::Mt4, &terminal.mql());
    assert_eq!(plan.removes, [GONE, "Experts/TickPipe/Article.ex4"]);
}

/// To Windows they are one file: it must not be written, and then removed as one that is gone.
#[test]
fn a_name_that_changed_its_case_is_the_same_file() {
    let lower = LINE.replace("Line", "line");
    let (_tree, terminal) = terminal(&[(LINE, "earlier")], &[(&lower, "earlier")]);
    let ours = Ours::of(&terminal).unwrap();
    let plan = install(&ours, Platform::Mt4, &terminal.mql());
    let writes: Vec<_> = plan.writes.iter().map(|write| (write.path, write.keeps)).collect();
    assert_eq!((writes, plan.removes), (vec![(LINE, false)], Vec::new()));
}
