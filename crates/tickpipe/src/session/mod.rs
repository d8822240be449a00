//! Session mode: strategies that hear an EA's ticks, ask its terminal and trade.
//!
//! [`Strategy`] is what a user writes, [`Context`] what it asks and trades through, [`Handle`] the
//! same for other threads; both have the methods of [`Ea`]. Orders are written with [`MarketOrder`]
//! and its kin, and an order's outcome is an [`Execution`]. What else stands here are the messages'
//! parts. `docs/strategies.md` tells it from the beginning.

mod client_id;
mod context;
mod ea;
mod error;
pub(crate) mod exec;
mod execution;
mod filter;
mod handle;
mod indicator;
pub(crate) mod lane;
pub(crate) mod link;
pub mod local;
pub(crate) mod memory;
pub(crate) mod note;
mod order;
mod pages;
pub(crate) mod registry;
pub(crate) mod runner;
mod strategy;
mod trade;

pub use tickpipe_proto::message::{
    Account, AccountState, AccountTradeMode, AskKind, Bar, BarEvent, Chart, Deal, DealEntry,
    DealType, Deinit, Filling, Hello, HistoryTick, LogEntry, LogLevel, MarginMode, Order,
    OrderAction, OrderCheck, OrderRequest, OrderResult, OrderState, OrderStatus, OrderType,
    Outcome, Position, RatesSpan, SymbolInfo, Terminal, TerminalInfo, Tick, TickMode, TradeEvent,
    TradeKind, TradeMode,
};
pub use tickpipe_proto::session::{AskError, CloseReason};
pub use tickpipe_proto::types::{
    ChartId, ClientId, DealTicket, Decimal, InvalidDecimal, InvalidId, InvalidSymbol, Lots,
    MagicNumber, Money, OrderTicket, PositionTicket, Price, Symbol, Timeframe, UnknownTimeframe,
};

pub use self::context::Context;
pub use self::ea::{AccountInfo, Ea};
pub use self::error::StrategyError;
pub use self::execution::{Confirmation, Execution, Rejection, Settlement, Unsettled};
pub use self::filter::Filter;
pub use self::handle::Handle;
pub use self::indicator::Indicator;
pub use self::order::{
    CloseBy, ClosePosition, DeleteOrder, MarketOrder, ModifyOrder, ModifyPosition, PendingOrder,
};
pub(crate) use self::strategy::{BoxedStrategy, StrategyFactory};
pub use self::strategy::{StopReason, Strategy, TickGap};
