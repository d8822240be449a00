//! What a tick and the passing of time do.
//!
//! The order is always this. First time passes up to the tick, in steps: at each the swaps of a midnight,
//! then orders that expire, then requests that arrive, at the prices of before. Then the tick's prices
//! hold: stop out, pending orders by their tickets, stop losses and take profits by theirs, and stop out
//! once more if something was filled. Outside its sessions a symbol's orders and levels wait.

use thiserror::Error;
use tickpipe_proto::message::{OrderState, OrderType, Tick, TradeKind};

use super::Broker;
use super::instrument::Quote;
use super::position::Pending;
use super::refusal::Refusal;
use super::value::Side;
use crate::calendar::{DAY_MS, TIMES_MSC, weekday};
use crate::exact::{UNITS_MAX, money};

/// Why a tick is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TickRefused {
    /// A price has more decimals than the symbol.
    #[error(
        "found {found} for {symbol}, allowed are prices below 10^12 points of {digits} decimals"
    )]
    Price {
        /// The symbol.
        symbol: String,
        /// Bid and ask.
        found: String,
        /// Those of the symbol.
        digits: u8,
    },
    /// Its time is in no year that there is.
    #[error("found a tick of {symbol} at {time_msc} ms, allowed are the years 1 to 9999")]
    Time {
        /// The symbol.
        symbol: String,
        /// Milliseconds since 1970.
        time_msc: i64,
    },
    /// Nothing of this name is traded.
    #[error("found a tick of {0}, which is not traded here; add the symbol")]
    UnknownSymbol(String),
}

impl Broker {
    /// Takes a tick: time passes up to it, its prices hold, and what they set off happens.
    ///
    /// A tick that is earlier than the time already reached is taken at that time.
    ///
    /// # Errors
    ///
    /// Returns [`TickRefused`] for one that cannot be taken; then nothing has happened.
    pub fn handle_tick(&mut self, tick: &Tick) -> Result<(), TickRefused> {
        let symbol = self.index.get(&tick.symbol).copied();
        let Some((symbol, instrument)) =
            symbol.and_then(|symbol| Some((symbol, self.instruments.get(symbol)?)))
        else {
            return Err(TickRefused::UnknownSymbol(tick.symbol.to_string()));
        };
        let prices = (instrument.tick_points(tick.bid), instrument.tick_points(tick.ask));
        let (Some(bid), Some(ask)) = prices else {
            return Err(TickRefused::Price {
                symbol: tick.symbol.to_string(),
                found: format!("{} and {}", tick.bid, tick.ask),
                digits: instrument.spec.digits,
            });
        };
        if !TIMES_MSC.contains(&tick.time_msc) {
            let (symbol, time_msc) = (tick.symbol.to_string(), tick.time_msc);
            return Err(TickRefused::Time { symbol, time_msc });
        }
        self.pass_time(tick.time_msc);
        if let Some(instrument) = self.instruments.get_mut(symbol) {
            instrument.quote = Some(Quote { bid, ask });
            instrument.tick = Some(tick.clone());
        }
        if !self.positions.is_empty() || !self.orders.is_empty() {
            self.set_off(symbol);
        }
        self.tell_account();
        Ok(())
    }

    /// Lets time pass without a tick, in milliseconds of the trade server's clock; never backwards.
    pub fn handle_time(&mut self, now_msc: i64) {
        self.pass_time(now_msc);
        self.tell_account();
    }

