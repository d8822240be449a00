//! Requests to the EA on the wire.

use serde_json::value::RawValue;

use super::{Ask, AskKind, HistorySpan, RatesSpan, SubscribeKind};
use crate::ErrorCode;
use crate::escape::escaped;
use crate::message::Fault;
use crate::message::OrderRequest;
use crate::message::json::{Member, Path, TEXT, Wrong};
use crate::message::json::{members, object, text};
use crate::message::order::ClientIdIs;
use crate::message::put::{Quoted, Writer};
use crate::message::words::words;
use crate::types::OrderTicket;

const SHOWN_CHARS_MAX: usize = 40;

words! {
    AskKind {
        AccountInfo = "account_info",
        Alert = "alert",
        Comment = "comment",
        HistoryDeals = "history_deals",
        HistoryOrders = "history_orders",
        Indicator = "indicator",
        OrderCheck = "order_check",
        OrderSend = "order_send",
        OrderStatus = "order_status",
        Orders = "orders",
        Ping = "ping",
        Positions = "positions",
        Rates = "rates",
        Subscribe = "subscribe",
        SymbolInfo = "symbol_info",
        SymbolTick = "symbol_tick",
        Symbols = "symbols",
        TerminalInfo = "terminal_info",
        Ticks = "ticks",
        Unsubscribe = "unsubscribe",
    }
}

// All members that requests have, but for orders.
members! {
    struct AskMembers {
        after: "after",
        buffer: "buffer",
        client_id: "client_id",
        count: "count",
        from: "from",
        from_msc: "from_msc",
        inputs: "inputs",
        kind: "kind",
        magic: "magic",
        name: "name",
        shift: "shift",
        start: "start",
        symbol: "symbol",
        text: "text",
        timeframe: "timeframe",
        to: "to",
        to_msc: "to_msc",
    }
}

impl Ask {
    /// Returns which method it asks.
    #[must_use]
    pub const fn kind(&self) -> AskKind {
        match self {
            Self::AccountInfo => AskKind::AccountInfo,
            Self::Alert { .. } => AskKind::Alert,
            Self::Comment { .. } => AskKind::Comment,
            Self::HistoryDeals(_) => AskKind::HistoryDeals,
            Self::HistoryOrders(_) => AskKind::HistoryOrders,
            Self::Indicator { .. } => AskKind::Indicator,
            Self::OrderCheck(_) => AskKind::OrderCheck,
            Self::OrderSend(_) => AskKind::OrderSend,
            Self::OrderStatus { .. } => AskKind::OrderStatus,
            Self::Orders { .. } => AskKind::Orders,
            Self::Ping => AskKind::Ping,
            Self::Positions { .. } => AskKind::Positions,
            Self::Rates { .. } => AskKind::Rates,
            Self::Subscribe { .. } => AskKind::Subscribe,
            Self::SymbolInfo { .. } => AskKind::SymbolInfo,
            Self::SymbolTick { .. } => AskKind::SymbolTick,
            Self::Symbols { .. } => AskKind::Symbols,
            Self::TerminalInfo => AskKind::TerminalInfo,
            Self::Ticks { .. } => AskKind::Ticks,
            Self::Unsubscribe { .. } => AskKind::Unsubscribe,
        }
    }

    /// Reads a request by its method's name and its parameters.
    ///
    /// # Errors
    ///
    /// Returns a [`Fault`] of `unknown_method`, or of `invalid_params` that names the member.
    pub fn parse(method: &str, params: Option<&RawValue>) -> Result<Self, Fault> {
        let Some(kind) = AskKind::from_word(method) else {
            let shown = escaped(method, SHOWN_CHARS_MAX);
            let text = format!("found the method `{shown}`, which is not known here");
            return Err(Fault::new(ErrorCode::UnknownMethod, text));
        };
        Self::of_kind(kind, params, ClientIdIs::Needed)
    }

