//! An order of C's made into one of ours.

#[cfg(test)]
mod tests;

use tickpipe_proto::message::{Filling, OrderAction, OrderRequest, OrderType};
use tickpipe_proto::types::{
    ClientId, Decimal, Lots, MagicNumber, OrderTicket, PositionTicket, Price, Symbol,
};

use crate::failure::Failure;
use crate::layout::{self, code};
use crate::text;

/// Codes of MT5's trade server for what cannot be said to the broker at all.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/errorswarnings/enum_trade_return_codes>
mod retcode {
    pub(super) const INVALID: u64 = 10013;
    pub(super) const INVALID_VOLUME: u64 = 10014;
    pub(super) const INVALID_PRICE: u64 = 10015;
    pub(super) const INVALID_STOPS: u64 = 10016;
    pub(super) const INVALID_FILL: u64 = 10030;
    pub(super) const INVALID_ORDER: u64 = 10035;
    pub(super) const POSITION_CLOSED: u64 = 10036;
}

/// A comment's longest, as everywhere.
const COMMENT_BYTES_MAX: usize = 64;

/// Reads an order. What its action does not use is not looked at.
///
/// # Errors
///
/// Returns [`Failure::Request`] for what no order can be.
pub(crate) fn read(raw: &layout::Request) -> Result<OrderRequest, Failure> {
    let action = match raw.action {
        code::ACTION_MARKET => OrderAction::Market {
            symbol: symbol(raw)?,
            r#type: order_type(raw)?,
            volume: volume(raw)?,
            stop_loss: level("stop_loss", raw.stop_loss)?.flatten(),
            take_profit: level("take_profit", raw.take_profit)?.flatten(),
            deviation_points: deviation(raw),
            filling: filling(raw)?,
        },
        code::ACTION_PENDING => OrderAction::Pending {
            symbol: symbol(raw)?,
            r#type: order_type(raw)?,
            volume: volume(raw)?,
            price: price("price", raw.price)?.ok_or_else(|| {
                let allowed = "a price above zero, for an order that waits";
                wrong("price", "not set", allowed, retcode::INVALID_PRICE)
            })?,
            stop_limit: price("stop_limit", raw.stop_limit)?,
            stop_loss: level("stop_loss", raw.stop_loss)?.flatten(),
            take_profit: level("take_profit", raw.take_profit)?.flatten(),
            expiration: expiration(raw).filter(|time| *time != 0),
            filling: filling(raw)?,
        },
        code::ACTION_MODIFY => OrderAction::Modify {
            ticket: raw.ticket,
            price: price("price", raw.price)?,
            stop_limit: price("stop_limit", raw.stop_limit)?,
            stop_loss: level("stop_loss", raw.stop_loss)?,
            take_profit: level("take_profit", raw.take_profit)?,
            expiration: expiration(raw),
        },
        code::ACTION_CLOSE => OrderAction::Close {
            ticket: position("ticket", raw.ticket)?,
            volume: if raw.volume.is_set == 0 { None } else { Some(volume(raw)?) },
            deviation_points: deviation(raw),
            filling: filling(raw)?,
        },
        code::ACTION_CLOSE_BY => OrderAction::CloseBy {
            ticket: position("ticket", raw.ticket)?,
            by_ticket: position("by_ticket", raw.by_ticket)?,
        },
        code::ACTION_DELETE => OrderAction::Delete {
            ticket: OrderTicket::new(raw.ticket).map_err(|_| {
                wrong("ticket", 0, "that of a pending order", retcode::INVALID_ORDER)
            })?,
        },
        other => {
            let allowed = "TICKPIPE_SIM_ACTION_MARKET (1) to TICKPIPE_SIM_ACTION_DELETE (6)";
            return Err(wrong("action", other, allowed, retcode::INVALID));
        }
    };
    let mut request = OrderRequest::new(action);
    request.magic = Some(MagicNumber::new(raw.magic)).filter(|_| raw.magic != 0);
    request.comment = comment(raw)?;
    request.client_id = client_id(raw)?;
    Ok(request)
}

fn wrong(name: &'static str, found: impl ToString, allowed: &'static str, retcode: u64) -> Failure {
    Failure::Request { name, found: found.to_string(), allowed, retcode }
}

fn symbol(raw: &layout::Request) -> Result<Symbol, Failure> {
    let name = text::read("symbol", &raw.symbol)?;
    Symbol::new(name).map_err(|_| {
        let allowed = "1 to 64 bytes without control characters";
        wrong("symbol", format!("`{}`", text::shown(name)), allowed, retcode::INVALID)
    })
}

