//! Programs as handlers, well-mannered and not: the EA's line is answered in time, and nothing of
//! a program outlives its connection.

use std::time::{Duration, Instant};

use crate::ea::Ea;
#[cfg(unix)]
use crate::host::{Ended, LIMIT, processes, size};
use crate::host::{Server, handler, new_name, run};

/// A program's time for a line where its answer is waited for, however busy the machine is.
const ENOUGH: [&str; 2] = ["--handler-deadline-ms", "10000"];

/// A program's time for a line where its answer is to be missed.
const SHORT: [&str; 2] = ["--handler-deadline-ms", "400"];

/// The longest that an EA may wait for any reply.
const REPLY_LIMIT: Duration = Duration::from_secs(15);

/// Starts a server whose handler is the program in C.
fn serve(options: &[&str], way: &[&str]) -> Server {
    let handler = handler();
    let options = [&["--json"], options].concat();
    Server::start(&[&options[..], &["exec", "--", &handler], way].concat())
}

/// Sends lines and returns the reply to each; none takes longer than it may.
fn replies(ea: &mut Ea, lines: &[&str]) -> Vec<String> {
    let ask = |line: &&str| {
        let begun_at = Instant::now();
        ea.check(&format!(r"write 0 {line}\r\n"), "ok");
        let reply = ea.ask("line 0");
        assert!(begun_at.elapsed() < REPLY_LIMIT, "{line} took {:?}", begun_at.elapsed());
        let reply = reply.strip_prefix("line ").and_then(|reply| reply.strip_suffix(r"\r\n"));
        reply.unwrap_or_else(|| panic!("{line} has no reply")).replace(r"\s", " ")
    };
    lines.iter().map(ask).collect()
}

/// Checks the replies of a program to the lines 1, 2, 3, …; an `ERR` only up to its code.
#[track_caller]
fn check(way: &[&str], want: &[&str]) -> serde_json::Value {
    check_within(&ENOUGH, way, want)
}

#[track_caller]
fn check_within(options: &[&str], way: &[&str], want: &[&str]) -> serde_json::Value {
    let server = serve(options, way);
    let mut ea = Ea::connected(&server.path);
    for (index, want) in want.iter().enumerate() {
        let got = replies(&mut ea, &[&(index + 1).to_string()]).remove(0);
        let is_same = if want.starts_with("ERR") { got.starts_with(want) } else { got == *want };
        assert!(is_same, "{way:?}, line {}: got `{got}`, want `{want}`", index + 1);
    }
    ea.check("close 0", "ok");
    server.summary()
}

#[test]
fn programs_that_answer_are_paired_with_their_lines() {
    check(&["echo"], &["1", "2", "3"]);
    check(&["double"], &["2.000", "4.000"]);
    check(&["error"], &["ERR handler_failed 1"]);
    check(&["stderr"], &["1", "2"]);
    check(&["children", &new_name()], &["1", "2"]);
    check(&["stubborn"], &["1"]);
    check(&["arguments", "a b", "", "\"c\\", "%PATH%"], &["[a b][][\"c\\\\][%PATH%]"]);
    // Of two lines for one nobody knows which is the answer.
    let summary = check(&["twice"], &["ERR bad_reply", "ERR bad_reply", "ERR bad_reply"]);
    assert!(summary["programs"]["unasked_lines"].as_u64() >= Some(3), "{summary}");
}

