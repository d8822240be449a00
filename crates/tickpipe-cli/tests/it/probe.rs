//! `tickpipe probe`: each command does what it says, and the server outlives what it does to itself.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::ea::Ea;
#[cfg(unix)]
use crate::host::{LIMIT, processes};
use crate::host::{Lines, Server, is_wine, new_name, run, tickpipe, wait};

fn start(options: &[&str]) -> Server {
    start_on(&new_name(), options)
}

fn start_on(name: &str, options: &[&str]) -> Server {
    let args = [&["-v", "probe", "--pipe", name], options].concat();
    Server::start_command(name, || tickpipe(&args))
}

/// Where an EA meets small buffers.
fn small(server: &Server) -> String {
    server.path.replace(&server.name, &format!("{}-small", server.name))
}

/// Whether pipes are Windows'.
fn has_pipes() -> bool {
    cfg!(windows) || is_wine()
}

/// Gives a command that is answered OK.
#[track_caller]
fn tell(ea: &mut Ea, command: &str) {
    ea.exchange(0, &format!(r"{command}\r\n"), r"OK\r\n");
}

/// Sends what is answered after a while, and checks that it took that while.
#[track_caller]
fn check_late(ea: &mut Ea, request: &str, steps: &[(&str, &str)], at_least: Duration) {
    let begun_at = Instant::now();
    ea.check(&format!("write 0 {request}"), "ok");
    for (command, want) in steps {
        ea.check(command, want);
    }
    // Clocks of different steps may disagree by one.
    let took = begun_at.elapsed() + Duration::from_millis(16);
    assert!(took >= at_least, "{request} took {took:?}, less than {at_least:?}");
}

const PAUSE: Duration = Duration::from_millis(300);

#[test]
fn each_manner_is_one_connections_and_lasts_until_the_next() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    ea.exchange(0, r"1.10000000\r\n", r"2.200\r\n");
    ea.exchange(0, r"hello\n", r"hello\r\n");
    ea.exchange(0, r"\n", r"\r\n");
    for (command, answers) in [
        ("!garbage", &[r"\x80\xff\xfe\xc3(\xa0\xa1\xe2(\xa1\xf0(\x8c\xbc\x1b\x07\x7f\n"][..]),
        ("!long 12", &[r"012345678901\r\n"]),
        ("!nul", &[r"2.\0000\r\n"]),
        ("!twice", &[r"2.000\r\n", r"2.000\r\n"]),
        ("!split", &[r"2.000\r\n"]),
        ("!normal", &[r"2.000\r\n"]),
    ] {
        tell(&mut ea, command);
        for _ in 0..2 {
            ea.check(r"write 0 1\r\n", "ok");
            for answer in answers {
                ea.check("line 0", &format!("line {answer}"));
            }
        }
    }
    tell(&mut ea, "!twice");
    ea.open(1, &server.path);
    ea.exchange(1, r"1\r\n", r"2.000\r\n");
    ea.check("peek 1", "waiting 0");
}

#[test]
fn answers_come_late_in_halves_or_never() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    tell(&mut ea, "!late 300");
    check_late(&mut ea, r"1\r\n", &[("line 0", r"line 2.000\r\n")], PAUSE);
    tell(&mut ea, "!half 300");
    let halves = [("readn 0 3", "data 2.0"), ("line 0", r"line 00\r\n")];
    check_late(&mut ea, r"1\r\n", &halves, PAUSE);
    tell(&mut ea, "!silent");
    ea.check(r"write 0 1\r\n2\r\n", "ok");
    tell(&mut ea, "!normal");
    ea.exchange(0, r"3\r\n", r"6.000\r\n");
}

#[test]
fn the_deaf_hear_later_and_see_an_ea_leave() {
    let mut server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    check_late(
        &mut ea,
        r"!deaf 300\r\n1\r\n",
        &[("line 0", r"line OK\r\n"), ("line 0", r"line 2.000\r\n")],
        PAUSE,
    );
    tell(&mut ea, "!deaf 0");
    ea.check(r"write 0 unread\r\n", "ok");
    ea.check("close 0", "ok");
    let said = server.err.wait_for("connection closed").expect("it goes on");
    assert!(said.contains("PeerLeft"), "{said}");
}

