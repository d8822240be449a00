//! Replays what fuzzing has found worth keeping.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/tick_checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it as a crate")]
mod tick_checks;

#[path = "../../../fuzz/bar_checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it as a crate")]
mod bar_checks;

/// Calls a check with every file of a folder; returns how many there are.
fn replay(folder: &str, check: fn(&[u8])) -> usize {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut count = 0;
    for entry in fs::read_dir(corpus.join(folder)).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        check(&fs::read(&path).expect("a readable file"));
        count += 1;
    }
    count
}

#[test]
fn the_corpus_of_ticks_holds() {
    let count = replay("ticks", tick_checks::ticks);
    assert!(count > 40, "the corpus of ticks has only {count} files");
}

#[test]
fn the_corpus_of_bars_holds() {
    let count = replay("bars", bar_checks::bars);
    assert!(count > 20, "the corpus of bars has only {count} files");
}
