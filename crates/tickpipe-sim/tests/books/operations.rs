//! What a trader may do, and ticks between it.

use proptest::prelude::*;
use tickpipe_proto::message::{
    Order, OrderAction, OrderRequest, OrderType, Outcome, Position, Tick,
};
use tickpipe_proto::types::{ClientId, Lots, OrderTicket, PositionTicket, Price, Symbol};
use tickpipe_sim::broker::Broker;

/// One step; distances are points, lots are hundredths, picks count through what is there.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Close { pick: usize, lots: i64 },
    CloseBy { pick: usize, by: usize },
    Delete { pick: usize },
    Market { symbol: usize, is_buy: bool, lots: i64, stop_loss: i64, take_profit: i64 },
    Modify { pick: usize, stop_loss: i64, take_profit: i64 },
    Move { pick: usize, points: i64 },
    Pending { symbol: usize, kind: usize, lots: i64, distance: i64, stop_loss: i64, minutes: i64 },
    Tick { symbol: usize, points: i64, spread: i64, minutes: i64 },
}

pub(crate) fn symbol(index: usize) -> Symbol {
    Symbol::new(["EURUSD", "USDJPY"][index]).unwrap()
}

/// Any operation; half of them are ticks.
pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let lots = 1_i64..120;
    let level = prop_oneof![Just(0_i64), -5_i64..60];
    let tick = (0_usize..2, -60_i64..60, -2_i64..12, 0_i64..1200).prop_map(
        |(symbol, points, spread, minutes)| Operation::Tick { symbol, points, spread, minutes },
    );
    let market = (0_usize..2, any::<bool>(), lots.clone(), level.clone(), level.clone()).prop_map(
        |(symbol, is_buy, lots, stop_loss, take_profit)| Operation::Market {
            symbol,
            is_buy,
            lots,
            stop_loss,
            take_profit,
        },
    );
    let pending = (0_usize..2, 0_usize..6, lots.clone(), -3_i64..50, level.clone(), -10_i64..3000)
        .prop_map(|(symbol, kind, lots, distance, stop_loss, minutes)| Operation::Pending {
            symbol,
            kind,
            lots,
            distance,
            stop_loss,
            minutes,
        });
    let pick = 0_usize..8;
    let modify = (pick.clone(), level.clone(), level).prop_map(|(pick, stop_loss, take_profit)| {
        Operation::Modify { pick, stop_loss, take_profit }
    });
    prop_oneof![
        8 => tick,
        4 => market,
        3 => pending,
        1 => modify,
        1 => (pick.clone(), -20_i64..20).prop_map(|(pick, points)| Operation::Move { pick, points }),
        2 => (pick.clone(), lots).prop_map(|(pick, lots)| Operation::Close { pick, lots }),
        1 => (pick.clone(), pick.clone()).prop_map(|(pick, by)| Operation::CloseBy { pick, by }),
        1 => pick.prop_map(|pick| Operation::Delete { pick }),
    ]
}

/// Carries operations out, and knows the last quotes.
pub(crate) struct Trader {
    /// Bids and asks in points.
    pub(crate) quotes: [(i64, i64); 2],
    pub(crate) is_submitting: bool,
    now_msc: i64,
    sent: u64,
}

impl Trader {
    pub(crate) fn new() -> Self {
        // The Friday before a weekend, so that nights of all kinds are near.
        let now_msc = 1_549_000_000_000;
        Self {
            quotes: [(114_543, 114_545), (109_500, 109_503)],
            is_submitting: false,
            now_msc,
            sent: 0,
        }
    }

    pub(crate) fn carry_out(&mut self, broker: &mut Broker, operation: &Operation) {
        if self.sent == 0 {
            self.sent = 1;
            self.tick(broker, 0);
            self.tick(broker, 1);
        }
        if let Operation::Tick { symbol, points, spread, minutes } = *operation {
            self.now_msc += minutes * 60_000;
            let bid = (self.quotes[symbol].0 + points).max(10_000);
            self.quotes[symbol] = (bid, bid + spread);
            self.tick(broker, symbol);
            return;
        }
        let Some(action) = self.action(broker, operation) else { return };
        self.sent += 1;
        let mut request = OrderRequest::new(action);
        request.client_id = Some(format!("n{}", self.sent).parse::<ClientId>().unwrap());
        if self.is_submitting {
            broker.order_submit(self.now_msc, &request).unwrap();
            return;
        }
        let result = broker.order_send(self.now_msc, &request).unwrap();
        assert_ne!(result.outcome, Outcome::Unknown, "{result:?}");
        // Sent again it is answered again, and nothing happens.
        let before = (broker.history_deals().len(), broker.account_state());
        assert_eq!(broker.order_send(self.now_msc, &request), Ok(result));
        assert_eq!(before, (broker.history_deals().len(), broker.account_state()));
    }

