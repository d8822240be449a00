//! What people and programs see.

use serde_json::Value;

use crate::ea::Ea;
use crate::host::{Server, run};

#[test]
fn json_is_one_object_a_line() {
    let server = Server::start(&["--json", "double"]);
    let mut ea = Ea::connected(&server.path);
    ea.exchange(0, r"1.1\r\n", r"2.200\r\n");
    ea.check(r"write 0 \x1B[2J\r\n", "ok");
    assert!(ea.ask("line 0").starts_with(r"line ERR\snot_a_number\s"));
    ea.check("close 0", "ok");
    drop(ea);
    let ended = server.stop();
    let objects: Vec<Value> =
        ended.out.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let events: Vec<_> = objects.iter().map(|object| object["event"].as_str()).collect();
    assert_eq!(
        events,
        ["opened", "exchange", "exchange", "closed", "summary"].map(Some),
        "{:?}",
        ended.out
    );
    assert_eq!(objects[1]["request"], "1.1");
    assert_eq!(objects[1]["reply"], "2.200");
    assert_eq!(objects[2]["request"], "\u{1b}[2J");
    assert_eq!(objects[2]["error"]["code"], "not_a_number");
    assert_eq!(objects[4]["exchanges"], 2);
    assert_eq!(objects[4]["errors"]["not_a_number"], 1);
}

#[test]
fn quiet_prints_no_exchange() {
    let server = Server::start(&["--quiet", "double"]);
    Ea::connected(&server.path).exchange(0, r"1\r\n", r"2.000\r\n");
    let ended = server.stop();
    assert_eq!(ended.out, [""; 0]);
    assert!(
        ended.err.iter().any(|line| line.starts_with("1 connection, 1 exchange")),
        "{:?}",
        ended.err
    );
}

/// Row 25: what drives a terminal or forges a log line is shown escaped, in both.
#[test]
fn hostile_text_is_shown_not_obeyed() {
    let server = Server::start(&["double"]);
    let mut ea = Ea::connected(&server.path);
    ea.check(r"write 0 \x1B]0;owned\x07\r2026\s\sERROR\r\n", "ok");
    assert!(ea.ask("line 0").starts_with("line ERR"));
    let ended = server.stop();
    let shown = [ended.out, ended.err].concat().join("\n");
    assert!(shown.contains(r"\u{1b}]0;owned\u{7}\r2026  ERROR"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown}");
}

/// A console that takes nothing, here a full disk, stops no EA.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_stdout_stops_no_ea() {
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("it is there");
    let name = crate::host::new_name();
    let server = Server::start_command(&name, || {
        let mut command = crate::host::tickpipe(&["serve", "--pipe", &name, "double"]);
        command.stdout(full());
        command
    });
    let mut ea = Ea::connected(&server.path);
    ea.round_trips(0, 500);
    let ended = server.stop();
    assert_eq!(ended.status.code(), Some(1), "{:?}", ended.err);
    assert!(ended.err.iter().any(|line| line == "error: cannot print"), "{:?}", ended.err);
}

/// A console that is paused stops no EA either; what it missed is counted.
#[test]
fn a_paused_console_stops_no_ea() {
    let name = crate::host::new_name();
    let (console, stdout) = std::io::pipe().expect("a pipe");
    let server = Server::start_command(&name, || {
        let mut command = crate::host::tickpipe(&["serve", "--pipe", &name, "double"]);
        command.stdout(stdout.try_clone().expect("a handle"));
        command
    });
    drop(stdout);
    let mut ea = Ea::connected(&server.path);
    ea.round_trips(0, 12_000);
    let ended = server.stop();
    drop(console);
    assert!(ended.took < std::time::Duration::from_secs(5), "{:?}", ended.took);
    let said = ended.err.join("\n");
    assert!(said.contains("12000 exchanges"), "{said}");
    assert!(said.contains("not printed, for the console was too slow"), "{said}");
}

