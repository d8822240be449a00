use super::*;

#[test]
fn whoever_is_silent_pings_and_has_one_open_at_a_time() {
    let mut play = Play::opened();
    play.at(4999);
    play.wrote(&[]);
    play.at(5000);
    play.wrote(&["ask 1 ping"]);
    play.at(6000);
    play.ea(&result(1, "{}"));
    play.reply(None);
    play.at(9999);
    play.wrote(&[]);
    play.at(10_000);
    play.wrote(&["ask 2 ping"]);
    // A ping that is not answered is over in time for the next one.
    play.ea(&ping(9));
    play.at(14_999);
    play.wrote(&["9 ok"]);
    play.at(15_000);
    play.wrote(&["ask 3 ping"]);
    play.ea(&result(2, "{}"));
    assert_eq!(play.session.counters().late_replies, 1);
}

#[test]
fn what_we_say_puts_the_ping_off() {
    let mut play = Play::opened();
    for n in 1..=10 {
        play.at(n * 3000);
        play.ea(&ping(n));
        play.wrote(&[&format!("{n} ok")]);
    }
}

#[test]
fn silence_ends_the_session() {
    let mut play = Play::opened();
    play.at(1000);
    play.ea(&log(""));
    play.at(15_999);
    play.wrote(&["ask 1 ping", "ask 2 ping", "ask 3 ping"]);
    play.at(16_000);
    play.wrote(&["bye silence"]);
    play.event("log");
    play.done();
    play.event("closed silence");
}

/// A process that was suspended wakes up with the EA's bytes unread: who only says what it did has
/// not looked for them.
#[test]
fn silence_is_for_those_to_see_who_listen() {
    let mut play = Play::opened();
    play.ea(&tick("2", 1));
    play.event("tick EURUSD 1");
    play.now = play.start + Duration::from_secs(60);
    play.done();
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 1000), Ok(1));
    assert!(play.session.is_open());
    play.ea(&result(1, "{}"));
    play.reply(Some((1, "ok")));
    play.at(74_999);
    assert!(play.session.is_open());
    play.at(75_000);
    assert!(play.session.is_closed());
}

#[test]
fn before_hello_nobody_waits_for_anybody() {
    let mut play = Play::new(SessionConfig::default());
    assert_eq!(play.session.poll_timeout(), None);
    play.at(1_000_000);
    play.ea(&hello(false));
    play.wrote(&["1 ok"]);
    play.at(1_005_000);
    play.wrote(&["ask 1 ping"]);
    play.at(1_014_999);
    assert!(play.session.is_open());
    play.at(1_015_000);
    assert!(play.session.is_closed());
}

#[test]
fn silence_does_not_count_while_the_ea_is_asked() {
    let mut play = Play::opened();
    play.at(10_000);
    assert_eq!(play.ask(&Ask::Comment { text: "x".to_owned() }, 45_000), Ok(3));
    play.at(55_000);
    play.reply(Some((3, "request_timeout")));
    play.at(59_999);
    assert!(play.session.is_open());
    play.at(60_000);
    assert!(play.session.is_closed());
}

#[test]
fn in_the_tester_nobody_pings_and_silence_is_nothing() {
    let mut play = Play::opened_with(SessionConfig::default(), true);
    assert_eq!(play.session.poll_timeout(), None);
    play.at(1_000_000);
    play.wrote(&[]);
    assert!(play.session.is_open());
}

#[test]
fn a_ping_that_somebody_asked_for_does_not_keep_ours_back() {
    let mut play = Play::opened();
    assert_eq!(play.ask(&Ask::Ping, 60_000), Ok(1));
    play.wrote(&["ask 1 ping"]);
    play.at(5000);
    play.wrote(&["ask 2 ping"]);
}
