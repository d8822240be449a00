//! Lines that go to another server over TCP.

mod door;
mod middleman;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::{
    Client, Endpoint, ErrorCode, Forward, LineHandler as _, Peer, Server, ServerConfig, Token,
    double, echo,
};

use self::middleman::{Fate, Middleman};
use crate::support::{LIMIT, Running, ask, new_name, start, start_gated};

fn listening(token: &Token) -> ServerConfig {
    ServerConfig::default().with_listen(Endpoint::loopback("127.0.0.1:0").unwrap(), token.clone())
}

fn forward_to(address: SocketAddr, token: &Token) -> Forward {
    Forward::new(Endpoint::loopback(&address.to_string()).unwrap(), token.clone())
}

/// Starts a server that forwards.
fn start_near(config: ServerConfig, forward: &Forward) -> Running {
    let forward = forward.clone();
    start(config, move |_: &Peer| forward.handler())
}

#[test]
fn a_line_goes_there_and_its_answer_comes_back() {
    let token = Token::random().unwrap();
    let far = start(listening(&token), |_: &Peer| double);
    let forward = forward_to(far.tcp_address(), &token);
    let near = start_near(ServerConfig::default(), &forward);
    let mut client = near.client();
    assert_eq!(ask(&mut client, "1.10000000"), "2.200");
    assert_eq!(ask(&mut client, "abc"), "not_a_number", "an error keeps its code");
    assert_eq!(ask(&mut near.client(), "2"), "4.000");
    drop(client);
    near.stop();
    let summary = far.stop();
    assert_eq!((summary.connections, summary.exchanges), (2, 3));
    assert_eq!(forward.summary().connected, 2);
}

#[test]
fn a_line_arrives_as_it_is() {
    let token = Token::random().unwrap();
    let far = start(listening(&token), |_: &Peer| |line: &str| Ok(format!("{line:?}")));
    let near = start_near(ServerConfig::default(), &forward_to(far.tcp_address(), &token));
    let mut client = near.client();
    for line in ["1\r", " 1 ", "\u{e9}\u{1f600}", "ERR busy", "\u{1b}[2J", &"x".repeat(4096)] {
        assert_eq!(ask(&mut client, line), format!("{line:?}"));
    }
    near.stop();
    far.stop();
}

/// What the way does to an exchange changes nothing for the next: each line gets one reply, its own
/// answer or an error, and nothing is executed twice.
#[test]
fn a_bad_way_costs_errors_and_no_pairing() {
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
    let runs: Vec<_> =
        (1..=7).chain([random]).map(|seed| (seed, thread::spawn(move || bad_way(seed)))).collect();
    let mut fates = BTreeSet::new();
    for (seed, run) in runs {
        match run.join() {
            Ok(met) => fates.extend(met),
            Err(_) => panic!("seed {seed}"),
        }
    }
    assert_eq!(fates.len(), Fate::COUNT, "of all that may happen only this did: {fates:?}");
}

/// Has lines answered over a way that fails as `seed` says; returns what happened to them.
fn bad_way(seed: u64) -> BTreeSet<Fate> {
    const ANSWERS: usize = 40;
    const DEADLINE: Duration = Duration::from_millis(200);
    let token = Token::random().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let far = start(listening(&token), {
        let asked = Arc::clone(&asked);
        move |_: &Peer| {
            let asked = Arc::clone(&asked);
            move |line: &str| {
                asked.lock().unwrap().push(line.to_owned());
                Ok(format!("answer to {line}"))
            }
        }
    });
    let middleman = Middleman::start(far.tcp_address(), seed, DEADLINE * 3);
    let forward = forward_to(middleman.address(), &token);
    let near = start_near(ServerConfig::default().with_handler_deadline(DEADLINE), &forward);
    let mut client = near.client();
    let mut answered = 0;
    let mut lines = 0;
    let until = Instant::now() + LIMIT;
    while answered < ANSWERS {
        assert!(Instant::now() < until, "seed {seed}: {answered} of {lines} answered");
        lines += 1;
        match client.ask(&lines.to_string()).unwrap() {
            Ok(answer) => {
                assert_eq!(answer, format!("answer to {lines}"), "seed {seed}");
                answered += 1;
            }
            Err(error) => {
                let codes =
                    ["handler_busy", "handler_ended", "handler_timeout", "handler_unavailable"];
                assert!(codes.contains(&error.code.as_str()), "seed {seed}: {error}");
            }
        }
    }
    assert_eq!(near.stop().exchanges, lines, "seed {seed}");
    let fates = middleman.stop();
    far.stop();
    let asked = asked.lock().unwrap();
    let once: BTreeSet<_> = asked.iter().collect();
    assert_eq!(once.len(), asked.len(), "seed {seed}: a line was sent twice: {asked:?}");
    fates
}

