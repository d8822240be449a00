use super::*;

#[test]
fn hello_opens_and_is_told_first() {
    let mut play = Play::opened();
    play.event("none");
    assert!(play.session.is_open());
}

#[test]
fn the_third_line_that_is_no_hello_ends_it() {
    for third in [ping(3), "garbage".to_owned(), log(""), error(3, "stopping")] {
        let mut play = Play::new(SessionConfig::default());
        play.ea(&ping(1));
        play.wrote(&["1 hello_required"]);
        play.ea(&log(""));
        play.wrote(&[]);
        assert!(!play.session.is_closed());
        play.ea(&third);
        assert!(play.session.is_closed());
        let mut out = Vec::new();
        play.session.poll_transmit(&mut out);
        let out = String::from_utf8(out).expect("UTF-8");
        assert_eq!(short(out.lines().last().expect("a line")), "bye hello_required");
        play.event("closed hello_required");
        play.event("none");
    }
}

#[test]
fn a_broken_hello_counts_and_a_good_one_still_opens() {
    let mut play = Play::new(SessionConfig::default());
    let broken = hello(false).replace("\"mt5\"", "\"mt6\"");
    play.ea(&broken);
    play.ea(&broken);
    play.wrote(&["1 invalid_params", "1 invalid_params"]);
    play.ea(&hello(false));
    play.wrote(&["1 ok"]);
    play.event("opened");
}

#[test]
fn another_version_is_told_which_there_are() {
    let mut play = Play::new(SessionConfig::default());
    play.ea(&hello(false).replace("\"protocol\":1", "\"protocol\":2"));
    let mut out = Vec::new();
    play.session.poll_transmit(&mut out);
    let out = String::from_utf8(out).expect("UTF-8");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines.iter().map(|line| short(line)).collect::<Vec<_>>(),
        ["1 version", "bye version"]
    );
    let first: Value = serde_json::from_str(lines[0]).expect("JSON");
    assert_eq!(first["error"]["data"]["supported"], serde_json::json!([1]));
    play.event("closed version");
}

#[test]
fn a_second_hello_changes_nothing() {
    let mut play = Play::opened();
    play.ea(&hello(true));
    play.wrote(&["1 already_open"]);
    play.ea(&ping(2));
    play.wrote(&["2 ok"]);
    play.event("none");
}

#[test]
fn lines_are_cut_as_the_document_says() {
    let mut play = Play::new(SessionConfig::default());
    let long = format!("{}\r", " ".repeat(4097));
    play.ea(&long);
    play.wrote(&["null too_long"]);
    // A mark is dropped at the start alone.
    play.ea(&format!("{}{}\r", hello(false), " ".repeat(4096 - hello(false).len())));
    play.wrote(&["1 ok"]);
    play.ea(&format!("{}{}", ping(5), " ".repeat(65_536 - ping(5).len())));
    play.ea(&format!("{}{}", ping(6), " ".repeat(65_537 - ping(6).len())));
    play.ea("");
    play.ea("\u{feff}");
    play.wrote(&["5 ok", "null too_long", "null empty", "null parse_error"]);
    play.session.handle_bytes(play.now, b"{\"jsonrpc\":");
    play.at(4999);
    play.wrote(&[]);
    play.at(5000);
    play.wrote(&["null line_timeout"]);
    play.ea("rest of it");
    play.ea(&ping(7));
    play.wrote(&["7 ok"]);

    let mut play = Play::new(SessionConfig::default());
    play.ea(&format!("\u{feff}{}", hello(false)));
    play.wrote(&["1 ok"]);
}

#[test]
fn what_cannot_be_answered_is_counted() {
    let mut play = Play::opened();
    play.ea(r#"{"jsonrpc":"2.0","method":"tick","params":{"symbol":""}}"#);
    play.ea(r#"{"jsonrpc":"2.0","method":"nonsense"}"#);
    play.ea(r#"{"jsonrpc":"2.0","method":"bye","params":{"code":"stopping","message":""}}"#);
    play.wrote(&[]);
    assert_eq!(play.session.counters().lost_notifications, 3);
    let notices: Vec<ErrorCode> =
        std::iter::from_fn(|| play.session.poll_notice()).map(|notice| notice.code()).collect();
    let unknown = ErrorCode::UnknownMethod;
    assert_eq!(notices, [ErrorCode::InvalidParams, unknown, unknown]);
    play.ea(r#"{"jsonrpc":"2.0","id":4,"method":"nonsense"}"#);
    play.ea(r#"{"jsonrpc":"2.0","id":"five","method":"hello","params":[]}"#);
    play.ea("[]");
    play.ea("{");
    play.wrote(&["4 unknown_method", "\"five\" invalid_params", "null batch", "null parse_error"]);
    assert_eq!(play.session.counters().refused, 4);
}

#[test]
fn an_id_that_is_open_is_not_taken_again() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.ea(&tick("2", 2));
    play.ea(&ping(2));
    play.ea(r#"{"jsonrpc":"2.0","id":2,"method":"tick","params":[]}"#);
    play.wrote(&["2 duplicate_id", "2 duplicate_id", "2 duplicate_id"]);
    play.event("tick EURUSD 1");
    play.done();
    play.wrote(&["2 ok"]);
    // The number of a tick that was not taken is not taken either.
    play.ea(&tick("2", 2));
    play.event("tick EURUSD 2");
}

#[test]
fn deinit_ends_it_after_what_came_before() {
    for id in ["", "\"id\":9,"] {
        let mut play = Play::opened();
        play.ea(&tick("", 1));
        play.ea(&format!(
            r#"{{"jsonrpc":"2.0",{id}"method":"deinit","params":{{"reason":3,"text":"x"}}}}"#
        ));
        play.ea(&tick("", 2));
        play.wrote(if id.is_empty() { &[] } else { &["9 ok"] });
        assert!(play.session.is_closed());
        play.session.handle_end(play.now);
        for event in ["tick EURUSD 1", "deinit 3", "closed 3", "none"] {
            play.event(event);
            play.done();
        }
    }
}

#[test]
fn the_end_of_the_connection_drops_ticks_and_keeps_events() {
    let mut play = Play::opened();
    play.ea(&tick("", 1));
    play.ea(&log(""));
    play.ea(&tick("8", 2));
    play.session.handle_bytes(play.now, b"{\"half");
    play.session.handle_end(play.now);
    play.wrote(&[]);
    for event in ["log", "closed", "none"] {
        play.event(event);
        play.done();
    }
    let counters = play.session.counters();
    assert_eq!((counters.ticks_dropped, counters.truncated), (2, 1));
}

#[test]
fn after_the_end_every_method_does_nothing() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.ea(&tick("3", 2));
    play.session.close(play.now, ErrorCode::Replaced, "another came");
    play.wrote(&["2 shutting_down", "3 shutting_down", "bye replaced"]);
    play.done();
    play.session.close(play.now, ErrorCode::Silence, "again");
    play.ea(&ping(4));
    play.at(100_000);
    play.session.handle_timeout(play.now);
    assert_eq!(play.ask(&Ask::Ping, 1000), Err(ErrorCode::Disconnected));
    play.session.handle_end(play.now);
    play.wrote(&[]);
    assert_eq!(play.session.poll_timeout(), None);
    play.event("closed replaced");
    play.done();
    play.event("none");
    play.reply(None);
}
