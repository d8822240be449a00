//! Calculates the books anew from the deals, and compares.

use std::collections::{BTreeMap, BTreeSet};

use tickpipe_proto::message::{
    Deal, DealEntry, DealType, OrderState, OrderType, TradeEvent, TradeKind,
};
use tickpipe_sim::broker::{Broker, BrokerEvent};

use crate::operations::Trader;

/// What is held under one identifier.
#[derive(Clone, Debug, Default)]
struct Held {
    symbol: usize,
    /// Hundredths of lots, below zero for sells.
    volume: i64,
    /// Points times hundredths of lots, always above zero.
    cost: i128,
    /// Cents.
    margin: i128,
}

/// Replays deals one after the other, with the quotes that hold when they are seen.
pub(crate) struct Audit {
    is_netting: bool,
    balance: i64,
    seen: usize,
    held: BTreeMap<u64, Held>,
    open_orders: BTreeSet<u64>,
    open_positions: BTreeSet<u64>,
    told_deals: usize,
}

impl Audit {
    pub(crate) fn new(is_netting: bool, balance: i64) -> Self {
        Self {
            is_netting,
            balance,
            seen: 1,
            held: BTreeMap::new(),
            open_orders: BTreeSet::new(),
            open_positions: BTreeSet::new(),
            told_deals: 0,
        }
    }

    #[track_caller]
    pub(crate) fn check(&mut self, broker: &mut Broker, trader: &Trader) {
        let deals: Vec<Deal> = broker.history_deals()[self.seen..].to_vec();
        self.seen += deals.len();
        let mut deals = deals.iter();
        while let Some(deal) = deals.next() {
            self.balance += money(deal);
            if deal.entry == Some(DealEntry::OutBy) {
                let other = deals.next().expect("a close by has two deals");
                self.balance += money(other);
                self.replay_close_by(deal, other, trader);
            } else {
                self.replay(deal, trader);
            }
        }
        self.held.retain(|_, held| held.volume != 0);
        self.check_account(broker, trader);
        self.check_positions(broker);
        self.check_orders(broker);
        self.check_events(broker);
    }

    fn replay(&mut self, deal: &Deal, trader: &Trader) {
        let key = deal.position.unwrap().value();
        let symbol = usize::from(deal.symbol.as_ref().unwrap() == "USDJPY");
        let volume = deal.volume.unwrap().units();
        let points = i128::from(deal.price.unwrap().points());
        let sign = if deal.r#type == DealType::Buy { 1 } else { -1 };
        let held = self.held.entry(key).or_default();
        held.symbol = symbol;
        let closed = if held.volume.signum() == -sign { volume.min(held.volume.abs()) } else { 0 };
        let mut profit = 0;
        if closed != 0 {
            let all = held.volume.abs();
            let cost = round(held.cost * i128::from(closed), all.into());
            let gain = (points * i128::from(closed) - cost) * i128::from(-sign);
            profit = in_cents(symbol, gain, trader);
            held.cost -= cost;
            held.margin -= round(held.margin * i128::from(closed), all.into());
            held.volume += sign * closed;
        }
        let opened = volume - closed;
        if opened != 0 {
            held.volume += sign * opened;
            held.cost += points * i128::from(opened);
            held.margin += margin(symbol, sign, opened, trader);
        }
        assert_eq!(i128::from(deal.profit.unwrap().units()), profit, "{deal:?}");
        let entry = match (closed, opened) {
            (0, _) => DealEntry::In,
            (_, 0) => DealEntry::Out,
            _ => DealEntry::InOut,
        };
        assert_eq!(deal.entry, Some(entry), "{deal:?}");
        assert!(deal.commission.unwrap().units() <= 0);
    }

    fn replay_close_by(&mut self, first: &Deal, second: &Deal, trader: &Trader) {
        let volume = first.volume.unwrap().units();
        assert_eq!(second.volume, first.volume);
        let mut costs = Vec::new();
        for deal in [first, second] {
            let held = self.held.get_mut(&deal.position.unwrap().value()).expect("held");
            let all = held.volume.abs();
            let cost = round(held.cost * i128::from(volume), all.into());
            held.cost -= cost;
            held.margin -= round(held.margin * i128::from(volume), all.into());
            let sign = held.volume.signum();
            held.volume -= sign * volume;
            costs.push((cost, sign, held.symbol));
        }
        assert_eq!(costs[0].1, -costs[1].1, "both sides");
        let gain = (costs[1].0 - costs[0].0) * i128::from(costs[0].1);
        let profit = in_cents(costs[0].2, gain, trader);
        assert_eq!(i128::from(first.profit.unwrap().units()), profit);
        assert_eq!(second.profit.unwrap().units(), 0);
    }

    #[track_caller]
    fn check_account(&self, broker: &Broker, trader: &Trader) {
        let state = broker.account_state();
        assert_eq!(state.balance.units(), self.balance, "balance");
        let swap: i64 = broker.positions().map(|position| position.swap.unwrap().units()).sum();
        let profit: i128 = self.held.values().map(|held| floating(held, trader)).sum();
        let equity = i128::from(self.balance) + i128::from(swap) + profit;
        assert_eq!(i128::from(state.equity.units()), equity, "equity");
        assert_eq!(state.profit.unwrap().units(), state.equity.units() - state.balance.units());
        let margin: i128 = (0..2).map(|symbol| self.margin_of(symbol)).sum();
        assert_eq!(i128::from(state.margin.units()), margin, "margin");
        assert_eq!(state.margin_free.units(), state.equity.units() - state.margin.units());
    }