fn order_type(raw: &layout::Request) -> Result<OrderType, Failure> {
    Ok(match raw.r#type {
        code::TYPE_BUY => OrderType::Buy,
        code::TYPE_SELL => OrderType::Sell,
        code::TYPE_BUY_LIMIT => OrderType::BuyLimit,
        code::TYPE_SELL_LIMIT => OrderType::SellLimit,
        code::TYPE_BUY_STOP => OrderType::BuyStop,
        code::TYPE_SELL_STOP => OrderType::SellStop,
        code::TYPE_BUY_STOP_LIMIT => OrderType::BuyStopLimit,
        code::TYPE_SELL_STOP_LIMIT => OrderType::SellStopLimit,
        other => {
            let allowed = "TICKPIPE_SIM_TYPE_BUY (0) to TICKPIPE_SIM_TYPE_SELL_STOP_LIMIT (7)";
            return Err(wrong("type", other, allowed, retcode::INVALID_ORDER));
        }
    })
}

fn filling(raw: &layout::Request) -> Result<Option<Filling>, Failure> {
    Ok(match raw.filling {
        code::FILLING_ANY => None,
        code::FILLING_FOK => Some(Filling::Fok),
        code::FILLING_IOC => Some(Filling::Ioc),
        code::FILLING_RETURN => Some(Filling::Return),
        other => {
            let allowed = "TICKPIPE_SIM_FILLING_ANY (0) to TICKPIPE_SIM_FILLING_RETURN (3)";
            return Err(wrong("filling", other, allowed, retcode::INVALID_FILL));
        }
    })
}

/// Reads a number; `None` if none is set.
fn number(raw: layout::Decimal) -> Option<Result<Decimal, String>> {
    if raw.is_set == 0 {
        return None;
    }
    let digits = u8::try_from(raw.digits).unwrap_or(u8::MAX);
    let shown = || format!("{} of {} digits", raw.units, raw.digits);
    Some(Decimal::new(raw.units, digits).map_err(|_| shown()))
}

fn volume(raw: &layout::Request) -> Result<Lots, Failure> {
    let allowed = "above zero, of at most 8 decimals and 18 digits";
    let wrong = |found: String| wrong("volume", found, allowed, retcode::INVALID_VOLUME);
    let number = number(raw.volume).unwrap_or_else(|| Err("not set".to_owned())).map_err(wrong)?;
    Lots::from_decimal(number).map_err(|_| wrong(number.to_string()))
}

/// Reads a price; `None` if none is set, or zero, which is MetaTrader's word for none.
fn price(name: &'static str, raw: layout::Decimal) -> Result<Option<Price>, Failure> {
    Ok(any_price(name, raw, retcode::INVALID_PRICE)?.flatten())
}

/// Reads a level; `None` if none is set, `Some(None)` for zero, which removes it.
fn level(name: &'static str, raw: layout::Decimal) -> Result<Option<Option<Price>>, Failure> {
    any_price(name, raw, retcode::INVALID_STOPS)
}

fn any_price(
    name: &'static str,
    raw: layout::Decimal,
    retcode: u64,
) -> Result<Option<Option<Price>>, Failure> {
    let allowed = "zero or above, of at most 8 decimals and 18 digits";
    let wrong = |found: String| wrong(name, found, allowed, retcode);
    let Some(number) = number(raw).transpose().map_err(wrong)? else { return Ok(None) };
    if number.is_zero() {
        return Ok(Some(None));
    }
    Price::from_decimal(number)
        .map(|price| Some(Some(price)))
        .map_err(|_| wrong(number.to_string()))
}

/// Reads the deviation; any is accepted if it is below zero.
fn deviation(raw: &layout::Request) -> Option<u64> {
    u64::try_from(raw.deviation_points).ok()
}

/// Reads the expiration, of which zero is one.
fn expiration(raw: &layout::Request) -> Option<i64> {
    Some(raw.expiration).filter(|_| raw.has_expiration != 0)
}

fn position(name: &'static str, ticket: u64) -> Result<PositionTicket, Failure> {
    let wrong = |_| wrong(name, ticket, "that of an open position", retcode::POSITION_CLOSED);
    PositionTicket::new(ticket).map_err(wrong)
}

fn comment(raw: &layout::Request) -> Result<Option<String>, Failure> {
    let comment = text::read("comment", &raw.comment)?;
    if COMMENT_BYTES_MAX < comment.len() || comment.chars().any(char::is_control) {
        let allowed = "at most 64 bytes without control characters";
        let found = format!("`{}` of {} bytes", text::shown(comment), comment.len());
        return Err(wrong("comment", found, allowed, retcode::INVALID));
    }
    Ok(Some(comment.to_owned()).filter(|comment| !comment.is_empty()))
}

fn client_id(raw: &layout::Request) -> Result<Option<ClientId>, Failure> {
    let name = text::read("client_id", &raw.client_id)?;
    if name.is_empty() {
        return Ok(None);
    }
    ClientId::new(name).map(Some).map_err(|_| {
        let allowed = "1 to 16 characters of 0-9 A-Z a-z _ -, or none";
        wrong("client_id", format!("`{}`", text::shown(name)), allowed, retcode::INVALID)
    })
}
