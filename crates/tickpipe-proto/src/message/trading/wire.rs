//! Orders, positions and deals on the wire.

use super::{Deal, DealEntry, DealType, Order, OrderState, Position};
use crate::message::OrderType;
use crate::message::json::{COMMENT, Path, Value as _, Wrong};
use crate::message::json::{comment, members, object};
use crate::message::put::{OrZero, Writer};
use crate::message::words::words;

words! {
    OrderState {
        Canceled = "canceled",
        Expired = "expired",
        Filled = "filled",
        Partial = "partial",
        Placed = "placed",
        Rejected = "rejected",
    }
}

words! {
    DealType {
        Balance = "balance",
        Buy = "buy",
        Credit = "credit",
        Other = "other",
        Sell = "sell",
    }
}

words! { DealEntry { In = "in", InOut = "inout", Out = "out", OutBy = "out_by", } }

members! {
    struct OrderMembers {
        ticket: "ticket",
        symbol: "symbol",
        kind: "type",
        volume: "volume",
        price: "price",
        stop_limit: "stop_limit",
        stop_loss: "stop_loss",
        take_profit: "take_profit",
        magic: "magic",
        comment: "comment",
        time_setup_msc: "time_setup_msc",
        expiration: "expiration",
        state: "state",
        client_id: "client_id",
    }
}

impl Order {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: OrderMembers<'_> = object(json, at)?;
        if m.volume.raw().is_none() {
            return Err(Wrong::missing(at.member("volume"), "lots, 0 if nothing is open"));
        }
        Ok(Self {
            ticket: m.ticket.needed(at)?,
            symbol: m.symbol.needed(at)?,
            r#type: m.kind.needed(at)?,
            volume: m.volume.above_zero(at)?,
            price: m.price.above_zero(at)?,
            stop_limit: m.stop_limit.above_zero(at)?,
            stop_loss: m.stop_loss.above_zero(at)?,
            take_profit: m.take_profit.above_zero(at)?,
            magic: m.magic.optional(at)?,
            comment: m.comment.optional_as(at, COMMENT, comment)?,
            time_setup_msc: m.time_setup_msc.optional(at)?,
            expiration: m.expiration.optional(at)?.filter(|expiration| *expiration != 0),
            state: m.state.optional(at)?,
            client_id: m.client_id.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("ticket", &self.ticket).member("symbol", &self.symbol);
        to.member("type", &self.r#type).member("volume", &OrZero(self.volume));
        to.optional("price", self.price.as_ref()).optional("stop_limit", self.stop_limit.as_ref());
        to.optional("stop_loss", self.stop_loss.as_ref());
        to.optional("take_profit", self.take_profit.as_ref());
        to.optional("magic", self.magic.as_ref()).optional("comment", self.comment.as_ref());
        to.optional("time_setup_msc", self.time_setup_msc.as_ref());
        to.optional("expiration", self.expiration.as_ref());
        to.optional("state", self.state.as_ref());
        to.optional("client_id", self.client_id.as_ref());
    }
}

members! {
    struct PositionMembers {
        ticket: "ticket",
        symbol: "symbol",
        kind: "type",
        volume: "volume",
        price_open: "price_open",
        price_current: "price_current",
        stop_loss: "stop_loss",
        take_profit: "take_profit",
        profit: "profit",
        swap: "swap",
        magic: "magic",
        comment: "comment",
        time_msc: "time_msc",
        client_id: "client_id",
    }
}

impl Position {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: PositionMembers<'_> = object(json, at)?;
        Ok(Self {
            ticket: m.ticket.needed(at)?,
            symbol: m.symbol.needed(at)?,
            r#type: m.kind.needed_as(at, "one of buy sell", |json| {
                OrderType::read(json).filter(|found| found.is_market())
            })?,
            volume: m.volume.needed(at)?,
            price_open: m.price_open.needed(at)?,
            price_current: m.price_current.above_zero(at)?,
            stop_loss: m.stop_loss.above_zero(at)?,
            take_profit: m.take_profit.above_zero(at)?,
            profit: m.profit.optional(at)?,
            swap: m.swap.optional(at)?,
            magic: m.magic.optional(at)?,
            comment: m.comment.optional_as(at, COMMENT, comment)?,
            time_msc: m.time_msc.optional(at)?,
            client_id: m.client_id.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("ticket", &self.ticket).member("symbol", &self.symbol);
        to.member("type", &self.r#type).member("volume", &self.volume);
        to.member("price_open", &self.price_open);
        to.optional("price_current", self.price_current.as_ref());
        to.optional("stop_loss", self.stop_loss.as_ref());
        to.optional("take_profit", self.take_profit.as_ref());
        to.optional("profit", self.profit.as_ref()).optional("swap", self.swap.as_ref());
        to.optional("magic", self.magic.as_ref()).optional("comment", self.comment.as_ref());
        to.optional("time_msc", self.time_msc.as_ref());
        to.optional("client_id", self.client_id.as_ref());
    }
}

members! {
    struct DealMembers {
        ticket: "ticket",
        order: "order",
        position: "position",
        symbol: "symbol",
        kind: "type",
        entry: "entry",
        volume: "volume",
        price: "price",
        profit: "profit",
        swap: "swap",
        commission: "commission",
        magic: "magic",
        comment: "comment",
        time_msc: "time_msc",
        client_id: "client_id",
    }
}

impl Deal {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: DealMembers<'_> = object(json, at)?;
        let kind = m.kind.needed(at)?;
        let is_trade = matches!(kind, DealType::Buy | DealType::Sell);
        Ok(Self {
            ticket: m.ticket.needed(at)?,
            order: m.order.optional(at)?,
            position: m.position.optional(at)?,
            symbol: if is_trade { Some(m.symbol.needed(at)?) } else { m.symbol.optional(at)? },
            r#type: kind,
            entry: m.entry.optional(at)?,
            volume: if is_trade { Some(m.volume.needed(at)?) } else { m.volume.above_zero(at)? },
            price: m.price.above_zero(at)?,
            profit: m.profit.optional(at)?,
            swap: m.swap.optional(at)?,
            commission: m.commission.optional(at)?,
            magic: m.magic.optional(at)?,
            comment: m.comment.optional_as(at, COMMENT, comment)?,
            time_msc: m.time_msc.optional(at)?,
            client_id: m.client_id.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("ticket", &self.ticket).optional("order", self.order.as_ref());
        to.optional("position", self.position.as_ref()).optional("symbol", self.symbol.as_ref());
        to.member("type", &self.r#type).optional("entry", self.entry.as_ref());
        to.optional("volume", self.volume.as_ref()).optional("price", self.price.as_ref());
        to.optional("profit", self.profit.as_ref()).optional("swap", self.swap.as_ref());
        to.optional("commission", self.commission.as_ref());
        to.optional("magic", self.magic.as_ref()).optional("comment", self.comment.as_ref());
        to.optional("time_msc", self.time_msc.as_ref());
        to.optional("client_id", self.client_id.as_ref());
    }
}
