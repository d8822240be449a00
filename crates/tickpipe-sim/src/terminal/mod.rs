//! The terminal: an EA's side of a session, over the simulated market and broker.
//!
//! [`Terminal`] owns the broker, the ticks, and bars of every timeframe, and answers all that
//! `docs/PROTOCOL.md` lets a server ask. It is a plain object in its own time: as a
//! [`LocalEa`](tickpipe::session::local::LocalEa) a strategy trades in it on the same thread, and [`wire`]
//! plays it over a pipe to any server. Both give the same deals.
//!
//! What happens in which order, and what each fault does, is told in `docs/simulation.md`.

mod absent;
mod advance;
mod answer;
mod chart;
mod config;
mod local;
mod order;
mod pages;
#[cfg(test)]
mod tests;
pub mod wire;

use std::collections::VecDeque;
use std::fmt;

use thiserror::Error;
use tickpipe::session::StopReason;
use tickpipe::session::local::LocalEvent;
use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Account, AccountState, AccountTradeMode, AskKind, Chart as HelloChart, Hello, OrderResult,
    Terminal as TerminalKind, Tick, TickMode,
};
use tickpipe_proto::types::{ChartId, Price, Symbol};

use self::absent::Absent;
use self::chart::Chart;
pub use self::config::TerminalConfig;
use crate::broker::{Broker, TickRefused};
use crate::fault::FaultCounts;
use crate::market::FeedError;
use crate::report::{Recorder, Report};

/// The server that the account says it is at.
const SERVER: &str = "simulation";
/// How long the EA waits for the answer to a tick, in milliseconds: longer than a strategy waits for an
/// answer that was lost, so that this is the same run over a pipe.
const REPLY_TIMEOUT_MS: u64 = 30_000;
/// Silence that ends a session, in milliseconds; what servers say without being told otherwise.
const SILENCE_MS: u32 = 15_000;
/// All that a terminal here serves. Indicators it has none.
const CAPABILITIES: &[AskKind] = &[
    AskKind::AccountInfo,
    AskKind::Alert,
    AskKind::Comment,
    AskKind::HistoryDeals,
    AskKind::HistoryOrders,
    AskKind::OrderCheck,
    AskKind::OrderSend,
    AskKind::OrderStatus,
    AskKind::Orders,
    AskKind::Positions,
    AskKind::Rates,
    AskKind::Subscribe,
    AskKind::SymbolInfo,
    AskKind::SymbolTick,
    AskKind::Symbols,
    AskKind::TerminalInfo,
    AskKind::Ticks,
    AskKind::Unsubscribe,
];

/// Where the ticks come from, merged by time.
type Ticks = Box<dyn Iterator<Item = Result<Tick, FeedError>> + Send>;

/// Why a terminal cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidTerminal {
    /// The instance is no name.
    #[error("instance of {0} bytes, allowed are 1 to 64")]
    Instance(usize),
    /// The broker does not trade the chart's symbol.
    #[error("the chart shows {0}, which the broker does not trade; add the symbol")]
    Symbol(String),
}

