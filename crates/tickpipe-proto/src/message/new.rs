//! Messages are made of what they need; what may be missing is filled in afterwards.

use super::{
    Account, AccountState, AccountTradeMode, AskKind, Bar, BarEvent, Chart, Deal, DealType, Deinit,
    Hello, HistorySpan, HistoryTick, LogEntry, LogLevel, MarginMode, Order, OrderAction,
    OrderCheck, OrderRequest, OrderResult, OrderType, Outcome, Position, SymbolInfo, Terminal,
    TerminalInfo, Tick, TickMode, TradeEvent, TradeKind,
};
use crate::types::{
    ChartId, ClientId, DealTicket, Lots, Money, OrderTicket, PositionTicket, Price, Symbol,
    Timeframe,
};

impl Hello {
    /// Opens a session of protocol 1 in lockstep, without a capability, outside the tester.
    #[must_use]
    pub fn new(terminal: Terminal, instance: &str, account: Account, chart: Chart) -> Self {
        Self {
            protocol: 1,
            client: "TickPipe".to_owned(),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
            terminal,
            build: None,
            instance: instance.to_owned(),
            account,
            chart,
            is_tester: false,
            tick_mode: TickMode::Lockstep,
            reply_timeout_ms: 1500,
            capabilities: Vec::<AskKind>::new(),
        }
    }
}

impl Account {
    /// Names an account, with two digits of its currency and no leverage.
    #[must_use]
    pub fn new(
        login: &str,
        server: &str,
        currency: &str,
        trade_mode: AccountTradeMode,
        margin_mode: MarginMode,
    ) -> Self {
        Self {
            login: login.to_owned(),
            server: server.to_owned(),
            currency: currency.to_owned(),
            currency_digits: 2,
            trade_mode,
            margin_mode,
            leverage: 0,
        }
    }
}

impl Chart {
    /// Puts all of it together.
    #[must_use]
    pub const fn new(
        id: ChartId,
        symbol: Symbol,
        timeframe: Timeframe,
        digits: u8,
        point: Price,
    ) -> Self {
        Self { id, symbol, timeframe, digits, point }
    }
}

impl Tick {
    /// Puts a tick together, of a bid and an ask.
    #[must_use]
    pub const fn new(symbol: Symbol, time_msc: i64, bid: Price, ask: Price) -> Self {
        Self { symbol, time_msc, bid, ask, last: None, volume: None, flags: None, seq: None }
    }
}

impl HistoryTick {
    /// Begins a tick of which only the time is known.
    #[must_use]
    pub const fn new(time_msc: i64) -> Self {
        Self { time_msc, bid: None, ask: None, last: None, volume: None, flags: None }
    }
}

impl Bar {
    /// Begins a bar with one tick in it.
    #[must_use]
    pub const fn new(time: i64, open: Price, high: Price, low: Price, close: Price) -> Self {
        Self { time, open, high, low, close, tick_volume: 1, spread: None, real_volume: None }
    }
}

impl BarEvent {
    /// Says whose bar it is.
    #[must_use]
    pub const fn new(symbol: Symbol, timeframe: Timeframe, bar: Bar) -> Self {
        Self { symbol, timeframe, bar }
    }
}

impl TradeEvent {
    /// Says what happened, and of what symbol.
    #[must_use]
    pub const fn new(event: TradeKind, symbol: Symbol) -> Self {
        Self {
            event,
            symbol,
            order: None,
            deal: None,
            position: None,
            r#type: None,
            volume: None,
            price: None,
            stop_loss: None,
            take_profit: None,
            profit: None,
            magic: None,
            comment: None,
            client_id: None,
            time_msc: None,
        }
    }
}

impl AccountState {
    /// Puts the books together.
    #[must_use]
    pub const fn new(balance: Money, equity: Money, margin: Money, margin_free: Money) -> Self {
        Self { balance, equity, margin, margin_free, credit: None, profit: None }
    }
}

impl LogEntry {
    /// Puts a text and its level together.
    #[must_use]
    pub fn new(level: LogLevel, text: &str) -> Self {
        Self { level, text: text.to_owned() }
    }
}

