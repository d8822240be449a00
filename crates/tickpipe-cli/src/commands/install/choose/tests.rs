use super::*;
use crate::commands::install::find::{Search, find};
use crate::commands::install::made_up::Tree;

/// Two terminals of one broker, whose ids begin alike.
fn two() -> (Tree, Vec<Terminal>) {
    let tree = Tree::new();
    for (id, origin) in [("ABCDEF0011", r"C:\Broker MT4"), ("ABCDEF0022", r"D:\Broker MT4")] {
        tree.terminal(&format!("MetaQuotes/Terminal/{id}"), "MQL4", origin);
    }
    let found = find(&Search::settings(tree.path()).folders);
    (tree, found)
}

fn ids(found: &[Terminal], named: &[&str]) -> Vec<String> {
    let named: Vec<_> = named.iter().map(|&name| name.to_owned()).collect();
    let chosen = choose(found, &named).unwrap();
    chosen.into_iter().map(|terminal| terminal.id.unwrap_or_default()).collect()
}

fn refused(found: &[Terminal], name: &str) -> String {
    let failure = choose(found, &[name.to_owned()]).unwrap_err();
    if let Failure::Usage(text) = failure {
        return text;
    }
    let Failure::Setup { text, hint } = failure else { panic!("{failure:?}") };
    format!("{text}; {hint}")
}

#[test]
fn a_beginning_that_only_one_has_is_enough() {
    let (_tree, found) = two();
    assert_eq!(ids(&found, &["abcdef001"]), ["ABCDEF0011"]);
    assert_eq!(
        ids(&found, &["ABCDEF0022", "ABCDEF0011", "abcdef002"]),
        ["ABCDEF0022", "ABCDEF0011"]
    );
    let text = refused(&found, "ABCDEF");
    assert!(text.contains("more than one") && text.contains("ABCDEF0022"), "{text}");
}

#[test]
fn a_path_may_be_the_data_folder_or_the_installation() {
    let (tree, found) = two();
    let data = tree.join("MetaQuotes/Terminal/ABCDEF0022");
    assert_eq!(ids(&found, &[data.to_str().unwrap()]), ["ABCDEF0022"]);
    assert_eq!(ids(&found, &[r"d:\broker mt4\"]), ["ABCDEF0022"]);
    tree.folder("portable терминал/MQL5/Experts");
    let portable = tree.join("portable терминал");
    let chosen = choose(&found, &[portable.to_str().unwrap().to_owned()]).unwrap();
    assert_eq!((chosen[0].platform.name(), &chosen[0].path), ("MT5", &portable));
}

#[test]
fn what_is_no_terminal_is_refused_with_the_mend() {
    let (tree, found) = two();
    let text = refused(&found, tree.path().to_str().unwrap());
    assert!(
        text.contains("it has no MQL4 and no MQL5") && text.contains("Open Data Folder"),
        "{text}"
    );
    for name in ["FFFF", "", "/no/such\u{1b}[2J"] {
        let text = refused(&found, name);
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    assert!(
        refused(&found, "FFFF")
            .starts_with("there is no terminal `FFFF`; `tickpipe install --list`")
    );
}
