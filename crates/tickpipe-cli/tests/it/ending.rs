//! How a server ends: in good order, in bounded time, however its peers behave.
use std::time::{Duration, Instant};

use crate::ea::Ea;
#[cfg(unix)]
use crate::host::is_wine;
use crate::host::{Server, size, stalling_lines};

/// R8: every reply that was computed arrives whole, waiting peers are told, the end comes in time.
#[test]
fn a_stop_under_load_loses_no_reply() {
    let mut longest = Duration::ZERO;
    for round in 0..size([30, 5], [1000, 200]) {
        let server = Server::start(&["--json", "double"]);
        let mut ea = Ea::start();
        ea.check(&format!("openmany 0 4 {} 5000", server.path), "ok 4");
        // Slot 0 is in the middle of many round trips, slots 1 to 3 wait idle or have an answer.
        ea.exchange(1, r"1\r\n", r"2.000\r\n");
        ea.check(r"write 2 1\r\n2\r\n3\r\n", "ok");
        ea.check("write 3 1.1", "ok");
        ea.begin(r"exchange 0 1000000 1.10000000\r\n|2.200\r\n");
        std::thread::sleep(Duration::from_millis(u64::from(round % 7)));
        let begun_at = Instant::now();
        ask_to_end(&server, round);
        let ended = server.ended(begun_at);
        assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
        longest = longest.max(ended.took);
        // The exchange ended with `shutting_down`, or with the end of the connection.
        let result = ea.result();
        let is_told = result.contains(r"ERR\sshutting_down\s");
        assert!(is_told || result.starts_with("error "), "{result}");
        // Every line of slot 2 has its reply, whole.
        for want in ["2.000", "4.000", "6.000"] {
            let got = ea.ask("line 2");
            let is_answer = got == format!(r"line {want}\r\n");
            assert!(is_answer || got.contains(r"ERR\sshutting_down\s"), "{got}");
        }
        for slot in [1, 2] {
            let end = ea.ask(&format!("line {slot}"));
            assert!(end.starts_with("eof"), "slot {slot}: {end}");
        }
        // What the server counted as sent has arrived: nothing of it was lost in slot 0 either.
        let summary: serde_json::Value =
            serde_json::from_str(ended.out.last().expect("a summary")).expect("JSON");
        if let Some(done) = result.strip_prefix("mismatch ").and_then(|rest| rest.split(' ').next())
        {
            let done: u64 = done.parse().expect("a count");
            assert_eq!(summary["exchanges"], done + 1 + 1 + 3, "{result} {summary}");
        }
    }
    eprintln!("the longest stop took {longest:?}");
    assert!(longest < Duration::from_secs(5), "a stop took {longest:?}");
}

/// Asks in one of the ways that there are.
fn ask_to_end(server: &Server, round: u32) {
    // Under Wine SIGTERM ends a process at once, and there is no SIGHUP.
    #[cfg(unix)]
    if !is_wine() {
        use rustix::process::Signal;
        return server.signal([Signal::INT, Signal::TERM, Signal::HUP][round as usize % 3]);
    }
    // One way is left, whatever the round.
    let _ = round;
    server.interrupt();
}

/// A peer that does not read cannot hold up the end, and a second signal ends it at once.
#[test]
fn a_stalled_peer_cannot_hold_up_the_end() {
    for second in [false, true] {
        let server = Server::start(&["--quiet", "echo"]);
        let mut ea = Ea::connected(&server.path);
        let line = "x".repeat(4000);
        ea.check(&format!(r"repeat 0 {} {line}\r\n", stalling_lines()), "ok");
        wait_until_stalled(&mut ea);
        let begun_at = Instant::now();
        server.interrupt();
        if second {
            std::thread::sleep(Duration::from_millis(300));
            server.interrupt();
        }
        let ended = server.ended(begun_at);
        if second {
            assert_eq!(ended.status.code(), Some(130), "{:?}", ended.err);
        } else {
            assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
        }
        eprintln!("with a second signal: {second}; the end took {:?}", ended.took);
        assert!(ended.took < Duration::from_secs(5), "the end took {:?}", ended.took);
    }
}

/// Waits until nothing more comes, for the server's write waits.
fn wait_until_stalled(ea: &mut Ea) {
    let mut before = String::new();
    loop {
        let now = ea.ask("peek 0");
        if now == before && now != "waiting 0" {
            return;
        }
        before = now;
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// `nohup` has SIGHUP ignored, and so it stays.
#[cfg(unix)]
#[test]
fn a_server_under_nohup_outlives_its_terminal() {
    if is_wine() {
        // There is no SIGHUP on Windows; a closed console asks for the end there.
        return an_idle_server_ends_at_once();
    }
    let name = crate::host::new_name();
    let server = Server::start_command(&name, || {
        let tickpipe = crate::host::tickpipe(&["serve", "--pipe", &name, "double"]);
        let mut command = std::process::Command::new("nohup");
        command.arg(tickpipe.get_program()).args(tickpipe.get_args());
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command
    });
    server.signal(rustix::process::Signal::HUP);
    Ea::connected(&server.path).exchange(0, r"1\r\n", r"2.000\r\n");
    assert!(server.stop().status.success());
}

/// A server that nobody ever reached ends as well.
#[test]
fn an_idle_server_ends_at_once() {
    let ended = Server::start(&["double"]).stop();
    assert!(ended.status.success(), "{}", ended.status);
    assert!(
        ended.err.iter().any(|line| line == "0 connections, 0 exchanges, 0 errors"),
        "{:?}",
        ended.err
    );
}
