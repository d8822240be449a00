use super::*;
use crate::commands::install::find::{IsData, Terminal, terminals_at};
use crate::commands::install::made_up::Tree;
use crate::commands::install::ours::Ours;
use crate::commands::install::{plan, platform::Platform};

const LINE: &str = "data/MQL5/Include/TickPipe/Line.mqh";

fn terminal(tree: &Tree) -> Terminal {
    terminals_at(&tree.join("data"), IsData::Yes).remove(0)
}

fn made_up() -> (Tree, Terminal) {
    let tree = Tree::new();
    tree.terminal("data", "MQL5", r"C:\Broker");
    tree.write("data/MQL5/Experts/Theirs.mq5", b"theirs");
    let terminal = terminal(&tree);
    (tree, terminal)
}

fn put(terminal: &Terminal) -> Result<Done, Problem> {
    let ours = Ours::of(terminal).unwrap();
    install(&terminal.mql(), &planned(terminal, &ours), &ours.record)
}

fn planned<'a>(terminal: &Terminal, ours: &'a Ours) -> Plan<'a> {
    plan::install(ours, Platform::Mt5, &terminal.mql())
}

fn take(terminal: &Terminal) -> Done {
    let ours = Ours::of(terminal).unwrap();
    let mql = terminal.mql();
    remove(&mql, &plan::remove(&ours, Platform::Mt5, &mql), &ours.record).unwrap()
}

#[test]
fn what_is_installed_is_removed_and_theirs_stays() {
    let (tree, terminal) = made_up();
    let before = tree.files("data");
    put(&terminal).unwrap();
    let ours = Ours::of(&terminal).unwrap();
    assert_eq!(ours.word(), "current");
    assert!(planned(&terminal, &ours).is_nothing(), "a second run finds nothing to do");
    assert!(!tree.files("data").iter().any(|path| path.ends_with(NEW)));
    assert!(take(&terminal).stays.is_empty());
    assert_eq!(tree.files("data"), before);
    assert!(!tree.join("data/MQL5/Include/TickPipe").exists());
    assert!(tree.join("data/MQL5/Include").is_dir());
}

#[test]
fn every_change_by_hand_is_kept_under_a_name_of_its_own() {
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    let ours = tree.read(LINE);
    for (text, name) in [("first", "bak"), ("second", "bak2")] {
        tree.write(LINE, text.as_bytes());
        let done = put(&terminal).unwrap();
        let kept = format!("Include/TickPipe/Line.mqh.{name}");
        assert_eq!(done.kept, [("Include/TickPipe/Line.mqh".to_owned(), kept.clone())]);
        assert_eq!(tree.read(&format!("data/MQL5/{kept}")), text.as_bytes());
        assert_eq!(tree.read(LINE), ours);
    }
    tree.write(LINE, b"third");
    let done = take(&terminal);
    assert_eq!(done.stays, [("Include/TickPipe", 3)]);
    let left = tree.files("data/MQL5/Include");
    let names: Vec<_> = left.iter().filter_map(|path| path.rsplit('/').next()).collect();
    assert_eq!(names, ["Line.mqh", "Line.mqh.bak", "Line.mqh.bak2"]);
    assert_eq!(tree.read(LINE), b"third");
}

/// A failure half-way leaves nothing behind, however far it came.
#[test]
fn what_fails_leaves_all_as_it_was() {
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    tree.write("data/MQL5/Include/TickPipe/Frame.mqh", b"mine");
    fs::remove_file(tree.join(LINE)).unwrap();
    // A folder where a temporary file is to be: what comes before it in the plan is written by then.
    tree.folder(&format!("{LINE}{NEW}"));
    let before = tree.files("data");
    let problem = put(&terminal).unwrap_err();
    assert!(!problem.is_begun, "{problem:?}");
    assert_eq!(problem.path, tree.join(&format!("{LINE}{NEW}")));
    assert_eq!(tree.files("data"), before);
    assert_eq!(tree.read("data/MQL5/Include/TickPipe/Frame.mqh"), b"mine");
}

#[test]
fn a_terminal_that_vanished_is_not_made_anew() {
    let (tree, terminal) = made_up();
    let ours = Ours::of(&terminal).unwrap();
    let plan = planned(&terminal, &ours);
    fs::remove_dir_all(tree.join("data")).unwrap();
    let problem = install(&terminal.mql(), &plan, &ours.record).unwrap_err();
    assert_eq!(problem.error.kind(), ErrorKind::NotFound);
    assert!(!tree.join("data").exists());
}

#[test]
fn a_file_in_the_place_of_a_folder_is_an_error() {
    let (tree, terminal) = made_up();
    tree.write("data/MQL5/Include/TickPipe", b"a file");
    let ours =
        Ours { files: Vec::new(), record: Record::default(), leftovers: Vec::new(), version: None };
    let problem = install(&terminal.mql(), &planned(&terminal, &ours), &ours.record).unwrap_err();
    assert_eq!(problem.path, tree.join("data/MQL5/Include/TickPipe"));
    assert!(!tree.join("data/MQL5/Experts/TickPipe").exists(), "what was made before is gone");
}

