//! Changes of what is there: modify, close, close by, delete.

use tickpipe_proto::message::{OrderAction, TradeMode};
use tickpipe_proto::types::{Lots, Price};

use super::super::Broker;
use super::super::instrument::Instrument;
use super::super::position::{Holding, Levels, Pending};
use super::super::refusal::{Refusal, code};
use super::{Attempt, Plan, executed, no_quote, read_level, read_price, rules};

type Level = Option<Option<Price>>;

impl Broker {
    pub(super) fn position(&self, ticket: u64) -> Result<&Holding, Refusal> {
        self.positions.get(&ticket).ok_or_else(|| {
            Refusal::new(code::POSITION_CLOSED, format!("found no open position {ticket}"))
        })
    }

    fn order(&self, ticket: u64) -> Result<&Pending, Refusal> {
        self.orders.get(&ticket).ok_or_else(|| {
            Refusal::new(code::INVALID_ORDER, format!("found no pending order {ticket}"))
        })
    }

    /// What a symbol is, of something that is there.
    fn known(&self, symbol: usize) -> Result<&Instrument, Refusal> {
        let instrument = self.instruments.get(symbol);
        let instrument =
            instrument.ok_or_else(|| Refusal::new(code::INVALID, "found no such symbol"))?;
        if instrument.spec.trade_mode == TradeMode::Disabled {
            let detail = format!("{} cannot be traded", instrument.spec.symbol);
            return Err(Refusal::new(code::TRADE_DISABLED, detail));
        }
        self.check_open_now(instrument)?;
        Ok(instrument)
    }

    pub(super) fn plan_modify(&self, action: &OrderAction) -> Result<Plan, Refusal> {
        let OrderAction::Modify { ticket, price, stop_limit, stop_loss, take_profit, expiration } =
            action
        else {
            return Err(Refusal::new(code::INVALID, "found another action than modify"));
        };
        let levels = (*stop_loss, *take_profit);
        if self.positions.contains_key(ticket) {
            if price.is_some() || stop_limit.is_some() || expiration.is_some() {
                let detail = "a position has stop loss and take profit only";
                return Err(Refusal::new(code::INVALID, detail));
            }
            return self.plan_move_position(*ticket, levels);
        }
        if self.orders.contains_key(ticket) {
            return self.plan_move_order(*ticket, (*price, *stop_limit), levels, *expiration);
        }
        let was_position = self
            .history_deals
            .iter()
            .any(|deal| deal.position.is_some_and(|position| position.value() == *ticket));
        let gone = if was_position { code::POSITION_CLOSED } else { code::INVALID_ORDER };
        Err(Refusal::new(gone, format!("found no open position or pending order {ticket}")))
    }

    fn plan_move_position(&self, ticket: u64, to: (Level, Level)) -> Result<Plan, Refusal> {
        let position = self.position(ticket)?;
        let instrument = self.known(position.symbol)?;
        let levels = changed(instrument, position.levels, to)?;
        if levels == position.levels {
            return Err(no_changes());
        }
        let closing = instrument.closing(position.side).ok_or_else(|| no_quote(instrument))?;
        rules::check_freeze(instrument, distances(position.levels, closing))?;
        rules::check_levels(instrument, position.side, levels, closing)?;
        Ok(Plan::MovePosition { ticket, levels })
    }

    fn plan_move_order(
        &self,
        ticket: u64,
        (price, stop_limit): (Option<Price>, Option<Price>),
        levels: (Level, Level),
        expiration: Option<i64>,
    ) -> Result<Plan, Refusal> {
        let order = self.order(ticket)?;
        let instrument = self.known(order.symbol)?;
        let mut moved = order.clone();
        if let Some(price) = price {
            moved.price = read_price(instrument, price)?;
        }
        if let Some(limit) = stop_limit {
            moved.stop_limit = Some(read_price(instrument, limit)?);
        }
        moved.levels = changed(instrument, order.levels, levels)?;
        if let Some(time) = expiration {
            moved.expiration = Some(time).filter(|time| *time != 0);
            self.check_expiration(moved.expiration)?;
        }
        let is_same = moved.price == order.price
            && moved.stop_limit == order.stop_limit
            && moved.levels == order.levels
            && moved.expiration == order.expiration;
        if is_same {
            return Err(no_changes());
        }
        self.check_order_freeze(instrument, order)?;
        rules::check_pending(instrument, &moved)?;
        Ok(Plan::MoveOrder(Box::new(moved)))
    }

