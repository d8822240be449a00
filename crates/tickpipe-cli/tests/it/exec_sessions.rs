//! Programs that trade, well-mannered and not: the EA's ticks are answered in time, its other
//! sessions go on, no order goes out twice, and nothing of a program outlives its session.

use std::time::Instant;

use serde_json::{Value, json};

use crate::host::{Ended, Server, handler, new_name};
use crate::session_ea::{SessionEas, tick_params};

/// A program's time for a tick where its answer is waited for, however busy the machine is.
const ENOUGH: [&str; 2] = ["--handler-deadline-ms", "20000"];

/// A program's time for a tick where its answer is to be missed.
const SHORT: [&str; 2] = ["--handler-deadline-ms", "1000"];

/// No pings, however slow the machine is.
const QUIET: [&str; 4] = ["--heartbeat-ms", "600000", "--silence-ms", "1200000"];

/// A server whose programs behave as an EA's instance says, with a session beside them that has to
/// go on.
struct Rig {
    server: Server,
    eas: SessionEas,
    good: u32,
    /// What each of the programs has on its command line.
    #[cfg_attr(not(unix), expect(dead_code, reason = "processes are counted on Unix only"))]
    mark: String,
}

impl Rig {
    fn new(options: &[&str]) -> Self {
        let (handler, mark) = (handler(), new_name());
        let exec = ["exec", "--", &handler, "session", &mark];
        let server = Server::start(&[&["--json"], &QUIET[..], options, &exec].concat());
        let mut eas = SessionEas::new(&server.path);
        let good = eas.open("good");
        let mut rig = Self { server, eas, good, mark };
        rig.goes_on();
        rig
    }

    /// Checks that the session beside has its ticks answered, be it late while its program starts.
    #[track_caller]
    fn goes_on(&mut self) {
        self.answered(self.good);
    }

    /// Sends ticks until one is answered in time.
    #[track_caller]
    fn answered(&mut self, slot: u32) {
        loop {
            match self.eas.tick(slot).as_str() {
                "ok" => return,
                "handler_timeout" => {}
                said => panic!("the session in slot {slot} has a tick answered {said}"),
            }
        }
    }

    /// Opens a session whose first tick is answered.
    #[track_caller]
    fn begun(&mut self, manner: &str) -> u32 {
        let slot = self.eas.open(manner);
        self.answered(slot);
        slot
    }

    /// Waits until a program says that all it asked has been looked at.
    #[track_caller]
    fn wait_until_looked_at(&mut self) {
        assert!(self.server.err.wait_for("all was looked at").is_some(), "the log goes on");
    }

    /// Checks that the session beside goes on, then stops the server; returns its summary and what
    /// it printed before.
    #[track_caller]
    fn end(mut self) -> (Value, Vec<Value>) {
        self.goes_on();
        self.eas.close(self.good);
        self.server.interrupt();
        self.ended()
    }

    /// Waits for the server's end, after which no program runs.
    #[track_caller]
    fn ended(self) -> (Value, Vec<Value>) {
        let Ended { status, out, err, .. } = self.server.ended(Instant::now());
        assert!(status.success(), "{status}: {err:?}");
        let parsed = out.iter().map(|line| serde_json::from_str(line).expect("it is JSON"));
        let mut printed: Vec<Value> = parsed.collect();
        let summary = printed.pop().expect("the summary is printed");
        assert_eq!(summary["event"], "summary");
        assert_eq!(summary["abandoned"], 0, "{err:?}");
        #[cfg(unix)]
        crate::exec::wait_until_none_runs(&self.mark);
        (summary, printed)
    }

    /// Closes the sessions that are open, that beside for a moment too, and checks that no program
    /// runs.
    #[track_caller]
    fn nothing_is_left(&mut self, open: &[u32]) {
        for slot in open {
            self.eas.close(*slot);
        }
        self.eas.close(self.good);
        #[cfg(unix)]
        crate::exec::wait_until_none_runs(&self.mark);
        self.good = self.eas.open("good");
    }
}

/// Whatever a program prints beside its answers: each tick has the one that was meant for it.
#[test]
fn what_is_no_message_harms_no_tick() {
    let mut rig = Rig::new(&ENOUGH);
    for (manner, ticks) in [("noise", 12), ("stranger", 2), ("twice", 4), ("notify", 2)] {
        let slot = rig.eas.open(manner);
        for tick in 0..ticks {
            assert_eq!(rig.eas.tick(slot), "ok", "{manner}, tick {tick}");
        }
        rig.goes_on();
        rig.eas.close(slot);
    }
    let (summary, _) = rig.end();
    // Of noise 12, of strangers' answers 8, of second answers 3, of notifications 4.
    assert_eq!(summary["programs"]["unasked_lines"], 27, "{summary}");
    assert_eq!(summary["programs"]["late_answers"], 0, "{summary}");
    assert_eq!(summary["programs"]["ended"], 0, "{summary}");
    // An order without an id has not been sent.
    assert_eq!(summary["sessions"]["requests"], 0, "{summary}");
}