/// Why a market ended before its ticks did.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MarketError {
    /// The ticks cannot be read any further.
    #[error("cannot take the next tick")]
    Feed(#[source] FeedError),
    /// The broker does not take a tick.
    #[error("the broker refuses a tick")]
    Tick(#[source] TickRefused),
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TerminalCounts {
    /// Ticks that the market had.
    pub ticks: u64,
    /// Ticks that the EA sent.
    pub ticks_sent: u64,
    /// Ticks that the EA would have sent, had it not waited for the answer to an order.
    pub ticks_missed: u64,
    /// Ticks of which the strategy made an error, or that it did not answer.
    pub ticks_failed: u64,
    /// Closed bars that the EA sent.
    pub bars_sent: u64,
    /// Sessions that were opened.
    pub sessions: u64,
    /// Orders that began before the end: each `client_id` once.
    pub orders: u64,
}

/// What comes next.
#[derive(Debug)]
enum Step {
    Event(LocalEvent),
    /// The EA says and reads nothing for so many milliseconds.
    Freeze(u32),
    /// A line that is no message.
    Garbage,
}

/// Where the terminal's sessions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No session is open; there may be more to come.
    Between,
    /// The session is dead; what asked it does not know yet.
    Dead,
    /// One is open.
    Open,
    /// There is nothing more to come.
    Over,
}

/// A simulated terminal with an EA on a chart.
pub struct Terminal {
    config: TerminalConfig,
    broker: Broker,
    feed: Ticks,
    /// The next tick of the feed, taken out to see its time.
    head: Option<Tick>,
    has_feed_ended: bool,
    /// Nothing is traded any more, and nothing goes wrong.
    has_market_ended: bool,
    /// In the order of their symbols.
    charts: Vec<Chart>,
    /// That of the EA.
    own: usize,
    /// What is in the account as a session opens, until the session's first tick is sent.
    opening: Option<AccountState>,
    /// What happened since the last tick that was sent.
    since: VecDeque<Step>,
    /// What is to be sent in this moment; its last is the tick.
    due: VecDeque<Step>,
    absent: Absent,
    state: State,
    /// By how much the trade server's clock has jumped.
    shift_msc: i64,
    /// How far the feed has been played, on the clock that has jumped.
    market_msc: i64,
    /// Of an order that was under way.
    result: Option<OrderResult>,
    failure: Option<MarketError>,
    counts: TerminalCounts,
    last_comment: Option<String>,
    alerts: VecDeque<String>,
    recorder: Option<Recorder>,
}

impl Terminal {
    /// Puts a terminal together; the market stands before its first tick.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTerminal`] for a chart of a symbol that the broker does not trade, or an
    /// instance that is empty or too long.
    pub fn new(
        config: TerminalConfig,
        broker: Broker,
        feed: impl Iterator<Item = Result<Tick, FeedError>> + Send + 'static,
    ) -> Result<Self, InvalidTerminal> {
        if config.instance.is_empty() || 64 < config.instance.len() {
            return Err(InvalidTerminal::Instance(config.instance.len()));
        }
        let digits = |symbol: &Symbol| broker.symbol_info(symbol).map_or(0, |info| info.digits);
        let chart = |symbol: &Symbol| {
            Chart::new(symbol.clone(), digits(symbol), config.bars_max, config.ticks_max)
        };
        let charts: Vec<Chart> = broker.symbols().map(chart).collect();
        let own = charts.iter().position(|chart| chart.symbol == config.symbol);
        let own = own.ok_or_else(|| InvalidTerminal::Symbol(config.symbol.to_string()))?;
        Ok(Self {
            config,
            broker,
            feed: Box::new(feed),
            head: None,
            has_feed_ended: false,
            has_market_ended: false,
            charts,
            own,
            opening: None,
            since: VecDeque::new(),
            due: VecDeque::new(),
            absent: Absent::default(),
            state: State::Between,
            shift_msc: 0,
            market_msc: i64::MIN,
            result: None,
            failure: None,
            counts: TerminalCounts::default(),
            last_comment: None,
            alerts: VecDeque::new(),
            recorder: None,
        })
    }

    /// Has all that happens from now on recorded, for [`into_report`](Self::into_report).
    #[must_use]
    pub fn with_recorder(mut self) -> Self {
        self.recorder = Some(Recorder::new(&self.broker));
        self
    }

    /// Returns what it came to, if it was recorded.
    #[must_use]
    pub fn into_report(self) -> Option<Report> {
        self.recorder.map(|recorder| recorder.finish(&self.broker))
    }

    /// Returns the broker, with its books.
    #[must_use]
    pub const fn broker(&self) -> &Broker {
        &self.broker
    }

    /// Returns what was counted.
    #[must_use]
    pub const fn counts(&self) -> TerminalCounts {
        self.counts
    }

    /// Returns how often each fault happened.
    #[must_use]
    pub const fn fault_counts(&self) -> &FaultCounts {
        self.config.faults.counts()
    }

    /// Returns the names of faults that were asked for and have not happened.
    pub fn silent_faults(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.config.faults.silent()
    }

    /// Returns why the market ended before its ticks did, if it has.
    #[must_use]
    pub const fn failure(&self) -> Option<&MarketError> {
        self.failure.as_ref()
    }

    /// Returns whether all has been played, and the last session is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Returns the text that stands on the chart.
    #[must_use]
    pub fn last_comment(&self) -> Option<&str> {
        self.last_comment.as_deref()
    }

    /// Returns the last alerts, the oldest first; 64 are kept.
    #[must_use]
    pub fn alerts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.alerts.iter().map(String::as_str)
    }

    /// What the EA says of itself.
    fn greeting(&self) -> Hello {
        let spec = self.broker.account();
        let mut account = Account::new(
            &self.config.login.to_string(),
            SERVER,
            &spec.currency,
            AccountTradeMode::Demo,
            spec.margin_mode,
        );
        account.currency_digits = spec.currency_digits;
        account.leverage = spec.leverage.into();
        let symbol = self.config.symbol.clone();
        let digits = self.broker.symbol_info(&symbol).map_or(0, |info| info.digits);
        let point = Price::new(1, digits).expect("invariant: the broker has checked the digits");
        let chart = HelloChart::new(ChartId::new(1), symbol, self.config.timeframe, digits, point);
        let mut hello = Hello::new(TerminalKind::Sim, &self.config.instance, account, chart);
        "tickpipe-sim".clone_into(&mut hello.client);
        env!("CARGO_PKG_VERSION").clone_into(&mut hello.client_version);
        hello.tick_mode = TickMode::Lockstep;
        hello.reply_timeout_ms = REPLY_TIMEOUT_MS;
        hello.capabilities = CAPABILITIES.to_vec();
        hello
    }

    /// Begins a session, if none is open: the market goes on to the next tick that the EA gets.
    fn begin(&mut self) {
        if self.state != State::Between {
            return;
        }
        self.state = State::Open;
        self.counts.sessions += 1;
        // Nobody was there to hear of what happened meanwhile.
        self.collect();
        self.since.clear();
        self.due.clear();
        self.opening = Some(self.broker.account_state());
        for chart in &mut self.charts {
            chart.begin_session();
        }
        self.advance();
    }

    /// Begins a session that says something; returns whether there is one.
    ///
    /// An EA that is gone before its first tick is none that a server or a strategy ever sees.
    fn begin_seen(&mut self) -> bool {
        loop {
            self.begin();
            let is_seen = |step: &Step| matches!(step, Step::Event(event) if !matches!(event, LocalEvent::Ended(_)));
            if self.state == State::Over || self.due.iter().any(is_seen) {
                return self.state != State::Over;
            }
            while self.state == State::Open {
                self.step();
            }
        }
    }

    /// Says what comes next; goes on with the market when all of a moment was said.
    fn step(&mut self) -> Step {
        match self.state {
            State::Between => self.begin(),
            State::Dead => {
                self.hang_up();
                return Step::Event(LocalEvent::Ended(StopReason::Disconnected));
            }
            State::Open if self.due.is_empty() => self.advance(),
            State::Open => {}
            State::Over => return Step::Event(LocalEvent::Over),
        }
        let step = self.due.pop_front().unwrap_or(Step::Event(LocalEvent::Over));
        if let Step::Event(LocalEvent::Ended(reason)) = &step {
            let is_last = matches!(reason, StopReason::Deinit(_));
            self.state = if is_last { State::Over } else { State::Between };
        }
        step
    }

    /// The session is over, in the middle of whatever it was.
    fn hang_up(&mut self) {
        if self.state != State::Over {
            self.due.clear();
            self.state = State::Between;
        }
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, counts, state, .. } = self;
        f.debug_struct("Terminal")
            .field("config", config)
            .field("counts", counts)
            .field("state", state)
            .finish_non_exhaustive()
    }
}

/// What a session ends with that was silent for too long.
const fn silence() -> StopReason {
    StopReason::Ended(ErrorCode::Silence)
}
