//! Many clients, and those that behave badly: nobody else is disturbed.

use std::thread;
use std::time::{Duration, Instant};

use crate::ea::Ea;
use crate::host::{Server, size, stalling_lines};

const MOMENTS: [&str; 4] = ["connect", "half", "unread", "answered"];

/// Waits until the connection in `slot` is the only one that the server has.
fn handles_when_settled(ea: &mut Ea) -> [u64; 2] {
    let mut last = [u64::MAX; 2];
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let result = ea.ask("handles 0");
        let words: Vec<_> = result.split(' ').collect();
        let ["handles", handles, "resident_kib", resident] = words[..] else { panic!("{result}") };
        let now = [handles, resident].map(|word| word.parse().expect("a count"));
        if now[0] == last[0] || until < Instant::now() {
            return now;
        }
        last = now;
        thread::sleep(Duration::from_millis(300));
    }
}

/// R2, R3: clients that come and leave at any moment cost nothing and stop nobody.
#[test]
fn clients_that_come_and_leave_cost_nothing() {
    let server = Server::start(&["--quiet", "double"]);
    let mut ea = Ea::connected(&server.path);
    let count = size([1000, 150], [250_000, 62_500]);
    for moment in MOMENTS {
        ea.churn(200, &server.path, moment);
    }
    let before = handles_when_settled(&mut ea);
    let begun_at = Instant::now();
    for moment in MOMENTS {
        let (mut left, mut busy_count) = (count, 0);
        while left > 0 {
            let [busy, missing] = ea.churn(left.min(5000), &server.path, moment);
            assert_eq!(missing, 0, "the name was unowned {missing} times");
            left -= left.min(5000);
            busy_count += busy;
        }
        let mut next = Ea::connected(&server.path);
        let [first, ..] = next.round_trips(0, 1);
        eprintln!(
            "{count} clients left at `{moment}`, {busy_count} times busy; the next was answered in {first} µs"
        );
    }
    let took = begun_at.elapsed();
    let after = handles_when_settled(&mut ea);
    eprintln!(
        "{} connections in {took:.1?}; handles {} to {}, resident {} to {} KiB",
        4 * count,
        before[0],
        after[0],
        before[1],
        after[1]
    );
    assert_eq!(after[0], before[0], "handles leak");
    assert!(after[1] < before[1] + 4096, "memory leaks: {before:?} to {after:?} KiB");
}

/// S4: a prober never finds the name missing while clients come and go.
#[test]
fn the_name_is_never_unowned() {
    let server = Server::start(&["--quiet", "double"]);
    let mut prober = Ea::start();
    let mut ea = Ea::start();
    let milliseconds = size([2000, 2000], [30_000, 110_000]);
    prober.begin(&format!("probe {} {milliseconds} 1000", server.path));
    let until = Instant::now() + Duration::from_millis(milliseconds.into());
    let mut cycles = 0;
    while Instant::now() < until {
        ea.churn(50, &server.path, MOMENTS[cycles % 4]);
        cycles += 1;
    }
    let result = prober.result();
    eprintln!("{} cycles beside `{result}`", cycles * 50);
    assert!(result.starts_with("ok ") && result.contains(" missing 0 "), "{result}");
}

/// R5, row 23: clients that stop reading are closed at the write deadline, and only they.
#[test]
fn stalled_readers_disturb_nobody() {
    let deadline_ms = size([1000, 1000], [10_000, 10_000]).to_string();
    let server = Server::start(&["--json", "--write-deadline-ms", &deadline_ms, "echo"]);
    let stalled = size([8, 4], [100, 100]);
    let mut bad = Ea::start();
    let mut good = Ea::connected(&server.path);
    let line = "x".repeat(4000);
    let alone = (0..5).map(|_| trips(&mut good)).fold(f64::MAX, f64::min);
    bad.check(&format!("openmany 0 {stalled} {} 5000", server.path), &format!("ok {stalled}"));
    for slot in 0..stalled {
        bad.check(&format!(r"repeat {slot} {} {line}\r\n", stalling_lines()), "ok");
    }
    let begun_at = Instant::now();
    let beside = (0..5).map(|_| trips(&mut good)).fold(f64::MAX, f64::min);
    eprintln!("p99 alone {alone} µs, beside {stalled} stalled readers {beside} µs");
    // What the server could send is there; then the end.
    for slot in 0..stalled {
        wait_for_end(&mut bad, slot);
    }
    eprintln!("all closed {:.1?} after the last stalled", begun_at.elapsed());
    good.exchange(0, r"1\r\n", r"1\r\n");
    let summary = server.summary();
    assert_eq!(summary["errors"]["slow_consumer"], stalled, "{summary}");
}