impl Deinit {
    /// Takes the number of MQL's `OnDeinit`.
    #[must_use]
    pub const fn new(reason: u64) -> Self {
        Self { reason, text: None }
    }
}

impl SymbolInfo {
    /// Puts together what everybody needs to know of a symbol.
    #[must_use]
    pub const fn new(
        symbol: Symbol,
        digits: u8,
        point: Price,
        volume_min: Lots,
        volume_max: Lots,
        volume_step: Lots,
    ) -> Self {
        Self {
            symbol,
            description: None,
            digits,
            point,
            tick_size: None,
            tick_value: None,
            contract_size: None,
            volume_min,
            volume_max,
            volume_step,
            stops_level: None,
            freeze_level: None,
            currency_base: None,
            currency_profit: None,
            currency_margin: None,
            trade_mode: None,
            filling: Vec::new(),
            swap_long: None,
            swap_short: None,
        }
    }
}

impl TerminalInfo {
    /// Describes a terminal that is connected and may trade.
    #[must_use]
    pub const fn new() -> Self {
        Self { name: None, company: None, build: None, is_connected: true, is_trade_allowed: true }
    }
}

impl Default for TerminalInfo {
    fn default() -> Self {
        Self::new()
    }
}

impl HistorySpan {
    /// Asks for what is between two times, in seconds, both included; after a ticket, if one is
    /// given.
    #[must_use]
    pub const fn new(from: i64, to: i64, after: Option<u64>) -> Self {
        Self { from, to, after }
    }
}

impl Order {
    /// Begins an order of which only this is known.
    #[must_use]
    pub const fn new(ticket: OrderTicket, symbol: Symbol, r#type: OrderType) -> Self {
        Self {
            ticket,
            symbol,
            r#type,
            volume: None,
            price: None,
            stop_limit: None,
            stop_loss: None,
            take_profit: None,
            magic: None,
            comment: None,
            time_setup_msc: None,
            expiration: None,
            state: None,
            client_id: None,
        }
    }
}

impl Position {
    /// Begins a position of which only this is known.
    #[must_use]
    pub const fn new(
        ticket: PositionTicket,
        symbol: Symbol,
        r#type: OrderType,
        volume: Lots,
        price_open: Price,
    ) -> Self {
        Self {
            ticket,
            symbol,
            r#type,
            volume,
            price_open,
            price_current: None,
            stop_loss: None,
            take_profit: None,
            profit: None,
            swap: None,
            magic: None,
            comment: None,
            time_msc: None,
            client_id: None,
        }
    }
}

impl Deal {
    /// Begins a deal of which only this is known.
    #[must_use]
    pub const fn new(ticket: DealTicket, r#type: DealType) -> Self {
        Self {
            ticket,
            order: None,
            position: None,
            symbol: None,
            r#type,
            entry: None,
            volume: None,
            price: None,
            profit: None,
            swap: None,
            commission: None,
            magic: None,
            comment: None,
            time_msc: None,
            client_id: None,
        }
    }
}

impl OrderRequest {
    /// Begins an order without marks.
    #[must_use]
    pub const fn new(action: OrderAction) -> Self {
        Self { action, magic: None, comment: None, client_id: None, expires_at_ms: None }
    }
}

impl OrderResult {
    /// Begins a result of which only this is known; it may not be sent again.
    #[must_use]
    pub const fn new(outcome: Outcome, retcode: u64, client_id: ClientId) -> Self {
        Self {
            outcome,
            retcode,
            client_id,
            status: None,
            order: None,
            deal: None,
            position: None,
            volume: None,
            price: None,
            bid: None,
            ask: None,
            is_retryable: false,
            message: String::new(),
            code: None,
        }
    }
}

impl OrderCheck {
    /// Begins a result of which only the code is known.
    #[must_use]
    pub const fn new(retcode: u64) -> Self {
        Self {
            retcode,
            balance: None,
            equity: None,
            margin: None,
            margin_free: None,
            message: String::new(),
        }
    }
}