#[test]
fn a_line_waits_for_a_server_that_starts_late() {
    let token = Token::random().unwrap();
    let absent = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let forward = forward_to(absent, &token);
    let near = start_near(ServerConfig::default().with_handler_deadline(LIMIT), &forward);
    let mut client = near.client();
    let asking = thread::spawn(move || ask(&mut client, "1"));
    let config = ServerConfig::default()
        .with_listen(Endpoint::loopback(&absent.to_string()).unwrap(), token);
    let far = Server::bind_with(&new_name(), config).unwrap();
    let stopper = far.stopper();
    let serving = thread::spawn(move || far.serve_fn(double));
    assert_eq!(asking.join().unwrap(), "2.000");
    near.stop();
    stopper.stop();
    serving.join().unwrap().unwrap();
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let token = Token::random().unwrap();
    let absent = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = ServerConfig::default().with_handler_deadline(Duration::from_millis(300));
    let near = start_near(config, &forward_to(absent, &token));
    let error = near.client().ask("1").unwrap().unwrap_err();
    assert_eq!(error.code, "handler_unavailable");
    assert!(error.text.starts_with(&format!("cannot reach the server at {absent}: ")), "{error}");
    near.stop();
}

#[test]
fn a_connection_that_was_lost_meanwhile_is_made_anew() {
    let token = Token::random().unwrap();
    let far = start(listening(&token), |_: &Peer| echo);
    let address = far.tcp_address();
    let forward = forward_to(address, &token);
    let near = start_near(ServerConfig::default().with_handler_deadline(LIMIT), &forward);
    let mut client = near.client();
    assert_eq!(ask(&mut client, "1"), "1");
    far.stop();
    let config = ServerConfig::default()
        .with_listen(Endpoint::loopback(&address.to_string()).unwrap(), token);
    let far = start(config, |_: &Peer| echo);
    assert_eq!(ask(&mut client, "2"), "2", "no line is lost to a restart between lines");
    near.stop();
    far.stop();
    let summary = forward.summary();
    assert_eq!((summary.connected, summary.lost), (2, 1));
}

/// Asks again as long as there is no time for an answer.
fn ask_until_answered(client: &mut Client, line: &str) -> String {
    let until = Instant::now() + LIMIT;
    loop {
        let answer = ask(client, line);
        if !["handler_busy", "handler_timeout"].contains(&answer.as_str()) {
            return answer;
        }
        assert!(Instant::now() < until, "no answer but `{answer}`");
    }
}

#[test]
fn an_answer_that_is_too_late_is_never_the_next_lines() {
    const DEADLINE: Duration = Duration::from_millis(200);
    let token = Token::random().unwrap();
    let config = listening(&token).without_handler_deadline();
    let (far, gate) = start_gated(config, |line| line == "slow");
    let forward = forward_to(far.tcp_address(), &token);
    let near = start_near(ServerConfig::default().with_handler_deadline(DEADLINE), &forward);
    let mut client = near.client();
    assert_eq!(ask(&mut client, "slow"), "handler_timeout");
    // As long as it is owed, nothing else is asked there; then another connection is made.
    assert_eq!(ask_until_answered(&mut client, "next"), "next");
    gate.open();
    near.stop();
    far.stop();
    let summary = forward.summary();
    assert!(summary.replaced >= 1, "{summary:?}");
    assert_eq!(summary.connected, summary.replaced + 1, "{summary:?}");
}

