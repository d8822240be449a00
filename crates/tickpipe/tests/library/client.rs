//! What a client can do beside asking.

use std::thread;
use std::time::Duration;

use tickpipe::{Client, ErrorKind, Peer, RemoteError, ServerConfig, double};

use crate::support::{start, start_gated};

#[test]
fn an_exchange_gives_each_reply_as_it_came() {
    let server = start(ServerConfig::default(), |_: &Peer| double);
    let mut client = server.client();
    assert_eq!(client.exchange("1.10000000").unwrap(), "2.200");
    let refused = client.exchange("abc").unwrap();
    assert!(refused.starts_with("ERR not_a_number "), "{refused}");
    assert_eq!(RemoteError::from_reply(refused).unwrap().code, "not_a_number");
    assert_eq!(client.exchange("2").unwrap(), "4.000");
    server.stop();
}

#[test]
fn a_wait_can_be_interrupted_from_another_thread() {
    let config = ServerConfig::default().without_handler_deadline();
    let (server, gate) = start_gated(config, |_| true);
    let mut client = server.client();
    let interrupter = client.interrupter();
    let asking = thread::spawn(move || {
        let first = client.ask("1").unwrap_err();
        (first, client.ask("2").unwrap_err())
    });
    gate.wait_for(1);
    interrupter.interrupt();
    let (first, second) = asking.join().unwrap();
    assert_eq!((first.kind(), second.kind()), (ErrorKind::Closed, ErrorKind::Closed));
    gate.open();
    server.stop();
}

#[test]
fn a_reply_that_does_not_come_is_waited_for_no_longer_than_allowed() {
    let config = ServerConfig::default().without_handler_deadline();
    let (server, gate) = start_gated(config, |_| true);
    let mut client = Client::connect_with(&server.name, Duration::from_millis(20)).unwrap();
    let error = client.ask("1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.to_string(), "no reply within 20 ms");
    gate.open();
    server.stop();
}
