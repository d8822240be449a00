//! Replays what fuzzing has found worth keeping.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/tick_checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it as a crate")]
mod tick_checks;

#[test]
fn the_corpus_of_ticks_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/ticks");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        tick_checks::ticks(&fs::read(&path).expect("a readable file"));
        count += 1;
    }
    assert!(count > 40, "the corpus of ticks has only {count} files");
}
