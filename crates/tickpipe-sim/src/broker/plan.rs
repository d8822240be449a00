//! Whether a request can be carried out, and what it would do.
//!
//! A new order is checked in this order: type, symbol, volume, what may be traded, session, filling,
//! quotes, price, stops, expiration, limits, money. The first that fails gives the code.

mod change;
mod rules;

use tickpipe_proto::message::{OrderAction, OrderRequest, OrderType, TradeMode};
use tickpipe_proto::types::{Lots, Price, Symbol};

use super::Broker;
use super::instrument::{Instrument, Quote};
use super::position::{Levels, Marks, Pending, side_of};
use super::refusal::{Refusal, code};
use super::spec::Execution;
use super::value::Side;

/// What was drawn for a request, and the quote that it was made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attempt {
    /// Points, against the trader.
    pub(super) slip: i64,
    /// The quote when it was sent; that of now if `None`.
    pub(super) reference: Option<Quote>,
}

/// What a request does, checked.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    Close {
        ticket: u64,
        volume: i64,
        price: i64,
    },
    CloseBy {
        ticket: u64,
        by: u64,
        volume: i64,
    },
    Delete {
        ticket: u64,
    },
    MoveOrder(Box<Pending>),
    MovePosition {
        ticket: u64,
        levels: Levels,
    },
    Open {
        symbol: usize,
        side: Side,
        volume: i64,
        price: i64,
        levels: Levels,
    },
    /// The ticket is not given yet.
    Place(Box<Pending>),
}

impl Broker {
    /// Checks a request.
    pub(super) fn plan(&self, request: &OrderRequest, attempt: Attempt) -> Result<Plan, Refusal> {
        if self.is_market_closed {
            return Err(Refusal::new(code::MARKET_CLOSED, "the test has ended, and no tick comes"));
        }
        match &request.action {
            OrderAction::Market { .. } => self.plan_market(request, attempt),
            OrderAction::Pending { .. } => self.plan_pending(request),
            OrderAction::Modify { .. } => self.plan_modify(&request.action),
            OrderAction::Close { ticket, volume, deviation_points, filling } => {
                let ticket = ticket.value();
                let symbol = self.position(ticket)?.symbol;
                self.check_filling(symbol, *filling)?;
                self.plan_close(ticket, *volume, *deviation_points, attempt)
            }
            OrderAction::CloseBy { ticket, by_ticket } => {
                self.plan_close_by(ticket.value(), by_ticket.value())
            }
            OrderAction::Delete { ticket } => self.plan_delete(ticket.value()),
            _ => Err(Refusal::new(code::INVALID, "found an action that is not known here")),
        }
    }

    fn plan_market(&self, request: &OrderRequest, attempt: Attempt) -> Result<Plan, Refusal> {
        let OrderAction::Market {
            symbol,
            r#type,
            volume,
            stop_loss,
            take_profit,
            deviation_points,
            filling,
        } = &request.action
        else {
            return Err(Refusal::new(code::INVALID, "found another action than market"));
        };
        let kind = *r#type;
        let side = side_of(kind).filter(|_| matches!(kind, OrderType::Buy | OrderType::Sell));
        let side = side.ok_or_else(|| invalid_type(kind, "buy or sell"))?;
        let (symbol, instrument) = self.instrument(symbol)?;
        let held = self.netted(symbol, side);
        let volume_units = check_volume(instrument, *volume)?;
        check_trading(instrument, side, volume_units <= held)?;
        self.check_open_now(instrument)?;
        self.check_filling(symbol, *filling)?;
        let (quote, opening) = quoted(instrument, side)?;
        let price = executed(instrument, side, opening, attempt, *deviation_points)?;
        let levels = read_levels(instrument, *stop_loss, *take_profit)?;
        let closing = if side == Side::Buy { quote.bid } else { quote.ask };
        rules::check_levels(instrument, side, levels, closing)?;
        self.check_volume_limit(symbol, side, volume_units)?;
        self.check_positions(symbol)?;
        self.check_money(symbol, side, volume_units, price)?;
        Ok(Plan::Open { symbol, side, volume: volume_units, price, levels })
    }

    fn plan_pending(&self, request: &OrderRequest) -> Result<Plan, Refusal> {
        let OrderAction::Pending {
            symbol,
            r#type,
            volume,
            price,
            stop_limit,
            stop_loss,
            take_profit,
            expiration,
            filling,
        } = &request.action
        else {
            return Err(Refusal::new(code::INVALID, "found another action than pending"));
        };
        let kind = *r#type;
        let side = side_of(kind).filter(|_| !matches!(kind, OrderType::Buy | OrderType::Sell));
        let side = side.ok_or_else(|| invalid_type(kind, "a limit, stop or stop-limit order"))?;
        let (symbol, instrument) = self.instrument(symbol)?;
        let volume = check_volume(instrument, *volume)?;
        check_trading(instrument, side, false)?;
        self.check_open_now(instrument)?;
        self.check_filling(symbol, *filling)?;
        let expiration = expiration.filter(|time| *time != 0);
        let pending = Pending {
            ticket: 0,
            symbol,
            kind,
            side,
            volume,
            price: read_price(instrument, *price)?,
            stop_limit: stop_limit.map(|price| read_price(instrument, price)).transpose()?,
            levels: read_levels(instrument, *stop_loss, *take_profit)?,
            expiration,
            marks: marks_of(request),
            time_msc: self.now_msc,
        };
        rules::check_pending(instrument, &pending)?;
        self.check_expiration(expiration)?;
        self.check_volume_limit(symbol, side, volume)?;
        if self.account.orders_max.is_some_and(|most| most <= self.orders.len()) {
            let found = format!("found {} pending orders, which is the limit", self.orders.len());
            return Err(Refusal::new(code::LIMIT_ORDERS, found));
        }
        Ok(Plan::Place(Box::new(pending)))
    }

