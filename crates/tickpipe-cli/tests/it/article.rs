//! What the article's EA and program do, and what they show.

use crate::ea::Ea;
use crate::host::{Server, run};

#[test]
fn both_sides_show_the_articles_exchange() {
    let server = Server::start(&["double"]);
    let mut ea = Ea::connected(&server.path);
    ea.exchange(0, r"1.10000000\r\n", r"2.200\r\n");
    ea.exchange(
        0,
        r"abc\r\n",
        r"ERR\snot_a_number\sfound\s`abc`,\sexpected\sone\ssuch\sas\s1.10000000\r\n",
    );
    ea.exchange(0, r"1.10012000\r\n", r"2.200\r\n");
    ea.check("close 0", "ok");
    let ended = server.stop();
    assert!(ended.status.success(), "{}", ended.status);
    assert_eq!(
        ended.out,
        [
            "#1  1.10000000 -> 2.200",
            "#1  abc -> ERR not_a_number found `abc`, expected one such as 1.10000000",
            "#1  1.10012000 -> 2.200",
        ]
    );
    let said = ended.err.join("\n");
    assert!(
        said.contains("1 connection, 3 exchanges, 1 error\n  not_a_number               1\n"),
        "{said}"
    );
    assert!(said.contains("time to answer: p50 "), "{said}");
}

#[test]
fn send_asks_a_line_for_each_argument_or_stdin_line() {
    let server = Server::start(&["double"]);
    let pipe = ["--pipe", &server.name];
    let sent = run(&[&["send"], &pipe[..], &["1.10000000", "-2"]].concat(), "");
    assert_eq!((sent.code, sent.out.as_str()), (Some(0), "2.200\n-4.000"), "{}", sent.err);
    let sent = run(&[&["send"], &pipe[..]].concat(), "1\nx\n2\n");
    assert_eq!(sent.code, Some(1), "an ERR is a failure");
    let lines: Vec<_> = sent.out.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!((lines[0], lines[2]), ("2.000", "4.000"));
    assert!(lines[1].starts_with("ERR not_a_number "), "{lines:?}");
}

#[test]
fn twenty_charts_open_at_once() {
    let server = Server::start(&["double"]);
    let mut ea = Ea::start();
    for _ in 0..5 {
        ea.check(&format!("openmany 0 20 {} 0", server.path), "ok 20");
        for slot in 0..20 {
            ea.exchange(slot, r"1.10000000\r\n", r"2.200\r\n");
        }
        ea.check("closemany 0 20", "ok");
    }
}
