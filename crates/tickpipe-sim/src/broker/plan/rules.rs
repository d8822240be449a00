//! Distances, limits and money.

use tickpipe_proto::message::{Filling, OrderType};

use super::super::Broker;
use super::super::instrument::{Instrument, VOLUME_UNITS_MAX};
use super::super::position::{Levels, Pending};
use super::super::refusal::{Refusal, code};
use super::super::value::Side;
use super::no_quote;

/// The least distance of a level or a pending order: never nothing, for it would fire at once.
fn least(instrument: &Instrument) -> i64 {
    i64::from(instrument.spec.stops_level).max(1)
}

/// Whether stop loss and take profit are on their sides of a price, far enough.
///
/// # Source
///
/// <https://www.mql5.com/en/articles/2555>
pub(super) fn check_levels(
    instrument: &Instrument,
    side: Side,
    levels: Levels,
    price: i64,
) -> Result<(), Refusal> {
    let least = least(instrument);
    let wrong = |name: &str, level: i64| {
        let (at, near) = (show(instrument, level), show(instrument, price));
        let direction =
            if (name == "stop loss") == (side == Side::Buy) { "below" } else { "above" };
        let detail = format!(
            "found a {name} at {at}, allowed is one at least {least} points {direction} {near}"
        );
        Err(Refusal::new(code::INVALID_STOPS, detail))
    };
    if let Some(level) = levels.stop_loss
        && (price - level) * side.sign() < least
    {
        return wrong("stop loss", level);
    }
    if let Some(level) = levels.take_profit
        && (level - price) * side.sign() < least
    {
        return wrong("take profit", level);
    }
    Ok(())
}

/// Whether a pending order is on its side of the market, far enough, and its levels of it.
pub(super) fn check_pending(instrument: &Instrument, order: &Pending) -> Result<(), Refusal> {
    use OrderType as T;
    let opening = instrument.opening(order.side).ok_or_else(|| no_quote(instrument))?;
    let least = least(instrument);
    let is_limit = matches!(order.kind, T::BuyLimit | T::SellLimit);
    let better = (opening - order.price) * order.side.sign();
    let distance = if is_limit { better } else { -better };
    if distance < least {
        let (at, near) = (show(instrument, order.price), show(instrument, opening));
        let direction = if is_limit == (order.side == Side::Buy) { "below" } else { "above" };
        let detail =
            format!("found {at}, allowed is a price at least {least} points {direction} {near}");
        return Err(Refusal::new(code::INVALID_PRICE, detail));
    }
    check_stop_limit(instrument, order)?;
    check_levels(instrument, order.side, order.levels, order.stop_limit.unwrap_or(order.price))
}

/// Whether a stop-limit order has its limit on the better side of its price, and others have none.
fn check_stop_limit(instrument: &Instrument, order: &Pending) -> Result<(), Refusal> {
    let needs_limit = matches!(order.kind, OrderType::BuyStopLimit | OrderType::SellStopLimit);
    let detail = match (order.stop_limit, needs_limit) {
        (None, false) => return Ok(()),
        (None, true) => "found no stop_limit, which it needs".to_owned(),
        (Some(_), false) => "found a stop_limit, which only stop-limit orders have".to_owned(),
        (Some(limit), true) => {
            if least(instrument) <= (order.price - limit) * order.side.sign() {
                return Ok(());
            }
            let (found, near) = (show(instrument, limit), show(instrument, order.price));
            format!("found a limit at {found}, allowed is one on the better side of {near}")
        }
    };
    Err(Refusal::new(code::INVALID_PRICE, detail))
}

/// Whether an order or a position is too near to its price to be changed.
///
/// # Source
///
/// <https://www.mql5.com/en/articles/2555>
pub(super) fn check_freeze(
    instrument: &Instrument,
    distances: impl IntoIterator<Item = i64>,
) -> Result<(), Refusal> {
    let freeze = i64::from(instrument.spec.freeze_level);
    let nearest = distances.into_iter().map(i64::abs).min();
    match nearest.filter(|nearest| freeze != 0 && *nearest <= freeze) {
        None => Ok(()),
        Some(nearest) => {
            let detail =
                format!("it is {nearest} points from its price, allowed are more than {freeze}");
            Err(Refusal::new(code::FROZEN, detail))
        }
    }
}

fn show(instrument: &Instrument, points: i64) -> String {
    instrument.price(points).map_or_else(|| points.to_string(), |price| price.to_string())
}

