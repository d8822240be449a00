//! What lies in C's memory: structs and constants, as `include/tickpipe_sim.h` has them.
//!
//! Every struct begins with its size and has no gap between its members, and every member takes any bits,
//! so that whatever C wrote can be looked at. What the members mean is said in the header.

use std::ffi::c_char;

/// Bytes of a symbol and of a comment, with the zero at their end.
pub(crate) const NAME_LEN: usize = 72;
/// Bytes of a `client_id`.
pub(crate) const CLIENT_ID_LEN: usize = 24;
/// Bytes of a text for people.
pub(crate) const MESSAGE_LEN: usize = 256;
/// Bytes of a currency.
pub(crate) const CURRENCY_LEN: usize = 16;
/// Bytes of a symbol's description.
pub(crate) const DESCRIPTION_LEN: usize = 128;

/// A struct that says its size.
///
/// Implemented for structs of this file alone: `repr(C)`, beginning with a `u32` that is the size, and made
/// of integers, arrays of bytes and raw pointers, of which any bits are a value.
pub(crate) trait Sized32: Copy {
    /// What errors call it.
    const NAME: &'static str;
    /// What its size has to be.
    const SIZE: u32;
}

macro_rules! layouts {
    ($($(#[$doc:meta])* $name:ident ($c_name:literal, $size:literal) { $($member:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            #[repr(C)]
            pub(crate) struct $name {
                pub(crate) size: u32,
                $(pub(crate) $member: $type,)*
            }

            impl Sized32 for $name {
                const NAME: &'static str = $c_name;
                const SIZE: u32 = $size;
            }

            const _: () = assert!(size_of::<$name>() == $size, $c_name);
        )*

        /// Names and sizes, to be held against the header.
        #[cfg(test)]
        pub(crate) const SIZES: &[(&str, usize)] = &[$(($c_name, $size)),*];
    };
}

/// A number: `units` of `digits` decimals, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Decimal {
    pub(crate) units: i64,
    pub(crate) digits: u32,
    pub(crate) is_set: u32,
}

const _: () = assert!(size_of::<Decimal>() == 16, "tickpipe_sim_decimal");

// The sizes are those of a system with pointers of 64 bits, which all are that this is built for.
layouts! {
    /// What a broker is opened with.
    Config("tickpipe_sim_config", 48) {
        symbol_count: u32,
        account: *const c_char,
        symbols: *const *const c_char,
        slippage: *const c_char,
        latency: *const c_char,
        seed: u64,
    }
    /// An order.
    Request("tickpipe_sim_request", 312) {
        action: i32,
        r#type: i32,
        filling: i32,
        has_expiration: u32,
        reserved: u32,
        ticket: u64,
        by_ticket: u64,
        magic: i64,
        expiration: i64,
        deviation_points: i64,
        volume: Decimal,
        price: Decimal,
        stop_limit: Decimal,
        stop_loss: Decimal,
        take_profit: Decimal,
        symbol: [u8; NAME_LEN],
        comment: [u8; NAME_LEN],
        client_id: [u8; CLIENT_ID_LEN],
    }
    /// What became of an order.
    Result("tickpipe_sim_result", 392) {
        outcome: i32,
        retcode: u32,
        status: i32,
        order: u64,
        deal: u64,
        position: u64,
        volume: Decimal,
        price: Decimal,
        bid: Decimal,
        ask: Decimal,
        is_retryable: u32,
        reserved: u32,
        client_id: [u8; CLIENT_ID_LEN],
        message: [u8; MESSAGE_LEN],
    }
    /// What an order would come to.
    Check("tickpipe_sim_check", 328) {
        retcode: u32,
        balance: Decimal,
        equity: Decimal,
        margin: Decimal,
        margin_free: Decimal,
        message: [u8; MESSAGE_LEN],
    }
    /// An open position.
    Position("tickpipe_sim_position", 312) {
        r#type: i32,
        ticket: u64,
        magic: i64,
        time_msc: i64,
        volume: Decimal,
        price_open: Decimal,
        price_current: Decimal,
        stop_loss: Decimal,
        take_profit: Decimal,
        profit: Decimal,
        swap: Decimal,
        symbol: [u8; NAME_LEN],
        comment: [u8; NAME_LEN],
        client_id: [u8; CLIENT_ID_LEN],
    }
    /// A pending order, or one of the history's.
    Order("tickpipe_sim_order", 296) {
        r#type: i32,
        state: i32,
        reserved: u32,
        ticket: u64,
        magic: i64,
        time_setup_msc: i64,
        expiration: i64,
        volume: Decimal,
        price: Decimal,
        stop_limit: Decimal,
        stop_loss: Decimal,
        take_profit: Decimal,
        symbol: [u8; NAME_LEN],
        comment: [u8; NAME_LEN],
        client_id: [u8; CLIENT_ID_LEN],
    }
    /// A deal of the history.
    Deal("tickpipe_sim_deal", 304) {
        r#type: i32,
        entry: i32,
        reserved: u32,
        ticket: u64,
        order: u64,
        position: u64,
        magic: i64,
        time_msc: i64,
        volume: Decimal,
        price: Decimal,
        profit: Decimal,
        swap: Decimal,
        commission: Decimal,
        symbol: [u8; NAME_LEN],
        comment: [u8; NAME_LEN],
        client_id: [u8; CLIENT_ID_LEN],
    }
    /// The account.
    Account("tickpipe_sim_account", 120) {
        margin_mode: i32,
        leverage: u32,
        currency_digits: u32,
        is_margin_called: u32,
        reserved: u32,
        balance: Decimal,
        equity: Decimal,
        margin: Decimal,
        margin_free: Decimal,
        profit: Decimal,
        currency: [u8; CURRENCY_LEN],
    }
    /// A symbol, with its last prices.
    SymbolInfo("tickpipe_sim_symbol", 448) {
        digits: u32,
        trade_mode: i32,
        filling: u32,
        stops_level: i64,
        freeze_level: i64,
        time_msc: i64,
        bid: Decimal,
        ask: Decimal,
        tick_size: Decimal,
        tick_value: Decimal,
        contract_size: Decimal,
        volume_min: Decimal,
        volume_max: Decimal,
        volume_step: Decimal,
        swap_long: Decimal,
        swap_short: Decimal,
        symbol: [u8; NAME_LEN],
        description: [u8; DESCRIPTION_LEN],
        currency_base: [u8; CURRENCY_LEN],
        currency_profit: [u8; CURRENCY_LEN],
        currency_margin: [u8; CURRENCY_LEN],
    }
    /// Something that happened to an order, a deal or a position.
    Trade("tickpipe_sim_trade", 304) {
        kind: i32,
        r#type: i32,
        reserved: u32,
        order: u64,
        deal: u64,
        position: u64,
        magic: i64,
        time_msc: i64,
        volume: Decimal,
        price: Decimal,
        stop_loss: Decimal,
        take_profit: Decimal,
        profit: Decimal,
        symbol: [u8; NAME_LEN],
        comment: [u8; NAME_LEN],
        client_id: [u8; CLIENT_ID_LEN],
    }
    /// Something that happened.
    Event("tickpipe_sim_event", 824) {
        kind: i32,
        trade: Trade,
        account: Account,
        result: Result,
    }
}

