//! The trades of a report sum to the books, whatever was traded.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tickpipe_proto::message::{DealEntry, Tick};
use tickpipe_sim::broker::{Broker, Latency};
use tickpipe_sim::report::{Recorder, Report};

use crate::operations::{Operation, Trader, operation, symbol};
use crate::{broker, sequences};

/// Carries operations out as a terminal does: ticks and events go to the recorder.
fn record(broker: &mut Broker, operations: &[Operation]) -> Report {
    let mut recorder = Recorder::new(broker);
    let mut trader = Trader::new();
    for operation in operations {
        trader.carry_out(broker, operation);
        if let Operation::Tick { symbol: index, .. } = operation {
            let tick: Tick = broker.symbol_tick(&symbol(*index)).unwrap().clone();
            recorder.handle_tick(broker, &tick);
        }
        while let Some(event) = broker.poll_event() {
            recorder.handle_event(broker, &event);
        }
    }
    recorder.finish(broker)
}

#[track_caller]
fn check(broker: &Broker, report: &Report) {
    let summary = &report.summary;
    let units = |money: tickpipe_proto::types::Money| i128::from(money.rescale(2).unwrap().units());
    let of_trades: i128 = report.trades.iter().map(|trade| units(trade.net)).sum();
    let booked = units(broker.account_state().balance) - units(broker.account().balance);
    assert_eq!(of_trades + units(summary.commission_open), booked, "trades sum to the books");
    assert_eq!(units(summary.net_profit), booked);
    assert_eq!(units(summary.gross_profit) + units(summary.gross_loss), of_trades);
    if broker.positions().next().is_none() {
        assert_eq!(units(summary.commission_open), 0, "nothing is open");
    }
    let profits: i128 = report.trades.iter().map(|trade| units(trade.profit)).sum();
    assert_eq!(profits + units(summary.commission) + units(summary.swap), of_trades);
    check_volumes(broker, report);
    check_equity(broker, report);
}

/// Every volume that a deal closed is in a trade, under the same number.
#[track_caller]
fn check_volumes(broker: &Broker, report: &Report) {
    let mut held: BTreeMap<u64, i64> = BTreeMap::new();
    let mut closed: Vec<(u64, i64)> = Vec::new();
    for deal in broker.history_deals().iter().skip(1) {
        let (key, volume) = (deal.position.unwrap().value(), deal.volume.unwrap().units());
        let held = held.entry(key).or_default();
        match deal.entry.unwrap() {
            DealEntry::In => *held += volume,
            DealEntry::InOut => {
                closed.push((key, *held));
                *held = volume - *held;
            }
            DealEntry::Out | DealEntry::OutBy | _ => {
                closed.push((key, volume));
                *held -= volume;
            }
        }
    }
    let trades = report.trades.iter();
    let trades = trades.map(|trade| (trade.position.value(), trade.volume.units()));
    assert_eq!(trades.collect::<Vec<_>>(), closed);
    for trade in &report.trades {
        assert!(trade.time_in_msc <= trade.time_out_msc, "{trade:?}");
    }
}

#[track_caller]
fn check_equity(broker: &Broker, report: &Report) {
    let Some(last) = report.equity.last() else { return };
    let state = broker.account_state();
    assert_eq!((last.balance, last.equity), (state.balance, state.equity));
    let deepest = report.equity.iter().map(|point| point.drawdown).max();
    let drawdown = report.summary.drawdown.as_ref().map(|drawdown| drawdown.money);
    assert_eq!(drawdown, deepest.filter(|deepest| !deepest.is_zero()));
    for pair in report.equity.windows(2) {
        assert!(pair[0].time_msc < pair[1].time_msc);
    }
    for point in &report.equity {
        assert!(point.equity_min <= point.equity && point.equity <= point.equity_max);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(sequences()))]

    #[test]
    fn trades_sum_to_the_books(
        is_netting: bool,
        balance in 500_i64..20_000,
        seed: u64,
        operations in prop::collection::vec(operation(), 1..60),
    ) {
        let mut broker = broker(is_netting, balance, seed, Latency::None);
        let report = record(&mut broker, &operations);
        check(&broker, &report);
    }
}
