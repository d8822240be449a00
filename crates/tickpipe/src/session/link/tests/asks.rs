//! Requests to the EA, from the strategy and from other threads.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::Symbol;

use super::rig::{Ea, LIMIT, Rig, Setup, gate, id_of, text_between, tick_line};
use crate::session::link::Link;

/// Asks for symbols behind one, and holds the answer against it.
fn ask_for(link: &Link, name: &str) {
    let after = Some(Symbol::new(name).unwrap());
    let answer = link.ask(&Ask::Symbols { after }, LIMIT).unwrap();
    let Answer::Symbols { symbols, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(symbols, [Symbol::new(name).unwrap()]);
}

/// Answers a request of [`ask_for`].
fn serve_symbols(ea: &mut Ea, line: &str) {
    let name = text_between(line, r#""after":""#, ['"', '"']).to_owned();
    ea.answer(&id_of(line), &format!(r#"{{"symbols":["{name}"],"more":false}}"#));
}

fn code_of(result: Result<Answer, AskError>) -> ErrorCode {
    match result {
        Err(AskError::Local(error)) => error.code(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_strategy_asks_inside_a_tick() {
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(|link, _| {
            link.ask(&Ask::Comment { text: "one".to_owned() }, LIMIT)?;
            link.ask(&Ask::Comment { text: "two".to_owned() }, LIMIT)?;
            Ok(())
        }),
    );
    for id in 1..10 {
        rig.ea.tick(id);
        rig.ea.serve("comment", "{}");
        // Ticks that come meanwhile wait their turn.
        rig.ea.send(&tick_line(100 + id).replace(&format!(r#""id":{},"#, 100 + id), ""));
        rig.ea.serve("comment", "{}");
        rig.ea.expect(&format!(r#""id":{id},"result":{{}}"#));
        rig.ea.serve("comment", "{}");
        rig.ea.serve("comment", "{}");
    }
    rig.leave();
}

#[test]
fn a_thread_asks_while_the_strategy_is_idle() {
    let mut rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    let link = Arc::clone(&rig.link);
    let asking = thread::spawn(move || (1..50).for_each(|n| ask_for(&link, &format!("S{n}"))));
    for _ in 1..50 {
        let line = rig.ea.expect(r#""method":"symbols""#);
        serve_symbols(&mut rig.ea, &line);
    }
    asking.join().unwrap();
    rig.ea.tick(1);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.leave();
}

#[test]
fn a_thread_asks_while_the_strategy_computes() {
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
    let link = Arc::clone(&rig.link);
    let asking = thread::spawn(move || ask_for(&link, "GBPUSD"));
    let line = rig.ea.expect(r#""method":"symbols""#);
    serve_symbols(&mut rig.ea, &line);
    asking.join().unwrap();
    drop(go);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.leave();
}

#[test]
fn a_request_that_is_not_answered_is_over_at_its_deadline() {
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(|link, _| {
            let ask = Ask::Comment { text: String::new() };
            let code = code_of(link.ask(&ask, Duration::from_millis(20)));
            assert_eq!(code, ErrorCode::RequestTimeout);
            Ok(())
        }),
    );
    rig.ea.tick(1);
    let line = rig.ea.expect(r#""method":"comment""#);
    rig.ea.expect(r#""id":1,"result":{}"#);
    rig.ea.answer(&id_of(&line), "{}");
    // The same from a thread, while nobody else has anything to do.
    let link = Arc::clone(&rig.link);
    let ask = Ask::Comment { text: String::new() };
    assert_eq!(code_of(link.ask(&ask, Duration::from_millis(20))), ErrorCode::RequestTimeout);
    let told = rig.leave();
    let shut = told.wait_for("shut");
    assert!(shut.contains("late_replies: 1,"), "{shut}");
}

#[test]
fn what_the_ea_does_not_serve_is_not_sent() {
    let rig = Rig::open(Setup::default(), Box::new(|_, _| Ok(())));
    assert_eq!(code_of(rig.link.ask(&Ask::TerminalInfo, LIMIT)), ErrorCode::Unsupported);
    rig.leave();
}

#[test]
fn who_waits_for_an_answer_is_told_when_the_ea_leaves() {
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(|link, _| {
            let ask = Ask::Comment { text: String::new() };
            assert_eq!(code_of(link.ask(&ask, LIMIT)), ErrorCode::Disconnected);
            Ok(())
        }),
    );
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let link = Arc::clone(&rig.link);
            thread::spawn(move || code_of(link.ask(&Ask::Symbols { after: None }, LIMIT)))
        })
        .collect();
    for _ in 0..4 {
        rig.ea.expect(r#""method":"symbols""#);
    }
    rig.ea.tick(1);
    rig.ea.expect(r#""method":"comment""#);
    let link = Arc::clone(&rig.link);
    let told = rig.leave();
    for thread in asking {
        assert_eq!(thread.join().unwrap(), ErrorCode::Disconnected);
    }
    let late = link.ask(&Ask::Symbols { after: None }, LIMIT);
    assert_eq!(code_of(late), ErrorCode::Disconnected);
    told.wait_for("stop Disconnected");
}

/// A row of numbers that looks random and is the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Many threads ask, the strategy asks inside its ticks or takes its time, the EA answers in any
/// order: each gets its own answer, each tick one.
#[test]
fn each_gets_its_own_answer_whoever_asks_and_reads() {
    for seed in 1..=12 {
        stress(seed);
    }
}

fn stress(seed: u64) {
    const THREADS: u64 = 6;
    const ASKS: u64 = 60;
    const TICKS: u64 = 120;
    let mut ticks = 0_u64;
    let mut dice = Dice(seed * 7919);
    let mut rig = Rig::open(
        Setup::default(),
        Box::new(move |link, _| {
            ticks += 1;
            match dice.roll(4) {
                0 => ask_for(link, &format!("T{ticks}")),
                1 => {
                    let until = Instant::now() + Duration::from_micros(dice.roll(9000));
                    while Instant::now() < until {
                        thread::yield_now();
                    }
                }
                _ => {}
            }
            Ok(())
        }),
    );
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let link = Arc::clone(&rig.link);
            thread::spawn(move || {
                (0..ASKS).for_each(|n| ask_for(&link, &format!("A{thread}-{n}")));
            })
        })
        .collect();
    let mut dice = Dice(seed * 104_729);
    let (mut sent, mut answered) = (0, 0);
    let mut asked: Vec<String> = Vec::new();
    let mut served = 0;
    while answered < TICKS || served < THREADS * ASKS || !asked.is_empty() {
        if sent < TICKS && sent - answered < 1 + dice.roll(3) {
            sent += 1;
            rig.ea.tick(sent);
        }
        if asked.len() > 8 || (!asked.is_empty() && dice.roll(3) == 0) || sent == answered {
            let at = usize::try_from(dice.roll(64)).unwrap() % asked.len().max(1);
            if at < asked.len() {
                let line = asked.swap_remove(at);
                serve_symbols(&mut rig.ea, &line);
                continue;
            }
        }
        if answered == TICKS && asked.is_empty() && served == THREADS * ASKS {
            break;
        }
        if !asked.is_empty() && !rig.ea.has_line() {
            let line = asked.remove(0);
            serve_symbols(&mut rig.ea, &line);
            continue;
        }
        let line = rig.ea.line();
        if line.contains(r#""method":"symbols""#) {
            served += u64::from(line.contains(r#""after":"A"#));
            asked.push(line);
        } else {
            answered += 1;
            assert!(line.contains(&format!(r#""id":{answered},"result":{{}}"#)), "{line} {seed}");
        }
    }
    for thread in threads {
        thread.join().unwrap();
    }
    rig.leave();
}