#[test]
fn a_late_answer_is_dropped_and_the_next_tick_has_its_own() {
    let mut rig = Rig::new(&SHORT);
    let slot = rig.begun("late");
    assert_eq!(rig.eas.tick(slot), "handler_timeout");
    rig.goes_on();
    rig.answered(slot);
    rig.eas.close(slot);
    let (summary, _) = rig.end();
    assert!(summary["programs"]["late_answers"].as_u64() >= Some(1), "{summary}");
    assert_eq!(summary["programs"]["replaced"], 0, "{summary}");
}

/// Three ticks missed, and the session is over; so are programs that live on without a way to answer.
#[test]
fn a_program_that_stops_answering_is_ended_with_its_session() {
    let mut rig = Rig::new(&SHORT);
    let slots = ["silent", "half", "close-in", "close-out"].map(|manner| rig.begun(manner));
    end_by_misses(&mut rig.eas, &slots);
    rig.goes_on();
    rig.nothing_is_left(&[]);
    let (summary, _) = rig.end();
    // That a program closed its input or its output is seen at once; under Wine both seem open, for
    // its console holds them too, and it counts as silent.
    let ended = if crate::host::is_wine() { 0 } else { 2 };
    assert_eq!(summary["programs"]["ended"], ended, "{summary}");
    assert_eq!(summary["programs"]["replaced"], 4 - ended, "{summary}");
}

/// Sends ticks until each of the sessions is over, which the third missed one ends at the latest.
#[track_caller]
fn end_by_misses(eas: &mut SessionEas, slots: &[u32]) {
    let mut open = slots.to_vec();
    for round in 0.. {
        let ids: Vec<u64> =
            open.iter().map(|slot| eas.begin(*slot, "tick", &tick_params())).collect();
        let mut ids = ids.into_iter();
        open.retain(|slot| {
            let id = ids.next().expect("one for each");
            let (mut said, _) = eas.hear(*slot);
            let has_ended = said == format!("{id} handler_ended");
            // The last tick may have come when the session was about to be over.
            if has_ended && round == 3 {
                said = eas.hear(*slot).0;
            } else if has_ended || said == format!("{id} handler_timeout") {
                assert!(round < 3, "slot {slot} has missed {} ticks", round + 1);
                return true;
            }
            assert_eq!(said, "bye handler_ended", "slot {slot}");
            assert!(eas.rest(*slot).is_empty(), "slot {slot}");
            false
        });
        if open.is_empty() {
            return;
        }
    }
}

/// One that has never answered has its time to start, and no more.
#[test]
fn a_program_that_never_answers_is_ended_with_its_session() {
    let (handler, mark) = (handler(), new_name());
    let options = ["--json", "--handler-deadline-ms", "300", "--start-limit-ms", "1"];
    let exec = ["exec", "--", &handler, "session", &mark];
    let server = Server::start(&[&options, &QUIET[..], &exec].concat());
    let mut eas = SessionEas::new(&server.path);
    let slots = ["mute", "deaf"].map(|manner| eas.open(manner));
    end_by_misses(&mut eas, &slots);
    #[cfg(unix)]
    crate::exec::wait_until_none_runs(&mark);
    assert_eq!(server.summary()["programs"]["replaced"], 2);
}

/// The EA comes again, and has a new program.
#[test]
fn a_program_that_dies_takes_its_session_with_it_and_no_other() {
    let mut rig = Rig::new(&ENOUGH);
    let mut open = Vec::new();
    for manner in ["die", "half-die"] {
        let slot = rig.begun(manner);
        assert_eq!(rig.eas.tick(slot), "handler_ended", "{manner}");
        assert_eq!(rig.eas.rest(slot), ["bye handler_ended"], "{manner}");
        rig.goes_on();
        open.push(rig.eas.open_again(manner));
    }
    let slot = rig.eas.open("die-at-once");
    assert_eq!(rig.eas.rest(slot), ["bye handler_ended"]);
    rig.nothing_is_left(&open);
    let (summary, _) = rig.end();
    assert_eq!(summary["programs"]["ended"], 3, "{summary}");
}

/// One that ends before it reads anything, and one that cannot be started.
#[test]
fn a_program_that_is_of_no_use_ends_each_session() {
    let handler = handler();
    for (command, codes) in [
        (&[&*handler, "die"][..], &["bye handler_ended", "bye handler_unavailable"][..]),
        (&["no-such-program"], &["bye handler_unavailable"]),
    ] {
        let options = [&["--quiet", "exec", "--"], command].concat();
        let server = Server::start(&[&QUIET[..], &options].concat());
        let mut eas = SessionEas::new(&server.path);
        for _ in 0..2 {
            let slot = eas.open("any");
            let said = eas.rest(slot);
            assert!(said.len() == 1 && codes.contains(&&*said[0]), "{command:?}: {said:?}");
        }
        let ended = server.stop();
        assert!(ended.status.success(), "{command:?}: {:?}", ended.err);
    }
}

/// No tick is missed where nobody waits for one.
#[test]
fn a_program_that_closed_its_input_is_ended_in_stream_too() {
    if crate::host::is_wine() {
        eprintln!("NOT RUN under Wine: its console holds a program's input open");
        return;
    }
    let mut rig = Rig::new(&ENOUGH);
    let slot = rig.begun("close-in");
    rig.eas.stream(slot, 10);
    assert_eq!(rig.eas.rest(slot), ["bye handler_ended"]);
    rig.nothing_is_left(&[]);
    rig.end();
}

