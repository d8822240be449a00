use std::thread;

use tickpipe::raw::RawRead;

use super::*;

const WELCOME: &str = concat!(
    r#"{"jsonrpc":"2.0","id":9000,"result":{"protocol":1,"server":"s","server_version":"1","#,
    r#""session":"a","heartbeat_ms":9,"silence_ms":99,"line_len_max":65536}}"#
);

const INTRODUCTION: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"e","#,
    r#""client_version":"1","terminal":"sim","instance":"i","account":{"login":"1","#,
    r#""server":"s","currency":"USD","trade_mode":"real","margin_mode":"netting"},"#,
    r#""chart":{"id":"1","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"#,
    r#""tick_mode":"stream","capabilities":["rates"]}}"#
);

const LOG: &str = r#"{"jsonrpc":"2.0","method":"log","params":{}}"#;

fn settings(within_ms: u64) -> Settings {
    Settings {
        split: Split::Random,
        within: Duration::from_millis(within_ms),
        connect_within: Duration::from_secs(30),
        tick_within: Duration::from_millis(1),
        volume: "0.01".to_owned(),
        may_trade: true,
    }
}

/// Answers each line with the next of `answers`, whatever it says; then stays until the other side
/// leaves, or leaves first.
fn speak(mut connection: RawConnection, answers: &[&str], leaves: bool) {
    let mut buf = [0; 4096];
    let mut answers = answers.iter();
    loop {
        match connection.read(&mut buf, Duration::from_secs(30)).unwrap() {
            RawRead::Data(count) => {
                for _ in buf[..count].iter().filter(|byte| **byte == b'\n') {
                    if let Some(answer) = answers.next() {
                        let line = format!("{answer}\n");
                        if connection.write_all(line.as_bytes(), Duration::from_secs(30)).is_err() {
                            return;
                        }
                    }
                }
                if leaves && answers.len() == 0 {
                    return;
                }
            }
            RawRead::End | RawRead::TimedOut | _ => return,
        }
    }
}

/// What becomes of a script against a server that gives these answers.
fn try_server(test: &str, within_ms: u64, steps: &str, answers: &[&str], leaves: bool) -> Outcome {
    let name = format!("unit-{}-player-{test}", std::process::id());
    let listener = RawListener::bind(&name).unwrap();
    let text = format!("# A rule.\nserve any\n{steps}");
    let script = Script::parse("server/11-x", &text).unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            speak(listener.accept(Duration::from_secs(30)).unwrap(), answers, leaves)
        });
        Player::new(Target::Server(&name), &settings(within_ms)).play(&script)
    })
}

const PONG: &str = r#"{"jsonrpc":"2.0","id":7,"result":{}}"#;
const END: &str = r#"{"jsonrpc":"2.0","id":9001,"result":{}}"#;

#[test]
fn a_script_passes_if_all_comes_as_it_says() {
    let steps = "hello\n< {\"id\":7,\"method\":\"ping\"}\n> {\"id\":7,\"result\":{}}\n";
    let outcome = try_server("passes", 30_000, steps, &[WELCOME, PONG, END], false);
    assert_eq!(outcome, Outcome::Passed);
    let text = "< bytes \\n\n> text ERR empty *\nclosed\n";
    let outcome = try_server("text", 30_000, text, &["ERR empty found nothing\r"], true);
    assert_eq!(outcome, Outcome::Passed);
}

#[test]
fn a_failure_says_where_and_what() {
    let pinged = "hello\n< {\"id\":7,\"method\":\"ping\"}\n> {\"id\":7,\"result\":{\"a\":1}}\n";
    let other = r#"{"jsonrpc":"2.0","id":7,"result":{"a":2}}"#;
    for (test, answers, leaves, number, expected, found) in [
        ("other", vec![WELCOME, other], false, Some(5), "result.a: 1", "result.a: 2, in {"),
        ("left", vec![WELCOME, PONG], true, Some(5), "result.a: 1", "no such member"),
        ("json", vec!["{"], false, Some(3), "a message", "EOF"),
        ("plain", vec!["{}"], false, Some(3), "a message", "no `\"jsonrpc\""),
    ] {
        let outcome = try_server(test, 30_000, pinged, &answers, leaves);
        let Outcome::Failed { line, sent, expected: wanted, found: got } = outcome else {
            panic!("{test}: {outcome:?}");
        };
        assert_eq!(line.map(|(number, _)| number), number, "{test}");
        // The request that led to the answer is shown beside it.
        let asked = if number == Some(5) { "\"method\":\"ping\"" } else { "\"method\":\"hello\"" };
        assert!(sent.is_some_and(|sent| sent.contains(asked)), "{test}");
        assert!(wanted.contains(expected) && got.contains(found), "{test}: {wanted} / {got}");
    }
    let late = "hello\n< {}\nwithin 20\n> {\"id\":7}\n";
    let outcome = try_server("late", 30_000, late, &[WELCOME], false);
    let Outcome::Failed { line: Some((6, _)), found, .. } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(found, "nothing within 20 ms");
}

#[test]
fn more_than_the_script_says_is_a_failure() {
    let more = format!("{PONG}\n{END}");
    let outcome = try_server("more", 30_000, "hello\n", &[WELCOME, &more], false);
    assert!(matches!(outcome, Outcome::Failed { line: None, .. }), "{outcome:?}");
    let outcome = try_server("silent", 20, "closed\n", &[], false);
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
}

/// What becomes of a script against an EA that says hello and answers nothing.
fn try_ea(test: &str, steps: &str) -> Outcome {
    let name = format!("unit-{}-player-ea-{test}", std::process::id());
    let listener = RawListener::bind(&name).unwrap();
    let script = Script::parse("ea/11-x", &format!("# A rule.\n{steps}")).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut ea = RawConnection::connect(&name, Duration::from_secs(30)).unwrap();
            let tick = r#"{"jsonrpc":"2.0","id":2,"method":"tick","params":{}}"#;
            let lines = format!("{INTRODUCTION}\n{tick}\n");
            ea.write_all(lines.as_bytes(), Duration::from_secs(30)).unwrap();
            speak(ea, &[LOG, PONG], false);
        });
        Player::new(Target::Ea(&listener), &settings(30_000)).play(&script)
    })
}

#[test]
fn what_an_ea_lacks_leaves_a_script_out_by_name() {
    for (need, part) in
        [("lockstep", "tick_mode"), ("trading", "real money"), ("ticks", "`ticks` is not among")]
    {
        let outcome = try_ea(need, &format!("needs {need}\nhello\n"));
        assert!(
            matches!(&outcome, Outcome::LeftOut(reason) if reason.contains(part)),
            "{outcome:?}"
        );
    }
    assert_eq!(try_ea("rates", "needs rates heartbeat\nhello\n"), Outcome::Passed);
    let outcome = try_ea(
        "tick",
        "needs tick\nhello\n< {\"method\":\"tick\"}\nwithin 1\n< {\"method\":\"tick\"}\n",
    );
    assert!(
        matches!(&outcome, Outcome::LeftOut(reason) if reason.contains("no tick")),
        "{outcome:?}"
    );
}
