//! The end of a server: what is computed is sent, who waits is told, what hangs is left.

use std::thread;
use std::time::{Duration, Instant};

use tickpipe::{Client, Exec, Peer, Server, ServerConfig, echo};

use crate::support::{ask, new_name, start, start_gated};

#[test]
fn a_reply_that_is_being_computed_is_sent() {
    let (server, gate) = start_gated(ServerConfig::default().without_handler_deadline(), |_| true);
    let mut client = server.client();
    let asking = thread::spawn(move || {
        let first = ask(&mut client, "1");
        // Its line came before the end, and it is told so, or after.
        let is_ended = match client.ask("2") {
            Ok(reply) => reply.unwrap_err().code == "shutting_down",
            Err(_) => true,
        };
        (first, is_ended)
    });
    gate.wait_for(1);
    server.begin_stop();
    gate.open();
    let (first, is_ended) = asking.join().unwrap();
    assert_eq!(first, "1");
    assert!(is_ended);
    let summary = server.stop();
    let errors: u64 = summary.errors.iter().map(|(_, count)| count).sum();
    assert_eq!(summary.exchanges - errors, 1);
}

#[test]
fn whoever_waits_for_a_handler_that_hangs_is_told() {
    let config = ServerConfig::default()
        .without_handler_deadline()
        .with_stop_deadline(Duration::from_millis(400));
    let (server, gate) = start_gated(config, |_| true);
    let mut client = server.client();
    let asking = thread::spawn(move || ask(&mut client, "1"));
    gate.wait_for(1);
    let begun_at = Instant::now();
    let summary = server.stop();
    assert!(begun_at.elapsed() < Duration::from_secs(10));
    assert_eq!(asking.join().unwrap(), "shutting_down");
    assert_eq!(summary.abandoned, 1);
    gate.open();
}

/// A handler that waits for its program returns once the stop has ended that.
#[test]
fn a_program_at_work_is_ended_and_not_left_behind() {
    // It never answers; the one of Windows reads its line and waits for another.
    let exec = if cfg!(windows) {
        Exec::new("cmd", ["/c", "set /p line= & set /p more="])
    } else {
        Exec::new("sleep", ["3600"])
    };
    let config = ServerConfig::default()
        .without_handler_deadline()
        .with_stop_deadline(Duration::from_secs(8));
    let server = Server::bind_with(&new_name(), config).unwrap();
    let (name, stopper) = (server.name().to_string(), server.stopper());
    let serving = thread::spawn({
        let exec = exec.clone();
        move || server.serve_exec(&exec)
    });
    let asking = thread::spawn(move || ask(&mut Client::connect(&name).unwrap(), "1"));
    while exec.summary().started == 0 {
        thread::yield_now();
    }
    stopper.stop();
    let summary = serving.join().unwrap().unwrap();
    assert_eq!(asking.join().unwrap(), "shutting_down");
    assert_eq!(summary.abandoned, 0);
    assert_eq!(exec.summary().ended, 0, "it did not end by itself");
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let server = start(ServerConfig::default(), |_: &Peer| echo);
    let mut idle = server.client();
    assert_eq!(ask(&mut idle, "1"), "1");
    let summary = server.stop();
    assert_eq!((summary.connections, summary.exchanges), (1, 1));
    assert!(idle.ask("2").is_err());
}