    fn tick(&self, broker: &mut Broker, index: usize) {
        let (bid, ask) = self.quotes[index];
        let (bid, ask) = (price(index, bid), price(index, ask));
        broker.handle_tick(&Tick::new(symbol(index), self.now_msc, bid, ask)).unwrap();
    }

    /// What an operation asks for; `None` if there is nothing that it could be about.
    fn action(&self, broker: &Broker, operation: &Operation) -> Option<OrderAction> {
        let position = |pick: usize| {
            let positions: Vec<Position> = broker.positions().collect();
            positions.get(pick % positions.len().max(1)).cloned()
        };
        let order = |pick: usize| {
            let orders: Vec<Order> = broker.orders().collect();
            orders.get(pick % orders.len().max(1)).cloned()
        };
        Some(match *operation {
            Operation::Tick { .. } => return None,
            Operation::Market { symbol: index, is_buy, lots, stop_loss, take_profit } => {
                let (at, sign) = self.closing(index, is_buy);
                OrderAction::Market {
                    symbol: symbol(index),
                    r#type: if is_buy { OrderType::Buy } else { OrderType::Sell },
                    volume: volume(lots),
                    stop_loss: level(index, at, -sign * stop_loss),
                    take_profit: level(index, at, sign * take_profit),
                    deviation_points: None,
                    filling: None,
                }
            }
            Operation::Pending { .. } => self.pending(operation)?,
            Operation::Modify { pick, stop_loss, take_profit } => {
                let position = position(pick)?;
                let index = usize::from(position.symbol == "USDJPY");
                let (at, sign) = self.closing(index, position.r#type == OrderType::Buy);
                let stop_loss = Some(level(index, at, -sign * stop_loss));
                let take_profit = Some(level(index, at, sign * take_profit));
                modify(position.ticket.value(), None, stop_loss, take_profit)
            }
            Operation::Move { pick, points } => {
                let order = order(pick)?;
                modify(order.ticket.value(), order.price?.offset(points), None, None)
            }
            Operation::Close { pick, lots } => OrderAction::Close {
                ticket: position(pick)?.ticket,
                volume: (lots % 3 != 0).then(|| volume(lots)),
                deviation_points: None,
                filling: None,
            },
            Operation::CloseBy { pick, by } => OrderAction::CloseBy {
                ticket: position(pick)?.ticket,
                by_ticket: position(by).map_or(PositionTicket::new(1).ok()?, |other| other.ticket),
            },
            Operation::Delete { pick } => OrderAction::Delete {
                ticket: order(pick).map_or(OrderTicket::new(77).ok()?, |order| order.ticket),
            },
        })
    }

    /// The price that a position would close at, and 1 for a buy or -1 for a sell.
    fn closing(&self, index: usize, is_buy: bool) -> (i64, i64) {
        let (bid, ask) = self.quotes[index];
        if is_buy { (bid, 1) } else { (ask, -1) }
    }

    fn pending(&self, operation: &Operation) -> Option<OrderAction> {
        let Operation::Pending { symbol: index, kind, lots, distance, stop_loss, minutes } =
            *operation
        else {
            return None;
        };
        let (bid, ask) = self.quotes[index];
        let kinds = [
            (OrderType::BuyLimit, ask, -1, 1),
            (OrderType::BuyStop, ask, 1, 1),
            (OrderType::BuyStopLimit, ask, 1, 1),
            (OrderType::SellLimit, bid, 1, -1),
            (OrderType::SellStop, bid, -1, -1),
            (OrderType::SellStopLimit, bid, -1, -1),
        ];
        let (r#type, at, direction, sign) = kinds[kind];
        let at = at + direction * distance;
        let is_stop_limit = kind % 3 == 2;
        let limit = at - sign * 5;
        let base = if is_stop_limit { limit } else { at };
        Some(OrderAction::Pending {
            symbol: symbol(index),
            r#type,
            volume: volume(lots),
            price: price(index, at),
            stop_limit: is_stop_limit.then(|| price(index, limit)),
            stop_loss: level(index, base, -sign * stop_loss),
            take_profit: None,
            expiration: (0 < minutes).then(|| self.now_msc / 1000 + minutes * 60),
            filling: None,
        })
    }
}

fn modify(
    ticket: u64,
    price: Option<Price>,
    stop_loss: Option<Option<Price>>,
    take_profit: Option<Option<Price>>,
) -> OrderAction {
    OrderAction::Modify {
        ticket,
        price,
        stop_limit: None,
        stop_loss,
        take_profit,
        expiration: None,
    }
}

fn price(index: usize, points: i64) -> Price {
    Price::new(points, [5, 3][index]).unwrap()
}

fn level(index: usize, at: i64, distance: i64) -> Option<Price> {
    (distance != 0).then(|| price(index, at + distance))
}

fn volume(lots: i64) -> Lots {
    Lots::new(lots, 2).unwrap()
}
