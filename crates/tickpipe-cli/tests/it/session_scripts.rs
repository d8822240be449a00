//! The scripts under `conformance/session`: the program tries itself with them.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use crate::double;
use crate::host::{Server, is_wine, new_name, run, tickpipe_path};

/// How what is sent is split into writes.
const SPLITS: [&str; 3] = ["whole", "bytes", "random"];

/// What needs an EA that leaves, as one does that is taken off its chart.
const LEAVES: &str = "ea/14-deinit";

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
    play_in_every_split(75, |split| {
        let pipe = new_name();
        let args = ["--try", "ea", "--trade", "--pipe", &pipe, "--split", split];
        let rest = ["--except", LEAVES];
        play_with(double::run, &pipe, &[&args[..], &rest].concat())
    });
    let pipe = new_name();
    // As it was spelled before.
    let args = ["--as", "ea", "--pipe", &pipe, "--only", LEAVES];
    assert_eq!(play_with(double::leave_again_and_again, &pipe, &args), 1);
}

/// Plays scripts against an EA of this process.
fn play_with(ea: fn(&str, &AtomicBool), pipe: &str, args: &[&str]) -> u64 {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| ea(pipe, &is_over));
        let played = std::panic::catch_unwind(|| play(args, &[]));
        is_over.store(true, Ordering::Release);
        played.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A server that holds no sessions is found out once, not script by script.
#[test]
fn a_server_that_knows_lines_only_is_told_so_at_once() {
    for (handler, part) in [("double", "answers `ERR not_a_number"), ("echo", "answers `{")] {
        let server = Server::start(&[handler]);
        let output = run(&["conformance", "--pipe", &server.name], "");
        assert_eq!((output.code, output.out.as_str()), (Some(1), ""), "{}", output.err);
        assert!(output.err.contains("knows lines only"), "{}", output.err);
        assert!(output.err.contains(part), "{}", output.err);
        let whole = format!(
            "tickpipe conformance --pipe {0} -- tickpipe serve --quiet --pipe {0} {{serve}}",
            server.name
        );
        assert!(output.err.contains(&whole), "{}", output.err);
    }
    let name = new_name();
    let output = run(&["conformance", "--pipe", &name, "--connect-within-ms", "1"], "");
    assert_eq!((output.code, output.out.as_str()), (Some(1), ""), "{}", output.err);
    assert!(output.err.contains("{serve}") && !output.err.contains("double"), "{}", output.err);
}

#[test]
fn what_needs_other_servers_is_left_out_with_a_hint() {
    let server = Server::start(&["watch"]);
    let args = ["conformance", "--pipe", &server.name, "--only", "server/13-handler"];
    let output = run(&args, "");
    assert!(output.out.contains("left out"), "{}", output.out);
    assert!(output.err.contains("hint: to play what was left out"), "{}", output.err);
}

#[test]
fn an_ea_that_does_not_come_is_no_failed_rule() {
    let name = new_name();
    let output =
        run(&["conformance", "--try", "ea", "--pipe", &name, "--connect-within-ms", "50"], "");
    assert_eq!((output.code, output.out.as_str()), (Some(1), ""), "{}", output.err);
    let said = format!("no EA came within 50 ms to `{name}`, so nothing was played");
    assert!(output.err.contains(&said) && output.err.contains("hint:"), "{}", output.err);
}