#[test]
fn an_answer_that_comes_meanwhile_is_dropped_and_counted() {
    const DEADLINE: Duration = Duration::from_millis(200);
    let token = Token::random().unwrap();
    let (far, gate) = start_gated(listening(&token).without_handler_deadline(), |line| line == "1");
    let forward = forward_to(far.tcp_address(), &token);
    let near = start_near(ServerConfig::default().with_handler_deadline(DEADLINE), &forward);
    let mut client = near.client();
    assert_eq!(ask(&mut client, "1"), "handler_timeout");
    gate.open();
    assert_eq!(ask_until_answered(&mut client, "2"), "2");
    let late_replies = near.stop().late_replies;
    far.stop();
    let summary = forward.summary();
    // A machine that stands still may have it dropped by the server, or with its connection.
    assert!(summary.late_answers + summary.replaced + late_replies >= 1, "{summary:?}");
}

#[test]
fn the_other_servers_own_timeout_comes_through() {
    let token = Token::random().unwrap();
    let config = listening(&token).with_handler_deadline(Duration::from_millis(100));
    let (far, gate) = start_gated(config, |_| true);
    let near = start_near(
        ServerConfig::default().with_handler_deadline(LIMIT),
        &forward_to(far.tcp_address(), &token),
    );
    let mut client = near.client();
    let error = client.ask("1").unwrap().unwrap_err();
    assert_eq!(error.to_string(), "handler_timeout: the handler took longer than 100 ms");
    assert_eq!(ask(&mut client, "2"), "handler_busy");
    gate.open();
    near.stop();
    far.stop();
}

#[test]
fn a_stop_answers_whoever_waits_for_the_other_server() {
    let token = Token::random().unwrap();
    let (far, gate) = start_gated(listening(&token).without_handler_deadline(), |_| true);
    let config = ServerConfig::default()
        .without_handler_deadline()
        .with_stop_deadline(Duration::from_millis(400));
    let near = start_near(config, &forward_to(far.tcp_address(), &token));
    let mut client = near.client();
    let asking = thread::spawn(move || ask(&mut client, "1"));
    gate.wait_for(1);
    near.stop();
    assert_eq!(asking.join().unwrap(), "shutting_down");
    gate.open();
    far.stop();
}

/// Many a server repeats what it was sent.
#[test]
fn a_stranger_cannot_make_us_show_the_token() {
    const DIGITS: &str = "00112233445566778899aabbccddeeff";
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = stranger.local_addr().unwrap();
    // After the last, which is no reason not to try again, nobody listens.
    let says = ["", "ERR ", "ERR token_refused ", "ERR busy "];
    let standing = thread::spawn(move || {
        for said in says {
            let (stream, _) = stranger.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            assert_eq!(line.trim_end(), DIGITS);
            (&stream).write_all(format!("{said}{line}").as_bytes()).unwrap();
        }
    });
    let token = Token::from_digits(DIGITS).unwrap();
    for said in says {
        let mut handler = forward_to(address, &token).handler();
        let due = Instant::now() + Duration::from_secs(1);
        let error = handler.reply_by("1", Some(due)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::HandlerUnavailable, "{said}");
        assert!(!error.text().contains("0011"), "{said}: {error}");
    }
    standing.join().unwrap();
}

#[test]
fn a_wrong_token_is_said_at_once_and_not_tried_again() {
    let [token, other] = [(); 2].map(|()| Token::random().unwrap());
    let far = start(listening(&token), |_: &Peer| echo);
    let forward = forward_to(far.tcp_address(), &other);
    let near = start_near(ServerConfig::default().with_handler_deadline(LIMIT), &forward);
    let mut client = near.client();
    for _ in 0..3 {
        let error = client.ask("1").unwrap().unwrap_err();
        assert_eq!(error.code, "handler_unavailable");
        assert!(error.text.contains("`ERR token_refused`"), "{error}");
    }
    near.stop();
    assert!(forward.summary().refused < 3, "a wrong token is not shown for each line");
    let summary = far.stop();
    assert_eq!(summary.errors, [(ErrorCode::TokenRefused, forward.summary().refused)]);
    assert_eq!(summary.connections, 0, "who shows no token is no connection");
}
