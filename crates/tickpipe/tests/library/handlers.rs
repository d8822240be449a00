//! Handlers that are late, panic, or say what cannot be sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tickpipe::{ErrorCode, LineError, Peer, Reply, ServerConfig, Tap, TapEvent, echo};

use crate::support::{Gate, LIMIT, ask, start, start_gated};

/// A deadline that a handler which hangs meets soon, and one that does not never.
const DEADLINE: Duration = Duration::from_millis(500);

#[test]
fn a_late_handler_costs_one_error_and_is_used_again() {
    let gate = Gate::default();
    let config = ServerConfig::default().with_handler_deadline(DEADLINE);
    let server = start(config, {
        let gate = gate.clone();
        move |_: &Peer| {
            let gate = gate.clone();
            let mut lines = 0;
            move |line: &str| {
                lines += 1;
                if line == "hang" {
                    gate.pass();
                }
                Ok(format!("{lines} {line}"))
            }
        }
    });
    let mut client = server.client();
    let mut other = server.client();
    assert_eq!(ask(&mut client, "a"), "1 a");
    assert_eq!(ask(&mut client, "hang"), "handler_timeout");
    assert_eq!(ask(&mut client, "b"), "handler_busy");
    assert_eq!(ask(&mut other, "c"), "1 c", "no other connection notices");
    gate.open();
    // The handler comes back with what it kept; its late answer is gone.
    let until = Instant::now() + LIMIT;
    let answer = loop {
        let answer = ask(&mut client, "d");
        if answer != "handler_busy" {
            break answer;
        }
        assert!(Instant::now() < until, "the handler never came back");
    };
    assert_eq!(answer, "3 d");
    assert_eq!(ask(&mut client, "e"), "4 e");
    let summary = server.stop();
    assert_eq!(summary.late_replies, 1);
    assert_eq!(summary.abandoned, 0);
    let count = |code| summary.errors.iter().find(|(c, _)| *c == code).map_or(0, |(_, n)| *n);
    assert_eq!(count(ErrorCode::HandlerTimeout), 1);
    assert!(count(ErrorCode::HandlerBusy) >= 1);
}

#[test]
fn a_handler_may_be_late_again_and_again() {
    let gates: Vec<Gate> = (0..5).map(|_| Gate::default()).collect();
    let config = ServerConfig::default().with_handler_deadline(Duration::from_millis(50));
    let server = start(config, {
        let gates = gates.clone();
        move |_: &Peer| {
            let gates = gates.clone();
            move |line: &str| -> Reply {
                if let Some(gate) = line.parse().ok().and_then(|index: usize| gates.get(index)) {
                    gate.pass();
                }
                Ok("done".to_owned())
            }
        }
    });
    let mut client = server.client();
    for (index, gate) in gates.iter().enumerate() {
        assert_eq!(ask(&mut client, &index.to_string()), "handler_timeout");
        gate.open();
        while ask(&mut client, "x") == "handler_busy" {}
    }
    assert_eq!(server.stop().late_replies, 5);
}

#[test]
fn lines_that_came_with_the_late_one_are_answered_in_order() {
    let config = ServerConfig::default().with_handler_deadline(Duration::from_millis(50));
    let (tap, events) = Tap::new(100);
    let (server, gate) = start_gated(config.with_tap(tap), |line| line == "1");
    // Three lines in one write: the second and third wait behind a handler that hangs.
    let mut client = server.raw_client();
    client.write_all(b"1\r\n2\r\n3\r\n").unwrap();
    let mut replies = BufReader::new(client).lines().map(Result::unwrap);
    for code in ["handler_timeout", "handler_busy", "handler_busy"] {
        let reply = replies.next().unwrap();
        assert!(reply.starts_with(&format!("ERR {code} ")), "{reply}");
    }
    gate.open();
    server.stop();
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            TapEvent::Exchange { request, reply, .. } => {
                Some((request.to_string(), reply.unwrap_err().code()))
            }
            TapEvent::Opened { .. } | TapEvent::Closed { .. } | _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1".to_owned(), ErrorCode::HandlerTimeout),
            ("2".to_owned(), ErrorCode::HandlerBusy),
            ("3".to_owned(), ErrorCode::HandlerBusy)
        ]
    );
}

#[test]
fn a_connection_ends_although_its_late_handler_hangs() {
    let config = ServerConfig::default()
        .with_handler_deadline(Duration::from_millis(50))
        .with_write_deadline(Duration::from_millis(200));
    let (server, gate) = start_gated(config, |_| true);
    let mut client = server.raw_client();
    client.write_all(b"hang\n").unwrap();
    // It never reads, so its replies pile up until the server gives up on it.
    while client.write_all(&b"more\n".repeat(100)).is_ok() {}
    let mut rest = Vec::new();
    // What was sent is there, and then the end: the handle is closed.
    drop(client.read_to_end(&mut rest));
    assert!(rest.starts_with(b"ERR handler_timeout "));
    gate.open();
    let summary = server.stop();
    assert!(summary.errors.contains(&(ErrorCode::SlowConsumer, 1)), "{summary:?}");
}

/// Says on which thread it was dropped, and hangs there if told to.
struct Dropped {
    said: std::sync::mpsc::Sender<String>,
    gate: Option<Gate>,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(gate) = &self.gate {
            gate.pass();
        }
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        drop(self.said.send(name));
    }
}

