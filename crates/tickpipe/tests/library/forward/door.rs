//! Who comes over TCP and has no token, or not yet.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::{ErrorCode, ErrorKind, Peer, Server, ServerConfig, Tap, TapEvent, Token, double};

use super::listening;
use crate::support::{LIMIT, Running, ask, new_name, start};

/// 128 bits, to be written as a stranger would.
const DIGITS: &str = "00112233445566778899aabbccddeeff";

fn start_listening(config: impl Fn(ServerConfig) -> ServerConfig) -> Running {
    let token = Token::from_digits(DIGITS).unwrap();
    start(config(listening(&token)), |_: &Peer| double)
}

fn connect(server: &Running) -> TcpStream {
    let stream = TcpStream::connect(server.tcp_address()).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Sends `bytes` and returns all that comes until the end.
fn told(mut stream: TcpStream, bytes: &[u8]) -> String {
    stream.write_all(bytes).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_comes_behind_the_token_is_served() {
    let (tap, events) = Tap::new(10);
    let server = start_listening(|config| config.with_tap(tap.clone()));
    let stream = connect(&server);
    let address = stream.local_addr().unwrap();
    (&stream).write_all(format!("{DIGITS}\n1\r\nx\r\n2").as_bytes()).unwrap();
    let mut lines = BufReader::new(&stream).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "OK");
    assert_eq!(lines.next().unwrap(), "2.000");
    assert!(lines.next().unwrap().starts_with("ERR not_a_number "));
    (&stream).write_all(b"\n").unwrap();
    assert_eq!(lines.next().unwrap(), "4.000");
    let TapEvent::Opened { peer, .. } = events.recv().unwrap() else { panic!("not opened first") };
    assert_eq!((peer.address, peer.process_id), (Some(address), None));
    server.stop();
}

#[test]
fn without_the_token_nobody_is_served() {
    let server = start_listening(|config| config);
    let long = "0".repeat(513);
    for first in ["", "1.1", "POST / HTTP/1.1", &DIGITS[1..], &DIGITS.to_uppercase(), &long] {
        let text = told(connect(&server), format!("{first}\r\n1.10000000\r\n").as_bytes());
        assert!(text.starts_with("ERR token_refused "), "{first}: {text}");
        assert_eq!(text.lines().count(), 1, "{first}: {text}");
        assert!(!text.contains("0011") && !text.contains("2.200"), "{first}: {text}");
    }
    assert_eq!(ask(&mut server.client(), "1"), "2.000", "the pipe needs none");
    let summary = server.stop();
    assert_eq!(summary.errors, [(ErrorCode::TokenRefused, 6)]);
    assert_eq!(summary.connections, 1);
}

#[test]
fn many_wrong_tokens_are_answered_late_and_the_right_one_is_not() {
    let server = start_listening(|config| config);
    for _ in 0..5 {
        told(connect(&server), b"wrong\n");
    }
    let begun_at = Instant::now();
    let late = thread::spawn({
        let stream = connect(&server);
        move || told(stream, b"wrong\n")
    });
    let stream = connect(&server);
    (&stream).write_all(format!("{DIGITS}\n").as_bytes()).unwrap();
    assert_eq!(BufReader::new(&stream).lines().next().unwrap().unwrap(), "OK");
    late.join().unwrap();
    assert!(begun_at.elapsed() >= Duration::from_secs(1), "the sixth is not delayed");
    server.stop();
}

/// Half a token is no token after 5 s, and takes nobody's place meanwhile.
#[test]
fn who_shows_half_a_token_has_no_place() {
    let server = start_listening(|config| config.with_connections_max(1));
    let half = connect(&server);
    let waiting = thread::spawn(move || told(half, &DIGITS.as_bytes()[..16]));
    let mut client = server.client();
    assert_eq!(ask(&mut client, "1"), "2.000");
    let text = waiting.join().unwrap();
    assert!(text.starts_with("ERR token_refused no token came within 5000 ms"), "{text}");
    assert_eq!(ask(&mut client, "1"), "2.000");
    server.stop();
}

/// Nobody is shut out by those who come and say nothing, however often they come again.
#[test]
fn those_without_token_are_limited_and_told_of_the_stop() {
    let server = start_listening(|config| config);
    let mut kept: VecDeque<_> = (0..64).map(|_| connect(&server)).collect();
    for _ in 0..3 {
        let mut honest = BufReader::new(connect(&server));
        honest.get_ref().write_all(format!("{DIGITS}\n1\n").as_bytes()).unwrap();
        let mut said = String::new();
        honest.read_line(&mut said).unwrap();
        honest.read_line(&mut said).unwrap();
        assert_eq!(said, "OK\r\n2.000\r\n");
        // Closed with or without a reset, but not one byte is said to the oldest.
        let mut said = Vec::new();
        drop(kept.pop_front().unwrap().read_to_end(&mut said));
        assert_eq!(said, b"");
        kept.push_back(connect(&server));
    }
    assert_eq!(ask(&mut server.client(), "1"), "2.000", "the pipe is served");
    server.stop();
    for mut stream in kept {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("ERR shutting_down "), "{text}");
    }
}

/// Nor by those who wait for the answer to a wrong token.
#[test]
fn a_late_refusal_gives_its_place_up() {
    let server = start_listening(|config| config);
    for _ in 0..5 {
        told(connect(&server), b"wrong\n");
    }
    let begun_at = Instant::now();
    let mut late = connect(&server);
    late.write_all(b"wrong\n").unwrap();
    let silent: Vec<_> = (0..64).map(|_| connect(&server)).collect();
    let mut said = String::new();
    drop(late.read_to_string(&mut said));
    // Were the machine too slow to fill the lobby in a second, it would have been told in time.
    assert!(said.is_empty() || begun_at.elapsed() >= Duration::from_secs(1), "{said}");
    drop(silent);
    assert_eq!(server.stop().errors, [(ErrorCode::TokenRefused, 6)]);
}

#[test]
fn an_address_has_one_server() {
    let server = start_listening(|config| config);
    let token = Token::random().unwrap();
    let address = server.tcp_address().to_string();
    let config =
        ServerConfig::default().with_listen(tickpipe::Endpoint::loopback(&address).unwrap(), token);
    let error = Server::bind_with(&new_name(), config).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddressTaken);
    assert!(error.to_string().contains(&address), "{error}");
    server.stop();
}