#[test]
fn bytes_come_without_a_line_end_and_are_shown_in_hex() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    ea.check(r"write 0 !bytes 12\r\n", "ok");
    ea.check("readn 0 12", "data 012345678901");
    let parts = [("readn 0 3", "data 012"), ("readn 0 2", "data 01")];
    check_late(&mut ea, r"!two 3 300 2\r\n", &parts, PAUSE);
    ea.check("peek 0", "waiting 0");
    check_late(&mut ea, r"!dump 300\r\na\0\xff\nb", &[("line 0", r"line 6100ff0a62\r\n")], PAUSE);
    ea.exchange(0, r"!dump 0\r\n", r"\r\n");
    ea.exchange(0, r"1\r\n", r"2.000\r\n");
}

#[test]
fn what_is_no_command_is_answered_with_what_is_one() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    for (command, expected) in [
        ("!late", r"!late\sMS,\sMS\sfrom\s0\sto\s60000"),
        ("!late 60001", r"!late\sMS,\sMS\sfrom\s0\sto\s60000"),
        ("!bytes 1048577", r"!bytes\sN,\sN\sfrom\s0\sto\s1048576"),
        ("!nonsense", r"one\sof\s!bytes\s!close\s"),
    ] {
        ea.check(&format!(r"write 0 {command}\r\n"), "ok");
        let got = ea.ask("line 0");
        let found = command.replace(' ', r"\s");
        let want = format!(r"line ERR\susage\sfound\s`{found}`,\sexpected\s{expected}");
        assert!(got.starts_with(&want), "{got}");
    }
    let longest = "x".repeat(4096);
    ea.exchange(0, &format!(r"{longest}\r\n"), &format!(r"{longest}\r\n"));
    ea.exchange(0, &format!(r"{longest}x\n"), r"ERR\stoo_long\sfound\smore\sthan\s4096\sbytes\r\n");
    let asked = server.stop().out;
    assert!(asked[0].starts_with("#1  !late: ERR usage found `!late`"), "{asked:?}");
    assert_eq!(asked.len(), 4, "{asked:?}");
}

/// Unread bytes outlive a close and a death everywhere, a disconnection on Unix only.
#[test]
fn a_connection_ends_in_each_way_with_and_without_bytes() {
    let server = start(&[]);
    for command in ["close", "disconnect"] {
        let mut ea = Ea::connected(&server.path);
        tell(&mut ea, &format!("!{command} 0"));
        // The end meets it in a read, as it does the article's EA.
        let end = ea.ask("line 0");
        assert!(end.starts_with("eof"), "{command}: {end}");
        // So do bytes.
        ea.open(1, &server.path);
        ea.exchange(1, &format!(r"!{command} 10\r\n"), r"OK\r\n");
        ea.check("read 1 1", "data 0");
        // Or it comes to them later.
        ea.open(2, &server.path);
        ea.exchange(2, &format!(r"!{command} 10\r\n"), r"OK\r\n");
        wait_until_ended(&mut ea, 2);
        let want = if command == "disconnect" && has_pipes() { "eof" } else { "data 0123456789" };
        ea.check("readn 2 10", want);
        let end = ea.ask("line 2");
        assert!(end.starts_with("eof"), "{command}: {end}");
    }
}

