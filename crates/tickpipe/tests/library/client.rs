//! What a client can do beside asking.

use std::thread;
use std::time::Duration;

use tickpipe::{Client, ErrorKind, Peer, RemoteError, ServerConfig, double};

use crate::support::{LIMIT, start, start_gated};

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

#[test]
fn silence_after_the_last_reply_is_a_good_end() {
    let server = start(ServerConfig::default(), |_: &Peer| double);
    let mut client = server.client();
    assert_eq!(client.exchange("1").unwrap(), "2.000");
    client.finish(Duration::from_millis(1)).unwrap();
    let left = server.client();
    server.stop();
    left.finish(LIMIT).unwrap();
}

/// A client of a server that answers the first line so, and then sends more.
#[cfg(unix)]
fn client_of(reply: &str, more: &str, use_client: impl FnOnce(Client)) {
    use std::io::{BufRead as _, BufReader, Write as _};

    let directory = std::env::temp_dir().join(crate::support::new_name());
    std::fs::create_dir(&directory).unwrap();
    let path = directory.join("pipe.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines.next().unwrap().unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
            if !more.is_empty() {
                stream.write_all(more.as_bytes()).unwrap();
            }
            // Until the client leaves.
            while let Some(Ok(_)) = lines.next() {}
        });
        use_client(Client::connect_with(path.to_str().unwrap(), LIMIT).unwrap());
    });
    std::fs::remove_dir_all(directory).unwrap();
}

#[cfg(unix)]
#[test]
fn a_line_that_nobody_asked_for_is_no_reply_to_the_next() {
    for reply in ["2\r\n3\r\n", "2\r\n3"] {
        client_of(reply, "", |mut client| {
            assert_eq!(client.exchange("1").unwrap(), "2");
            for _ in 0..2 {
                let error = client.exchange("1").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::BadReply, "{error}");
            }
        });
    }
}

#[cfg(unix)]
#[test]
fn a_line_too_many_is_seen_at_the_end() {
    client_of("2\r\n", "3\r\n", |mut client| {
        assert_eq!(client.exchange("1").unwrap(), "2");
        let error = client.finish(LIMIT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadReply, "{error}");
        assert!(error.to_string().starts_with("the server sent a line that nobody asked for"));
    });
}

#[cfg(unix)]
#[test]
fn a_reply_that_is_too_long_is_no_word_of_a_server_that_left() {
    client_of(&"2".repeat(65_537), "", |mut client| {
        let error = client.exchange("1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadReply, "{error}");
        assert!(error.to_string().contains("more than 65536 bytes"), "{error}");
    });
}
