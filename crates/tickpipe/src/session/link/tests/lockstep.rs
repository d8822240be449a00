//! Ticks, and what happens while a strategy works on one.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::session::{Session, SessionConfig};

use super::rig::{HELLO, LIMIT, Rig, Setup, gate, tick_line};
use crate::session::link::{Link, LinkParts, LinkReader, LinkWriter, Next};
use crate::session::memory::pair;

fn deadline(deadline: Duration) -> Setup {
    let config = SessionConfig { handler_deadline: Some(deadline), ..SessionConfig::default() };
    Setup { config, ..Setup::default() }
}

#[test]
fn a_tick_is_read_handled_and_answered_on_one_thread() {
    let threads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&threads);
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |_, _| {
            seen.lock().unwrap().push(thread::current().id());
            Ok(())
        }),
    );
    for id in 1..=100 {
        rig.ea.tick(id);
        rig.ea.expect(&format!(r#""id":{id},"result":{{}}"#));
    }
    rig.leave();
    let threads = threads.lock().unwrap();
    assert_eq!(threads.len(), 100);
    assert!(threads.windows(2).all(|pair| pair.first() == pair.last()));
}

#[test]
fn a_tick_costs_no_allocation() {
    let (ours, mut theirs) = pair();
    let now = Instant::now();
    let link = Link::new(
        LinkParts {
            session: Session::new(SessionConfig::default(), now),
            reader: Box::new(ours.reader),
            writer: Box::new(ours.writer),
            control: Box::new(ours.control),
            observer: Box::new(Arc::<super::rig::Told>::default()),
            write_deadline: LIMIT,
            lingers: false,
        },
        now,
    );
    let mut buf = [0; 4096];
    theirs.writer.write_all(format!("{HELLO}\n").as_bytes(), LIMIT).unwrap();
    assert!(matches!(link.next(), Next::Event(..)));
    link.finish(Ok(()));
    theirs.reader.read(&mut buf, Some(LIMIT)).unwrap();
    let line = format!("{}\n", tick_line(7));
    let mut ticks = |count: u32| {
        for _ in 0..count {
            theirs.writer.write_all(line.as_bytes(), LIMIT).unwrap();
            assert!(matches!(link.next(), Next::Event(..)));
            link.finish(Ok(()));
            theirs.reader.read(&mut buf, Some(LIMIT)).unwrap();
        }
    };
    ticks(100);
    let counted = allocation_counter::measure(|| ticks(1000));
    assert_eq!(counted.count_total, 0, "{counted:?}");
}

#[test]
fn a_late_tick_is_answered_at_its_deadline_and_its_answer_dropped() {
    let (gate, came, go) = gate();
    let mut rig = Rig::open(
        deadline(Duration::from_millis(50)),
        Box::new(move |_, tick| {
            if tick.seq == Some(1) {
                gate.pass();
            }
            Ok(())
        }),
    );
    rig.ea.send(&tick_line(1).replace("\"bid\"", "\"seq\":1,\"bid\""));
    came.recv_timeout(LIMIT).unwrap();
    rig.ea.expect("handler_timeout");
    // What waits behind it is answered as well, and a ping at once.
    rig.ea.tick(2);
    rig.ea.expect("handler_timeout");
    rig.ea.send(r#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#);
    rig.ea.expect(r#""id":"p","result":{}"#);
    drop(go);
    rig.told.wait_for("ticked");
    rig.ea.tick(3);
    rig.ea.expect(r#""id":3,"result":{}"#);
    let told = rig.leave();
    let shut = told.wait_for("shut");
    assert!(shut.contains("handler_timeouts: 2,"), "{shut}");
    assert!(shut.contains("late_ticks: 2,"), "{shut}");
    assert!(shut.contains("ticks: 3,"), "{shut}");
}

#[test]
fn pings_are_answered_while_a_strategy_works() {
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
    for id in 2..20 {
        rig.ea.send(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#));
        rig.ea.expect(&format!(r#""id":{id},"result":{{}}"#));
    }
    drop(go);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.leave();
}

#[test]
fn pings_are_answered_while_many_short_events_are_handled() {
    let count = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&count);
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |_, _| {
            counter.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(4));
            Ok(())
        }),
    );
    // More than one read takes.
    let tick = tick_line(1).replace(r#""id":1,"#, "") + "\n";
    rig.ea.send_bytes(tick.repeat(250).as_bytes());
    rig.ea.send(r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#);
    rig.ea.expect(r#""id":7,"result":{}"#);
    assert!(count.load(Ordering::Relaxed) < 100, "{count:?}");
    rig.leave();
}

#[test]
fn an_error_is_answered_and_the_session_goes_on() {
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(|_, tick| if tick.seq.is_some() { Err("no margin".into()) } else { Ok(()) }),
    );
    rig.ea.send(&tick_line(1).replace("\"bid\"", "\"seq\":1,\"bid\""));
    let line = rig.ea.expect("handler_failed");
    assert!(line.contains("no margin"), "{line}");
    rig.ea.tick(2);
    rig.ea.expect(r#""id":2,"result":{}"#);
    let told = rig.leave();
    told.wait_for("failed on_tick no margin");
}

#[test]
fn the_timer_runs_between_events() {
    let setup = Setup { timer: Some(Duration::from_millis(5)), ..Setup::default() };
    let mut rig = Rig::open(setup, Box::new(|_, _| Ok(())));
    rig.told.wait_for("timer");
    rig.ea.tick(1);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.leave();
}

#[test]
fn a_timer_that_takes_longer_than_it_waits_leaves_a_turn_to_ticks_and_to_the_end() {
    let setup = Setup {
        timer: Some(Duration::from_millis(1)),
        timer_takes: Duration::from_millis(5),
        ..Setup::default()
    };
    let mut rig = Rig::open(setup, Box::new(|_, _| Ok(())));
    rig.told.wait_for("timer");
    for id in 1..=10 {
        rig.ea.tick(id);
        rig.ea.expect(&format!(r#""id":{id},"result":{{}}"#));
    }
    // The session's thread ends too.
    rig.leave();
}

#[test]
fn half_a_line_is_told_and_the_rest_of_it_ignored() {
    let config =
        SessionConfig { line_deadline: Duration::from_millis(20), ..SessionConfig::default() };
    let mut rig = Rig::open(Setup { config, ..Setup::default() }, Box::new(|_, _| Ok(())));
    let (half, rest) = (tick_line(1), tick_line(2));
    rig.ea.send_bytes(half.split_at(20).0.as_bytes());
    rig.ea.expect("line_timeout");
    rig.ea.send(&rest);
    rig.ea.tick(3);
    rig.ea.expect(r#""id":3,"result":{}"#);
    rig.leave();
}
