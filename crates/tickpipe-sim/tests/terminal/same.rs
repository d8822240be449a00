//! The same trades in process and over a pipe, and from run to run.

use tickpipe::session::Timeframe;
use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe_proto::message::MarginMode;
use tickpipe_sim::broker::Latency;

use crate::misfit::Misfit;
use crate::rig::{Books, Setup};
use crate::trader::{Shared, Trader};

/// Plays a setup both ways, and holds the books and the strategy's journal against each other.
fn check(setup: &Setup) -> Books {
    let seed = setup.seed;
    let (here, there) = (Shared::default(), Shared::default());
    let in_process = setup.run(|_| Trader::new(&here, seed));
    assert!(4 < in_process.deals.len(), "{} deals", in_process.deals.len());
    let shared = Shared::default();
    in_process.assert_same(&setup.run(|_| Trader::new(&shared, seed)), seed);
    let over_pipe = setup.play({
        let there = there.clone();
        move |_| Trader::new(&there, seed)
    });
    in_process.assert_same(&over_pipe, seed);
    let orders = |shared: &Shared| shared.look(|journal| journal.orders.clone());
    assert_eq!(orders(&here), orders(&there), "seed {seed}");
    in_process
}

#[test]
fn without_faults() {
    for seed in 0..8 {
        let mut setup = Setup::new(seed, 1500);
        if seed % 2 == 1 {
            setup.margin_mode = MarginMode::Netting;
        }
        check(&setup);
    }
}

#[test]
fn with_latency() {
    for seed in 0..4 {
        let mut setup = Setup::new(seed, 1500);
        setup.latency = Latency::Uniform(50, 12_000);
        let books = check(&setup);
        assert!(0 < books.counts.ticks_missed, "seed {seed}");
    }
}

/// All faults but those that take real time over a pipe: a lost answer takes 5 s, a freeze its time.
#[test]
fn with_faults() {
    let faults = [
        "requote=0.1",
        "reject:10021=0.1",
        "delay:7000=0.1",
        "unknown=0.1",
        "die=0.01",
        "garbage=0.05",
        "clock:-30=0.01",
        "freeze:1=0.05",
    ];
    for seed in 0..6 {
        let books = check(&Setup::new(seed, 1500).with_faults(&faults));
        assert!(1 < books.counts.sessions, "seed {seed}");
    }
}

/// The strategy waits for an answer that is lost over the pipe, and not in process.
#[test]
fn with_a_lost_answer() {
    check(&Setup::new(3, 400).with_faults(&["drop@order=2"]));
}

/// The library's own strategy; its orders have names of the library's.
fn check_cross(setup: &Setup) -> usize {
    let cross = || Cross::new(CrossSettings::default().with_timeframe(Timeframe::M1)).unwrap();
    let in_process = setup.run(|_| cross());
    in_process.assert_same(&setup.play(move |_| cross()), setup.seed);
    in_process.deals.len()
}

#[test]
fn the_cross_of_the_library() {
    for seed in 0..2 {
        assert!(4 < check_cross(&Setup::new(seed, 3000)), "seed {seed}");
        let faults = ["requote=0.2", "unknown=0.2", "garbage=0.1", "die=0.001"];
        check_cross(&Setup::new(seed, 3000).with_faults(&faults));
    }
    check_cross(&Setup::bundled());
}

/// One that asks too much, at the wrong time, and of a session that is over.
#[test]
fn a_strategy_that_minds_nothing() {
    let faults = ["die@tick=40", "die@order=60", "requote=0.1", "delay:9000=0.1"];
    for faults in [&faults[..0], &faults] {
        let setup = Setup::new(11, 300).with_faults(faults);
        let in_process = setup.run(|_| Misfit::default());
        assert!(40 < in_process.deals.len(), "{} deals", in_process.deals.len());
        in_process.assert_same(&setup.play(|_| Misfit::default()), setup.seed);
    }
}
