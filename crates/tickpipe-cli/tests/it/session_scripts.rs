//! The scripts under `conformance/session`: the program tries itself with them.

use std::env;
use std::thread;

use serde_json::Value;

use crate::host::{new_name, run, tickpipe_path};

/// How what is sent is split into writes.
const SPLITS: [&str; 3] = ["whole", "bytes", "random"];

/// What waits for half a minute, and is played at full size alone.
const LONG: &str = "21-handler-at-most-30-s";

/// Plays scripts; returns how many have passed.
fn play(args: &[&str], command: &[&str]) -> u64 {
    let output = run(&[&["conformance", "--json"], args, &["--"], command].concat(), "");
    let parsed = output.out.lines().map(|line| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    let (results, counts): (Vec<_>, Vec<_>) = parsed.partition(|line| line["result"].is_string());
    let failed: Vec<String> = results
        .iter()
        .filter(|result| result["result"] != "passed")
        .map(Value::to_string)
        .collect();
    assert!(failed.is_empty(), "{args:?}: {}\n{}", failed.join("\n"), output.err);
    assert_eq!(output.code, Some(0), "{args:?}: {}", output.err);
    counts.last().and_then(|counts| counts["passed"].as_u64()).expect("the counts come last")
}

/// One test for all splits, for most of their time is spent waiting.
#[test]
fn the_server_keeps_every_rule_in_every_split() {
    let program = tickpipe_path();
    thread::scope(|scope| {
        let threads = SPLITS.map(|split| {
            let program = &program;
            scope.spawn(move || {
                let pipe = new_name();
                let mut args = vec!["--pipe", &pipe, "--split", split];
                if env::var_os("TICKPIPE_SOAK").is_none() {
                    args.extend(["--except", LONG]);
                }
                play(&args, &[program, "serve", "--quiet", "--pipe", &pipe, "{serve}"])
            })
        });
        for (split, thread) in SPLITS.iter().zip(threads) {
            match thread.join() {
                Ok(passed) => {
                    eprintln!("{passed} scripts, {split}");
                    assert!(passed >= 150, "only {passed} scripts were played, {split}");
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
}