    fn instrument(&self, symbol: &Symbol) -> Result<(usize, &Instrument), Refusal> {
        let found = self
            .index
            .get(symbol)
            .and_then(|index| self.instruments.get(*index).map(|instrument| (*index, instrument)));
        found.ok_or_else(|| {
            Refusal::new(code::INVALID, format!("found the symbol {symbol}, which is not traded"))
        })
    }

    fn check_open_now(&self, instrument: &Instrument) -> Result<(), Refusal> {
        if instrument.spec.sessions.is_open(self.now_msc) {
            return Ok(());
        }
        let symbol = &instrument.spec.symbol;
        Err(Refusal::new(code::MARKET_CLOSED, format!("{symbol} has no session at this time")))
    }
}

/// What of an order stays with its deals and positions.
pub(super) fn marks_of(request: &OrderRequest) -> Marks {
    Marks { magic: request.magic, comment: request.comment.clone(), client_id: request.client_id }
}

fn invalid_type(found: OrderType, allowed: &str) -> Refusal {
    Refusal::new(code::INVALID_ORDER, format!("found the type {found:?}, allowed is {allowed}"))
}

fn check_volume(instrument: &Instrument, volume: Lots) -> Result<i64, Refusal> {
    let spec = &instrument.spec;
    let allowed = || {
        let (min, max, step) = (spec.volume_min, spec.volume_max, spec.volume_step);
        let detail = format!("found {volume} lots, allowed are {min} to {max} in steps of {step}");
        Refusal::new(code::INVALID_VOLUME, detail)
    };
    let units = instrument.volume(volume).ok_or_else(allowed)?;
    let range = instrument.volume_min..=instrument.volume_max;
    if range.contains(&units) && units % instrument.volume_step == 0 {
        Ok(units)
    } else {
        Err(allowed())
    }
}

/// Whether a side may be traded; `is_reducing` if it only takes from a position.
fn check_trading(instrument: &Instrument, side: Side, is_reducing: bool) -> Result<(), Refusal> {
    let symbol = &instrument.spec.symbol;
    let refused = match instrument.spec.trade_mode {
        TradeMode::Full => return Ok(()),
        TradeMode::LongOnly if side == Side::Buy => return Ok(()),
        TradeMode::ShortOnly if side == Side::Sell => return Ok(()),
        TradeMode::LongOnly | TradeMode::ShortOnly | TradeMode::CloseOnly if is_reducing => {
            return Ok(());
        }
        TradeMode::LongOnly => code::LONG_ONLY,
        TradeMode::ShortOnly => code::SHORT_ONLY,
        TradeMode::CloseOnly => code::CLOSE_ONLY,
        TradeMode::Disabled | _ => code::TRADE_DISABLED,
    };
    Err(Refusal::new(refused, format!("of {symbol}, found an order to open a {side:?}")))
}

fn quoted(instrument: &Instrument, side: Side) -> Result<(Quote, i64), Refusal> {
    let quote = instrument.quote.ok_or_else(|| no_quote(instrument))?;
    Ok((quote, if side == Side::Buy { quote.ask } else { quote.bid }))
}

fn no_quote(instrument: &Instrument) -> Refusal {
    let symbol = &instrument.spec.symbol;
    Refusal::new(code::PRICE_OFF, format!("no tick of {symbol}, or of a rate it needs, came yet"))
}

/// The price of a fill at the market: `opening`, worse by what it slips.
fn executed(
    instrument: &Instrument,
    side: Side,
    opening: i64,
    attempt: Attempt,
    deviation: Option<u64>,
) -> Result<i64, Refusal> {
    let price = (opening + side.sign() * attempt.slip).max(1);
    let reference = attempt.reference.map_or(opening, |quote| match side {
        Side::Buy => quote.ask,
        Side::Sell => quote.bid,
    });
    let worse = (price - reference) * side.sign();
    let allowed = deviation.and_then(|points| i64::try_from(points).ok()).unwrap_or(i64::MAX);
    if instrument.spec.execution == Execution::Instant && allowed < worse {
        let detail = format!("the price is worse by {worse} points, allowed are {allowed}");
        return Err(Refusal::new(code::REQUOTE, detail));
    }
    Ok(price)
}

fn read_price(instrument: &Instrument, price: Price) -> Result<i64, Refusal> {
    instrument.points(price).ok_or_else(|| {
        let detail = format!("found {price}, allowed are {}", multiples(instrument));
        Refusal::new(code::INVALID_PRICE, detail)
    })
}

fn read_level(instrument: &Instrument, level: Option<Price>) -> Result<Option<i64>, Refusal> {
    let read = |price| {
        instrument.points(price).ok_or_else(|| {
            let detail = format!("found {price}, allowed are {}", multiples(instrument));
            Refusal::new(code::INVALID_STOPS, detail)
        })
    };
    level.map(read).transpose()
}

fn read_levels(
    instrument: &Instrument,
    stop_loss: Option<Price>,
    take_profit: Option<Price>,
) -> Result<Levels, Refusal> {
    Ok(Levels {
        stop_loss: read_level(instrument, stop_loss)?,
        take_profit: read_level(instrument, take_profit)?,
    })
}

fn multiples(instrument: &Instrument) -> String {
    let digits = instrument.spec.digits;
    match instrument.price(instrument.tick_size) {
        Some(size) => format!("multiples of {size}"),
        None => format!("prices of {digits} decimals"),
    }
}
