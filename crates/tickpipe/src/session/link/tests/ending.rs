//! How a session ends, and who is told.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::Ask;
use tickpipe_proto::session::{Session, SessionConfig, SessionEvent};

use super::rig::{HELLO, LIMIT, Rig, Setup, gate, tick_line};
use crate::session::link::{Link, LinkParts, LinkReader, LinkWriter as _, Next};
use crate::session::memory::{MemoryEnd, MemoryReader, pair};
use crate::transport::Received;

#[test]
fn a_panic_is_answered_and_ends_the_session() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| panic!("by design")));
    rig.ea.tick(1);
    rig.ea.expect("handler_panic");
    let bye = rig.ea.expect(r#""method":"bye""#);
    assert!(bye.contains("handler_panic"), "{bye}");
    assert_eq!(rig.ea.line(), "");
    let told = rig.join();
    told.wait_for("panicked on_tick by design");
}

#[test]
fn a_strategy_that_cannot_be_made_ends_the_session() {
    let setup = Setup { make_panics: true, ..Setup::default() };
    let mut rig = Rig::start(setup, Box::new(|_, _| Ok(())));
    rig.ea.send(HELLO);
    rig.ea.expect(r#""result""#);
    rig.ea.expect(r#""method":"bye""#);
    assert_eq!(rig.ea.line(), "");
    rig.join().wait_for("panicked the factory no strategy");
}

#[test]
fn an_ea_that_leaves_in_good_order_is_heard_to_the_end() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    rig.ea.send(&tick_line(1).replace(r#""id":1,"#, ""));
    rig.ea.send(r#"{"jsonrpc":"2.0","method":"deinit","params":{"reason":3}}"#);
    assert_eq!(rig.ea.line(), "");
    let told = rig.join();
    told.wait_for("ticked Ok");
    told.wait_for("stop Deinit(Deinit { reason: 3");
}

#[test]
fn an_ea_may_leave_at_every_moment() {
    let line = tick_line(1);
    for len in 0..=line.len() {
        let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
        rig.ea.send_bytes(line.split_at(len).0.as_bytes());
        if len == line.len() {
            rig.ea.send_bytes(b"\n");
        }
        rig.leave().wait_for("stop Disconnected");
    }
    for len in 0..HELLO.len() {
        let rig = Rig::start(Setup::default(), Box::new(|_, _| Ok(())));
        let mut rig = rig;
        rig.ea.send_bytes(HELLO.split_at(len).0.as_bytes());
        rig.leave().wait_for("shut");
    }
}

#[test]
fn an_ea_may_leave_while_the_strategy_works() {
    let (gate, came, go) = gate();
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |link, _| {
            gate.pass();
            assert!(!link.is_open());
            Ok(())
        }),
    );
    rig.ea.tick(1);
    came.recv_timeout(LIMIT).unwrap();
    let told = Arc::clone(&rig.told);
    let leaving = thread::spawn(move || rig.leave());
    // The keeper sees it, and closes the connection though the strategy still works.
    let shut = told.wait_for("shut");
    assert!(shut.starts_with("shut true"), "{shut}");
    drop(go);
    leaving.join().unwrap().wait_for("stop Disconnected");
}

#[test]
fn an_idle_strategy_can_ask_at_a_stop() {
    let on_stop = |link: &Arc<Link>| {
        link.ask(&Ask::Comment { text: "bye".to_owned() }, LIMIT).unwrap();
    };
    let mut rig = Rig::open(
        Setup { on_stop: Box::new(on_stop), ..Setup::default() },
        Box::new(|_, _| Ok(())),
    );
    rig.told.wait_for("opened");
    rig.link.begin_stop();
    rig.ea.serve("comment", "{}");
    let bye = rig.ea.expect(r#""method":"bye""#);
    assert!(bye.contains("shutting_down"), "{bye}");
    assert_eq!(rig.ea.line(), "");
    rig.join().wait_for("stop ServerStopping");
}

#[test]
fn a_strategy_at_work_stops_when_it_is_done() {
    let (gate, came, go) = gate();
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |_, _| {
            gate.pass();
            Ok(())
        }),
    );
    rig.ea.tick(1);
    came.recv_timeout(LIMIT).unwrap();
    rig.link.begin_stop();
    drop(go);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.ea.expect("shutting_down");
    rig.join().wait_for("stop ServerStopping");
}

#[test]
fn a_strategy_that_hangs_does_not_keep_its_ea_waiting_at_a_stop() {
    let (gate, came, go) = gate();
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |_, _| {
            gate.pass();
            Ok(())
        }),
    );
    rig.ea.tick(1);
    came.recv_timeout(LIMIT).unwrap();
    rig.link.begin_stop();
    rig.link.expire();
    let line = rig.ea.expect(r#""id":1,"error""#);
    assert!(line.contains("shutting_down"), "{line}");
    rig.ea.expect(r#""method":"bye""#);
    assert_eq!(rig.ea.line(), "");
    drop(go);
    rig.join();
}

#[test]
fn a_strategy_that_hangs_in_its_end_does_not_keep_its_ea_waiting() {
    let (gate, came, go) = gate();
    let setup = Setup { on_stop: Box::new(move |_| gate.pass()), ..Setup::default() };
    let mut rig = Rig::open(setup, Box::new(|_, _| Ok(())));
    rig.told.wait_for("opened");
    rig.link.begin_stop();
    came.recv_timeout(LIMIT).unwrap();
    rig.ea.tick(1);
    rig.ea.send(r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#);
    rig.ea.expect(r#""id":2,"result":{}"#);
    rig.link.expire();
    rig.ea.expect(r#""id":1,"error""#);
    rig.ea.expect(r#""method":"bye""#);
    assert_eq!(rig.ea.line(), "");
    drop(go);
    rig.join().wait_for("stop ServerStopping");
}

/// As after a suspension: the time is over, but what the EA said meanwhile is there to be read.
#[test]
fn who_was_away_reads_before_it_calls_the_ea_silent() {
    let (ours, mut theirs) = pair();
    // It is over before anybody could look.
    let silence = Duration::from_nanos(1);
    let config = SessionConfig { silence, handler_deadline: None, ..SessionConfig::default() };
    let now = Instant::now();
    let parts = LinkParts {
        session: Session::new(config, now),
        reader: Box::new(ours.reader),
        writer: Box::new(ours.writer),
        control: Box::new(ours.control),
        observer: Box::new(Arc::<super::rig::Told>::default()),
        write_deadline: LIMIT,
        lingers: false,
    };
    let link = Link::new(parts, now);
    let say = |theirs: &mut MemoryEnd, line: &str| {
        theirs.writer.write_all(format!("{line}\n").as_bytes(), LIMIT).unwrap();
    };
    say(&mut theirs, HELLO);
    assert!(matches!(link.next(), Next::Event(SessionEvent::Opened(_), _)));
    say(&mut theirs, &tick_line(1));
    link.finish(Ok(()));
    assert!(matches!(link.next(), Next::Event(SessionEvent::Tick(_), _)));
    link.finish(Ok(()));
    assert!(matches!(link.next(), Next::Event(SessionEvent::Closed(_), _)));
}

#[test]
fn a_session_that_another_replaces_is_told_so() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    rig.link.close_soon(ErrorCode::Replaced, "by another");
    let bye = rig.ea.expect(r#""method":"bye""#);
    assert!(bye.contains("replaced"), "{bye}");
    assert_eq!(rig.ea.line(), "");
    rig.join().wait_for("stop Ended(Replaced)");
}

/// A reader that has no regard for the time.
struct Patient(MemoryReader);

impl LinkReader for Patient {
    fn read(&mut self, buf: &mut [u8], _timeout: Option<Duration>) -> io::Result<Received> {
        self.0.read(buf, None)
    }
}

#[test]
fn who_ends_a_session_wakes_its_reader() {
    let (ours, mut theirs) = pair();
    let now = Instant::now();
    let parts = LinkParts {
        session: Session::new(SessionConfig::default(), now),
        reader: Box::new(Patient(ours.reader)),
        writer: Box::new(ours.writer),
        control: Box::new(ours.control),
        observer: Box::new(Arc::<super::rig::Told>::default()),
        write_deadline: LIMIT,
        lingers: false,
    };
    let link = Arc::new(Link::new(parts, now));
    theirs.writer.write_all(format!("{HELLO}\n").as_bytes(), LIMIT).unwrap();
    assert!(matches!(link.next(), Next::Event(SessionEvent::Opened(_), _)));
    link.finish(Ok(()));
    let reading = thread::spawn({
        let link = Arc::clone(&link);
        move || matches!(link.next(), Next::Event(SessionEvent::Closed(_), _))
    });
    link.close_soon(ErrorCode::Replaced, "by another");
    assert!(reading.join().unwrap());
}

#[test]
fn an_ea_that_does_not_read_is_left() {
    let setup = Setup { write_deadline: Duration::from_millis(20), ..Setup::default() };
    let mut rig = Rig::open(
        setup,
        Box::new(|link, _| {
            let text = "x".repeat(4000);
            for _ in 0..10_000 {
                link.ask(&Ask::Comment { text: text.clone() }, Duration::from_millis(1)).ok();
                if !link.is_open() {
                    return Ok(());
                }
            }
            panic!("the EA is still written to")
        }),
    );
    rig.ea.tick(1);
    rig.told.wait_for("cannot write TimedOut");
    rig.told.wait_for("stop Disconnected");
    rig.join();
}

#[test]
fn an_ea_that_floods_and_does_not_read_is_not_read_either() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    // Several threads, so that one could read while another waits in its write.
    let asking: Vec<_> = (0..2)
        .map(|_| {
            let link = Arc::clone(&rig.link);
            thread::spawn(move || {
                let text = "x".repeat(4000);
                while link.is_open() {
                    link.ask(&Ask::Comment { text: text.clone() }, LIMIT).ok();
                }
            })
        })
        .collect();
    rig.ea.expect("comment");
    // Each of these is answered by a line of a hundred bytes.
    let limit = Duration::from_millis(500);
    let mut longest = 0;
    while rig.ea.flood(&[b'\n'; 16 * 1024], limit) {
        longest = longest.max(rig.link.lock().session.transmit_len());
        assert!(longest < 8 * 1024 * 1024, "{longest} bytes wait");
    }
    rig.leave();
    for thread in asking {
        thread.join().unwrap();
    }
}

#[test]
fn a_writer_that_fails_ends_the_session_for_all() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    rig.ea.go_deaf();
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let link = Arc::clone(&rig.link);
            thread::spawn(move || link.ask(&Ask::Symbols { after: None }, LIMIT).is_err())
        })
        .collect();
    for thread in asking {
        assert!(thread.join().unwrap());
    }
    rig.told.wait_for("cannot write BrokenPipe");
    rig.told.wait_for("stop Disconnected");
    rig.join();
}

#[test]
fn silence_ends_a_session() {
    let config = SessionConfig {
        heartbeat: Duration::from_millis(10),
        silence: Duration::from_millis(50),
        ..Default::default()
    };
    let mut rig = Rig::open(Setup { config, ..Setup::default() }, Box::new(|_, _| Ok(())));
    let mut line = rig.ea.expect(r#""method":"ping""#);
    while line.contains(r#""method":"ping""#) {
        line = rig.ea.line();
    }
    assert!(line.contains(r#""method":"bye""#) && line.contains("silence"), "{line}");
    rig.join().wait_for("stop Ended(Silence)");
}