    fn check_order_freeze(&self, instrument: &Instrument, order: &Pending) -> Result<(), Refusal> {
        let opening = instrument.opening(order.side).ok_or_else(|| no_quote(instrument))?;
        rules::check_freeze(instrument, [opening - order.price])
    }

    pub(super) fn plan_close(
        &self,
        ticket: u64,
        volume: Option<Lots>,
        deviation: Option<u64>,
        attempt: Attempt,
    ) -> Result<Plan, Refusal> {
        let position = self.position(ticket)?;
        let instrument = self.known(position.symbol)?;
        let volume = match volume {
            None => position.volume,
            Some(volume) => part_of(instrument, position.volume, volume)?,
        };
        let closing = instrument.closing(position.side).ok_or_else(|| no_quote(instrument))?;
        rules::check_freeze(instrument, distances(position.levels, closing))?;
        let side = position.side.opposite();
        let price = executed(instrument, side, closing, attempt, deviation)?;
        Ok(Plan::Close { ticket, volume, price })
    }

    pub(super) fn plan_close_by(&self, ticket: u64, by: u64) -> Result<Plan, Refusal> {
        if !self.is_hedging() {
            let detail = "a netting account has no opposite positions";
            return Err(Refusal::new(code::HEDGE_PROHIBITED, detail));
        }
        let (position, other) = (self.position(ticket)?, self.position(by)?);
        self.known(position.symbol)?;
        if position.symbol != other.symbol || position.side == other.side {
            let detail = "found two positions that are not opposite ones of one symbol";
            return Err(Refusal::new(code::INVALID, detail));
        }
        Ok(Plan::CloseBy { ticket, by, volume: position.volume.min(other.volume) })
    }

    pub(super) fn plan_delete(&self, ticket: u64) -> Result<Plan, Refusal> {
        let order = self.order(ticket)?;
        let instrument = self.known(order.symbol)?;
        self.check_order_freeze(instrument, order)?;
        Ok(Plan::Delete { ticket })
    }
}

fn no_changes() -> Refusal {
    Refusal::new(code::NO_CHANGES, "it is like that already")
}

/// Levels after a change: one that is not named stays, one without a price goes.
fn changed(
    instrument: &Instrument,
    levels: Levels,
    (stop_loss, take_profit): (Level, Level),
) -> Result<Levels, Refusal> {
    let read = |to: Level, old| to.map_or(Ok(old), |level| read_level(instrument, level));
    Ok(Levels {
        stop_loss: read(stop_loss, levels.stop_loss)?,
        take_profit: read(take_profit, levels.take_profit)?,
    })
}

/// How far a position's levels are from its price.
fn distances(levels: Levels, price: i64) -> impl Iterator<Item = i64> {
    [levels.stop_loss, levels.take_profit].into_iter().flatten().map(move |level| level - price)
}

/// The volume of a partial close: a multiple of the step, or all that is there.
fn part_of(instrument: &Instrument, held: i64, volume: Lots) -> Result<i64, Refusal> {
    let spec = &instrument.spec;
    let wrong = || {
        let (min, step) = (spec.volume_min, spec.volume_step);
        let detail = format!("found {volume} lots, allowed are {min} or more in steps of {step}");
        Refusal::new(code::INVALID_VOLUME, detail)
    };
    let units = instrument.volume(volume).ok_or_else(wrong)?;
    if held < units {
        let open = instrument.lots(held).map_or_else(String::new, |lots| lots.to_string());
        let detail = format!("found {volume} lots, of which {open} are open");
        return Err(Refusal::new(code::INVALID_CLOSE_VOLUME, detail));
    }
    let is_part = instrument.volume_min <= units && units % instrument.volume_step == 0;
    if is_part || units == held { Ok(units) } else { Err(wrong()) }
}
