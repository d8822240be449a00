use super::*;

#[test]
fn a_lockstep_tick_is_answered_when_the_handler_is_done() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.wrote(&[]);
    play.event("tick EURUSD 1");
    play.event("none");
    play.done();
    play.wrote(&["2 ok"]);
    play.done();
    play.wrote(&[]);
}

#[test]
fn a_broken_answer_is_no_answer_to_a_tick_of_the_same_number() {
    let mut play = Play::opened();
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 2000), Ok(1));
    play.session.poll_transmit(&mut Vec::new());
    play.ea(&tick("1", 1));
    play.ea(r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#);
    play.wrote(&["null invalid_request"]);
    play.event("tick EURUSD 1");
    play.done();
    play.wrote(&["1 ok"]);
}

#[test]
fn a_stream_tick_is_not_answered() {
    let mut play = Play::opened();
    play.ea(&tick("", 1));
    play.event("tick EURUSD 1");
    play.at(9000);
    play.failed(ErrorCode::HandlerFailed);
    play.wrote(&["ask 1 ping"]);
}

#[test]
fn a_failing_handler_is_the_handlers() {
    for (code, word) in [
        (ErrorCode::HandlerFailed, "2 handler_failed"),
        (ErrorCode::HandlerUnavailable, "2 handler_unavailable"),
        (ErrorCode::RequestTimeout, "2 handler_failed"),
        (ErrorCode::ParseError, "2 handler_failed"),
    ] {
        let mut play = Play::opened();
        play.ea(&tick("2", 1));
        play.event("tick EURUSD 1");
        play.failed(code);
        play.wrote(&[word]);
        assert!(play.session.is_open());
    }
}

#[test]
fn a_handler_that_is_gone_ends_the_session() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.ea(&tick("3", 2));
    play.event("tick EURUSD 1");
    play.failed(ErrorCode::HandlerEnded);
    play.wrote(&["2 handler_ended", "3 handler_ended", "bye handler_ended"]);
    play.event("closed handler_ended");

    // Whoever watches the handler ends the session, while it is not at work on a tick.
    for code in [ErrorCode::HandlerEnded, ErrorCode::HandlerUnavailable] {
        let mut play = Play::opened();
        play.ea(&log(""));
        play.ea(&tick("2", 1));
        play.event("log");
        play.session.close(play.now, code, "it ended");
        play.wrote(&[&format!("2 {code}"), &format!("bye {code}")]);
    }
}

#[test]
fn a_panic_ends_the_session() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.ea(&tick("3", 2));
    play.event("tick EURUSD 1");
    play.failed(ErrorCode::HandlerPanic);
    play.wrote(&["2 handler_panic", "3 shutting_down", "bye handler_panic"]);
    play.event("closed handler_panic");

    let mut play = Play::opened();
    play.ea(&log(""));
    play.event("log");
    play.failed(ErrorCode::HandlerPanic);
    play.wrote(&["bye handler_panic"]);
}

#[test]
fn a_late_handler_is_answered_for_once() {
    let mut play = Play::opened();
    play.at(100);
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.at(1099);
    play.wrote(&[]);
    play.at(1100);
    play.wrote(&["2 handler_timeout"]);
    play.done();
    play.wrote(&[]);
    let counters = play.session.counters();
    assert_eq!((counters.handler_timeouts, counters.late_ticks), (1, 1));
}

#[test]
fn the_deadline_holds_whoever_is_asked_first() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    // Nobody called `handle_timeout` in between.
    play.now += Duration::from_secs(1);
    play.done();
    play.wrote(&["2 handler_timeout"]);
}

#[test]
fn a_tick_that_waits_past_its_deadline_is_still_seen() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.at(500);
    play.ea(&tick("3", 2));
    play.at(1500);
    play.wrote(&["2 handler_timeout", "3 handler_timeout"]);
    play.done();
    play.event("tick EURUSD 2");
    play.done();
    play.wrote(&[]);
    assert_eq!(play.session.counters().late_ticks, 2);
}

#[test]
fn time_in_which_the_ea_is_asked_does_not_count() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.at(600);
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 60_000), Ok(1));
    play.at(3000);
    play.wrote(&["ask 1 comment"]);
    play.ea(&result(1, "{}"));
    play.at(3399);
    play.wrote(&[]);
    play.at(3400);
    play.wrote(&["2 handler_timeout"]);
}

#[test]
fn thirty_seconds_are_the_most_whatever_is_asked() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 60_000), Ok(1));
    play.at(29_999);
    play.session.poll_transmit(&mut Vec::new());
    play.at(30_000);
    let mut out = Vec::new();
    play.session.poll_transmit(&mut out);
    assert!(String::from_utf8_lossy(&out).contains("handler_timeout"));
}

#[test]
fn a_ping_of_ours_stops_no_clock() {
    let mut play = Play::opened();
    play.at(4500);
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.at(5500);
    play.wrote(&["ask 1 ping", "2 handler_timeout"]);
}

