//! Orders on the wire.

use super::{Filling, OrderAction, OrderRequest, OrderType};
use crate::message::json::{COMMENT, Member, Path, Value, Wrong};
use crate::message::json::{comment, members, object, string};
use crate::message::put::{OrZero, Quoted, Writer};
use crate::message::words::words;
use crate::types::{OrderTicket, Price};

words! {
    OrderType {
        Buy = "buy",
        BuyLimit = "buy_limit",
        BuyStop = "buy_stop",
        BuyStopLimit = "buy_stop_limit",
        Sell = "sell",
        SellLimit = "sell_limit",
        SellStop = "sell_stop",
        SellStopLimit = "sell_stop_limit",
    }
}

words! { Filling { Fok = "fok", Ioc = "ioc", Return = "return", } }

impl OrderType {
    /// Returns whether it is bought or sold at once.
    #[must_use]
    pub const fn is_market(self) -> bool {
        matches!(self, Self::Buy | Self::Sell)
    }

    /// Returns whether it becomes a limit order at one price and has the price of that beside it.
    #[must_use]
    pub const fn is_stop_limit(self) -> bool {
        matches!(self, Self::BuyStopLimit | Self::SellStopLimit)
    }

    /// Returns whether it buys.
    #[must_use]
    pub const fn is_buy(self) -> bool {
        matches!(self, Self::Buy | Self::BuyLimit | Self::BuyStop | Self::BuyStopLimit)
    }
}

/// The word of an action, which the wire has and [`OrderAction`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Close,
    CloseBy,
    Delete,
    Market,
    Modify,
    Pending,
}

impl Value<'_> for Action {
    const EXPECTED: &'static str = "one of close close_by delete market modify pending";

    fn read(json: &str) -> Option<Self> {
        Some(match string(json)?.as_ref() {
            "close" => Self::Close,
            "close_by" => Self::CloseBy,
            "delete" => Self::Delete,
            "market" => Self::Market,
            "modify" => Self::Modify,
            "pending" => Self::Pending,
            _ => return None,
        })
    }
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::CloseBy => "close_by",
            Self::Delete => "delete",
            Self::Market => "market",
            Self::Modify => "modify",
            Self::Pending => "pending",
        }
    }

    /// The members that belong to it, of those that do not belong to all.
    const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Close => &["ticket", "volume", "deviation_points", "filling"],
            Self::CloseBy => &["ticket", "by_ticket"],
            Self::Delete => &["ticket"],
            Self::Market => &[
                "symbol",
                "type",
                "volume",
                "stop_loss",
                "take_profit",
                "deviation_points",
                "filling",
            ],
            Self::Modify => {
                &["ticket", "price", "stop_limit", "stop_loss", "take_profit", "expiration"]
            }
            Self::Pending => &[
                "symbol",
                "type",
                "volume",
                "price",
                "stop_limit",
                "stop_loss",
                "take_profit",
                "expiration",
                "filling",
            ],
        }
    }
}

members! {
    struct RequestMembers {
        action: "action",
        symbol: "symbol",
        kind: "type",
        volume: "volume",
        price: "price",
        stop_limit: "stop_limit",
        stop_loss: "stop_loss",
        take_profit: "take_profit",
        deviation_points: "deviation_points",
        magic: "magic",
        comment: "comment",
        ticket: "ticket",
        by_ticket: "by_ticket",
        expiration: "expiration",
        filling: "filling",
        client_id: "client_id",
        expires_at_ms: "expires_at_ms",
    }
}

impl RequestMembers<'_> {
    /// Refuses what has no meaning with the action, rather than leave it out of an order in silence.
    fn check(&self, action: Action, at: &Path<'_>) -> Result<(), Wrong> {
        let of_some = [
            self.symbol,
            self.kind,
            self.volume,
            self.price,
            self.stop_limit,
            self.stop_loss,
            self.take_profit,
            self.deviation_points,
            self.ticket,
            self.by_ticket,
            self.expiration,
            self.filling,
        ];
        for member in of_some {
            if !action.members().contains(&member.name()) {
                member.none(at, format_args!("with the action {}", action.as_str()))?;
            }
        }
        Ok(())
    }

    fn action(&self, at: &Path<'_>) -> Result<OrderAction, Wrong> {
        let action = self.action.needed(at)?;
        self.check(action, at)?;
        match action {
            Action::Close => Ok(OrderAction::Close {
                ticket: self.ticket.needed(at)?,
                volume: self.volume.optional(at)?,
                deviation_points: self.deviation_points.optional(at)?,
                filling: self.filling.optional(at)?,
            }),
            Action::CloseBy => Ok(OrderAction::CloseBy {
                ticket: self.ticket.needed(at)?,
                by_ticket: self.by_ticket.needed(at)?,
            }),
            Action::Delete => Ok(OrderAction::Delete { ticket: self.ticket.needed(at)? }),
            Action::Market => Ok(OrderAction::Market {
                symbol: self.symbol.needed(at)?,
                r#type: self.kind.needed_as(at, MARKET, |json| {
                    OrderType::read(json).filter(|found| found.is_market())
                })?,
                volume: self.volume.needed(at)?,
                stop_loss: self.stop_loss.above_zero(at)?,
                take_profit: self.take_profit.above_zero(at)?,
                deviation_points: self.deviation_points.optional(at)?,
                filling: self.filling.optional(at)?,
            }),
            Action::Modify => self.modify(at),
            Action::Pending => self.pending(at),
        }
    }

    fn modify(&self, at: &Path<'_>) -> Result<OrderAction, Wrong> {
        let ticket: OrderTicket = self.ticket.needed(at)?;
        let changed =
            [self.price, self.stop_limit, self.stop_loss, self.take_profit, self.expiration];
        if changed.iter().all(|member| member.json().is_none()) {
            let expected = "at least one of price, stop_limit, stop_loss, take_profit, expiration";
            return Err(Wrong::missing(*at, expected));
        }
        Ok(OrderAction::Modify {
            ticket: ticket.value(),
            price: self.price.optional(at)?,
            stop_limit: self.stop_limit.optional(at)?,
            stop_loss: level(self.stop_loss, at)?,
            take_profit: level(self.take_profit, at)?,
            expiration: self.expiration.optional(at)?,
        })
    }

    fn pending(&self, at: &Path<'_>) -> Result<OrderAction, Wrong> {
        let kind = self.kind.needed_as(at, PENDING, |json| {
            OrderType::read(json).filter(|found| !found.is_market())
        })?;
        let stop_limit = if kind.is_stop_limit() {
            Some(self.stop_limit.needed(at)?)
        } else {
            self.stop_limit.none(at, format_args!("with the type {kind}"))?;
            None
        };
        Ok(OrderAction::Pending {
            symbol: self.symbol.needed(at)?,
            r#type: kind,
            volume: self.volume.needed(at)?,
            price: self.price.needed(at)?,
            stop_limit,
            stop_loss: self.stop_loss.above_zero(at)?,
            take_profit: self.take_profit.above_zero(at)?,
            expiration: self.expiration.optional(at)?.filter(|expiration| *expiration != 0),
            filling: self.filling.optional(at)?,
        })
    }
}

