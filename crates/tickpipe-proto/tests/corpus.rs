//! Replays what fuzzing has found worth keeping.

use std::fs;
use std::path::Path;
use std::time::Instant;

#[path = "../../../fuzz/checks.rs"]
#[expect(unreachable_pub, clippy::indexing_slicing, reason = "the fuzz targets use it as a crate")]
mod checks;

#[path = "../../../fuzz/message_checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it as a crate")]
mod message_checks;

#[path = "../../../fuzz/session_checks.rs"]
#[expect(unreachable_pub, reason = "the fuzz target uses it as a crate")]
mod session_checks;

fn replay(target: &str, check: impl Fn(&[u8], Instant)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    #[expect(clippy::disallowed_methods, reason = "a test begins some time")]
    let now = Instant::now();
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        check(&fs::read(&path).expect("a readable file"), now);
        count += 1;
    }
    assert!(count > 20, "the corpus of {target} has only {count} files");
}

#[test]
fn the_framers_corpus_holds() {
    replay("framer", checks::framer);
}

#[test]
fn the_encodings_corpus_holds() {
    replay("encodings", checks::encodings);
}

#[test]
fn the_sessions_corpus_holds() {
    replay("session", session_checks::session);
}

#[test]
fn the_messages_corpus_holds() {
    replay("message", |line, _| message_checks::message(line));
}

#[test]
fn the_servers_messages_corpus_holds() {
    replay("server_message", |line, _| message_checks::server_message(line));
}

#[test]
fn the_answers_corpus_holds() {
    replay("answer", |data, _| message_checks::answer(data));
}