/// Whoever closes stdout, or never reads it, gets no failure for it.
#[test]
fn a_closed_or_blocked_stdout_is_no_failure() {
    for (is_closed, json) in [(true, true), (true, false), (false, true)] {
        let name = crate::host::new_name();
        let (console, stdout) = std::io::pipe().expect("a pipe");
        let server = Server::start_command(&name, || {
            let mut args = vec!["serve", "--pipe", &name, "double"];
            args.extend(json.then_some("--json"));
            let mut command = crate::host::tickpipe(&args);
            command.stdout(stdout.try_clone().expect("a handle"));
            command
        });
        drop(stdout);
        let console = (!is_closed).then_some(console);
        let mut ea = Ea::connected(&server.path);
        ea.round_trips(0, 3000);
        let ended = server.stop();
        assert!(ended.status.success(), "closed: {is_closed}, {json}: {:?}", ended.err);
        assert!(ended.took < std::time::Duration::from_secs(4), "{:?}", ended.took);
        drop(console);
    }
}

/// Nor does a log that nobody reads.
#[test]
fn a_paused_log_stops_no_ea() {
    let server = Server::start(&["--quiet", "-vvv", "double"]);
    server.err.pause();
    let mut ea = Ea::start();
    // Each connection logs some lines: far more than the stream and the queue hold.
    ea.churn(3000, &server.path, "answered");
    ea.open(0, &server.path);
    ea.round_trips(0, 100);
    let begun_at = std::time::Instant::now();
    server.interrupt();
    server.err.resume();
    let ended = server.ended(begun_at);
    assert!(ended.took < std::time::Duration::from_secs(5), "{:?}", ended.took);
    let said = ended.err.join("\n");
    assert!(said.contains("log lines not printed, for the console was too slow"), "{said}");
}

#[test]
fn help_fits_a_screen() {
    for args in [
        &["-h"][..],
        &["serve", "-h"],
        &["send", "-h"],
        &["completions", "-h"],
        &["config", "-h"],
        &["config", "check", "-h"],
        &["bench", "-h"],
        &["doctor", "-h"],
        &["probe", "-h"],
        &["replay", "-h"],
        &["demo", "-h"],
        &["simulate", "-h"],
        &["backtest", "-h"],
        &["backtest", "FILE", "cross", "-h"],
        &["backtest", "FILE", "exec", "-h"],
    ] {
        let help = run(args, "");
        assert_eq!(help.code, Some(0), "{}", help.err);
        let lines = help.out.lines().count();
        assert!((8..=40).contains(&lines), "{args:?} has {lines} lines:\n{}", help.out);
        assert!(help.out.lines().all(|line| line.chars().count() <= 100), "{}", help.out);
    }
}

/// What was asked for and could not be printed is a failure; whoever closed stdout wants no more.
#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_printed_is_a_failure() {
    for args in [&["--help"][..], &["--version"], &["serve", "-h"], &["help"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("it is there");
        let output = crate::host::tickpipe(args).stdout(full).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.starts_with("error: cannot print\n"), "{args:?}: {said}");

        let (console, stdout) = std::io::pipe().expect("a pipe");
        drop(console);
        let output = crate::host::tickpipe(args).stdout(stdout).output().expect("it runs");
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}");
    }
}

#[test]
fn what_is_mistyped_is_refused_with_a_hint() {
    let refused = run(&["serve", "dubble"], "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("double"), "{}", refused.err);
    let refused = run(&["serve", "--idle-instances", "1", "double"], "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("of 1 is out of range, allowed are 2 to 60"), "{}", refused.err);
    let refused = run(&["serve", "--encoding", "utf-16", "double"], "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("unknown encoding `utf-16`"), "{}", refused.err);
}

#[test]
fn send_without_a_server_says_what_to_do() {
    let name = crate::host::new_name();
    let failed = run(&["send", "--pipe", &name, "1"], "");
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert!(failed.err.contains("nobody serves"), "{}", failed.err);
    assert!(failed.err.contains(&format!("tickpipe serve --pipe {name} double")), "{}", failed.err);
}
