//! A simulated terminal at a server's pipe: the trades of a strategy there are those in process.

use std::process::Stdio;
use std::thread;

use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe::{Server as Library, ServerConfig};

use crate::backtest::{Ran, SETTINGS, hour};
use crate::host::{Lines, Server, handler, interrupt, is_wine, new_name, run, tickpipe, wait};

/// A server of this process that trades the cross of two averages, while `then` runs.
fn with_cross(then: impl FnOnce(&str)) {
    let name = new_name();
    let config = ServerConfig::default().with_idle_instances(2);
    let server = Library::bind_with(&name, config).expect("the name is free");
    let stopper = server.stopper();
    let serving = thread::spawn(move || {
        server.serve_strategy(|_, _| Cross::new(CrossSettings::default()).expect("as they come"))
    });
    then(&name);
    stopper.stop();
    serving.join().expect("no panic").expect("it served");
}

#[test]
fn the_strategy_api_over_a_pipe_trades_as_in_process() {
    if is_wine() {
        eprintln!("NOT RUN under Wine: the library is of this process");
        return;
    }
    with_cross(|name| {
        for args in SETTINGS {
            let want = Ran::hour(args, &["cross"]);
            let hour = hour();
            let got = Ran::of(&[&["simulate", &hour, "--pipe", name], args].concat(), &[]);
            assert_eq!(got.output.code, Some(0), "{args:?}: {}", got.output.err);
            assert_eq!(got.trades, want.trades, "{args:?}");
            assert_eq!(got.output.out, want.output.out, "{args:?}");
        }
    });
}

/// Under Wine too: a program behind `serve exec` answers every tick of the hour over the pipe.
#[test]
fn a_program_behind_serve_has_every_tick() {
    let (handler, mark) = (handler(), new_name());
    let server = Server::start(&["--json", "exec", "--", &handler, "session", &mark]);
    let ran = Ran::of(&["simulate", &hour(), "--pipe", &server.name], &[]);
    assert_eq!(ran.output.code, Some(0), "{}", ran.output.err);
    assert!(ran.output.out.starts_with("no trades\n"), "{}", ran.output.out);
    assert_eq!(ran.figure("ticks"), "9,986");
    assert_eq!(ran.trades.lines().count(), 1);
    let summary = server.summary();
    assert_eq!(summary["sessions"]["ticks"], 9986, "{summary}");
}

#[test]
fn all_faults_over_a_pipe_end_with_books_in_order() {
    if is_wine() {
        eprintln!("NOT RUN under Wine: the library is of this process");
        return;
    }
    let faults = [
        "requote@order=1",
        "reject@order=2",
        "delay:700@order=3",
        "unknown@order=4",
        "drop@order=5",
        "die@tick=6000",
        "freeze:50@tick=10",
        "garbage@tick=20",
        "clock:60@tick=9000",
    ];
    let faults = faults.map(|fault| ["--fault", fault]).concat();
    with_cross(|name| {
        let ran = Ran::of(&[&["simulate", &hour(), "--pipe", name], &faults[..]].concat(), &[]);
        let said = &ran.output.err;
        assert!(matches!(ran.output.code, Some(0 | 1)), "{said}");
        for name in
            ["requote", "reject", "delay", "unknown", "drop", "die", "freeze", "garbage", "clock"]
        {
            let line = said.lines().find(|line| line.starts_with("faults: "));
            let line = line.unwrap_or_else(|| panic!("no faults in {said}"));
            assert!(line.contains(&format!("1 {name}")), "{line}");
        }
        ran.check_books();
    });
}

#[test]
fn without_a_server_it_says_what_to_do() {
    let name = new_name();
    let failed = run(&["simulate", &hour(), "--pipe", &name, "--connect-ms", "200"], "");
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert_eq!(failed.out, "");
    for said in ["cannot connect to pipe", name.as_str(), "hint: start the server"] {
        assert!(failed.err.contains(said), "{said}: {}", failed.err);
    }
}

#[test]
fn a_server_without_sessions_is_said_to_be_none() {
    let server = Server::start(&["--mode", "line", "double"]);
    let failed = run(&["simulate", &hour(), "--pipe", &server.name], "");
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert!(failed.err.contains("hint: "), "{}", failed.err);
    assert_eq!(failed.out, "");
}

/// At the speed of the file an hour is an hour; Ctrl-C ends it with what there is up to there.
#[test]
fn a_signal_ends_a_run_in_good_order() {
    let server = Server::start(&["watch"]);
    let hour = hour();
    let mut command = tickpipe(&["simulate", &hour, "--pipe", &server.name, "--speed", "1x", "-v"]);
    let mut child = command.stdin(Stdio::null()).spawn().expect("it starts");
    let out = Lines::of(child.stdout.take().expect("stdout is piped"));
    let mut err = Lines::of(child.stderr.take().expect("stderr is piped"));
    assert!(err.wait_for("session opened").is_some(), "a session is opened");
    interrupt(&child);
    assert_eq!(wait(&mut child).code(), Some(130), "{:?}", err.rest());
    let out = out.rest().join("\n");
    assert!(out.contains("net profit"), "{out}");
    let ended = server.stop();
    let left = |line: &String| line.contains("the EA left");
    assert!(ended.out.iter().any(left), "the EA says goodbye: {:?}", ended.out);
}