/// Ticks that nobody waits for fill its input; the session ends, and none of them held another's.
#[test]
fn a_program_that_does_not_read_is_ended_with_its_session() {
    let mut rig = Rig::new(&ENOUGH);
    let slot = rig.eas.open("deaf");
    rig.eas.stream(slot, 3000);
    for _ in 0..20 {
        rig.goes_on();
    }
    assert_eq!(rig.eas.rest(slot), ["bye handler_ended"]);
    rig.nothing_is_left(&[]);
    let (summary, _) = rig.end();
    assert_eq!(summary["programs"]["replaced"], 1, "{summary}");
}

#[test]
fn requests_beyond_the_limit_are_refused_and_the_others_answered() {
    let mut rig = Rig::new(&ENOUGH);
    let slot = rig.eas.open("requests");
    let id = rig.eas.begin(slot, "tick", &tick_params());
    let asked: Vec<Value> = (0..64).map(|_| rig.eas.expect(slot, "comment")).collect();
    rig.wait_until_looked_at();
    rig.goes_on();
    for request in &asked {
        assert_eq!(request["params"]["text"], "one of many");
        rig.eas.answer(slot, request, &json!({}));
    }
    let told = rig.eas.expect(slot, "comment");
    assert_eq!(told["params"]["text"], "6 failed");
    rig.eas.answer(slot, &told, &json!({}));
    rig.eas.expect(slot, &format!("{id} ok"));
    rig.eas.close(slot);
    let (summary, _) = rig.end();
    assert_eq!(summary["sessions"]["requests"], 65, "{summary}");
}

/// Whoever observes hears what became of it: nobody knows.
#[test]
fn an_order_of_a_program_that_dies_is_unknown_and_never_sent_again() {
    let mut rig = Rig::new(&ENOUGH);
    let slot = rig.eas.open("order-die");
    let id = rig.eas.begin(slot, "tick", &tick_params());
    let order = rig.eas.expect(slot, "order_send");
    rig.eas.expect(slot, &format!("{id} handler_ended"));
    // The EA carries it out all the same.
    rig.eas.fill(slot, &order);
    assert_eq!(rig.eas.rest(slot), ["bye handler_ended"]);
    rig.goes_on();
    // The next program of this EA sends one of its own.
    let next = loop {
        let slot = rig.eas.open("order-die");
        rig.eas.begin(slot, "tick", &tick_params());
        match rig.eas.hear(slot) {
            (said, order) if said == "order_send" => break order,
            (said, _) => assert!(!said.ends_with(" ok"), "{said}"),
        }
        rig.eas.close(slot);
    };
    assert_ne!(next["params"]["client_id"], order["params"]["client_id"]);
    let (summary, printed) = rig.end();
    assert_eq!(summary["sessions"]["requests"], 2, "{summary}");
    let orders: Vec<_> = printed.iter().filter(|line| line["event"] == "order").collect();
    assert_eq!(orders.len(), 2, "{orders:?}");
    for (told, order) in orders.iter().zip([order, next]) {
        assert_eq!(told["result"]["outcome"], "unknown", "{told}");
        assert_eq!(told["order"]["client_id"], order["params"]["client_id"], "{told}");
    }
}

#[test]
fn of_two_orders_under_one_id_one_is_sent() {
    let mut rig = Rig::new(&ENOUGH);
    let slot = rig.eas.open("duplicate");
    let id = rig.eas.begin(slot, "tick", &tick_params());
    let order = rig.eas.expect(slot, "order_send");
    rig.wait_until_looked_at();
    rig.goes_on();
    rig.eas.fill(slot, &order);
    rig.eas.expect(slot, &format!("{id} ok"));
    rig.eas.close(slot);
    let (summary, _) = rig.end();
    assert_eq!(summary["sessions"]["requests"], 1, "{summary}");
}

/// Whoever ends the session: the EA, with a word or without one, or the server.
#[test]
fn a_program_that_ignores_the_end_is_killed_with_all_it_started() {
    let mut rig = Rig::new(&ENOUGH);
    let [told, left] = ["stubborn.1", "stubborn.2"].map(|instance| rig.begun(instance));
    #[cfg(unix)]
    assert!(
        crate::exec::running(&rig.mark) > 2,
        "the check is broken: it sees no program that runs"
    );
    rig.eas.notify(told, "deinit", &json!({"reason": 1}));
    rig.nothing_is_left(&[told, left]);
    let stopped = rig.begun("stubborn.3");
    rig.goes_on();
    rig.server.interrupt();
    assert_eq!(rig.eas.rest(stopped), ["bye shutting_down"]);
    assert_eq!(rig.eas.rest(rig.good), ["bye shutting_down"]);
    let (summary, _) = rig.ended();
    assert_eq!(summary["sessions"]["opened"], 5, "{summary}");
    assert_eq!(summary["programs"]["ended"], 0, "{summary}");
}
