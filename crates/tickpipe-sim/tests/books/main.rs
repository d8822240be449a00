//! Books balance, whatever is traded: random operations against an audit that calculates anew.
//!
//! With `TICKPIPE_SOAK=1` it is 100,000 sequences, as `cargo xtask soak` runs it, else 256.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

mod audit;
mod operations;
mod recorded;

use proptest::prelude::*;
use tickpipe_proto::message::MarginMode;
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, Commission, Latency, Slippage, Swap, SymbolSpec};

use self::audit::Audit;
use self::operations::{Operation, Trader, operation, symbol};

fn sequences() -> u32 {
    if std::env::var_os("TICKPIPE_SOAK").is_some() { 100_000 } else { 256 }
}

/// A broker of EURUSD, which gives the rate of its own margin, and USDJPY, which gives that of its
/// profit.
fn broker(is_netting: bool, balance: i64, seed: u64, latency: Latency) -> Broker {
    let margin_mode = if is_netting { MarginMode::Netting } else { MarginMode::Hedging };
    let balance = format!("{balance}.00").parse().unwrap();
    let account = AccountSpec::new("USD", 100, balance).with_margin_mode(margin_mode);
    let mut eurusd = SymbolSpec::forex(symbol(0), 5, "EUR", "USD");
    eurusd.commission = Commission::PerLot("3.55".parse().unwrap());
    eurusd.swap = Swap::points("-7.25".parse().unwrap(), "1.3".parse().unwrap());
    let mut usdjpy = SymbolSpec::forex(symbol(1), 3, "USD", "JPY");
    usdjpy.commission = Commission::Percent("0.003".parse().unwrap());
    usdjpy.stops_level = 3;
    let config = BrokerConfig::new(account)
        .with_symbol(eurusd)
        .with_symbol(usdjpy)
        .with_slippage(Slippage::Uniform(3))
        .with_latency(latency)
        .with_seed(seed);
    Broker::new(config).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(sequences()))]

    #[test]
    fn books_balance(
        is_netting: bool,
        balance in 500_i64..20_000,
        seed: u64,
        operations in prop::collection::vec(operation(), 1..60),
    ) {
        let mut broker = broker(is_netting, balance, seed, Latency::None);
        let mut audit = Audit::new(is_netting, balance * 100);
        let mut trader = Trader::new();
        for operation in &operations {
            trader.carry_out(&mut broker, operation);
            audit.check(&mut broker, &trader);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_deals(
        is_netting: bool,
        seed: u64,
        operations in prop::collection::vec(operation(), 1..60),
    ) {
        let run = || {
            let mut broker = broker(is_netting, 5000, seed, Latency::Uniform(0, 20_000_000));
            let mut trader = Trader::new();
            trader.is_submitting = true;
            for operation in &operations {
                trader.carry_out(&mut broker, operation);
            }
            let mut events = Vec::new();
            events.extend(std::iter::from_fn(|| broker.poll_event()));
            (events, broker.history_deals().to_vec(), broker.account_state())
        };
        let first = run();
        prop_assert_eq!(&first, &run());
        // Whatever is under way: the balance is that of the deals.
        let money = |deal: &tickpipe_proto::message::Deal| {
            [deal.profit, deal.swap, deal.commission].into_iter().flatten().map(|m| m.units()).sum::<i64>()
        };
        prop_assert_eq!(first.1.iter().map(money).sum::<i64>(), first.2.balance.units());
    }
}

/// A sequence that once went wrong, or could: each by name.
#[test]
fn sequences_with_names() {
    use Operation as O;
    let tick = |points| O::Tick { symbol: 0, points, spread: 2, minutes: 1 };
    let market = |is_buy, lots| O::Market { symbol: 0, is_buy, lots, stop_loss: 0, take_profit: 0 };
    let turn_round = vec![
        tick(0),
        market(true, 10),
        tick(7),
        market(true, 3),
        tick(3),
        market(false, 5),
        market(false, 20),
        tick(-9),
        market(true, 12),
    ];
    let ruin = vec![tick(0), market(true, 100), market(false, 30), tick(-400), tick(-900)];
    for operations in [turn_round, ruin] {
        for is_netting in [false, true] {
            let mut broker = broker(is_netting, 3000, 1, Latency::None);
            let mut audit = Audit::new(is_netting, 300_000);
            let mut trader = Trader::new();
            for operation in &operations {
                trader.carry_out(&mut broker, operation);
                audit.check(&mut broker, &trader);
            }
        }
    }
}
