//! How a session is opened.

mod wire;

pub(super) use self::wire::{NoHello, PROTOCOL_VERSION, digits};

use super::AskKind;
use crate::types::{ChartId, Price, Symbol, Timeframe};

/// What an EA says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapter 12 says each")]
pub struct Hello {
    pub protocol: u64,
    pub client: String,
    pub client_version: String,
    pub terminal: Terminal,
    pub build: Option<u64>,
    pub instance: String,
    pub account: Account,
    pub chart: Chart,
    pub is_tester: bool,
    pub tick_mode: TickMode,
    pub reply_timeout_ms: u64,
    /// Sorted, without those unknown here.
    pub capabilities: Vec<AskKind>,
}

/// Which terminal an EA runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum Terminal {
    Mt4,
    Mt5,
    Sim,
}

/// How ticks come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 13")]
pub enum TickMode {
    Lockstep,
    Stream,
}

/// The account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 12")]
pub struct Account {
    /// Text of digits.
    pub login: String,
    pub server: String,
    pub currency: String,
    pub currency_digits: u8,
    pub trade_mode: AccountTradeMode,
    pub margin_mode: MarginMode,
    /// 0 for none.
    pub leverage: u64,
}

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum AccountTradeMode {
    Contest,
    Demo,
    Real,
}

/// How positions of one symbol are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum MarginMode {
    Exchange,
    Hedging,
    Netting,
}

/// The chart that an EA is on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 12")]
pub struct Chart {
    pub id: ChartId,
    pub symbol: Symbol,
    pub timeframe: Timeframe,
    pub digits: u8,
    pub point: Price,
}

/// The server's answer to `hello`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 12")]
pub struct Welcome {
    pub protocol: u64,
    pub server: String,
    pub server_version: String,
    pub session: String,
    pub heartbeat_ms: u64,
    pub silence_ms: u64,
    pub line_len_max: u64,
}