    pub(in crate::message) fn of_kind(
        kind: AskKind,
        params: Option<&RawValue>,
        client_id: ClientIdIs,
    ) -> Result<Self, Fault> {
        Self::read(kind, params.map_or("{}", RawValue::get), client_id).map_err(Fault::params)
    }

    fn read(kind: AskKind, json: &str, client_id: ClientIdIs) -> Result<Self, Wrong> {
        let at = &Path::Root("params");
        // What stands here twice is refused in an order too, which has members of its own.
        let m: AskMembers<'_> = object(json, at)?;
        Ok(match kind {
            AskKind::AccountInfo => Self::AccountInfo,
            AskKind::Alert => Self::Alert { text: m.text.needed_as(at, TEXT, text)? },
            AskKind::Comment => Self::Comment { text: m.text.needed_as(at, TEXT, text)? },
            AskKind::HistoryDeals => Self::HistoryDeals(m.history(at)?),
            AskKind::HistoryOrders => Self::HistoryOrders(m.history(at)?),
            AskKind::Indicator => m.indicator(at)?,
            AskKind::OrderCheck => {
                Self::OrderCheck(Box::new(OrderRequest::read(json, at, ClientIdIs::Optional)?))
            }
            AskKind::OrderSend => {
                Self::OrderSend(Box::new(OrderRequest::read(json, at, client_id)?))
            }
            AskKind::OrderStatus => Self::OrderStatus { client_id: m.client_id.needed(at)? },
            AskKind::Orders => Self::Orders {
                symbol: m.symbol.optional(at)?,
                magic: m.magic.optional(at)?,
                after: ticket(m.after, at)?,
            },
            AskKind::Ping => Self::Ping,
            AskKind::Positions => Self::Positions {
                symbol: m.symbol.optional(at)?,
                magic: m.magic.optional(at)?,
                after: ticket(m.after, at)?,
            },
            AskKind::Rates => Self::Rates {
                symbol: m.symbol.needed(at)?,
                timeframe: m.timeframe.needed(at)?,
                span: m.span(at)?,
            },
            AskKind::Subscribe => {
                Self::Subscribe { symbol: m.symbol.needed(at)?, kind: m.subscription(at)? }
            }
            AskKind::SymbolInfo => Self::SymbolInfo { symbol: m.symbol.needed(at)? },
            AskKind::SymbolTick => Self::SymbolTick { symbol: m.symbol.needed(at)? },
            AskKind::Symbols => Self::Symbols { after: m.after.optional(at)? },
            AskKind::TerminalInfo => Self::TerminalInfo,
            AskKind::Ticks => Self::Ticks {
                symbol: m.symbol.needed(at)?,
                from_msc: m.from_msc.needed(at)?,
                to_msc: m.to_msc.needed(at)?,
                count: m.count.needed(at)?,
            },
            AskKind::Unsubscribe => {
                Self::Unsubscribe { symbol: m.symbol.needed(at)?, kind: m.subscription(at)? }
            }
        })
    }