    /// What is not covered counts by the larger side's average, what is covered by both.
    fn margin_of(&self, symbol: usize) -> i128 {
        let side = |is_long: bool| {
            let of_side = |held: &&Held| held.symbol == symbol && (0 < held.volume) == is_long;
            let held = self.held.values().filter(of_side);
            held.fold((0_i128, 0_i128), |(volume, margin), held| {
                (volume + i128::from(held.volume.abs()), margin + held.margin)
            })
        };
        let (long, short) = (side(true), side(false));
        let covered = long.0.min(short.0);
        if covered == 0 {
            return long.1 + short.1;
        }
        let larger = if long.0 < short.0 { short } else { long };
        round(larger.1 * (long.0 - short.0).abs(), larger.0)
            + round((long.1 + short.1) * covered, long.0 + short.0)
    }

    #[track_caller]
    fn check_positions(&self, broker: &Broker) {
        let mut volumes: BTreeMap<u64, i64> = BTreeMap::new();
        for position in broker.positions() {
            let sign = if position.r#type == OrderType::Buy { 1 } else { -1 };
            // A netting position that turned round has a new ticket; there is one of each symbol.
            let key = if self.is_netting {
                u64::from(position.symbol == "USDJPY")
            } else {
                position.ticket.value()
            };
            let again = volumes.insert(key, sign * position.volume.units());
            assert_eq!(again, None, "one position of {key}");
        }
        let held = self.held.iter().map(|(key, held)| {
            (if self.is_netting { held.symbol as u64 } else { *key }, held.volume)
        });
        assert_eq!(volumes, held.collect(), "positions of the deals");
    }

    #[track_caller]
    fn check_orders(&self, broker: &Broker) {
        let mut tickets: Vec<u64> = broker.orders().map(|order| order.ticket.value()).collect();
        let over = broker.history_orders();
        tickets.extend(over.iter().map(|order| order.ticket.value()));
        tickets.sort_unstable();
        let count = tickets.len() as u64;
        assert_eq!(tickets, (1..=count).collect::<Vec<_>>(), "every order once");
        let filled: BTreeSet<u64> = over
            .iter()
            .filter(|order| order.state == Some(OrderState::Filled))
            .map(|order| order.ticket.value())
            .collect();
        let deals = broker.history_deals().iter().skip(1);
        let of_deals: BTreeSet<u64> = deals.map(|deal| deal.order.unwrap().value()).collect();
        assert_eq!(filled, of_deals, "a deal has an order, a filled order has a deal");
    }

    /// What is told gives what is there.
    #[track_caller]
    fn check_events(&mut self, broker: &mut Broker) {
        let mut last_account = None;
        while let Some(event) = broker.poll_event() {
            match event {
                BrokerEvent::Trade(event) => self.take_event(&event),
                BrokerEvent::Account(state) => last_account = Some(state),
                other @ (BrokerEvent::Result(_) | _) => panic!("{other:?}"),
            }
        }
        if let Some(state) = last_account {
            assert_eq!(state, broker.account_state());
        }
        assert_eq!(self.told_deals + 1, broker.history_deals().len());
        let orders = broker.orders().map(|order| order.ticket.value());
        assert_eq!(self.open_orders, orders.collect());
        let positions = broker.positions().map(|position| position.ticket.value());
        assert_eq!(self.open_positions, positions.collect());
    }

    fn take_event(&mut self, event: &TradeEvent) {
        let order = event.order.map(|ticket| ticket.value());
        let position = event.position.map(|ticket| ticket.value());
        match event.event {
            TradeKind::OrderAdd => assert!(self.open_orders.insert(order.unwrap())),
            TradeKind::OrderUpdate => assert!(self.open_orders.contains(&order.unwrap())),
            TradeKind::OrderDelete => assert!(self.open_orders.remove(&order.unwrap())),
            TradeKind::PositionOpen => assert!(self.open_positions.insert(position.unwrap())),
            TradeKind::PositionUpdate => assert!(self.open_positions.contains(&position.unwrap())),
            TradeKind::PositionClose => assert!(self.open_positions.remove(&position.unwrap())),
            TradeKind::DealAdd => self.told_deals += 1,
            other => panic!("{other:?}"),
        }
    }
}

fn money(deal: &Deal) -> i64 {
    [deal.profit, deal.swap, deal.commission].into_iter().flatten().map(|money| money.units()).sum()
}

fn floating(held: &Held, trader: &Trader) -> i128 {
    let (bid, ask) = trader.quotes[held.symbol];
    let price = if 0 < held.volume { bid } else { ask };
    let value = i128::from(price) * i128::from(held.volume.abs());
    in_cents(held.symbol, (value - held.cost) * i128::from(held.volume.signum()), trader)
}

/// Points times hundredths of lots in cents: a EURUSD point of a lot is a dollar; a USDJPY point is a
/// hundred yen, and yen are sold at the ask of USDJPY, bought at its bid.
fn in_cents(symbol: usize, gain: i128, trader: &Trader) -> i128 {
    if symbol == 0 {
        return gain;
    }
    let (bid, ask) = trader.quotes[1];
    let rate = if gain < 0 { bid } else { ask };
    round(gain * 100_000, rate.into())
}

/// Hundredths of lots in cents of margin at 1:100: ten euros, or ten dollars, each.
fn margin(symbol: usize, sign: i64, volume: i64, trader: &Trader) -> i128 {
    let (bid, ask) = trader.quotes[0];
    let rate = if 0 < sign { ask } else { bid };
    match symbol {
        0 => round(i128::from(volume) * 1000 * i128::from(rate), 100_000),
        _ => i128::from(volume) * 1000,
    }
}

/// Divides, halves away from zero.
fn round(num: i128, den: i128) -> i128 {
    (2 * num + den * num.signum()) / (2 * den)
}