impl Broker {
    pub(super) fn check_filling(
        &self,
        symbol: usize,
        filling: Option<Filling>,
    ) -> Result<(), Refusal> {
        let Some(instrument) = self.instruments.get(symbol) else { return Ok(()) };
        let allowed = &instrument.spec.filling;
        match filling.filter(|filling| !allowed.contains(filling)) {
            None => Ok(()),
            Some(found) => {
                let detail = format!("found {found:?}, allowed are {allowed:?}");
                Err(Refusal::new(code::INVALID_FILL, detail))
            }
        }
    }

    pub(super) fn check_expiration(&self, expiration: Option<i64>) -> Result<(), Refusal> {
        match expiration {
            Some(time) if time.saturating_mul(1000) <= self.now_msc => {
                let now = self.now_msc.div_euclid(1000);
                let detail = format!("found {time}, allowed is a second later than {now}");
                Err(Refusal::new(code::INVALID_EXPIRATION, detail))
            }
            _ => Ok(()),
        }
    }

    /// How much of the other side a netting account holds, which an order would only take from.
    pub(super) fn netted(&self, symbol: usize, side: Side) -> i64 {
        if self.is_hedging() {
            return 0;
        }
        let [(long, _), (short, _)] = self.legs(symbol);
        if side == Side::Buy { short } else { long }
    }

    /// Whether positions and pending orders of one side stay within the symbol's limit, and within what
    /// can be calculated with.
    pub(super) fn check_volume_limit(
        &self,
        symbol: usize,
        side: Side,
        volume: i64,
    ) -> Result<(), Refusal> {
        let Some(instrument) = self.instruments.get(symbol) else { return Ok(()) };
        let limit = instrument.volume_limit.unwrap_or(VOLUME_UNITS_MAX);
        let [(long, _), (short, _)] = self.legs(symbol);
        let held = if side == Side::Buy { long } else { short };
        let is_same = |order: &&Pending| order.symbol == symbol && order.side == side;
        let waiting: i64 = self.orders.values().filter(is_same).map(|order| order.volume).sum();
        let sum = held + waiting + volume - self.netted(symbol, side).min(volume);
        if sum <= limit {
            return Ok(());
        }
        let show =
            |units| instrument.lots(units).map_or_else(|| "0".into(), |lots| lots.to_string());
        let detail =
            format!("it would be {} lots in one direction, allowed are {}", show(sum), show(limit));
        Err(Refusal::new(code::LIMIT_VOLUME, detail))
    }

    /// Whether one more position is allowed, if it would be one more.
    pub(in super::super) fn check_positions(&self, symbol: usize) -> Result<(), Refusal> {
        let is_held = |position: &super::super::position::Holding| position.symbol == symbol;
        let is_new = self.is_hedging() || !self.positions.values().any(is_held);
        let count = self.positions.len();
        if is_new && self.account.positions_max.is_some_and(|most| most <= count) {
            let detail = format!("found {count} positions, which is the limit");
            return Err(Refusal::new(code::LIMIT_POSITIONS, detail));
        }
        Ok(())
    }

    /// Whether the equity carries the margin after a fill. One that lowers the margin always passes.
    pub(in super::super) fn check_money(
        &self,
        symbol: usize,
        side: Side,
        volume: i64,
        price: i64,
    ) -> Result<(), Refusal> {
        let Some(instrument) = self.instruments.get(symbol) else { return Ok(()) };
        let needed = self.margin_after(symbol, side, volume, price);
        let cost = self.valuer().commission(symbol, volume, price);
        let rate = self.valuer().profit(symbol, 1);
        let (Some(needed), Some(cost), Some(_)) = (needed, cost, rate) else {
            return Err(no_quote(instrument));
        };
        let equity = self.equity() + cost;
        if needed <= self.margin || needed <= equity {
            return Ok(());
        }
        let digits = self.account.currency_digits;
        let show = |units| crate::exact::money(units, digits);
        let detail =
            format!("the margin would be {}, the equity is {}", show(needed), show(equity));
        Err(Refusal::new(code::NO_MONEY, detail))
    }

    /// The account's margin after a fill; `None` without a rate.
    pub(in super::super) fn margin_after(
        &self,
        symbol: usize,
        side: Side,
        volume: i64,
        price: i64,
    ) -> Option<i128> {
        let legs = self.legs(symbol);
        let others = self.margin - self.margin_of_legs(symbol, legs);
        let held = self.netted(symbol, side);
        let (own, other) = if side == Side::Buy { (0, 1) } else { (1, 0) };
        let mut after = legs;
        let opened = if self.is_hedging() { volume } else { (volume - held).max(0) };
        after[own].0 += opened;
        after[own].1 += self.valuer().margin(symbol, side, opened, price)?;
        if !self.is_hedging() {
            let taken = held.min(volume);
            after[other].1 -= crate::exact::share(after[other].1, taken, held);
            after[other].0 -= taken;
        }
        Some(others + self.margin_of_legs(symbol, after))
    }
}
