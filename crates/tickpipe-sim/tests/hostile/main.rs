//! Whatever a person sets, a market does and a strategy asks: no panic, no end of time, and books that
//! are the sum of their deals.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]

mod draw;

use std::collections::BTreeSet;

use tickpipe::session::local::{Ask, LocalEa, LocalEvent};
use tickpipe_proto::message::{Deal, Tick, TradeEvent, TradeKind};
use tickpipe_sim::broker::{Broker, BrokerConfig, Latency, Slippage};
use tickpipe_sim::fault::Faults;
use tickpipe_sim::market::FeedError;
use tickpipe_sim::terminal::{Terminal, TerminalConfig};

use self::draw::Draw;

fn runs() -> u64 {
    if std::env::var_os("TICKPIPE_SOAK").is_some() { 20_000 } else { 400 }
}

const FAULTS: &[&str] = &[
    "requote=0.1",
    "reject=0.1",
    "delay:600000=0.1",
    "unknown=0.1",
    "drop=0.1",
    "die=0.05",
    "freeze=0.05",
    "garbage=0.05",
    "clock:31536000=0.01",
    "clock:-31536000@tick=7",
];

/// A terminal with anything that can be set; `None` for what cannot be.
fn terminal(draw: &mut Draw) -> Option<Terminal> {
    let symbols = [draw.symbol("EURUSD", "EUR", "USD"), draw.symbol("USDJPY", "USD", "JPY")];
    let digits = [symbols[0].digits, symbols[1].digits];
    let own = symbols[usize::from(draw.chance(2))].symbol.clone();
    let mut config = BrokerConfig::new(draw.account())
        .with_slippage(draw.pick(&[
            Slippage::None,
            Slippage::Fixed(2),
            Slippage::Uniform(u32::MAX),
            Slippage::Fixed(u32::MAX),
        ]))
        .with_latency(draw.pick(&[
            Latency::None,
            Latency::None,
            Latency::Fixed(1),
            Latency::Uniform(0, 600_000),
            Latency::Fixed(u32::MAX),
        ]))
        .with_seed(draw.next());
    for symbol in symbols {
        config = config.with_symbol(symbol);
    }
    let broker = Broker::new(config).ok()?;
    let faults = if draw.chance(2) { FAULTS } else { &[] };
    let mut config = TerminalConfig::new(own)
        .with_faults(Faults::parse(faults, draw.next()).unwrap())
        .with_bars_max(draw.pick(&[0, 1, 50]))
        .with_ticks_max(draw.pick(&[0, 1, 50]));
    if draw.chance(3) {
        config = config.without_closing_at_end();
    }
    if draw.chance(4) {
        config = config.with_begin_msc(draw.pick(&[i64::MAX, 1_549_317_600_000, 0]));
    }
    let ticks: Vec<Tick> = draw.ticks(digits);
    let feed = ticks.into_iter().map(Ok::<Tick, FeedError>);
    Some(Terminal::new(config, broker, feed).unwrap().with_recorder())
}

/// Plays it, asking whatever comes to mind, and judges the books.
fn judge(seed: u64) -> bool {
    let mut draw = Draw(seed);
    let Some(mut terminal) = terminal(&mut draw) else { return false };
    let mut open = BTreeSet::new();
    let mut names = 0;
    drop(terminal.hello());
    loop {
        match terminal.next() {
            LocalEvent::Over => break,
            LocalEvent::Ended(_) => drop(terminal.hello()),
            LocalEvent::Trade(event) => note(&mut open, &event),
            LocalEvent::Account(_) | LocalEvent::Bar(_) | LocalEvent::Tick(_) | _ => {}
        }
        for _ in 0..draw.below(4) {
            names += 1;
            let ask: Ask = draw.ask(terminal.broker(), names);
            drop(terminal.answer(&ask));
        }
    }
    // What happens between two sessions is told to nobody.
    if terminal.counts().sessions <= 1 {
        let there: BTreeSet<u64> =
            terminal.broker().positions().map(|position| position.ticket.value()).collect();
        assert_eq!(open, there, "seed {seed}: positions told, and positions there");
    }
    judge_books(terminal, seed);
    true
}

fn note(open: &mut BTreeSet<u64>, event: &TradeEvent) {
    let position = event.position.map(|ticket| ticket.value());
    if event.event == TradeKind::PositionOpen {
        assert!(open.insert(position.unwrap()));
    } else if event.event == TradeKind::PositionClose {
        open.remove(&position.unwrap());
    }
}

fn judge_books(terminal: Terminal, seed: u64) {
    let broker = terminal.broker();
    let state = broker.account_state();
    let money = |deal: &Deal| {
        let parts = [deal.profit, deal.swap, deal.commission];
        parts.into_iter().flatten().map(|m| i128::from(m.units())).sum::<i128>()
    };
    let digits = broker.account().currency_digits;
    let first = broker.history_deals()[0].profit.unwrap();
    let deposit = i128::from(first.rescale(digits).unwrap().units());
    let booked = deposit + broker.history_deals()[1..].iter().map(money).sum::<i128>();
    // Beyond, amounts are held.
    let is_plain = booked.abs() < 100_000_000_000_000_000;
    if is_plain {
        assert_eq!(booked, i128::from(state.balance.units()), "seed {seed}: balance");
    }
    let report = terminal.into_report().unwrap();
    if is_plain {
        let nets: i128 = report.trades.iter().map(|trade| i128::from(trade.net.units())).sum();
        let open = i128::from(report.summary.commission_open.units());
        let net = i128::from(report.summary.net_profit.units());
        assert_eq!(nets + open, net, "seed {seed}: nets");
    }
    assert!(!report.table(80).is_empty() && !report.html().is_empty());
    assert!(!report.trades_csv().is_empty() && !report.equity_csv().is_empty());
}

#[test]
fn nothing_breaks_it() {
    let played = (0..runs()).filter(|seed| judge(*seed)).count() as u64;
    // Else it would prove nothing.
    assert!(runs() / 4 < played, "only {played} could be played");
}