/// A rename that fails leaves some files new; the list then has both releases, so nothing is taken
/// for changed by hand.
#[test]
fn a_rename_that_fails_is_made_good_by_the_next_run() {
    let (tree, terminal) = made_up();
    let ours = Ours::of(&terminal).unwrap();
    let plan = planned(&terminal, &ours);
    let mql = terminal.mql();
    let mut stage = Stage::new(&mql, &plan);
    stage.fill(&plan, &ours.record).unwrap();
    // It was looked at before; this comes after that.
    tree.folder(LINE);
    let problem = stage.rename().unwrap_err();
    assert_eq!(problem.path, tree.join(LINE));
    stage.leave_off();
    assert!(!tree.files("data").iter().any(|path| path.ends_with(NEW)));
    fs::remove_dir(tree.join(LINE)).unwrap();
    assert!(put(&terminal).unwrap().kept.is_empty());
    assert_eq!(Ours::of(&terminal).unwrap().word(), "current");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let (tree, terminal) = made_up();
    let experts = tree.join("data/MQL5/Experts");
    fs::set_permissions(&experts, fs::Permissions::from_mode(0o500)).unwrap();
    let is_guarded = File::create_new(experts.join("probe")).is_err();
    let result = put(&terminal);
    fs::set_permissions(&experts, fs::Permissions::from_mode(0o700)).unwrap();
    if !is_guarded {
        eprintln!("NOT RUN: this user may write everywhere");
        return;
    }
    let problem = result.unwrap_err();
    assert_eq!(problem.error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(problem.path, experts.join("TickPipe"));
}

/// Every moment at which a run can be killed leaves files that the next one takes away, and none that it
/// keeps as somebody's.
#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    let after = tree.files("data");
    for name in ["Line.mqh", ".tickpipe-files", "Line.mqh.bak", "Gone.mqh"] {
        tree.write(&format!("data/MQL5/Include/TickPipe/{name}{NEW}"), b"half");
    }
    let ours = Ours::of(&terminal).unwrap();
    assert_eq!(ours.leftovers.len(), 4);
    assert!(!planned(&terminal, &ours).is_nothing());
    assert!(put(&terminal).unwrap().kept.is_empty());
    assert_eq!(tree.files("data"), after);
    tree.write(&format!("{LINE}{NEW}"), b"half");
    assert!(take(&terminal).stays.is_empty());
    assert!(!tree.join("data/MQL5/Include/TickPipe").exists());
}

/// A run that was killed after it had kept a copy makes no second one.
#[test]
fn the_same_text_is_kept_once() {
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    tree.write(LINE, b"mine");
    tree.write(&format!("{LINE}.bak"), b"mine");
    let done = put(&terminal).unwrap();
    assert_eq!(done.kept[0].1, "Include/TickPipe/Line.mqh.bak");
    assert!(!tree.join(&format!("{LINE}.bak2")).exists());
}

/// One that cannot be replaced is found before the first is.
#[test]
fn a_read_only_file_leaves_all_as_it_was() {
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    tree.write("data/MQL5/Include/TickPipe/Backoff.mqh", b"mine");
    tree.write(LINE, b"mine");
    let mut permissions = fs::metadata(tree.join(LINE)).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(tree.join(LINE), permissions.clone()).unwrap();
    let before = tree.files("data");
    let problem = put(&terminal).unwrap_err();
    assert!(!problem.is_begun, "{problem:?}");
    assert_eq!((&problem.path, problem.doing), (&tree.join(LINE), "write"));
    assert_eq!(tree.files("data"), before);
    assert_eq!(tree.read("data/MQL5/Include/TickPipe/Backoff.mqh"), b"mine");
    #[expect(clippy::permissions_set_readonly_false, reason = "the file goes with the test")]
    permissions.set_readonly(false);
    fs::set_permissions(tree.join(LINE), permissions).unwrap();
}

/// Folders that were there before stay, though they are empty; those that we made go.
#[test]
fn their_empty_folders_stay_and_ours_go() {
    let tree = Tree::new();
    tree.folder("data/MQL5/Include/TickPipe");
    let terminal = terminal(&tree);
    put(&terminal).unwrap();
    assert!(put(&terminal).unwrap().kept.is_empty());
    take(&terminal);
    assert!(tree.join("data/MQL5/Include/TickPipe").is_dir());
    assert!(!tree.join("data/MQL5/Experts").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_followed_nor_replaced() {
    use std::os::unix::fs::symlink;
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    let text = tree.read(LINE);
    tree.write("elsewhere/Line.mqh", &text);
    fs::remove_file(tree.join(LINE)).unwrap();
    symlink(tree.join("elsewhere/Line.mqh"), tree.join(LINE)).unwrap();
    let problem = put(&terminal).unwrap_err();
    assert!(!problem.is_begun && problem.error.to_string() == "it is a link", "{problem:?}");
    take(&terminal);
    assert!(tree.join(LINE).is_symlink());
    assert_eq!(tree.read("elsewhere/Line.mqh"), text);

    // As in a clone of ours that is worked in.
    let (tree, terminal) = made_up();
    put(&terminal).unwrap();
    let folder = tree.join("data/MQL5/Include/TickPipe");
    fs::rename(&folder, tree.join("clone")).unwrap();
    symlink(tree.join("clone"), &folder).unwrap();
    let unreadable = Ours::of(&terminal).unwrap_err();
    assert_eq!(unreadable.path, folder);
}

/// To open it would wait for ever.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_the_list_is_an_error() {
    let (tree, terminal) = made_up();
    let folder = tree.folder("data/MQL5/Include/TickPipe");
    let made = std::process::Command::new("mkfifo").arg(folder.join(".tickpipe-files")).status();
    assert!(made.unwrap().success());
    let problem = put(&terminal).unwrap_err();
    assert!(!problem.is_begun && problem.error.to_string() == "it is no file", "{problem:?}");
}

/// Nothing more is written to the disk once the first file is renamed: it may be full then.
#[test]
fn the_list_is_written_before_anything_is_renamed() {
    let (tree, terminal) = made_up();
    let before = tree.files("data");
    tree.folder(&format!("data/MQL5/Include/TickPipe/.tickpipe-files.done{NEW}"));
    let problem = put(&terminal).unwrap_err();
    assert!(!problem.is_begun, "{problem:?}");
    assert_eq!(tree.files("data"), before);
}
