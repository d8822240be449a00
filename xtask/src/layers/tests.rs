use super::*;

const TREE: &str = "\
tickpipe-proto v0.1.0 (/somewhere/crates/tickpipe-proto)
encoding_rs v0.8.35
memchr v2.8.0
thiserror v2.0.17
thiserror-impl v2.0.17 (proc-macro)

memchr v2.8.0 (*)
";

#[test]
fn names_are_read_once_each() {
    let names = names(TREE);
    assert_eq!(names.len(), 5);
    assert!(names.contains("memchr") && names.contains("thiserror-impl"));
}

#[test]
fn a_runtime_is_seen() {
    assert_eq!(runtime_in(&names(TREE)), None);
    let with_runtime = format!("{TREE}tokio v1.50.0\n");
    assert_eq!(runtime_in(&names(&with_runtime)), Some("tokio"));
    assert_eq!(runtime_in(&names("tokio-util v0.7.0")), Some("tokio-util"));
    assert_eq!(runtime_in(&names("tokior v0.7.0")), None);
}

#[test]
fn a_surplus_dependency_is_seen() {
    let direct = "tickpipe-proto v0.1.0\nmemchr v2.8.0\n";
    assert!(surplus(&names(direct)).is_empty());
    assert_eq!(surplus(&names(&format!("{direct}regex v1.0.0"))), ["regex"]);
}

#[test]
fn a_stranger_to_the_simulation_is_seen() {
    let known = "tickpipe-sim v0.1.0\ntickpipe v0.1.0\nmemchr v2.8.0\n";
    assert!(strangers(&names(known)).is_empty());
    assert_eq!(strangers(&names(&format!("{known}tickpipe-cli v0.1.0"))), ["tickpipe-cli"]);
}

/// The real `cargo tree` on real crates: what is there is found, and a name that is not fails.
#[test]
fn the_workspace_is_really_read() {
    let paths = Paths::new().unwrap();
    let tree = packages(&paths, "xtask", &[]).unwrap();
    assert!(tree.contains("anyhow"), "{tree:?}");
    assert!(packages(&paths, "no-such-crate", &[]).is_err());
}
