//! Whatever goes wrong: the strategy's view is the broker's in the end, and nothing is done twice.

use std::collections::BTreeMap;

use tickpipe::session::{ClientId, Outcome, local};
use tickpipe_proto::message::MarginMode;
use tickpipe_sim::broker::Latency;

use crate::rig::Setup;
use crate::trader::{Known, Shared, Trader};

fn runs() -> u64 {
    if std::env::var_os("TICKPIPE_SOAK").is_some() { 20_000 } else { 256 }
}

const FAULTS: &[&str] = &[
    "requote=0.15",
    "reject=0.15",
    "delay:4000=0.15",
    "unknown=0.15",
    "drop=0.1",
    "die=0.02",
    "freeze:20000=0.01",
    "garbage=0.05",
    "clock:600=0.01",
];

/// What a run showed of faults.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    unknown: u64,
    sessions: u64,
}

/// How often each name is there.
fn counted(names: impl Iterator<Item = Option<ClientId>>) -> BTreeMap<ClientId, u32> {
    let mut counts = BTreeMap::new();
    for name in names.flatten() {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// Plays a run with faults and judges its books and journal.
fn judge(seed: u64, faults: &[&'static str]) -> Seen {
    let mut setup = Setup::new(seed, 300).with_faults(faults);
    if seed % 2 == 1 {
        setup.margin_mode = MarginMode::Netting;
    }
    if seed % 4 >= 2 {
        setup.latency = Latency::Uniform(0, 20_000);
    }
    let shared = Shared::default();
    let run = local::run(setup.terminal(), |_| Trader::new(&shared, seed));
    assert_eq!(run.failures, Vec::<String>::new(), "seed {seed}");
    let broker = run.ea.broker();
    let deals = counted(broker.history_deals().iter().map(|deal| deal.client_id));
    assert!(deals.values().all(|count| *count == 1), "seed {seed}: {deals:?}");
    let over = broker.history_orders().iter().map(|order| order.client_id);
    let orders = counted(over.chain(broker.orders().map(|order| order.client_id)));
    assert!(orders.values().all(|count| *count == 1), "seed {seed}: {orders:?}");
    shared.look(|journal| {
        for (name, known) in &journal.orders {
            let result = broker.order_status(name);
            let is_done = result.is_some_and(|result| result.outcome == Outcome::Done);
            let truth = match result {
                None => Known::Absent,
                Some(_) if is_done => Known::Done,
                Some(_) => Known::Rejected,
            };
            // An order of the last ticks may have had no later one to be settled at.
            if *known != Known::Unknown {
                assert_eq!(*known, truth, "seed {seed}, order {name}: {result:?}");
            }
            let is_booked = orders.contains_key(name) || deals.contains_key(name);
            assert!(is_done || !is_booked, "seed {seed}: {name} was carried out");
        }
        let open = journal.orders.values().filter(|known| **known == Known::Unknown).count();
        assert!(open <= 2, "seed {seed}: {open} orders are not settled");
        Seen { unknown: journal.unknown, sessions: run.sessions }
    })
}

#[test]
fn the_strategy_knows_what_the_broker_has_done() {
    let mut seen = Seen::default();
    for seed in 0..runs() {
        let more = judge(seed, FAULTS);
        seen.unknown += more.unknown;
        seen.sessions += more.sessions;
    }
    // Else it would prove nothing.
    assert!(runs() < seen.unknown && runs() < seen.sessions, "{seen:?}");
}

#[test]
fn each_fault_by_itself() {
    for fault in FAULTS {
        for seed in 0..8 {
            judge(seed, &[fault]);
        }
    }
}
