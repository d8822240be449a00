//! How a session is opened.

mod wire;

pub(super) use self::wire::{NoHello, PROTOCOL_VERSION, digits};
use super::AskKind;
use crate::types::{ChartId, Price, Symbol, Timeframe};

/// What an EA says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hello {
    /// The version of the protocol: 1.
    pub protocol: u64,
    /// What the EA is: 1 to 64 bytes.
    pub client: String,
    /// Which of it: 1 to 64 bytes.
    pub client_version: String,
    /// What it runs in.
    pub terminal: Terminal,
    /// The terminal's build.
    pub build: Option<u64>,
    /// Names this EA on this chart, the same after a reconnect: 1 to 64 bytes.
    pub instance: String,
    /// Whose account it trades.
    pub account: Account,
    /// The chart it is on.
    pub chart: Chart,
    /// Whether it runs in the strategy tester, where time is not the clock's.
    pub is_tester: bool,
    /// How its ticks come.
    pub tick_mode: TickMode,
    /// How long it waits for the answer to a tick, in milliseconds.
    pub reply_timeout_ms: u64,
    /// What it serves: sorted, each once, without those unknown here.
    pub capabilities: Vec<AskKind>,
}

/// Which terminal an EA runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Terminal {
    /// MetaTrader 4.
    Mt4,
    /// MetaTrader 5.
    Mt5,
    /// A simulated one, with MT5's codes.
    Sim,
}

/// How ticks come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TickMode {
    /// As requests: the EA waits for each answer.
    Lockstep,
    /// As notifications.
    Stream,
}

/// The account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// Its number: 1 to 64 decimal digits.
    pub login: String,
    /// The trade server's name.
    pub server: String,
    /// What it is in.
    pub currency: String,
    /// Decimals of its money, 0 to 8.
    pub currency_digits: u8,
    /// Whose money it is.
    pub trade_mode: AccountTradeMode,
    /// How positions of one symbol are held.
    pub margin_mode: MarginMode,
    /// 100 for 1:100; 0 for none.
    pub leverage: u64,
}

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountTradeMode {
    /// That of a contest.
    Contest,
    /// Nobody's.
    Demo,
    /// The user's.
    Real,
}

/// How positions of one symbol are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarginMode {
    /// One for each symbol, margins by the exchange's rules.
    Exchange,
    /// As many as are opened, in both directions.
    Hedging,
    /// One for each symbol.
    Netting,
}

/// The chart that an EA is on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chart {
    /// The terminal's number of it.
    pub id: ChartId,
    /// What it shows.
    pub symbol: Symbol,
    /// The period of its bars.
    pub timeframe: Timeframe,
    /// Decimals of the symbol's prices, 0 to 8.
    pub digits: u8,
    /// The smallest step of the symbol's prices.
    pub point: Price,
}

/// The server's answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Welcome {
    /// The version of the protocol: 1.
    pub protocol: u64,
    /// What the server is: 1 to 64 bytes.
    pub server: String,
    /// Which of it: 1 to 64 bytes.
    pub server_version: String,
    /// Names the session in the server's log: 1 to 64 bytes.
    pub session: String,
    /// Silence of one's own after which a side pings, in milliseconds.
    pub heartbeat_ms: u64,
    /// Silence of the other side after which the session ends, in milliseconds.
    pub silence_ms: u64,
    /// Bytes of a line without its end, in both directions.
    pub line_len_max: u64,
}
