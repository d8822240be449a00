//! Programs that a terminal, or our stricter rules, stop while they run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::expert::{Answer, Expert};
use crate::host::Server;

/// The pipe that these programs open.
const PIPE: &str = "MqlRefused";

fn programs() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mql/harness/refused/run");
    let entries = fs::read_dir(directory).expect("the directory is there");
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    all
}

#[test]
fn each_refused_program_is_stopped() {
    let _server = Server::start_on(PIPE, &["--quiet", "echo"]);
    let programs = programs();
    assert!(10 < programs.len(), "only {} programs", programs.len());
    for program in programs {
        let text = fs::read_to_string(&program).expect("a program");
        let first = text.lines().next().unwrap_or_default();
        let want =
            first.strip_prefix("// refused: ").expect("a first line that says what is wrong");
        let name = program.file_name().expect("a name").to_string_lossy();
        let mut expert = Expert::start(&name, &[]);
        let mut answer = expert.ask("start");
        if matches!(answer, Answer::Done(_)) {
            answer = expert.ask("tick 1.10000 1.10012");
        }
        let transcript = expert.transcript();
        let last = transcript.last().map_or("", String::as_str);
        let code = match last.split(' ').next() {
            Some("critical") => 3,
            Some("violation") => 4,
            _ => panic!("{name} came to {answer:?}: {transcript:?}"),
        };
        assert!(last.contains(want), "{name} was stopped by `{last}`, not by `{want}`");
        assert_eq!(answer, Answer::Ended(Some(code)), "{name}");
    }
}