#[cfg(test)]
impl Request {
    /// Returns what C has after `memset`, but for the size.
    pub(crate) fn zeros() -> Self {
        let none = Decimal::default();
        Self {
            size: Self::SIZE,
            action: 0,
            r#type: 0,
            filling: 0,
            has_expiration: 0,
            reserved: 0,
            ticket: 0,
            by_ticket: 0,
            magic: 0,
            expiration: 0,
            deviation_points: 0,
            volume: none,
            price: none,
            stop_limit: none,
            stop_loss: none,
            take_profit: none,
            symbol: [0; NAME_LEN],
            comment: [0; NAME_LEN],
            client_id: [0; CLIENT_ID_LEN],
        }
    }
}

macro_rules! constants {
    ($($name:ident = $value:literal,)*) => {
        /// The header's constants, there with `TICKPIPE_SIM_` before their names.
        pub(crate) mod code {
            $(pub(crate) const $name: i32 = $value;)*

            /// All of them, to be held against the header.
            #[cfg(test)]
            pub(crate) const ALL: &[(&str, i32)] = &[$((stringify!($name), $value)),*];
        }
    };
}

constants! {
    OK = 0,
    ERROR_ADDRESS = -1,
    ERROR_SIZE = -2,
    ERROR_TEXT = -3,
    ERROR_HANDLE = -4,
    ERROR_INDEX = -5,
    ERROR_SETTING = -6,
    ERROR_SYMBOL = -7,
    ERROR_VALUE = -8,
    ERROR_REQUEST = -9,
    ERROR_CLIENT_ID = -10,
    ERROR_NOT_FOUND = -11,
    ERROR_BUG = -12,
    ACTION_MARKET = 1,
    ACTION_PENDING = 2,
    ACTION_MODIFY = 3,
    ACTION_CLOSE = 4,
    ACTION_CLOSE_BY = 5,
    ACTION_DELETE = 6,
    TYPE_NONE = -1,
    TYPE_BUY = 0,
    TYPE_SELL = 1,
    TYPE_BUY_LIMIT = 2,
    TYPE_SELL_LIMIT = 3,
    TYPE_BUY_STOP = 4,
    TYPE_SELL_STOP = 5,
    TYPE_BUY_STOP_LIMIT = 6,
    TYPE_SELL_STOP_LIMIT = 7,
    FILLING_ANY = 0,
    FILLING_FOK = 1,
    FILLING_IOC = 2,
    FILLING_RETURN = 3,
    OUTCOME_DONE = 1,
    OUTCOME_REJECTED = 2,
    OUTCOME_UNKNOWN = 3,
    STATUS_NONE = 0,
    STATUS_FILLED = 1,
    STATUS_PARTIAL = 2,
    STATUS_PLACED = 3,
    STATE_PLACED = 1,
    STATE_CANCELED = 2,
    STATE_PARTIAL = 3,
    STATE_FILLED = 4,
    STATE_REJECTED = 5,
    STATE_EXPIRED = 6,
    DEAL_BUY = 0,
    DEAL_SELL = 1,
    DEAL_BALANCE = 2,
    DEAL_CREDIT = 3,
    DEAL_OTHER = 4,
    ENTRY_NONE = -1,
    ENTRY_IN = 0,
    ENTRY_OUT = 1,
    ENTRY_INOUT = 2,
    ENTRY_OUT_BY = 3,
    MARGIN_NETTING = 0,
    MARGIN_HEDGING = 2,
    TRADE_DISABLED = 0,
    TRADE_LONG_ONLY = 1,
    TRADE_SHORT_ONLY = 2,
    TRADE_CLOSE_ONLY = 3,
    TRADE_FULL = 4,
    EVENT_NONE = 0,
    EVENT_TRADE = 1,
    EVENT_ACCOUNT = 2,
    EVENT_RESULT = 3,
    KIND_NONE = 0,
    KIND_ORDER_ADD = 1,
    KIND_ORDER_UPDATE = 2,
    KIND_ORDER_DELETE = 3,
    KIND_DEAL_ADD = 4,
    KIND_POSITION_OPEN = 5,
    KIND_POSITION_UPDATE = 6,
    KIND_POSITION_CLOSE = 7,
}
