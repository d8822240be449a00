//! What g++ must refuse, with the flags of every build.
//!
//! It needs mingw-w64, so only `cargo xtask mql test` runs it.

use std::fs;
use std::path::{Path, PathBuf};

use tickpipe_mql::{Dialect, compiler, load, translate};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Translates a program and has g++ look at it; returns what g++ says, empty if it takes it.
fn compile(main: &Path) -> String {
    let root = root();
    let program = load(main, &root.join("mql/Include"), &root)
        .unwrap_or_else(|findings| panic!("{}: {findings:?}", main.display()));
    let name = main.file_name().expect("a name").to_string_lossy();
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let translated = directory.join(format!("{name}.cpp"));
    fs::write(&translated, translate(&program)).expect("a file in target/");
    let dialect = Dialect::of(main).expect("it is .mq4 or .mq5");
    let output = compiler(dialect, Path::new("mql/harness/runtime"))
        // Whole: some warnings come from passes that a check of the syntax leaves out.
        .arg("-c")
        .arg(&translated)
        .arg("-o")
        .arg(translated.with_extension("o"))
        .current_dir(&root)
        .output()
        .expect("mingw-w64's g++ starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}

fn programs(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(directory)).expect("the directory is there");
    let mut all: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| Dialect::of(path).is_some())
        .collect();
    all.sort();
    all
}

#[test]
fn each_is_refused_at_its_line() {
    let programs = programs("mql/harness/refused/build");
    assert!(10 < programs.len(), "only {} programs", programs.len());
    for main in programs {
        let text = fs::read_to_string(&main).expect("a program");
        let first = text.lines().next().unwrap_or_default();
        let (line, want) = first
            .strip_prefix("// refused ")
            .and_then(|rest| rest.split_once(": "))
            .unwrap_or_else(|| panic!("{}: what is expected is not said", main.display()));
        let said = compile(&main);
        let name = main.file_name().expect("a name").to_string_lossy();
        let place = format!("{name}:{line}:");
        let is_said = said
            .lines()
            .any(|said| said.contains(&place) && said.contains(want) && said.contains("error"));
        assert!(is_said, "{name}: no error at line {line} holds `{want}`:\n{said}");
    }
}

#[test]
fn what_is_accepted_compiles() {
    for main in programs("mql/harness/accepted") {
        let said = compile(&main);
        assert_eq!(said, "", "{}", main.display());
    }
}
