//! Deals become trades.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tickpipe_proto::message::{Deal, DealEntry, DealType, OrderType};
use tickpipe_proto::types::{Lots, MagicNumber, Money, PositionTicket, Price, Symbol};

use super::trade::{Ending, Trade};
use crate::exact::{average_price, money, share};

/// What is open under one number.
#[derive(Clone, Debug)]
struct Open {
    symbol: Symbol,
    side: OrderType,
    /// Units of `volume_digits` decimals.
    volume: i64,
    volume_digits: u8,
    /// Points times units.
    cost: i128,
    price_digits: u8,
    /// What opening has cost and no trade has got yet.
    commission: i128,
    time_msc: i64,
    magic: Option<MagicNumber>,
    comment: Option<String>,
}

/// The money of a deal, in the account's units.
#[derive(Clone, Copy, Debug)]
struct Booked {
    profit: i128,
    swap: i128,
    commission: i128,
}

/// What a deal is about; a deal that moves money only has none of it.
#[derive(Clone, Copy, Debug)]
struct Filled<'a> {
    deal: &'a Deal,
    entry: DealEntry,
    position: PositionTicket,
    symbol: &'a Symbol,
    volume: Lots,
    price: Price,
    time_msc: i64,
}

/// Takes deals in their order, and knows what they closed.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    digits: u8,
    open: BTreeMap<u64, Open>,
    trades: Vec<Trade>,
    paid_in: i128,
}

impl Ledger {
    /// `digits` are the decimals of the account's currency.
    pub(super) const fn new(digits: u8) -> Self {
        Self { digits, open: BTreeMap::new(), trades: Vec::new(), paid_in: 0 }
    }

    pub(super) fn is_flat(&self) -> bool {
        self.open.is_empty()
    }

    /// Returns what was deposited, less what was taken out, in the account's units.
    pub(super) const fn paid_in(&self) -> i128 {
        self.paid_in
    }

    /// Returns what opening cost of which nothing is closed yet, in the account's units.
    pub(super) fn open_commission(&self) -> i128 {
        self.open.values().map(|open| open.commission).sum()
    }

    pub(super) fn into_trades(self) -> Vec<Trade> {
        self.trades
    }

    pub(super) fn handle_deal(&mut self, deal: &Deal) {
        let units = |amount: Option<Money>| {
            amount.and_then(|amount| amount.rescale(self.digits)).map_or(0, Money::units).into()
        };
        let mut booked = Booked {
            profit: units(deal.profit),
            swap: units(deal.swap),
            commission: units(deal.commission),
        };
        let Some(filled) = filled(deal) else {
            self.paid_in += booked.profit + booked.swap + booked.commission;
            return;
        };
        let volume = filled.volume.units();
        let key = filled.position.value();
        let held = self.open.get(&key).map_or(0, |open| open.volume);
        match filled.entry {
            DealEntry::In => self.add(&filled, volume, booked.commission),
            DealEntry::InOut => {
                // One deal, one commission: the part that closes has its share of it.
                let of_close = share(booked.commission, held, volume);
                let of_rest = booked.commission - of_close;
                booked.commission = of_close;
                self.close(&filled, held, booked);
                self.add(&filled, volume - held, of_rest);
            }
            DealEntry::Out | DealEntry::OutBy | _ => self.close(&filled, volume, booked),
        }
    }

    fn add(&mut self, filled: &Filled<'_>, volume: i64, commission: i128) {
        let side =
            if filled.deal.r#type == DealType::Sell { OrderType::Sell } else { OrderType::Buy };
        let open = self.open.entry(filled.position.value()).or_insert_with(|| Open {
            symbol: filled.symbol.clone(),
            side,
            volume: 0,
            volume_digits: filled.volume.digits(),
            cost: 0,
            price_digits: filled.price.digits(),
            commission: 0,
            time_msc: filled.time_msc,
            magic: filled.deal.magic,
            comment: filled.deal.comment.clone(),
        });
        open.volume += volume;
        open.cost += i128::from(filled.price.points()) * i128::from(volume);
        open.commission += commission;
    }

    fn close(&mut self, filled: &Filled<'_>, volume: i64, booked: Booked) {
        let key = filled.position.value();
        let Some(open) = self.open.get_mut(&key) else { return };
        // As the broker takes it out, so that the averages are the same.
        let cost = share(open.cost, volume, open.volume);
        let commission = share(open.commission, volume, open.volume);
        open.volume -= volume;
        open.cost -= cost;
        open.commission -= commission;
        let price_in = average_price(cost, volume, open.price_digits).unwrap_or(filled.price);
        let commission = commission + booked.commission;
        let net = booked.profit + booked.swap + commission;
        let trade = Trade {
            position: filled.position,
            symbol: open.symbol.clone(),
            side: open.side,
            volume: Lots::new(volume, open.volume_digits).unwrap_or(filled.volume),
            time_in_msc: open.time_msc,
            price_in,
            time_out_msc: filled.time_msc,
            price_out: filled.price,
            profit: money(booked.profit, self.digits),
            swap: money(booked.swap, self.digits),
            commission: money(commission, self.digits),
            net: money(net, self.digits),
            ending: Ending::of(filled.deal),
            magic: open.magic,
            comment_in: open.comment.clone(),
            comment_out: filled.deal.comment.clone(),
        };
        if open.volume <= 0 {
            self.open.remove(&key);
        }
        self.trades.push(trade);
    }
}

fn filled(deal: &Deal) -> Option<Filled<'_>> {
    Some(Filled {
        deal,
        entry: deal.entry?,
        position: deal.position?,
        symbol: deal.symbol.as_ref()?,
        volume: deal.volume?,
        price: deal.price?,
        time_msc: deal.time_msc?,
    })
}
