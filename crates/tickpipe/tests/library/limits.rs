//! Every limit, at its value and one beyond.

use std::num::NonZeroU32;
use std::time::Duration;

use tickpipe::{Client, ErrorKind, Peer, Server, ServerConfig, double, echo};

use crate::support::{ask, new_name, start};

#[test]
fn a_line_at_the_limit_is_served() {
    let config = ServerConfig::default().with_line_len_max(16);
    let server = start(config, |_: &Peer| echo);
    let mut client = server.client();
    assert_eq!(ask(&mut client, &"x".repeat(16)), "x".repeat(16));
    assert_eq!(ask(&mut client, &"x".repeat(17)), "too_long");
    assert_eq!(ask(&mut client, "x"), "x");
    server.stop();
}

#[test]
fn a_connection_over_the_limit_is_told_so_and_served_when_there_is_room() {
    let server = start(ServerConfig::default().with_connections_max(1), |_: &Peer| echo);
    let mut first = server.client();
    assert_eq!(ask(&mut first, "1"), "1");
    let mut second = server.client();
    assert_eq!(ask(&mut second, "2"), "busy");
    drop(first);
    while ask(&mut second, "2") == "busy" {}
    assert_eq!(ask(&mut second, "2"), "2");
    server.stop();
}

#[test]
fn beyond_the_kept_connections_one_is_told_and_closed() {
    let server = start(ServerConfig::default().with_connections_max(1), |_: &Peer| echo);
    let mut kept = vec![server.client()];
    assert_eq!(ask(&mut kept[0], "1"), "1");
    kept.extend((0..64).map(|_| server.client()));
    for busy in &mut kept[1..] {
        assert_eq!(ask(busy, "1"), "busy");
    }
    let mut closed = server.client();
    // It is told without having asked; on the way its own line may fail or not.
    if let Ok(reply) = closed.ask("1") {
        assert_eq!(reply.unwrap_err().code, "busy");
    }
    assert!(closed.ask("1").is_err(), "the connection is closed");
    assert_eq!(ask(&mut kept[0], "1"), "1");
    server.stop();
}

#[test]
fn lines_beyond_the_rate_are_refused() {
    let config = ServerConfig::default().with_rate_max(NonZeroU32::MIN);
    let server = start(config, |_: &Peer| echo);
    let mut client = server.client();
    let mut other = server.client();
    assert_eq!(ask(&mut client, "1"), "1");
    assert_eq!(ask(&mut client, "2"), "rate");
    assert_eq!(ask(&mut other, "3"), "3", "each connection has its own rate");
    server.stop();
}

#[test]
fn settings_out_of_range_are_refused_with_the_range() {
    let ms = Duration::from_millis;
    let config = ServerConfig::default;
    for (config, said) in [
        (config().with_line_len_max(15), "allowed are 16 to 65536"),
        (config().with_line_len_max(65_537), "allowed are 16 to 65536"),
        (config().with_idle_instances(1), "allowed are 2 to 60"),
        (config().with_idle_instances(61), "allowed are 2 to 60"),
        (config().with_connections_max(0), "allowed are 1 to 100000"),
        (config().with_handler_deadline(ms(0)), "allowed are 1 to 86400000"),
        (config().with_write_deadline(ms(0)), "allowed are 1 to 86400000"),
        (config().with_line_deadline(ms(0)), "allowed are 1 to 86400000"),
        (config().with_stop_deadline(ms(86_400_001)), "allowed are 1 to 86400000"),
        (config().with_allowed_user("WD"), "is no SID"),
        (config().with_allowed_user("S-1-)(A;;GA;;;WD"), "is no SID"),
    ] {
        let error = Server::bind_with(&new_name(), config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidConfig);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn a_name_has_one_server_and_is_free_after_it() {
    let name = new_name();
    let server = Server::bind(&name).unwrap();
    let error = Server::bind(&name).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameTaken);
    assert!(error.is_retryable());
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    drop(server);
    let server = Server::bind(&name).unwrap();
    assert_eq!(Server::bind(&name).unwrap_err().kind(), ErrorKind::NameTaken);
    drop(server);
}

#[test]
fn a_client_is_told_what_is_wrong() {
    let error = Client::connect(&new_name()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(Client::connect("a/b").unwrap_err().kind(), ErrorKind::InvalidName);
    let server = start(ServerConfig::default(), |_: &Peer| double);
    let mut client = server.client();
    assert_eq!(client.ask("1\n2").unwrap_err().kind(), ErrorKind::InvalidConfig);
    assert_eq!(ask(&mut client, "1"), "2.000");
    server.stop();
    assert_eq!(client.ask("1").unwrap_err().kind(), ErrorKind::Closed);
}