/// Waits until a write of an EA fails: then its server's end is gone.
fn wait_until_ended(ea: &mut Ea, slot: u32) {
    let until = Instant::now() + Duration::from_secs(60);
    while ea.ask(&format!("write {slot} x")) == "ok" {
        assert!(Instant::now() < until, "the connection does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_that_dies_is_back() {
    let mut server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    let mut other = Ea::connected(&server.path);
    for round in 0..2 {
        tell(&mut ea, "!die 10");
        if round == 1 {
            // What was written outlives the one who wrote it.
            server.err.wait_for("it is started again").expect("it goes on");
        }
        ea.check("readn 0 10", "data 0123456789");
        let end = ea.ask("line 0");
        assert!(end.starts_with("eof"), "{end}");
        let end = other.ask("line 0");
        assert!(end.starts_with("eof"), "others as well: {end}");
        ea.check("close 0", "ok");
        other.check("close 0", "ok");
        server.err.wait_for("listening on ").expect("it comes back");
        ea.open(0, &server.path);
        ea.exchange(0, r"1\r\n", r"2.000\r\n");
        other.open(0, &small(&server));
        other.exchange(0, &format!(r"{round}\r\n"), &format!(r"{}.000\r\n", 2 * round));
    }
    let ended = server.stop();
    assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
    assert_eq!(ended.out, ["#1  !die 10: writes 10 bytes, then dies, and is started again"; 2]);
}

/// On Windows an EA that keeps its handle keeps the name of the server that died.
#[test]
fn a_server_that_was_started_again_waits_for_its_name() {
    let serve = Server::start(&["--quiet", "double"]);
    let args = ["probe", "--worker=again", "--pipe", &serve.name];
    let mut worker = tickpipe(&args).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut out = Lines::of(worker.stdout.take().expect("stdout is piped"));
    let mut err = Lines::of(worker.stderr.take().expect("stderr is piped"));
    err.wait_for("the name is still held").expect("it says so");
    let (name, path) = (serve.name.clone(), serve.path.clone());
    assert!(serve.stop().status.success());
    out.wait_for(&name).expect("it serves then");
    Ea::connected(&path).exchange(0, r"1\r\n", r"2.000\r\n");
    drop(worker.stdin.take());
    assert!(wait(&mut worker).success(), "it ends with its stdin");
}

#[test]
fn pushed_lines_are_timed() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    tell(&mut ea, "!push 20 1");
    for index in 1..=20 {
        ea.check("line 0", &format!(r"line push\s{index}\r\n"));
        ea.check(&format!(r"write 0 push {index}\r\n"), "ok");
    }
    let told = ea.ask("line 0").replace(r"\s", " ");
    let told: Vec<_> = told.trim_end_matches(r"\r\n").split(' ').collect();
    let ["line", "pushed", "20", "p50_us", p50, "p99_us", p99, "max_us", max] = told[..] else {
        panic!("{told:?}")
    };
    let [p50, p99, max] = [p50, p99, max].map(|us| us.parse::<u64>().expect("a number"));
    assert!(0 < p50 && p50 <= p99 && p99 <= max, "{told:?}");

    tell(&mut ea, "!push 3 0");
    ea.check("line 0", r"line push\s1\r\n");
    let found = r"ERR\spush\sfound\s`1`,\sexpected\s`push\s1`\r\n";
    ea.exchange(0, r"1\r\n", found);
    tell(&mut ea, "!push 3 0");
    ea.check("line 0", r"line push\s1\r\n");
    ea.check(
        "line 0",
        r"line ERR\spush\sfound\snothing\swithin\s5000\sms,\sexpected\s`push\s1`\r\n",
    );
    ea.exchange(0, r"1\r\n", r"2.000\r\n");
}

/// On Windows an EA's write waits at the small pipe, on Unix the server's alone does.
#[test]
fn small_buffers_are_small() {
    let server = start(&[]);
    let mut ea = Ea::connected(&small(&server));
    ea.open(1, &server.path);
    if has_pipes() {
        let text = "x".repeat(16 * 1024);
        tell(&mut ea, "!deaf 0");
        ea.exchange(1, r"!deaf 0\r\n", r"OK\r\n");
        ea.check(&format!("write 1 {text}"), "ok");
        ea.begin(&format!("write 0 {text}"));
        std::thread::sleep(PAUSE);
        // A write that did not wait is done by then.
        assert!(server.stop().status.success());
        let result = ea.result();
        assert!(result.starts_with("error "), "{result}");
        return;
    }
    ea.check(r"write 0 !bytes 100000\r\n", "ok");
    ea.check(r"write 1 !bytes 100000\r\n", "ok");
    while ea.ask("peek 1") != "waiting 100000" {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_ne!(ea.ask("peek 0"), "waiting 100000", "all of it fits a small buffer");
    let data = ea.ask("readn 0 100000");
    assert_eq!(data.len(), "data ".len() + 100_000);
}

#[test]
fn faults_come_by_themselves_and_the_same_again() {
    let server = start(&["--late-per-mille", "1000", "--late-ms", "300..300"]);
    let mut ea = Ea::connected(&server.path);
    check_late(&mut ea, r"1\r\n", &[("line 0", r"line 2.000\r\n")], PAUSE);
    let server = start(&["--cut-per-mille", "1000"]);
    ea.check("close 0", "ok");
    ea.open(0, &server.path);
    tell(&mut ea, "!normal");
    ea.check(r"write 0 1\r\n", "ok");
    let end = ea.ask("line 0");
    assert!(end.starts_with("eof"), "{end}");

    let answered = || {
        let server = start(&["--mute-per-mille", "500", "--seed", "4"]);
        let mut ea = Ea::connected(&server.path);
        for line in 0..40 {
            ea.check(&format!(r"write 0 line {line}\r\n"), "ok");
        }
        ea.check(r"write 0 !normal\r\n", "ok");
        let mut answers = Vec::new();
        loop {
            let answer = ea.ask("line 0");
            if answer == r"line OK\r\n" {
                break answers;
            }
            answers.push(answer);
        }
    };
    let first = answered();
    assert!((5..35).contains(&first.len()), "{first:?}");
    assert_eq!(answered(), first);
}

#[test]
fn it_ends_in_order_whatever_connections_do() {
    let server = start(&[]);
    let mut ea = Ea::connected(&server.path);
    tell(&mut ea, "!late 60000");
    ea.check(r"write 0 1\r\n", "ok");
    for (slot, command) in [(1, "!deaf 0"), (2, "!deaf 60000"), (3, "!push 2 60000")] {
        ea.open(slot, &server.path);
        ea.exchange(slot, &format!(r"{command}\r\n"), r"OK\r\n");
    }
    // This one waits in a write that nobody reads.
    ea.open(4, &server.path);
    ea.check(r"write 4 !bytes 1048576\r\n", "ok");
    let ended = server.stop();
    assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
    eprintln!("the end took {:?}", ended.took);
    // It has 800 ms; the rest is for a busy machine.
    assert!(ended.took < Duration::from_secs(5), "the end took {:?}", ended.took);
    let lost = ended.err.iter().find(|line| line.contains("error") || line.contains("died"));
    assert_eq!(lost, None);
}

/// Killed as the Task Manager does it.
#[cfg(unix)]
#[test]
fn nothing_outlives_the_one_that_is_killed() {
    let is_ours = |name: &str| {
        let name = name.as_bytes().to_vec();
        processes(move |words| {
            words.contains(&&name[..]) && words.iter().any(|word| word.starts_with(b"--worker"))
        })
    };
    let server = start(&[]);
    let name = server.name.clone();
    let mut ea = Ea::connected(&server.path);
    tell(&mut ea, "!deaf 0");
    assert!(is_ours(&name) > 0, "the check is broken: it sees no server that runs");
    drop(server);
    let until = Instant::now() + LIMIT;
    while is_ours(&name) > 0 {
        assert!(Instant::now() < until, "the server goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    let end = ea.ask("line 0");
    assert!(end.starts_with("eof"), "{end}");
}

#[test]
fn what_cannot_be_ends_with_its_code() {
    let name = new_name();
    let probe = start_on(&name, &[]);
    let taken = run(&["probe", "--pipe", &name], "");
    assert_eq!(taken.code, Some(3), "{}", taken.err);
    assert!(taken.err.contains("is served by process "), "{}", taken.err);
    let taken = run(&["serve", "--pipe", &format!("{name}-small"), "double"], "");
    assert_eq!(taken.code, Some(3), "{}", taken.err);
    drop(probe);
    let serve = Server::start(&["double"]);
    let taken = run(&["probe", "--pipe", &serve.name], "");
    assert_eq!(taken.code, Some(3), "{}", taken.err);
    for (args, found) in [
        (&["--cut-per-mille", "1001"][..], "faults for 1001 of 1000 lines"),
        (&["--mute-per-mille", "600", "--cut-per-mille", "600"], "faults for 1200 of 1000 lines"),
        (&["--late-ms", "5..1"], "answers late by 5..1 ms"),
        (&["--late-ms", "5"], "such as 200..2000"),
        (&["--pipe", "a/b"], "invalid pipe name"),
    ] {
        let refused = run(&[&["probe"], args].concat(), "");
        assert_eq!(refused.code, Some(2), "{args:?}: {}", refused.err);
        assert!(refused.err.contains(found), "{args:?}: {}", refused.err);
    }
}
