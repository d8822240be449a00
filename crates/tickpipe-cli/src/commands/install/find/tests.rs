use super::*;
use crate::commands::install::made_up::Tree;

const FIRST: &str = "50CA3DFB510CC5A8F28B48D1BF2A5702";
const SECOND: &str = "50CA3DFB99999999F28B48D1BF2A5702";
const THIRD: &str = "D0E8209F77C8CF37AD8BF550E51FF075";

fn prefixes(prefixes: &[PathBuf]) -> Search {
    let mut search = Search::default();
    search.add_prefixes(prefixes.iter().cloned());
    search
}

fn found(tree: &Tree) -> Vec<(Platform, String, String)> {
    let search = Search::settings(tree.path());
    let facts =
        |terminal: &Terminal| (terminal.platform, terminal.short_id.clone(), terminal.broker());
    find(&search.folders).iter().map(facts).collect()
}

#[test]
fn platforms_are_told_and_ids_are_short() {
    let tree = Tree::new();
    let at = |id: &str| format!("MetaQuotes/Terminal/{id}");
    tree.terminal(&at(FIRST), "MQL4", r"C:\Program Files (x86)\Alpari MT4");
    tree.terminal(&at(SECOND), "MQL4", r"D:\Alpari MT4");
    tree.terminal(&at(THIRD), "MQL5", r"C:\Program Files\МетаТрейдер 5");
    tree.folder(&at("Common/Files"));
    tree.folder(&at("Help"));
    tree.write(&at("file"), b"");
    assert_eq!(
        found(&tree),
        [
            (Platform::Mt4, "50CA3DFB5".to_owned(), "Alpari MT4".to_owned()),
            (Platform::Mt4, "50CA3DFB9".to_owned(), "Alpari MT4".to_owned()),
            (Platform::Mt5, "D0E8209F".to_owned(), "МетаТрейдер 5".to_owned()),
        ]
    );
}

#[test]
fn a_broken_origin_is_no_reason_to_leave_a_terminal_out() {
    let tree = Tree::new();
    let at = |id: &str| format!("MetaQuotes/Terminal/{id}");
    tree.folder(&at(&format!("{FIRST}/MQL4")));
    tree.folder(&at(&format!("{THIRD}/MQL5")));
    tree.write(&at(&format!("{THIRD}/origin.txt")), b"\x1b]0;owned\x07");
    let brokers: Vec<_> = found(&tree).into_iter().map(|(.., broker)| broker).collect();
    assert_eq!(brokers, ["(no origin.txt)", "(broken origin.txt)"]);
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let tree = Tree::new();
    assert_eq!(found(&tree), []);
    let search = prefixes(&["a", "b", "a"].map(|name| tree.join(name)));
    assert!(search.folders.is_empty());
    assert_eq!(search.looked_at.len(), 2, "{:?}", search.looked_at);
    assert!(search.looked_at[0].ends_with("a"), "{:?}", search.looked_at);
}

#[test]
fn every_user_of_every_prefix_is_looked_at_once() {
    let tree = Tree::new();
    let at = |user: &str| format!("пре фикс/drive_c/users/{user}/MetaQuotes/Terminal/{FIRST}");
    tree.terminal(&at("ユーザー/AppData/Roaming"), "MQL5", r"C:\MT5");
    tree.terminal(&at("old user/Application Data"), "MQL4", r"C:\MT4");
    #[cfg(unix)]
    {
        let user = tree.join("пре фикс/drive_c/users/ユーザー");
        std::os::unix::fs::symlink("AppData/Roaming", user.join("Application Data")).unwrap();
    }
    let prefix = tree.join("пре фикс");
    let search = prefixes(&[prefix.clone(), prefix]);
    let terminals = find(&search.folders);
    let platforms: Vec<_> = terminals.iter().map(|terminal| terminal.platform).collect();
    assert_eq!(platforms, [Platform::Mt4, Platform::Mt5]);
    // The same path in two prefixes makes the same id.
    assert!(terminals.iter().all(|terminal| terminal.short_id == FIRST[..8]), "{terminals:?}");
}

#[test]
fn a_portable_terminal_is_named_by_its_folder() {
    let tree = Tree::new();
    let path = tree.folder("My Broker/MQL5");
    let terminals = terminals_at(path.parent().unwrap(), IsData::No);
    let [terminal] = terminals.as_slice() else { panic!("{terminals:?}") };
    assert_eq!((terminal.id.as_deref(), terminal.broker()), (None, "My Broker".to_owned()));
    assert_eq!(terminal.mql(), path);
}

#[test]
fn bottles_are_looked_at_each() {
    let tree = Tree::new();
    let at = |bottle: &str| {
        format!("bottles/{bottle}/drive_c/users/a/AppData/Roaming/MetaQuotes/Terminal/{FIRST}")
    };
    tree.terminal(&at("one"), "MQL4", r"C:\MT4");
    tree.terminal(&at("two"), "MQL5", r"C:\MT5");
    let mut search = Search::default();
    search.add_prefixes_in(&tree.join("bottles"));
    search.add_prefixes([tree.join("bottles/one")]);
    assert_eq!(find(&search.folders).len(), 2);
    assert_eq!(search.looked_at.len(), 2, "{:?}", search.looked_at);
}
