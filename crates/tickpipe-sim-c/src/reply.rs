//! What the broker says, made into structs of C's.

use tickpipe_proto::message::{
    self, DealEntry, DealType, Filling, MarginMode, OrderState, OrderStatus, OrderType, Outcome,
    TradeKind, TradeMode,
};
use tickpipe_proto::types::{ClientId, DealTicket, Lots, MagicNumber, Money, OrderTicket, Price};
use tickpipe_proto::types::{PositionTicket, Symbol};
use tickpipe_sim::broker::Broker;

use crate::layout::{
    Account, CLIENT_ID_LEN, Check, Deal, Decimal, Event, NAME_LEN, Order, Position, Result,
    Sized32, SymbolInfo, Trade, code,
};
use crate::text::write;

impl From<tickpipe_proto::types::Decimal> for Decimal {
    fn from(number: tickpipe_proto::types::Decimal) -> Self {
        Self { units: number.units(), digits: number.digits().into(), is_set: 1 }
    }
}

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        Self { units: price.points(), digits: price.digits().into(), is_set: 1 }
    }
}

impl From<Lots> for Decimal {
    fn from(lots: Lots) -> Self {
        lots.decimal().into()
    }
}

impl From<Money> for Decimal {
    fn from(money: Money) -> Self {
        money.decimal().into()
    }
}

/// A number that may be missing.
fn number<T: Into<Decimal>>(number: Option<T>) -> Decimal {
    number.map_or_else(Decimal::default, Into::into)
}

fn order_ticket(ticket: Option<OrderTicket>) -> u64 {
    ticket.map_or(0, OrderTicket::value)
}

fn deal_ticket(ticket: Option<DealTicket>) -> u64 {
    ticket.map_or(0, DealTicket::value)
}

fn position_ticket(ticket: Option<PositionTicket>) -> u64 {
    ticket.map_or(0, PositionTicket::value)
}

fn magic(magic: Option<MagicNumber>) -> i64 {
    magic.map_or(0, MagicNumber::value)
}

fn comment(comment: Option<&String>) -> [u8; NAME_LEN] {
    write(comment.map_or("", String::as_str))
}

fn client_id(id: Option<&ClientId>) -> [u8; CLIENT_ID_LEN] {
    write(id.map_or("", ClientId::as_str))
}

