//! Answers of the EA on the wire.

use serde_json::value::RawValue;

use super::{Answer, SymbolInfo, TerminalInfo, TradeMode};
use crate::ErrorCode;
use crate::message::hello::digits;
use crate::message::json::{Member, Path, TEXT, Value, Wrong};
use crate::message::json::{members, object, text};
use crate::message::put::{Put as _, Writer};
use crate::message::words::words;
use crate::message::{
    Account, AccountState, AskKind, Bar, Deal, Fault, Filling, HistoryTick, Order, OrderCheck,
    OrderResult, Outcome, Position, Terminal, Tick,
};
use crate::types::{Decimal, Symbol};

words! {
    TradeMode {
        CloseOnly = "close_only",
        Disabled = "disabled",
        Full = "full",
        LongOnly = "long_only",
        ShortOnly = "short_only",
    }
}

members! {
    struct AnswerMembers {
        account: "account",
        bars: "bars",
        deals: "deals",
        more: "more",
        orders: "orders",
        positions: "positions",
        symbols: "symbols",
        ticks: "ticks",
        values: "values",
    }
}

/// Outcomes that the answer to `order_send` may have; that of `order_status` may be absent too.
const SENT: &[Outcome] = &[Outcome::Done, Outcome::Rejected, Outcome::Unknown];

impl Answer {
    /// Holds what was not read against its code, as [`parse`](Self::parse) does.
    pub(crate) fn hold_against_code(&mut self, kind: AskKind, terminal: Terminal) {
        let allowed = if kind == AskKind::OrderSend { SENT } else { Outcome::ALL };
        if let Self::OrderResult(result) = self {
            result.hold_against_code(terminal, allowed);
        }
    }

    /// Reads the result of a request of a kind.
    ///
    /// What it says of an order is held against the table of the terminal's codes: an outcome that is
    /// not borne out by the code is [`Outcome::Unknown`].
    ///
    /// # Errors
    ///
    /// Returns a [`Fault`] of `bad_answer` that names the member.
    pub fn parse(kind: AskKind, raw: &RawValue, terminal: Terminal) -> Result<Self, Fault> {
        let answer = Self::read(kind, raw.get(), terminal);
        answer.map_err(|wrong| Fault::wrong(ErrorCode::BadAnswer, wrong))
    }

    fn read(kind: AskKind, json: &str, terminal: Terminal) -> Result<Self, Wrong> {
        let at = &Path::Root("result");
        Ok(match kind {
            AskKind::OrderCheck => Self::OrderCheck(Box::new(OrderCheck::read(json, at)?)),
            AskKind::OrderSend => {
                Self::OrderResult(Box::new(OrderResult::read(json, at, terminal, SENT)?))
            }
            AskKind::OrderStatus => {
                Self::OrderResult(Box::new(OrderResult::read(json, at, terminal, Outcome::ALL)?))
            }
            AskKind::SymbolInfo => Self::SymbolInfo(Box::new(SymbolInfo::read(json, at)?)),
            AskKind::SymbolTick => Self::SymbolTick(Box::new(Tick::read(json, at)?)),
            AskKind::TerminalInfo => Self::TerminalInfo(Box::new(TerminalInfo::read(json, at)?)),
            AskKind::Alert
            | AskKind::Comment
            | AskKind::Ping
            | AskKind::Subscribe
            | AskKind::Unsubscribe => {
                object::<AnswerMembers<'_>>(json, at)?;
                Self::Empty
            }
            AskKind::AccountInfo => {
                let m: AnswerMembers<'_> = object(json, at)?;
                Self::AccountInfo {
                    account: m.account.needed_object(at, Account::read)?,
                    state: AccountState::read(json, at)?,
                }
            }
            AskKind::HistoryDeals => object::<AnswerMembers<'_>>(json, at)?.deals(at)?,
            AskKind::HistoryOrders => {
                let (orders, more) = object::<AnswerMembers<'_>>(json, at)?.orders(at)?;
                Self::HistoryOrders { orders, more }
            }
            AskKind::Indicator => {
                let m: AnswerMembers<'_> = object(json, at)?;
                Self::Indicator { values: m.values.needed_list(at, value)? }
            }
            AskKind::Orders => {
                let (orders, more) = object::<AnswerMembers<'_>>(json, at)?.orders(at)?;
                Self::Orders { orders, more }
            }
            AskKind::Positions => object::<AnswerMembers<'_>>(json, at)?.positions(at)?,
            AskKind::Rates => object::<AnswerMembers<'_>>(json, at)?.rates(at)?,
            AskKind::Symbols => object::<AnswerMembers<'_>>(json, at)?.symbols(at)?,
            AskKind::Ticks => object::<AnswerMembers<'_>>(json, at)?.ticks(at)?,
        })
    }

