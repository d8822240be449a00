use super::*;
use crate::commands::install::find::{Search, find};
use crate::commands::install::made_up::Tree;

fn listed(tree: &Tree) -> (String, Vec<Value>) {
    let terminals = find(&Search::settings(tree.path()).folders);
    let looked = look(&terminals);
    (table(&looked), looked.iter().map(terminal_json).collect())
}

#[test]
fn the_table_has_a_row_for_each_terminal() {
    let tree = Tree::new();
    tree.terminal("MetaQuotes/Terminal/ABCDEF0123456789", "MQL4", r"C:\Broker MT4");
    tree.terminal(
        "MetaQuotes/Terminal/BBCDEF0123456789",
        "MQL5",
        &format!(r"C:\{}", "長".repeat(40)),
    );
    let (text, objects) = listed(&tree);
    let rows: Vec<_> = text.lines().collect();
    assert_eq!(rows.len(), 4, "{text}");
    assert_eq!(rows[0], "     ID        RUNNING  OURS  BROKER'S FOLDER");
    assert!(rows[1].starts_with("in ") && rows[1].ends_with("Terminal"), "{text}");
    assert_eq!(rows[2], "MT4  ABCDEF01  no       none  Broker MT4");
    assert_eq!(
        rows[3],
        "MT5  BBCDEF01  no       none  長長長長長長長長長長長長長長長長長長長長長長長長…"
    );
    assert!(rows.iter().skip(2).all(|row| measure_text_width(row) <= COLUMNS_MAX), "{text}");
    assert_eq!(objects[0]["id"], "ABCDEF0123456789");
    assert_eq!(objects[0]["state"], "none");
    assert_eq!(objects[0]["running"], false);
    assert_eq!(objects[1]["origin_problem"], Value::Null);
}

#[test]
fn text_that_drives_a_terminal_is_shown_not_obeyed() {
    let tree = Tree::new();
    tree.terminal("MetaQuotes/Terminal/ABCDEF0123456789", "MQL4", "C:\\\u{1b}[2J");
    let (text, objects) = listed(&tree);
    assert!(!text.contains('\u{1b}'), "{text}");
    let end = "its origin.txt has characters that no path has; it begins with `C:\\\\u{1b}[2J`\n";
    assert!(text.contains("(broken origin.txt)") && text.ends_with(end), "{text}");
    assert_eq!(objects[0]["origin"], "C:\\\u{1b}[2J");
    assert_eq!(objects[0]["origin_problem"], "has characters that no path has");
}