    /// Writes its parameters.
    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::AccountInfo | Self::Ping | Self::TerminalInfo => {}
            Self::Alert { text } | Self::Comment { text } => {
                to.member("text", text);
            }
            Self::HistoryDeals(span) | Self::HistoryOrders(span) => {
                to.member("from", &span.from).member("to", &span.to);
                to.optional("after", span.after.map(Quoted).as_ref());
            }
            Self::Indicator { name, symbol, timeframe, inputs, buffer, shift, count } => {
                to.member("name", name).member("symbol", symbol).member("timeframe", timeframe);
                to.member("inputs", inputs).member("buffer", buffer);
                to.member("shift", shift).member("count", count);
            }
            Self::OrderCheck(order) | Self::OrderSend(order) => order.write(to),
            Self::OrderStatus { client_id } => {
                to.member("client_id", client_id);
            }
            Self::Orders { symbol, magic, after } | Self::Positions { symbol, magic, after } => {
                to.optional("symbol", symbol.as_ref()).optional("magic", magic.as_ref());
                to.optional("after", after.map(Quoted).as_ref());
            }
            Self::Rates { symbol, timeframe, span } => {
                to.member("symbol", symbol).member("timeframe", timeframe);
                match span {
                    RatesSpan::Before { to: last, count } => {
                        to.member("to", last).member("count", count);
                    }
                    RatesSpan::Between { from, to: last } => {
                        to.member("from", from).member("to", last);
                    }
                    RatesSpan::Position { start, count } => {
                        to.member("start", start).member("count", count);
                    }
                }
            }
            Self::Subscribe { symbol, kind } | Self::Unsubscribe { symbol, kind } => {
                to.member("symbol", symbol);
                match kind {
                    SubscribeKind::Bars(timeframe) => {
                        to.member("kind", "bars").member("timeframe", timeframe);
                    }
                    SubscribeKind::Ticks => {
                        to.member("kind", "ticks");
                    }
                }
            }
            Self::SymbolInfo { symbol } | Self::SymbolTick { symbol } => {
                to.member("symbol", symbol);
            }
            Self::Symbols { after } => {
                to.optional("after", after.as_ref());
            }
            Self::Ticks { symbol, from_msc, to_msc, count } => {
                to.member("symbol", symbol).member("from_msc", from_msc);
                to.member("to_msc", to_msc).member("count", count);
            }
        }
    }
}

impl AskMembers<'_> {
    fn history(&self, at: &Path<'_>) -> Result<HistorySpan, Wrong> {
        Ok(HistorySpan {
            from: self.from.needed(at)?,
            to: self.to.needed(at)?,
            after: ticket(self.after, at)?,
        })
    }

    fn indicator(&self, at: &Path<'_>) -> Result<Ask, Wrong> {
        Ok(Ask::Indicator {
            name: self.name.needed_as(at, TEXT, text)?,
            symbol: self.symbol.needed(at)?,
            timeframe: self.timeframe.needed(at)?,
            inputs: self.inputs.needed_as(at, TEXT, text)?,
            buffer: self.buffer.needed(at)?,
            shift: self.shift.needed(at)?,
            count: self.count.needed(at)?,
        })
    }

    fn span(&self, at: &Path<'_>) -> Result<RatesSpan, Wrong> {
        let is_there = |member: Member<'_>| member.json().is_some();
        let members = [self.start, self.from, self.to, self.count].map(is_there);
        match members {
            [true, false, false, true] => Ok(RatesSpan::Position {
                start: self.start.needed(at)?,
                count: self.count.needed(at)?,
            }),
            [false, false, true, true] => {
                Ok(RatesSpan::Before { to: self.to.needed(at)?, count: self.count.needed(at)? })
            }
            [false, true, true, false] => {
                Ok(RatesSpan::Between { from: self.from.needed(at)?, to: self.to.needed(at)? })
            }
            _ => {
                let names = [self.start, self.from, self.to, self.count].into_iter();
                let found: Vec<_> =
                    names.filter(|member| is_there(*member)).map(Member::name).collect();
                let expected = "either start and count, or to and count, or from and to";
                Err(Wrong::new(*at, &found.join(", "), expected))
            }
        }
    }

    fn subscription(&self, at: &Path<'_>) -> Result<SubscribeKind, Wrong> {
        let is_bars =
            self.kind.needed_as(
                at,
                "one of bars ticks",
                |json| match crate::message::json::string(json)?.as_ref() {
                    "bars" => Some(true),
                    "ticks" => Some(false),
                    _ => None,
                },
            )?;
        if is_bars {
            return self.timeframe.needed(at).map(SubscribeKind::Bars);
        }
        self.timeframe.none(at, "with the kind ticks")?;
        Ok(SubscribeKind::Ticks)
    }
}

/// A ticket of whatever kind the list is of.
fn ticket(member: Member<'_>, at: &Path<'_>) -> Result<Option<u64>, Wrong> {
    Ok(member.optional::<OrderTicket>(at)?.map(OrderTicket::value))
}
