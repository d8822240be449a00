use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::*;
use crate::Client;
use crate::error::ErrorKind;
use crate::transport::Received;

/// Runs `test` while a probe serves a name of its own.
fn with_probe(purpose: &str, faults: Faults, test: impl FnOnce(&str)) -> Vec<String> {
    let name = format!("unit-{}-probe-{purpose}", std::process::id());
    let probe = Probe::bind(&name, faults).unwrap();
    let stopper = probe.stopper();
    let seen = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            probe.serve(|event| seen.lock().unwrap().push(event.line.to_owned()));
        });
        test(&name);
        stopper.stop();
    });
    seen.into_inner().unwrap()
}

fn ask(client: &mut Client, line: &str) -> String {
    match client.ask(line).unwrap() {
        Ok(answer) => answer,
        Err(error) => format!("ERR {error}"),
    }
}

#[test]
fn it_is_well_mannered_until_told_otherwise_on_both_pipes() {
    let seen = with_probe("manners", Faults::default(), |name| {
        for name in [name.to_owned(), format!("{name}-small")] {
            let mut client = Client::connect(&name).unwrap();
            let mut other = Client::connect(&name).unwrap();
            assert_eq!(ask(&mut client, "1.10000000"), "2.200");
            assert_eq!(ask(&mut client, "hello"), "hello");
            assert_eq!(ask(&mut client, "!long 5"), "OK");
            assert_eq!(ask(&mut client, "1"), "01234");
            assert_eq!(ask(&mut other, "1"), "2.000", "what is asked for is one connection's");
            assert_eq!(ask(&mut client, "!normal"), "OK");
            assert_eq!(ask(&mut client, "1"), "2.000");
        }
    });
    assert_eq!(seen, ["long 5", "normal", "long 5", "normal"]);
}

#[test]
fn it_stops_at_once_whatever_connections_do() {
    let name = format!("unit-{}-probe-stop", std::process::id());
    let probe = Probe::bind(&name, Faults::default()).unwrap();
    let stopper = probe.stopper();
    let stopped = thread::spawn(move || probe.serve(|_| ()));
    let name_of_pipe = PipeName::new(&name).unwrap();
    // The last one waits in a write that nobody reads.
    let peers: Vec<_> = ["!deaf 0\n", "!deaf 60000\n", "!late 60000\n1\n", "!long 1048576\n1\n"]
        .map(|lines| {
            let limit = Duration::from_secs(10);
            let mut peer = crate::transport::connect(&name_of_pipe, limit).unwrap();
            peer.writer.write_all(lines.as_bytes(), limit).unwrap();
            let mut answer = [0; 4];
            assert_eq!(peer.reader.read(&mut answer, None).unwrap(), Received::Data(4));
            peer
        })
        .into();
    thread::sleep(Duration::from_millis(100));
    let begun_at = Instant::now();
    stopper.stop();
    stopped.join().unwrap();
    let took = begun_at.elapsed();
    assert!(took < Duration::from_secs(10), "the stop took {took:?}");
    drop(peers);
    drop(Probe::bind(&name, Faults::default()).unwrap());
}

#[test]
fn the_same_seed_gives_the_same_faults() {
    let answered = |purpose: &str| {
        let mut answered = Vec::new();
        let faults = Faults::default().with_seed(7).with_cut(300);
        with_probe(purpose, faults, |name| {
            for _ in 0..3 {
                let mut client = Client::connect(name).unwrap();
                let lines = (0..100).take_while(|_| client.ask("1").is_ok()).count();
                answered.push(lines);
            }
        });
        answered
    };
    let first = answered("seed");
    assert!(first.iter().all(|lines| *lines < 100), "{first:?}");
    assert_eq!(answered("seed-again"), first);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    with_probe("taken", Faults::default(), |name| {
        for name in [name.to_owned(), format!("{name}-small")] {
            let error = crate::Server::bind(&name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NameTaken, "{error}");
        }
        let error = Probe::bind(name, Faults::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NameTaken, "{error}");
    });
    let error = Probe::bind("unit", Faults::default().with_cut(1001)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidConfig);
}

#[test]
fn connections_beyond_the_limit_are_closed_and_room_is_made_again() {
    with_probe("limit", Faults::default(), |name| {
        let connect = || {
            let mut client = Client::connect(name).unwrap();
            client.ask("1").map(|_| client)
        };
        let mut clients: Vec<_> = (0..CONNECTIONS_MAX).map(|_| connect().unwrap()).collect();
        assert!(connect().is_err());
        clients.pop();
        let has_room = (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(5));
            connect().is_ok()
        });
        assert!(has_room, "a connection that is over keeps its place");
    });
}