    /// Returns when something happens by itself: a request arrives, or an order expires.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<i64> {
        let due = self.delayed.first_key_value().map_or(i64::MAX, |(key, _)| key.0);
        Some(due.min(self.next_expiration_msc)).filter(|time| *time != i64::MAX)
    }

    /// A time that there is not is taken as the first or the last one.
    pub(super) fn pass_time(&mut self, to_msc: i64) {
        let to_msc = to_msc.clamp(*TIMES_MSC.start(), *TIMES_MSC.end());
        if self.now_msc == i64::MIN {
            // What was there before time began was there when it did.
            for deal in &mut self.history_deals {
                deal.time_msc = Some(to_msc);
            }
        }
        loop {
            let due = self.delayed.first_key_value().map_or(i64::MAX, |(key, _)| key.0);
            let next = self.next_midnight_msc.min(self.next_expiration_msc).min(due);
            if to_msc < next {
                break;
            }
            self.now_msc = self.now_msc.max(next);
            if next == self.next_midnight_msc {
                self.handle_midnight(to_msc.min(self.next_expiration_msc).min(due));
            }
            if next == self.next_expiration_msc {
                self.expire();
            }
            self.deliver();
        }
        self.now_msc = self.now_msc.max(to_msc);
    }

    /// Books the night's swaps to the positions.
    ///
    /// Nothing else happens before `next_msc`.
    fn handle_midnight(&mut self, next_msc: i64) {
        // Where nothing is held, the nights of a gap are passed at once.
        let day = if self.positions.is_empty() {
            next_msc.div_euclid(DAY_MS)
        } else {
            self.next_midnight_msc.div_euclid(DAY_MS)
        };
        let day = day.max(self.next_midnight_msc.div_euclid(DAY_MS));
        self.next_midnight_msc = (day + 1).saturating_mul(DAY_MS);
        let ended = weekday(day - 1);
        let mut is_changed = false;
        let tickets: Vec<u64> = self.positions.keys().copied().collect();
        for ticket in tickets {
            let Some(position) = self.positions.get(&ticket) else { continue };
            let Some(instrument) = self.instruments.get(position.symbol) else { continue };
            let nights = instrument.spec.swap.nights.get(ended).copied().unwrap_or(0);
            let valuer = self.valuer();
            let night = valuer.swap(position.symbol, position.side, position.volume).unwrap_or(0);
            let swap = night * i128::from(nights);
            if swap == 0 {
                continue;
            }
            if let Some(position) = self.positions.get_mut(&ticket) {
                position.swap = (position.swap + swap).clamp(-UNITS_MAX, UNITS_MAX);
            }
            is_changed = true;
            self.tell_position_at(TradeKind::PositionUpdate, ticket);
        }
        if is_changed {
            self.books_changed();
        }
    }

    /// Ends the orders whose time is over.
    fn expire(&mut self) {
        let now = self.now_msc;
        let is_over =
            |order: &Pending| order.expiration.is_some_and(|time| time.saturating_mul(1000) <= now);
        let over: Vec<u64> =
            self.orders.values().filter(|order| is_over(order)).map(|order| order.ticket).collect();
        for ticket in over {
            if let Some(order) = self.orders.remove(&ticket) {
                self.archive(&order, OrderState::Expired);
            }
        }
        let times = self.orders.values().filter_map(|order| order.expiration);
        self.next_expiration_msc =
            times.map(|time| time.saturating_mul(1000)).min().unwrap_or(i64::MAX);
    }

    /// Does what a symbol's new prices set off.
    fn set_off(&mut self, symbol: usize) {
        self.revalue(symbol);
        self.stop_out();
        let Some(instrument) = self.instruments.get(symbol) else { return };
        if !instrument.spec.sessions.is_open(self.now_msc) {
            return;
        }
        let is_filled = self.activate(symbol) | self.hit_levels(symbol);
        if is_filled {
            self.stop_out();
        }
    }

    /// Fills the pending orders whose price is reached. Returns whether there was one.
    fn activate(&mut self, symbol: usize) -> bool {
        let Some(quote) = self.instruments.get(symbol).and_then(|instrument| instrument.quote)
        else {
            return false;
        };
        let is_due = |order: &&Pending| order.symbol == symbol && is_reached(order, quote);
        let due: Vec<u64> = self.orders.values().filter(is_due).map(|order| order.ticket).collect();
        let mut is_filled = false;
        for ticket in due {
            let Some(mut order) = self.orders.remove(&ticket) else { continue };
            if let Some(limit) = order.stop_limit.take() {
                // The stop is reached: from now on it is the limit order that it named.
                order.kind = limit_of(order.side);
                order.price = limit;
                self.put_order(order, TradeKind::OrderUpdate);
                continue;
            }
            let is_limit = matches!(order.kind, OrderType::BuyLimit | OrderType::SellLimit);
            let slip = if is_limit { 0 } else { self.slippage.draw(&mut self.random) };
            let opening = if order.side == Side::Buy { quote.ask } else { quote.bid };
            let price = (opening + order.side.sign() * slip).max(1);
            match self.check_activation(&order, price) {
                Ok(()) => {
                    self.fill(&order, price);
                    is_filled = true;
                }
                Err(refusal) => {
                    order.marks.comment = Some(format!("rejected {}", refusal.code));
                    self.archive(&order, OrderState::Rejected);
                }
            }
        }
        is_filled
    }

    /// Closes the positions whose stop loss or take profit is reached. Returns whether there was one.
    fn hit_levels(&mut self, symbol: usize) -> bool {
        let Some(quote) = self.instruments.get(symbol).and_then(|instrument| instrument.quote)
        else {
            return false;
        };
        let mut due = Vec::new();
        for position in self.positions.values() {
            if position.symbol != symbol || position.levels.is_none() {
                continue;
            }
            let price = if position.side == Side::Buy { quote.bid } else { quote.ask };
            let sign = position.side.sign();
            let is_lost = position.levels.stop_loss.filter(|level| (price - level) * sign <= 0);
            let is_won = position.levels.take_profit.filter(|level| 0 <= (price - level) * sign);
            if let Some(level) = is_lost {
                due.push((position.ticket, price, -sign, "sl", level));
            } else if let Some(level) = is_won {
                due.push((position.ticket, price, 0, "tp", level));
            }
        }
        let is_filled = !due.is_empty();
        for (ticket, price, direction, word, level) in due {
            let slip =
                if direction == 0 { 0 } else { self.slippage.draw(&mut self.random) * direction };
            let instrument = self.instruments.get(symbol);
            let level = instrument.and_then(|instrument| instrument.price(level));
            let comment = level.map_or_else(|| word.to_owned(), |level| format!("{word} {level}"));
            self.close_by_broker(ticket, (price + slip).max(1), comment);
        }
        is_filled
    }

    /// Closes positions, the one with the largest loss first, until the margin level is high enough.
    fn stop_out(&mut self) {
        while self.is_below(self.account.stop_out_percent) {
            let is_open = |symbol: usize| {
                self.instruments
                    .get(symbol)
                    .is_some_and(|instrument| instrument.spec.sessions.is_open(self.now_msc))
            };
            let worst = self
                .positions
                .values()
                .filter(|position| is_open(position.symbol))
                .min_by_key(|position| (position.floating(), position.ticket));
            let Some(position) = worst else { return };
            let ticket = position.ticket;
            let instrument = self.instruments.get(position.symbol);
            let closing = instrument.and_then(|instrument| instrument.closing(position.side));
            let Some(price) = closing else { return };
            let digits = self.account.currency_digits;
            let (equity, margin) = (money(self.equity(), digits), money(self.margin, digits));
            self.close_by_broker(ticket, price, format!("so {equity}/{margin}"));
        }
    }

    /// Whether equity is less than so many percent of the margin, or of nothing, below zero.
    pub(super) fn is_below(&self, percent: tickpipe_proto::types::Decimal) -> bool {
        if self.positions.is_empty() {
            return false;
        }
        let power = 10_i128.pow(percent.digits().into());
        let equity = self.equity() * 100 * power;
        if self.margin == 0 {
            return equity < 0;
        }
        equity < self.margin * i128::from(percent.units())
    }

    /// What is checked again when a pending order is filled.
    fn check_activation(&self, order: &Pending, price: i64) -> Result<(), Refusal> {
        self.check_positions(order.symbol)?;
        self.check_money(order.symbol, order.side, order.volume, price)
    }
}

/// Whether a pending order's price is reached: buys by the ask, sells by the bid.
///
/// # Source
///
/// <https://www.metatrader5.com/en/terminal/help/trading/general_concept>
fn is_reached(order: &Pending, quote: Quote) -> bool {
    use OrderType as T;
    match order.kind {
        T::BuyLimit => quote.ask <= order.price,
        T::BuyStop | T::BuyStopLimit => order.price <= quote.ask,
        T::SellLimit => order.price <= quote.bid,
        T::SellStop | T::SellStopLimit => quote.bid <= order.price,
        T::Buy | T::Sell | _ => false,
    }
}

const fn limit_of(side: Side) -> OrderType {
    match side {
        Side::Buy => OrderType::BuyLimit,
        Side::Sell => OrderType::SellLimit,
    }
}
