//! The broker: symbols, orders, positions and books.
//!
//! [`Broker`] is a trade server for one account. It is given ticks and requests, and drained of events:
//!
//! ```
//! use tickpipe_proto::message::{OrderAction, OrderRequest, OrderType, Outcome, Tick};
//! use tickpipe_proto::types::Symbol;
//! use tickpipe_sim::account::AccountSpec;
//! use tickpipe_sim::broker::{Broker, BrokerConfig, SymbolSpec};
//!
//! let eurusd = Symbol::new("EURUSD")?;
//! let account = AccountSpec::new("USD", 100, "10000".parse()?);
//! let config = BrokerConfig::new(account)
//!     .with_symbol(SymbolSpec::forex(eurusd.clone(), 5, "EUR", "USD"));
//! let mut broker = Broker::new(config)?;
//!
//! let (bid, ask) = ("1.14543".parse()?, "1.14545".parse()?);
//! broker.handle_tick(&Tick::new(eurusd.clone(), 1_549_238_400_994, bid, ask))?;
//! let mut buy = OrderRequest::new(OrderAction::Market {
//!     symbol: eurusd,
//!     r#type: OrderType::Buy,
//!     volume: "0.10".parse()?,
//!     stop_loss: None,
//!     take_profit: None,
//!     deviation_points: None,
//!     filling: None,
//! });
//! buy.client_id = Some("first".parse()?);
//! let result = broker.order_send(1_549_238_401_000, &buy)?;
//! assert_eq!(result.outcome, Outcome::Done);
//! // A spread of two points, at ten cents a point.
//! assert_eq!(broker.account_state().equity, "9999.80".parse()?);
//! while let Some(event) = broker.poll_event() {
//!     // Orders, deals, positions, and the account.
//!     drop(event);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod books;
mod client_ids;
mod end;
mod execute;
mod fill;
mod instrument;
mod known;
mod models;
mod plan;
mod position;
mod refusal;
mod sessions;
mod spec;
mod state;
#[cfg(test)]
mod tests;
mod tick;
mod value;

use std::collections::{BTreeMap, VecDeque};

use tickpipe_proto::message::{Deal, Order};
use tickpipe_proto::types::Symbol;

pub use self::books::BrokerEvent;
use self::client_ids::ClientIds;
pub use self::client_ids::NotSent;
use self::execute::Delayed;
pub(crate) use self::instrument::Instrument;
pub use self::instrument::InvalidSpec;
pub use self::models::{Latency, Slippage};
use self::position::{Holding, Pending};
pub use self::sessions::Sessions;
pub use self::spec::{CalcMode, Commission, Execution, Swap, SwapMode, SymbolSpec};
pub use self::tick::TickRefused;
use crate::account::AccountSpec;
use crate::random::Random;

/// What a broker is made of.
///
/// # Defaults
///
/// No symbol, no slippage, no latency, seed 0.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BrokerConfig {
    /// The account.
    pub account: AccountSpec,
    /// What is traded, and what is there for its rates.
    pub symbols: Vec<SymbolSpec>,
    /// By how much prices slip.
    pub slippage: Slippage,
    /// How long requests are under way.
    pub latency: Latency,
    /// Where what is drawn begins.
    pub seed: u64,
}

impl BrokerConfig {
    /// Begins with an account; the rest is as the defaults say.
    #[must_use]
    pub const fn new(account: AccountSpec) -> Self {
        Self {
            account,
            symbols: Vec::new(),
            slippage: Slippage::None,
            latency: Latency::None,
            seed: 0,
        }
    }

    /// Adds a symbol.
    #[must_use]
    pub fn with_symbol(mut self, symbol: SymbolSpec) -> Self {
        self.symbols.push(symbol);
        self
    }

    /// Sets by how much prices slip.
    #[must_use]
    pub const fn with_slippage(mut self, slippage: Slippage) -> Self {
        self.slippage = slippage;
        self
    }

    /// Sets how long requests are under way.
    #[must_use]
    pub const fn with_latency(mut self, latency: Latency) -> Self {
        self.latency = latency;
        self
    }

    /// Sets where what is drawn begins.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

/// A trade server for one account.
///
/// The same ticks, requests and seed always give the same deals. Its memory grows with what is traded,
/// and with events that nobody takes, not with ticks.
#[derive(Clone, Debug)]
pub struct Broker {
    account: AccountSpec,
    instruments: Vec<Instrument>,
    index: BTreeMap<Symbol, usize>,
    slippage: Slippage,
    latency: Latency,
    random: Random,
    positions: BTreeMap<u64, Holding>,
    orders: BTreeMap<u64, Pending>,
    /// By when they arrive, then by how they were sent.
    delayed: BTreeMap<(i64, u64), Delayed>,
    client_ids: ClientIds,
    history_orders: Vec<Order>,
    history_deals: Vec<Deal>,
    events: VecDeque<BrokerEvent>,
    /// In the account's units.
    balance: i128,
    margin: i128,
    is_account_due: bool,
    /// Whether nothing is traded any more.
    is_market_closed: bool,
    last_order: u64,
    last_deal: u64,
    submitted: u64,
    /// Milliseconds of the trade server's clock.
    now_msc: i64,
    next_midnight_msc: i64,
    next_expiration_msc: i64,
}