    /// Writes its result.
    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        match self {
            Self::AccountInfo { account, state } => {
                to.inner("account", |to| account.write(to));
                state.write(to);
            }
            Self::Empty => {}
            Self::HistoryDeals { deals, more } => {
                let write =
                    |out: &mut Vec<u8>, deal: &Deal| Writer::object(out, |to| deal.write(to));
                to.list("deals", deals, write).member("more", more);
            }
            Self::HistoryOrders { orders, more } | Self::Orders { orders, more } => {
                let write =
                    |out: &mut Vec<u8>, order: &Order| Writer::object(out, |to| order.write(to));
                to.list("orders", orders, write).member("more", more);
            }
            Self::Indicator { values } => {
                to.list("values", values, |out, value| value.put(out));
            }
            Self::OrderCheck(check) => check.write(to),
            Self::OrderResult(result) => result.write(to),
            Self::Positions { positions, more } => {
                let write = |out: &mut Vec<u8>, position: &Position| {
                    Writer::object(out, |to| position.write(to));
                };
                to.list("positions", positions, write).member("more", more);
            }
            Self::Rates { bars, more } => {
                to.list("bars", bars, |out, bar| bar.write(out)).member("more", more);
            }
            Self::SymbolInfo(info) => info.write(to),
            Self::SymbolTick(tick) => tick.write(to),
            Self::Symbols { symbols, more } => {
                to.list("symbols", symbols, |out, symbol| symbol.put(out)).member("more", more);
            }
            Self::TerminalInfo(info) => info.write(to),
            Self::Ticks { ticks, more } => {
                to.list("ticks", ticks, |out, tick| tick.write(out)).member("more", more);
            }
        }
    }
}

impl AnswerMembers<'_> {
    fn deals(&self, at: &Path<'_>) -> Result<Answer, Wrong> {
        let deals = self.deals.needed_list(at, Deal::read)?;
        let is_rising = deals.is_sorted_by(|a, b| a.ticket < b.ticket);
        Ok(Answer::HistoryDeals { more: self.page(self.deals, &deals, is_rising, at)?, deals })
    }

    fn orders(&self, at: &Path<'_>) -> Result<(Vec<Order>, bool), Wrong> {
        let orders = self.orders.needed_list(at, Order::read)?;
        let is_rising = orders.is_sorted_by(|a, b| a.ticket < b.ticket);
        let more = self.page(self.orders, &orders, is_rising, at)?;
        Ok((orders, more))
    }

    fn positions(&self, at: &Path<'_>) -> Result<Answer, Wrong> {
        let positions = self.positions.needed_list(at, Position::read)?;
        let is_rising = positions.is_sorted_by(|a, b| a.ticket < b.ticket);
        let more = self.page(self.positions, &positions, is_rising, at)?;
        Ok(Answer::Positions { positions, more })
    }

    fn rates(&self, at: &Path<'_>) -> Result<Answer, Wrong> {
        let bars = self.bars.needed_list(at, Bar::read)?;
        let is_rising = bars.is_sorted_by(|a, b| a.time < b.time);
        Ok(Answer::Rates { more: self.page(self.bars, &bars, is_rising, at)?, bars })
    }

    fn symbols(&self, at: &Path<'_>) -> Result<Answer, Wrong> {
        let symbols = self.symbols.needed_list(at, scalar::<Symbol>)?;
        let is_rising = symbols.is_sorted_by(|a, b| a < b);
        Ok(Answer::Symbols { more: self.page(self.symbols, &symbols, is_rising, at)?, symbols })
    }

    fn ticks(&self, at: &Path<'_>) -> Result<Answer, Wrong> {
        let ticks = self.ticks.needed_list(at, HistoryTick::read)?;
        // Several may be of one millisecond.
        let is_rising = ticks.is_sorted_by_key(|tick| tick.time_msc);
        Ok(Answer::Ticks { more: self.page(self.ticks, &ticks, is_rising, at)?, ticks })
    }

    /// Whether there is more behind a page, which must be one that leads on.
    fn page<T>(
        &self,
        rows: Member<'_>,
        values: &[T],
        is_rising: bool,
        at: &Path<'_>,
    ) -> Result<bool, Wrong> {
        let more = self.more.needed(at)?;
        let found = rows.json().unwrap_or_default();
        if !is_rising {
            return Err(Wrong::new(at.member(rows.name()), found, "rows in rising order"));
        }
        if more && values.is_empty() {
            return Err(Wrong::new(at.member(rows.name()), found, "at least one row before more"));
        }
        Ok(more)
    }
}

