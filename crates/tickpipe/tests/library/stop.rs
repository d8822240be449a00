//! The end of a server: what is computed is sent, who waits is told, what hangs is left.

use std::thread;
use std::time::{Duration, Instant};

use tickpipe::{Peer, ServerConfig, echo};

use crate::support::{ask, start, start_gated};

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

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let server = start(ServerConfig::default(), |_: &Peer| echo);
    let mut idle = server.client();
    assert_eq!(ask(&mut idle, "1"), "1");
    let summary = server.stop();
    assert_eq!((summary.connections, summary.exchanges), (1, 1));
    assert!(idle.ask("2").is_err());
}