fn words(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the enums may grow, and C knows none of it")]
mod words_of {
    use super::*;

    pub(super) fn order_type(kind: OrderType) -> i32 {
        match kind {
            OrderType::Buy => code::TYPE_BUY,
            OrderType::BuyLimit => code::TYPE_BUY_LIMIT,
            OrderType::BuyStop => code::TYPE_BUY_STOP,
            OrderType::BuyStopLimit => code::TYPE_BUY_STOP_LIMIT,
            OrderType::Sell => code::TYPE_SELL,
            OrderType::SellLimit => code::TYPE_SELL_LIMIT,
            OrderType::SellStop => code::TYPE_SELL_STOP,
            OrderType::SellStopLimit => code::TYPE_SELL_STOP_LIMIT,
            _ => code::TYPE_NONE,
        }
    }

    pub(super) fn outcome(outcome: Outcome) -> i32 {
        match outcome {
            Outcome::Done => code::OUTCOME_DONE,
            Outcome::Absent | Outcome::Rejected => code::OUTCOME_REJECTED,
            _ => code::OUTCOME_UNKNOWN,
        }
    }

    pub(super) fn status(status: Option<OrderStatus>) -> i32 {
        match status {
            Some(OrderStatus::Filled) => code::STATUS_FILLED,
            Some(OrderStatus::Partial) => code::STATUS_PARTIAL,
            Some(OrderStatus::Placed) => code::STATUS_PLACED,
            _ => code::STATUS_NONE,
        }
    }

    pub(super) fn state(state: Option<OrderState>) -> i32 {
        match state {
            Some(OrderState::Canceled) => code::STATE_CANCELED,
            Some(OrderState::Expired) => code::STATE_EXPIRED,
            Some(OrderState::Filled) => code::STATE_FILLED,
            Some(OrderState::Partial) => code::STATE_PARTIAL,
            Some(OrderState::Rejected) => code::STATE_REJECTED,
            _ => code::STATE_PLACED,
        }
    }

    pub(super) fn deal_type(kind: DealType) -> i32 {
        match kind {
            DealType::Balance => code::DEAL_BALANCE,
            DealType::Buy => code::DEAL_BUY,
            DealType::Credit => code::DEAL_CREDIT,
            DealType::Sell => code::DEAL_SELL,
            _ => code::DEAL_OTHER,
        }
    }

    pub(super) fn entry(entry: Option<DealEntry>) -> i32 {
        match entry {
            Some(DealEntry::In) => code::ENTRY_IN,
            Some(DealEntry::InOut) => code::ENTRY_INOUT,
            Some(DealEntry::Out) => code::ENTRY_OUT,
            Some(DealEntry::OutBy) => code::ENTRY_OUT_BY,
            _ => code::ENTRY_NONE,
        }
    }

    pub(super) fn trade_mode(mode: Option<TradeMode>) -> i32 {
        match mode {
            Some(TradeMode::CloseOnly) => code::TRADE_CLOSE_ONLY,
            Some(TradeMode::Disabled) => code::TRADE_DISABLED,
            Some(TradeMode::LongOnly) => code::TRADE_LONG_ONLY,
            Some(TradeMode::ShortOnly) => code::TRADE_SHORT_ONLY,
            _ => code::TRADE_FULL,
        }
    }

    /// The bit of a filling, as the symbol's set of them has it.
    pub(super) fn filling(filling: Filling) -> u32 {
        let word = match filling {
            Filling::Fok => code::FILLING_FOK,
            Filling::Ioc => code::FILLING_IOC,
            Filling::Return => code::FILLING_RETURN,
            _ => return 0,
        };
        1 << word
    }

    pub(super) fn kind(kind: TradeKind) -> i32 {
        match kind {
            TradeKind::DealAdd => code::KIND_DEAL_ADD,
            TradeKind::OrderAdd => code::KIND_ORDER_ADD,
            TradeKind::OrderDelete => code::KIND_ORDER_DELETE,
            TradeKind::OrderUpdate => code::KIND_ORDER_UPDATE,
            TradeKind::PositionClose => code::KIND_POSITION_CLOSE,
            TradeKind::PositionOpen => code::KIND_POSITION_OPEN,
            TradeKind::PositionUpdate => code::KIND_POSITION_UPDATE,
            _ => code::KIND_NONE,
        }
    }
}

pub(crate) fn result(result: &message::OrderResult) -> Result {
    Result {
        size: Result::SIZE,
        outcome: words_of::outcome(result.outcome),
        retcode: u32::try_from(result.retcode).unwrap_or(u32::MAX),
        status: words_of::status(result.status),
        order: order_ticket(result.order),
        deal: deal_ticket(result.deal),
        position: position_ticket(result.position),
        volume: number(result.volume),
        price: number(result.price),
        bid: number(result.bid),
        ask: number(result.ask),
        is_retryable: result.is_retryable.into(),
        reserved: 0,
        client_id: client_id(Some(&result.client_id)),
        message: write(&result.message),
    }
}

/// An order that was not even sent: rejected, with the code that a terminal has for it.
pub(crate) fn not_sent(retcode: u64, message: &str) -> Result {
    Result {
        outcome: code::OUTCOME_REJECTED,
        retcode: u32::try_from(retcode).unwrap_or(u32::MAX),
        message: write(message),
        ..no_result()
    }
}

const fn no_result() -> Result {
    Result {
        size: Result::SIZE,
        outcome: 0,
        retcode: 0,
        status: code::STATUS_NONE,
        order: 0,
        deal: 0,
        position: 0,
        volume: NONE,
        price: NONE,
        bid: NONE,
        ask: NONE,
        is_retryable: 0,
        reserved: 0,
        client_id: [0; CLIENT_ID_LEN],
        message: [0; crate::layout::MESSAGE_LEN],
    }
}

const NONE: Decimal = Decimal { units: 0, digits: 0, is_set: 0 };

pub(crate) fn check(check: &message::OrderCheck) -> Check {
    Check {
        size: Check::SIZE,
        retcode: u32::try_from(check.retcode).unwrap_or(u32::MAX),
        balance: number(check.balance),
        equity: number(check.equity),
        margin: number(check.margin),
        margin_free: number(check.margin_free),
        message: write(&check.message),
    }
}

/// A check of an order that cannot be sent.
pub(crate) fn no_check(retcode: u64, message: &str) -> Check {
    Check {
        size: Check::SIZE,
        retcode: u32::try_from(retcode).unwrap_or(u32::MAX),
        balance: NONE,
        equity: NONE,
        margin: NONE,
        margin_free: NONE,
        message: write(message),
    }
}

pub(crate) fn position(position: &message::Position) -> Position {
    Position {
        size: Position::SIZE,
        r#type: words_of::order_type(position.r#type),
        ticket: position.ticket.value(),
        magic: magic(position.magic),
        time_msc: position.time_msc.unwrap_or(0),
        volume: position.volume.into(),
        price_open: position.price_open.into(),
        price_current: number(position.price_current),
        stop_loss: number(position.stop_loss),
        take_profit: number(position.take_profit),
        profit: number(position.profit),
        swap: number(position.swap),
        symbol: write(position.symbol.as_str()),
        comment: comment(position.comment.as_ref()),
        client_id: client_id(position.client_id.as_ref()),
    }
}

pub(crate) fn order(order: &message::Order) -> Order {
    Order {
        size: Order::SIZE,
        r#type: words_of::order_type(order.r#type),
        state: words_of::state(order.state),
        reserved: 0,
        ticket: order.ticket.value(),
        magic: magic(order.magic),
        time_setup_msc: order.time_setup_msc.unwrap_or(0),
        expiration: order.expiration.unwrap_or(0),
        volume: number(order.volume),
        price: number(order.price),
        stop_limit: number(order.stop_limit),
        stop_loss: number(order.stop_loss),
        take_profit: number(order.take_profit),
        symbol: write(order.symbol.as_str()),
        comment: comment(order.comment.as_ref()),
        client_id: client_id(order.client_id.as_ref()),
    }
}

pub(crate) fn deal(deal: &message::Deal) -> Deal {
    Deal {
        size: Deal::SIZE,
        r#type: words_of::deal_type(deal.r#type),
        entry: words_of::entry(deal.entry),
        reserved: 0,
        ticket: deal.ticket.value(),
        order: order_ticket(deal.order),
        position: position_ticket(deal.position),
        magic: magic(deal.magic),
        time_msc: deal.time_msc.unwrap_or(0),
        volume: number(deal.volume),
        price: number(deal.price),
        profit: number(deal.profit),
        swap: number(deal.swap),
        commission: number(deal.commission),
        symbol: write(deal.symbol.as_ref().map_or("", Symbol::as_str)),
        comment: comment(deal.comment.as_ref()),
        client_id: client_id(deal.client_id.as_ref()),
    }
}

/// The account as a state says it, and what the broker knows of it besides.
pub(crate) fn account(broker: &Broker, state: &message::AccountState) -> Account {
    let spec = broker.account();
    let is_netting = spec.margin_mode == MarginMode::Netting;
    Account {
        size: Account::SIZE,
        margin_mode: if is_netting { code::MARGIN_NETTING } else { code::MARGIN_HEDGING },
        leverage: spec.leverage,
        currency_digits: spec.currency_digits.into(),
        is_margin_called: broker.is_margin_called().into(),
        reserved: 0,
        balance: state.balance.into(),
        equity: state.equity.into(),
        margin: state.margin.into(),
        margin_free: state.margin_free.into(),
        profit: number(state.profit),
        currency: write(&spec.currency),
    }
}

pub(crate) fn symbol(info: &message::SymbolInfo, tick: Option<&message::Tick>) -> SymbolInfo {
    let points =
        |points: Option<u64>| points.map_or(0, |points| i64::try_from(points).unwrap_or(0));
    SymbolInfo {
        size: SymbolInfo::SIZE,
        digits: info.digits.into(),
        trade_mode: words_of::trade_mode(info.trade_mode),
        filling: info.filling.iter().fold(0, |set, filling| set | words_of::filling(*filling)),
        stops_level: points(info.stops_level),
        freeze_level: points(info.freeze_level),
        time_msc: tick.map_or(0, |tick| tick.time_msc),
        bid: number(tick.map(|tick| tick.bid)),
        ask: number(tick.map(|tick| tick.ask)),
        tick_size: number(info.tick_size),
        tick_value: number(info.tick_value),
        contract_size: number(info.contract_size),
        volume_min: info.volume_min.into(),
        volume_max: info.volume_max.into(),
        volume_step: info.volume_step.into(),
        swap_long: number(info.swap_long),
        swap_short: number(info.swap_short),
        symbol: write(info.symbol.as_str()),
        description: write(words(info.description.as_ref())),
        currency_base: write(words(info.currency_base.as_ref())),
        currency_profit: write(words(info.currency_profit.as_ref())),
        currency_margin: write(words(info.currency_margin.as_ref())),
    }
}

pub(crate) fn trade(event: &message::TradeEvent) -> Trade {
    Trade {
        kind: words_of::kind(event.event),
        r#type: event.r#type.map_or(code::TYPE_NONE, words_of::order_type),
        order: order_ticket(event.order),
        deal: deal_ticket(event.deal),
        position: position_ticket(event.position),
        magic: magic(event.magic),
        time_msc: event.time_msc.unwrap_or(0),
        volume: number(event.volume),
        price: number(event.price),
        stop_loss: number(event.stop_loss),
        take_profit: number(event.take_profit),
        profit: number(event.profit),
        symbol: write(event.symbol.as_str()),
        comment: comment(event.comment.as_ref()),
        client_id: client_id(event.client_id.as_ref()),
        ..no_trade()
    }
}

const fn no_trade() -> Trade {
    Trade {
        size: Trade::SIZE,
        kind: code::KIND_NONE,
        r#type: code::TYPE_NONE,
        reserved: 0,
        order: 0,
        deal: 0,
        position: 0,
        magic: 0,
        time_msc: 0,
        volume: NONE,
        price: NONE,
        stop_loss: NONE,
        take_profit: NONE,
        profit: NONE,
        symbol: [0; NAME_LEN],
        comment: [0; NAME_LEN],
        client_id: [0; CLIENT_ID_LEN],
    }
}

/// No event.
pub(crate) const fn no_event() -> Event {
    let account = Account {
        size: Account::SIZE,
        margin_mode: 0,
        leverage: 0,
        currency_digits: 0,
        is_margin_called: 0,
        reserved: 0,
        balance: NONE,
        equity: NONE,
        margin: NONE,
        margin_free: NONE,
        profit: NONE,
        currency: [0; crate::layout::CURRENCY_LEN],
    };
    let (trade, result) = (no_trade(), no_result());
    Event { size: Event::SIZE, kind: code::EVENT_NONE, trade, account, result }
}
