//! The scripts under `conformance/session`: the program tries itself with them.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use crate::double;
use crate::host::{is_wine, new_name, run, tickpipe_path};

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

/// Plays scripts in every split at once, for most of the time is spent waiting.
fn play_in_every_split(least: u64, play: impl Fn(&str) -> u64 + Sync) {
    thread::scope(|scope| {
        let threads = SPLITS.map(|split| (split, scope.spawn(|| play(split))));
        for (split, thread) in threads {
            let passed = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            assert!(passed >= least, "only {passed} scripts were played, {split}");
        }
    });
}

#[test]
fn the_server_keeps_every_rule_in_every_split() {
    let program = tickpipe_path();
    play_in_every_split(150, |split| {
        let pipe = new_name();
        let mut args = vec!["--pipe", &pipe, "--split", split];
        if env::var_os("TICKPIPE_SOAK").is_none() {
            args.extend(["--except", LONG]);
        }
        play(&args, &[&program, "serve", "--quiet", "--pipe", &pipe, "{serve}"])
    });
}

/// The double is of this process, so there is none under Wine.
#[test]
fn the_ea_double_keeps_every_rule_in_every_split() {
    if is_wine() {
        return;
    }
    play_in_every_split(65, |split| {
        let pipe = new_name();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| double::run(&pipe, &is_over));
            let args = ["--as", "ea", "--trade", "--pipe", &pipe, "--split", split];
            let played = std::panic::catch_unwind(|| play(&args, &[]));
            is_over.store(true, Ordering::Release);
            played.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    });
}