/// Returns the p99 of a hundred round trips.
fn trips(ea: &mut Ea) -> f64 {
    let result = ea.ask(r"exchange 0 100 1.1\r\n|1.1\r\n");
    let words: Vec<_> = result.split(' ').collect();
    assert_eq!(words[..2], ["ok", "100"], "{result}");
    words[3].parse().expect("a figure")
}

/// Waits until a write fails, for the server closed the connection.
fn wait_for_end(ea: &mut Ea, slot: u32) {
    let until = Instant::now() + Duration::from_secs(30);
    while ea.ask(&format!(r"write {slot} 1\r\n")) == "ok" {
        assert!(Instant::now() < until, "slot {slot} is still open");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Row 10: a client that never ends its line gets its one reply and keeps its connection.
#[test]
fn a_line_that_never_ends_disturbs_nobody() {
    let server = Server::start(&["--json", "--line-deadline-ms", "200", "double"]);
    let mut bad = Ea::start();
    let mut good = Ea::connected(&server.path);
    let count = size([20, 10], [1000, 200]);
    bad.check(&format!("openmany 0 {count} {} 5000", server.path), &format!("ok {count}"));
    for slot in 0..count {
        bad.check(&format!("write {slot} 1.1"), "ok");
    }
    good.round_trips(0, 200);
    for slot in 0..count {
        let reply = bad.ask(&format!("line {slot}"));
        assert!(reply.starts_with(r"line ERR\sline_timeout\s"), "{reply}");
        bad.exchange(slot, r"1\n2\r\n", r"4.000\r\n");
    }
    let summary = server.summary();
    assert_eq!(summary["errors"]["line_timeout"], count, "{summary}");
}

/// Row 24: the lines of a connection over the limit are answered `busy`, and served once there is
/// room, in every split.
#[test]
fn a_connection_over_the_limit_is_told_and_served_later() {
    let server = Server::start(&["--connections-max", "2", "double"]);
    for split in ["write", "trickle", "split"] {
        let seed = if split == "split" { "3 " } else { "" };
        let mut ea = Ea::start();
        for slot in 0..2 {
            ea.open(slot, &server.path);
            ea.exchange(slot, r"1\r\n", r"2.000\r\n");
        }
        ea.open(2, &server.path);
        for _ in 0..2 {
            ea.check(&format!(r"{split} 2 {seed}1.5\r\n"), "ok");
            let reply = ea.ask("line 2");
            assert!(reply.starts_with(r"line ERR\sbusy\s"), "{split}: {reply}");
        }
        ea.check("close 1", "ok");
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            ea.check(&format!(r"{split} 2 {seed}1.5\r\n"), "ok");
            let reply = ea.ask("line 2");
            if reply == r"line 3.000\r\n" {
                break;
            }
            assert!(reply.starts_with(r"line ERR\sbusy\s"), "{split}: {reply}");
            assert!(Instant::now() < until, "the free place was never given");
        }
    }
}

/// R1 in small: many at once, each with its own answers.
#[test]
fn many_clients_at_once_each_get_their_own() {
    let server = Server::start(&["--quiet", "echo"]);
    let count = size([200, 60], [1000, 1000]);
    let mut ea = Ea::start();
    ea.check(&format!("openmany 0 {count} {} 10000", server.path), &format!("ok {count}"));
    for round in 0..3 {
        for slot in 0..count {
            ea.check(&format!(r"write {slot} {slot}.{round}\r\n"), "ok");
        }
        for slot in 0..count {
            ea.check(&format!("line {slot}"), &format!(r"line {slot}.{round}\r\n"));
        }
    }
}

/// Shells allow 1,024 open files, fewer than there are connections to serve.
#[cfg(unix)]
#[test]
fn a_shells_limit_of_open_files_is_no_limit_of_ours() {
    let name = crate::host::new_name();
    let args = ["serve", "--quiet", "--pipe", &name, "double"];
    let server = Server::start_command(&name, || {
        let tickpipe = crate::host::tickpipe(&args);
        // Under Wine the wineserver has the files open.
        let limit = if crate::host::is_wine() { "hard" } else { "64" };
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "ulimit -Sn $1; shift; exec \"$@\"", "sh", limit]);
        command.arg(tickpipe.get_program()).args(tickpipe.get_args());
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command
    });
    let mut ea = Ea::start();
    ea.check(&format!("openmany 0 200 {} 5000", server.path), "ok 200");
    for slot in 0..200 {
        ea.exchange(slot, r"1\r\n", r"2.000\r\n");
    }
}