/// A program for one line is started again for the next; a line that met it at its very end is told
/// so, for nobody knows whether it was read.
#[test]
fn a_program_that_ends_is_started_again() {
    let server = serve(&ENOUGH, &["once"]);
    let mut ea = Ea::connected(&server.path);
    let mut answered = 0;
    for index in 0..30 {
        let line = index.to_string();
        let reply = replies(&mut ea, &[&line]).remove(0);
        assert!(reply == line || reply.starts_with("ERR handler_ended "), "{line}: {reply}");
        answered += u32::from(reply == line);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(answered > 1, "it was never started again");
    let summary = server.summary();
    assert!(summary["programs"]["started"].as_u64() >= Some(answered.into()), "{summary}");
}

#[test]
fn programs_that_fail_are_named() {
    // It may be at its end before the line can be sent.
    check(&["die"], &["ERR handler_", "ERR handler_unavailable"]);
    check(&["die-after", "1"], &["1", "ERR handler_ended", "3"]);
    check(&["half"], &["ERR handler_ended"]);
    check(&["binary"], &["ERR bad_reply", "ERR bad_reply"]);
    check(&["long", "70000"], &["ERR bad_reply", "ERR bad_reply"]);
    check_within(
        &SHORT,
        &["silent"],
        &["ERR handler_timeout", "ERR handler_busy", "ERR handler_busy"],
    );
    check_within(&SHORT, &["deaf"], &["ERR handler_timeout", "ERR handler_busy"]);
    let nobody = Server::start(&["--json", "exec", "--", "no-such-program"]);
    let mut ea = Ea::connected(&nobody.path);
    for reply in replies(&mut ea, &["1", "2"]) {
        assert!(reply.starts_with("ERR handler_unavailable "), "{reply}");
    }
}

/// What a program prints before it is asked is never taken for an answer.
#[test]
fn a_banner_spoils_one_answer_at_most() {
    let server = serve(&ENOUGH, &["banner"]);
    let mut ea = Ea::connected(&server.path);
    let first = replies(&mut ea, &["1"]).remove(0);
    assert!(first == "1" || first.starts_with("ERR bad_reply "), "{first}");
    assert_eq!(replies(&mut ea, &["2", "3"]), ["2", "3"]);
    let summary = server.summary();
    assert!(summary["programs"]["unasked_lines"].as_u64() >= Some(1), "{summary}");
}

/// A program that prints once too often must not have its answers reach the lines after theirs for
/// as long as an EA asks without a pause.
#[test]
fn answers_do_not_stay_one_line_behind() {
    let server = serve(&ENOUGH, &["banner"]);
    assert_in_step(&server);
    #[cfg(unix)]
    if !crate::host::is_wine() {
        let script =
            "sleep 0.1; echo ready; while read -r line; do sleep 0.01; echo \"$line\"; done";
        let options = [&["--json"], &ENOUGH[..], &["exec", "--", "sh", "-c", script]].concat();
        assert_in_step(&Server::start(&options));
    }
}

fn assert_in_step(server: &Server) {
    let mut ea = Ea::connected(&server.path);
    let lines: Vec<String> = (0..12).map(|index| index.to_string()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let got = replies(&mut ea, &lines);
    let right = got.iter().zip(&lines).filter(|(reply, line)| reply == line).count();
    assert!(right >= 10, "{right} of 12 lines have their answer: {got:?}");
}

/// A program that prints once too often is told of, even if no line comes after it any more.
#[cfg(unix)]
#[test]
fn surplus_output_at_the_end_is_counted() {
    if crate::host::is_wine() {
        // The shell is not in the prefix.
        return a_banner_spoils_one_answer_at_most();
    }
    let script = "sleep 0.1; echo ready; while read -r line; do sleep 0.1; echo \"$line\"; done";
    let server =
        Server::start(&[&["--json"], &ENOUGH[..], &["exec", "--", "sh", "-c", script]].concat());
    let mut ea = Ea::connected(&server.path);
    replies(&mut ea, &["1", "2", "3"]);
    ea.check("close 0", "ok");
    let summary = server.summary();
    assert!(summary["programs"]["unasked_lines"].as_u64() >= Some(1), "{summary}");
}

/// A program in the middle of a line goes with the server, however long it may work on the line, and
/// with its peer once the line's time is over.
#[cfg(unix)]
#[test]
fn a_program_at_work_outlives_neither_the_server_nor_its_peer() {
    for (deadline_ms, peer_leaves) in [("600000", false), ("1000", true)] {
        let mark = new_name();
        let server = serve(&["--handler-deadline-ms", deadline_ms], &["slow", "3600000", &mark]);
        let mut ea = Ea::connected(&server.path);
        ea.check(r"write 0 1\r\n", "ok");
        let until = Instant::now() + LIMIT;
        while running(&mark) == 0 {
            assert!(Instant::now() < until, "it was never started");
            std::thread::sleep(Duration::from_millis(10));
        }
        if peer_leaves {
            ea.check("close 0", "ok");
            wait_until_none_runs(&mark);
        }
        let Ended { status, out, err, took } = &server.stop();
        assert!(status.success(), "{status} after {took:?}: {err:?}");
        let summary = out.last().expect("the summary is printed");
        let summary: serde_json::Value = serde_json::from_str(summary).expect("it is JSON");
        // The stop ends it, and that is no end to be told of. That its handler is not left behind is
        // seen in the library's test, where the stop has time for it on any machine.
        assert_eq!(summary["programs"]["ended"], 0, "{err:?}");
        assert!(!err.iter().any(|line| line.contains("program ended")), "{err:?}");
        wait_until_none_runs(&mark);
    }
}

/// Whatever a program does with its process group, its connection ends.
#[cfg(unix)]
#[test]
fn a_program_that_cannot_be_reached_does_not_hold_its_connection() {
    if crate::host::is_wine() {
        return programs_that_answer_are_paired_with_their_lines();
    }
    // One leaves its group; of the other a child that left it floods stderr.
    let leaves = "import os,sys,time\nsys.stdin.readline(); print(1)\n\
                  os.setpgid(0,os.getpgid(os.getppid())); time.sleep(60)";
    let floods = "import os,sys\nif os.fork()==0:\n os.setsid()\n \
                  while 1: os.write(2,b'flood'*800)\nsys.stdin.readline(); print(1)";
    for code in [leaves, floods] {
        let options = [&["--json"], &ENOUGH[..], &["exec", "--", "python3", "-c", code]].concat();
        let server = Server::start(&options);
        let mut ea = Ea::connected(&server.path);
        assert_eq!(replies(&mut ea, &["1"]), ["1"]);
        ea.check("close 0", "ok");
        let said = server.stop().err;
        let left = said.iter().find(|line| line.contains("left behind"));
        assert_eq!(left, None, "{code}");
    }
}

#[test]
fn a_program_that_prints_without_end_is_ended() {
    let server = serve(&ENOUGH, &["flood"]);
    let mut ea = Ea::connected(&server.path);
    // Each line gets the flood, or its end; neither is late.
    for reply in replies(&mut ea, &["1", "2", "3", "4"]) {
        assert!(reply == "flood" || reply.starts_with("ERR "), "{reply}");
    }
}

#[test]
fn a_late_answer_is_dropped_and_the_next_one_is_right() {
    let server = serve(&SHORT, &["slow", "3000"]);
    let mut ea = Ea::connected(&server.path);
    let first = replies(&mut ea, &["1", "2"]);
    assert!(first[0].starts_with("ERR handler_timeout "), "{first:?}");
    assert!(first[1].starts_with("ERR handler_busy "), "{first:?}");
    let until = Instant::now() + REPLY_LIMIT;
    loop {
        let reply = replies(&mut ea, &["now"]).remove(0);
        if reply == "now" {
            break;
        }
        assert!(reply.starts_with("ERR handler_busy "), "{reply}");
        assert!(Instant::now() < until, "the program never came back");
        std::thread::sleep(Duration::from_millis(20));
    }
    let summary = server.summary();
    assert_eq!(summary["programs"]["late_answers"], 1);
    assert_eq!(summary["programs"]["started"], 1);
}

/// Three answers missed, and a new program is started; not before its time to start is over.
#[test]
fn a_stuck_program_is_replaced() {
    for (way, line) in [("silent", "1"), ("deaf", &"x".repeat(60_000))] {
        let options = ["--start-limit-ms", "1", "--line-len-max", "65536"];
        let server = serve(&[&SHORT[..], &options].concat(), &[way]);
        let mut ea = Ea::connected(&server.path);
        let until = Instant::now() + REPLY_LIMIT;
        loop {
            let reply = replies(&mut ea, &[line]).remove(0);
            if reply.ends_with("it was ended") || reply.starts_with("ERR handler_unavailable ") {
                break;
            }
            let is_late = reply.starts_with("ERR handler_timeout ");
            assert!(is_late || reply.starts_with("ERR handler_busy "), "{way}: {reply}");
            assert!(Instant::now() < until, "{way} was never replaced");
            std::thread::sleep(Duration::from_millis(20));
        }
        let summary = server.summary();
        assert_eq!(summary["programs"]["replaced"], 1, "{way}");
    }
}

#[test]
fn a_program_knows_its_pipe_and_its_peer() {
    let server = serve(&ENOUGH, &["environment"]);
    let mut ea = Ea::connected(&server.path);
    let want = server.path.clone();
    let got = replies(&mut ea, &["TICKPIPE_PIPE", "TICKPIPE_PEER", "PYTHONUNBUFFERED"]);
    assert_eq!(got[0].replace(r"\\", r"\"), want);
    let id = got[1].split(' ').next().expect("a word");
    assert!(id.parse::<u32>().is_ok_and(|id| id > 0), "{}", got[1]);
    assert!(got[1].contains("ea"), "{}", got[1]);
    assert_eq!(got[2], "1");
}

#[test]
fn what_a_program_says_on_stderr_is_logged() {
    let mut server = serve(&ENOUGH, &["stderr"]);
    let mut ea = Ea::connected(&server.path);
    replies(&mut ea, &["hello"]);
    let logged = server.err.wait_for("hello").expect("the log goes on");
    assert!(logged.contains("stderr"), "{logged}");
}

#[test]
fn a_handler_typed_wrong_is_refused_with_the_mend() {
    for (args, mend) in [
        (&["exec"][..], "serve exec -- PROGRAM ARGS"),
        (&["exec", "python3", "double.py"], "put `--` before the program"),
        (&["double", "--", "x"], "for `exec` alone"),
        (&["double", "x"], "it takes none"),
    ] {
        let output = run(&[&["serve", "--pipe", &new_name()], args].concat(), "");
        assert_eq!(output.code, Some(2), "{args:?}: {}", output.err);
        assert!(output.err.contains(mend), "{args:?}: {}", output.err);
    }
}

/// The examples do what the built-in handler does.
#[cfg(unix)]
#[test]
fn the_examples_double() {
    if crate::host::is_wine() {
        // The languages are not in the prefix; the program in C stands for them.
        return programs_that_answer_are_paired_with_their_lines();
    }
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/handlers");
    let compiled = format!("{}/double-example", env!("CARGO_TARGET_TMPDIR"));
    let source = format!("{directory}/double.c");
    let status = std::process::Command::new("gcc").args(["-o", &compiled, &source]).status();
    assert!(status.expect("gcc runs").success());
    let script = |name: &str| format!("{directory}/{name}");
    for command in [
        vec!["python3".to_owned(), script("double.py")],
        vec!["node".to_owned(), script("double.js")],
        vec!["sh".to_owned(), script("double.sh")],
        vec![compiled],
    ] {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let server = Server::start(&[&ENOUGH[..], &["exec", "--"], &words].concat());
        let mut ea = Ea::connected(&server.path);
        ea.exchange(0, r"1.10000000\r\n", r"2.200\r\n");
        ea.exchange(0, r"1.10012000\r\n", r"2.200\r\n");
        let refused = replies(&mut ea, &["abc"]).remove(0);
        assert!(refused.starts_with("ERR not_a_number "), "{words:?}: {refused}");
        ea.exchange(0, r"145.2505\r\n", r"290.501\r\n");
    }
}

/// Nothing is left running, by the process list, whatever a program started and however it
/// takes the end of its input.
#[cfg(unix)]
#[test]
fn nothing_of_a_program_outlives_its_connection() {
    for (way, count) in [("children", size([1000, 60], [1000, 1000])), ("stubborn", 20)] {
        let mark = new_name();
        let server = serve(&["--quiet"], &[way, &mark]);
        let mut left = count;
        let mut ea = Ea::start();
        while left > 0 {
            let batch = left.min(20);
            ea.check(&format!("openmany 0 {batch} {} 5000", server.path), &format!("ok {batch}"));
            for slot in 0..batch {
                ea.check(&format!(r"write {slot} 1\r\n"), "ok");
            }
            for slot in 0..batch {
                let reply = ea.ask(&format!("line {slot}"));
                // On a busy machine a start may take longer than a line's time.
                assert!(reply == r"line 1\r\n" || reply.contains("ERR"), "{reply}");
            }
            assert!(running(&mark) > 0, "the check is broken: it sees no program that runs");
            ea.check(&format!("closemany 0 {batch}"), "ok");
            left -= batch;
        }
        wait_until_none_runs(&mark);
        // And when the server ends before its peers.
        ea.open(0, &server.path);
        ea.check(r"write 0 1\r\n", "ok");
        ea.ask("line 0");
        let ended = server.stop();
        assert!(ended.status.success(), "{:?}", ended.err);
        wait_until_none_runs(&mark);
    }
}

#[cfg(unix)]
#[track_caller]
pub(crate) fn wait_until_none_runs(mark: &str) {
    let until = Instant::now() + LIMIT;
    while running(mark) > 0 {
        assert!(Instant::now() < until, "{} processes are left", running(mark));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Returns how many handlers with a mark run, those under Wine too.
#[cfg(unix)]
pub(crate) fn running(mark: &str) -> usize {
    // The server's own command line holds the mark as well.
    processes(|words| words.contains(&mark.as_bytes()) && !words.contains(&b"serve".as_slice()))
}