fn scalar<'a, T: Value<'a>>(json: &'a str, at: &Path<'_>) -> Result<T, Wrong> {
    T::read(json).ok_or_else(|| Wrong::new(*at, json, T::EXPECTED))
}

fn value(json: &str, at: &Path<'_>) -> Result<Option<Decimal>, Wrong> {
    if json == "null" { Ok(None) } else { scalar(json, at).map(Some) }
}

members! {
    struct SymbolMembers {
        symbol: "symbol",
        description: "description",
        digits: "digits",
        point: "point",
        tick_size: "tick_size",
        tick_value: "tick_value",
        contract_size: "contract_size",
        volume_min: "volume_min",
        volume_max: "volume_max",
        volume_step: "volume_step",
        stops_level: "stops_level",
        freeze_level: "freeze_level",
        currency_base: "currency_base",
        currency_profit: "currency_profit",
        currency_margin: "currency_margin",
        trade_mode: "trade_mode",
        filling: "filling",
        swap_long: "swap_long",
        swap_short: "swap_short",
    }
}

impl SymbolInfo {
    fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: SymbolMembers<'_> = object(json, at)?;
        Ok(Self {
            symbol: m.symbol.needed(at)?,
            description: m.description.optional_as(at, TEXT, text)?,
            digits: m.digits.needed_as(at, "a whole number of 0 to 8", digits)?,
            point: m.point.needed(at)?,
            tick_size: m.tick_size.above_zero(at)?,
            tick_value: m.tick_value.optional(at)?,
            contract_size: m.contract_size.optional(at)?,
            volume_min: m.volume_min.needed(at)?,
            volume_max: m.volume_max.needed(at)?,
            volume_step: m.volume_step.needed(at)?,
            stops_level: m.stops_level.optional(at)?,
            freeze_level: m.freeze_level.optional(at)?,
            currency_base: m.currency_base.optional_as(at, TEXT, text)?,
            currency_profit: m.currency_profit.optional_as(at, TEXT, text)?,
            currency_margin: m.currency_margin.optional_as(at, TEXT, text)?,
            trade_mode: m.trade_mode.optional(at)?,
            filling: match m.filling.json() {
                None => Vec::new(),
                Some(_) => m.filling.needed_list(at, scalar::<Filling>)?,
            },
            swap_long: m.swap_long.optional(at)?,
            swap_short: m.swap_short.optional(at)?,
        })
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.member("symbol", &self.symbol).optional("description", self.description.as_ref());
        to.member("digits", &self.digits).member("point", &self.point);
        to.optional("tick_size", self.tick_size.as_ref());
        to.optional("tick_value", self.tick_value.as_ref());
        to.optional("contract_size", self.contract_size.as_ref());
        to.member("volume_min", &self.volume_min).member("volume_max", &self.volume_max);
        to.member("volume_step", &self.volume_step);
        to.optional("stops_level", self.stops_level.as_ref());
        to.optional("freeze_level", self.freeze_level.as_ref());
        to.optional("currency_base", self.currency_base.as_ref());
        to.optional("currency_profit", self.currency_profit.as_ref());
        to.optional("currency_margin", self.currency_margin.as_ref());
        to.optional("trade_mode", self.trade_mode.as_ref());
        to.list("filling", &self.filling, |out, filling| filling.put(out));
        to.optional("swap_long", self.swap_long.as_ref());
        to.optional("swap_short", self.swap_short.as_ref());
    }
}

members! {
    struct TerminalMembers {
        name: "name",
        company: "company",
        build: "build",
        connected: "connected",
        trade_allowed: "trade_allowed",
    }
}

impl TerminalInfo {
    fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: TerminalMembers<'_> = object(json, at)?;
        Ok(Self {
            name: m.name.optional_as(at, TEXT, text)?,
            company: m.company.optional_as(at, TEXT, text)?,
            build: m.build.optional(at)?,
            is_connected: m.connected.needed(at)?,
            is_trade_allowed: m.trade_allowed.needed(at)?,
        })
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.optional("name", self.name.as_ref()).optional("company", self.company.as_ref());
        to.optional("build", self.build.as_ref()).member("connected", &self.is_connected);
        to.member("trade_allowed", &self.is_trade_allowed);
    }
}