const MARKET: &str = "one of buy sell with the action market; others are of the action pending";

const PENDING: &str = "one of buy_limit buy_stop buy_stop_limit sell_limit sell_stop \
                       sell_stop_limit with the action pending; buy and sell are of the action market";

/// A level of `modify`: missing leaves it, zero removes it. A `null` could mean either.
fn level(member: Member<'_>, at: &Path<'_>) -> Result<Option<Option<Price>>, Wrong> {
    if member.raw().is_none() {
        Ok(None)
    } else if member.is_zero() {
        Ok(Some(None))
    } else {
        member.needed(at).map(|price| Some(Some(price)))
    }
}

/// Whether an order has to have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum ClientIdIs {
    Needed,
    Optional,
}

impl OrderRequest {
    pub(in crate::message) fn read(
        json: &str,
        at: &Path<'_>,
        client_id: ClientIdIs,
    ) -> Result<Self, Wrong> {
        let m: RequestMembers<'_> = object(json, at)?;
        Ok(Self {
            action: m.action(at)?,
            magic: m.magic.optional(at)?,
            comment: m.comment.optional_as(at, COMMENT, comment)?,
            client_id: match client_id {
                ClientIdIs::Needed => Some(m.client_id.needed(at)?),
                ClientIdIs::Optional => m.client_id.optional(at)?,
            },
            expires_at_ms: m.expires_at_ms.optional(at)?,
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        self.action.write(to);
        to.optional("magic", self.magic.as_ref()).optional("comment", self.comment.as_ref());
        to.optional("client_id", self.client_id.as_ref());
        to.optional("expires_at_ms", self.expires_at_ms.as_ref());
    }
}

impl OrderAction {
    const fn word(&self) -> Action {
        match self {
            Self::Close { .. } => Action::Close,
            Self::CloseBy { .. } => Action::CloseBy,
            Self::Delete { .. } => Action::Delete,
            Self::Market { .. } => Action::Market,
            Self::Modify { .. } => Action::Modify,
            Self::Pending { .. } => Action::Pending,
        }
    }

    /// Returns the word on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.word().as_str()
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.member("action", self.as_str());
        match self {
            Self::Close { ticket, volume, deviation_points, filling } => {
                to.member("ticket", ticket).optional("volume", volume.as_ref());
                to.optional("deviation_points", deviation_points.as_ref());
                to.optional("filling", filling.as_ref());
            }
            Self::CloseBy { ticket, by_ticket } => {
                to.member("ticket", ticket).member("by_ticket", by_ticket);
            }
            Self::Delete { ticket } => {
                to.member("ticket", ticket);
            }
            Self::Market {
                symbol,
                r#type,
                volume,
                stop_loss,
                take_profit,
                deviation_points,
                filling,
            } => {
                to.member("symbol", symbol).member("type", r#type).member("volume", volume);
                to.optional("stop_loss", stop_loss.as_ref());
                to.optional("take_profit", take_profit.as_ref());
                to.optional("deviation_points", deviation_points.as_ref());
                to.optional("filling", filling.as_ref());
            }
            Self::Modify { ticket, price, stop_limit, stop_loss, take_profit, expiration } => {
                to.member("ticket", &Quoted(*ticket));
                to.optional("price", price.as_ref()).optional("stop_limit", stop_limit.as_ref());
                to.optional("stop_loss", stop_loss.map(OrZero).as_ref());
                to.optional("take_profit", take_profit.map(OrZero).as_ref());
                to.optional("expiration", expiration.as_ref());
            }
            Self::Pending {
                symbol,
                r#type,
                volume,
                price,
                stop_limit,
                stop_loss,
                take_profit,
                expiration,
                filling,
            } => {
                to.member("symbol", symbol).member("type", r#type).member("volume", volume);
                to.member("price", price).optional("stop_limit", stop_limit.as_ref());
                to.optional("stop_loss", stop_loss.as_ref());
                to.optional("take_profit", take_profit.as_ref());
                to.optional("expiration", expiration.as_ref());
                to.optional("filling", filling.as_ref());
            }
        }
    }
}