#[test]
fn a_late_handler_of_a_closed_connection_is_dropped_on_its_own_thread_and_keeps_its_place() {
    let gate = Gate::default();
    let (said, dropped) = std::sync::mpsc::channel();
    let config = ServerConfig::default()
        .with_handler_deadline(Duration::from_millis(50))
        .with_connections_max(1);
    let server = start(config, {
        let gate = gate.clone();
        move |_: &Peer| {
            let gate = gate.clone();
            let dropped = Dropped { said: said.clone(), gate: None };
            move |line: &str| {
                let _keep = &dropped;
                if line == "hang" {
                    gate.pass();
                }
                echo(line)
            }
        }
    });
    let mut client = server.client();
    assert_eq!(ask(&mut client, "hang"), "handler_timeout");
    drop(client);
    let mut next = server.client();
    // However long the peer is gone: its handler still works.
    for _ in 0..20 {
        assert_eq!(ask(&mut next, "x"), "busy");
    }
    gate.open();
    let thread = dropped.recv_timeout(LIMIT).unwrap();
    assert!(thread.starts_with("tickpipe-") && thread != "tickpipe-watchdog", "{thread}");
    while ask(&mut next, "x") == "busy" {}
    assert_eq!(ask(&mut next, "x"), "x");
    server.stop();
}

#[test]
fn a_handler_that_panics_and_hangs_when_dropped_is_late_as_well() {
    let gate = Gate::default();
    let (said, dropped) = std::sync::mpsc::channel();
    let config = ServerConfig::default().with_handler_deadline(Duration::from_millis(50));
    let server = start(config, {
        let gate = gate.clone();
        move |_: &Peer| {
            let dropped = Dropped { said: said.clone(), gate: Some(gate.clone()) };
            move |line: &str| {
                let _keep = &dropped;
                assert!(line != "panic", "as the test wants");
                echo(line)
            }
        }
    });
    let mut client = server.client();
    assert_eq!(ask(&mut client, "panic"), "handler_timeout");
    assert_eq!(ask(&mut client, "x"), "handler_busy");
    gate.open();
    dropped.recv_timeout(LIMIT).unwrap();
    while ask(&mut client, "x") == "handler_busy" {}
    assert_eq!(ask(&mut client, "x"), "x");
    server.stop();
}

/// R7: a thousand panics end nothing and disturb nobody.
#[test]
fn a_panic_is_one_error_and_a_new_handler() {
    let made = Arc::new(AtomicU32::new(0));
    let server = start(ServerConfig::default(), {
        let made = Arc::clone(&made);
        move |_: &Peer| {
            made.fetch_add(1, Ordering::Relaxed);
            let mut lines = 0;
            move |line: &str| {
                assert!(line != "panic", "as the test wants");
                lines += 1;
                Ok(format!("{lines}"))
            }
        }
    });
    // A thousand traces would hide what else is said.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str() != Some("as the test wants") {
            hook(panic);
        }
    }));
    let mut client = server.client();
    let mut other = server.client();
    for round in 1..=1000 {
        assert_eq!(ask(&mut client, "panic"), "handler_panic");
        assert_eq!(ask(&mut other, "x"), round.to_string());
    }
    assert_eq!(ask(&mut client, "x"), "1");
    assert_eq!(made.load(Ordering::Relaxed), 1002);
    let summary = server.stop();
    assert_eq!(summary.errors, [(ErrorCode::HandlerPanic, 1000)]);
}

#[test]
fn a_factory_that_panics_is_an_error_too() {
    let server = start(ServerConfig::default(), |_: &Peer| {
        if std::hint::black_box(true) {
            panic!("no handler today");
        }
        echo
    });
    assert_eq!(ask(&mut server.client(), "x"), "handler_panic");
    server.stop();
}

#[test]
fn a_handlers_own_error_and_its_impossible_replies_are_one_line() {
    let server = start(ServerConfig::default(), |_: &Peer| {
        |line: &str| match line {
            "fail" => Err(LineError::failed("market\r\nclosed")),
            "two lines" => Ok("1\n2".to_owned()),
            "long" => Ok("x".repeat(65_537)),
            "longest" => Ok("x".repeat(65_536)),
            _ => echo(line),
        }
    });
    let mut client = server.client();
    let failed = client.ask("fail").unwrap().unwrap_err();
    assert_eq!((failed.code.as_str(), failed.text.as_str()), ("handler_failed", "market  closed"));
    assert_eq!(ask(&mut client, "two lines"), "bad_reply");
    assert_eq!(ask(&mut client, "long"), "bad_reply");
    assert_eq!(ask(&mut client, "longest").len(), 65_536);
    assert_eq!(ask(&mut client, "x"), "x");
    server.stop();
}

#[test]
fn the_tap_tells_what_came_and_what_went_and_drops_what_nobody_takes() {
    let (tap, events) = Tap::new(3);
    let server = start(ServerConfig::default().with_tap(tap.clone()), |_: &Peer| echo);
    let mut client = server.client();
    for line in ["1", "2", "3", "4"] {
        assert_eq!(ask(&mut client, line), line);
    }
    drop(client);
    server.stop();
    assert_eq!(tap.dropped(), 3, "two exchanges and the end");
    drop(tap);
    let told: Vec<_> = events.iter().collect();
    assert!(matches!(&told[0], TapEvent::Opened { connection: 1, .. }), "{told:?}");
    assert!(
        matches!(&told[1], TapEvent::Exchange { request, reply: Ok(reply), .. }
            if **request == *"1" && reply == "1"),
        "{told:?}"
    );
    assert_eq!(told.len(), 3);
}