#[test]
fn no_deadline_is_none() {
    let config = SessionConfig { handler_deadline: None, ..SessionConfig::default() };
    let mut play = Play::opened_with(config, true);
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    assert_eq!(play.session.poll_timeout(), None);
    play.at(1_000_000);
    play.done();
    play.wrote(&["2 ok"]);
}

#[test]
fn numbers_are_checked_for_each_symbol() {
    let mut play = Play::opened();
    for (line, word) in [
        (tick("2", 7), None),
        (tick("3", 7), Some("3 seq_low")),
        (tick("4", 6), Some("4 seq_low")),
        (tick_of("GBPUSD", "5", 1), None),
        (tick("6", 10), None),
        (tick("7", 11), None),
    ] {
        play.ea(&line);
        play.wrote(&word.into_iter().collect::<Vec<_>>());
    }
    for event in [
        "tick EURUSD 7",
        "tick GBPUSD 1",
        "gap EURUSD 8 10",
        "tick EURUSD 10",
        "tick EURUSD 11",
        "none",
    ] {
        play.event(event);
        play.done();
    }
    let counters = play.session.counters();
    assert_eq!((counters.gaps, counters.seq_low, counters.ticks), (1, 2, 4));
}

#[test]
fn the_symbols_that_are_checked_are_1024() {
    let mut play = Play::opened();
    for n in 0..1025 {
        play.ea(&tick_of(&format!("S{n}"), "", 5));
        play.event(&format!("tick S{n} 5"));
        play.done();
    }
    play.ea(&tick_of("S1024", "2", 1));
    play.ea(&tick_of("S1023", "3", 1));
    play.wrote(&["3 seq_low"]);
    assert_eq!(play.session.counters().ticks_unchecked, 2);
}

#[test]
fn a_full_queue_drops_its_oldest_tick() {
    let config = SessionConfig { queue_max: 3, ..SessionConfig::default() };
    let mut play = Play::opened_with(config, false);
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    for line in [log("3"), tick("4", 2), tick("", 3)] {
        play.ea(&line);
    }
    play.wrote(&["3 ok"]);
    play.ea(&tick("6", 4));
    play.wrote(&["4 tick_dropped"]);
    play.ea(&log("7"));
    play.wrote(&["7 ok"]);
    play.done();
    play.wrote(&["2 ok"]);
    for event in ["log", "gap EURUSD 2 4", "tick EURUSD 4", "log", "none"] {
        play.event(event);
        play.done();
    }
    play.wrote(&["6 ok"]);
    assert_eq!(play.session.counters().ticks_dropped, 2);
}

#[test]
fn a_queue_full_of_events_ends_the_session() {
    for (last, wrote) in [
        (log("9"), ["9 ok", "2 shutting_down", "bye queue_full"]),
        (tick("9", 2), ["2 shutting_down", "9 shutting_down", "bye queue_full"]),
    ] {
        let config = SessionConfig { queue_max: 2, ..SessionConfig::default() };
        let mut play = Play::opened_with(config, false);
        play.ea(&tick("2", 1));
        play.event("tick EURUSD 1");
        play.ea(&log(""));
        play.ea(&log(""));
        play.ea(&last);
        play.wrote(&wrote);
        play.done();
        let is_event = wrote[0] == "9 ok";
        for event in ["log", "log"].into_iter().chain(is_event.then_some("log")) {
            play.event(event);
            play.done();
        }
        play.event("closed queue_full");
        play.done();
        play.event("none");
    }
}

#[test]
fn a_tick_is_awaited_while_its_ea_waits_for_what_is_at_work() {
    let mut play = Play::opened();
    assert!(!play.session.is_awaited());
    // Nobody is at work on it yet.
    play.ea(&tick("2", 1));
    assert!(!play.session.is_awaited());
    play.event("tick EURUSD 1");
    assert!(play.session.is_awaited());
    // Nor does it matter what waits behind it, or is asked meanwhile.
    play.ea(&tick("", 2));
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 60_000), Ok(1));
    play.at(20_000);
    assert!(play.session.is_awaited());
    play.done();
    assert!(!play.session.is_awaited());
    // In stream nobody waits.
    play.event("tick EURUSD 2");
    assert!(!play.session.is_awaited());
    play.done();
    play.ea(&log("3"));
    play.event("log");
    assert!(!play.session.is_awaited());
}

#[test]
fn a_tick_is_awaited_no_longer_once_it_was_answered_for() {
    // It was late.
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.ea(&tick("3", 2));
    play.event("tick EURUSD 1");
    play.at(999);
    assert!(play.session.is_awaited());
    play.at(1000);
    play.wrote(&["2 handler_timeout", "3 handler_timeout"]);
    assert!(!play.session.is_awaited());
    // It waited too long for its turn, and is given to the handler all the same.
    play.done();
    play.event("tick EURUSD 2");
    assert!(!play.session.is_awaited());

    // The server ends the session, or its EA has left.
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.session.close(play.now, ErrorCode::ShuttingDown, "text");
    play.wrote(&["2 shutting_down", "bye shutting_down"]);
    assert!(!play.session.is_awaited());
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.session.handle_end(play.now);
    assert!(!play.session.is_awaited());
}
