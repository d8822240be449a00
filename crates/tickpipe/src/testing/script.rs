//! What a double is, and what it answers.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use tickpipe_proto::message::{
    Account, AccountTradeMode, Answer, Ask, AskKind, Bar, Chart, Fault, Hello, MarginMode,
    SymbolInfo, Terminal,
};
use tickpipe_proto::types::{ChartId, DIGITS_MAX, Price, Symbol, Timeframe};

use super::double::EaDouble;
use super::host::Host;
use super::wire::Wire;
use crate::error::Error;
use crate::session::Strategy;

/// What a double does about a request.
///
/// What an order is answered with is also what `order_status` tells of it later, however the answer
/// fared; a [`Line`](Self::Line), and an error that does not say that nothing was sent, leave it
/// `unknown`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Response {
    /// Answers.
    Answer(Answer),
    /// Answers with an error.
    Fault(Fault),
    /// Closes the connection.
    HangUp,
    /// Keeps the answer back, until [`EaDouble::release`].
    Late(Answer),
    /// Sends this line and nothing else. `{id}` in it becomes the request's id.
    Line(String),
    /// Answers under another request's id.
    OtherId(Answer),
    /// Never answers, and does nothing: `order_status` calls an order `absent`.
    Silence,
    /// Does what it does without a script.
    Usual,
    /// Does what it does without a script, and its answer is lost: an order is executed, and nobody
    /// hears of it.
    UsualButLost,
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

impl From<Fault> for Response {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What answers the requests of one method.
pub(super) type Scripted = Box<dyn FnMut(&Ask) -> Response + Send>;

/// What a double is, and what it answers.
///
/// # Defaults
///
/// MT5 with a hedging demo account, lockstep, outside the tester, able to do everything; 10 s for
/// every wait. It answers `subscribe`, `unsubscribe`, `comment`, `alert` and `ping`; knows its
/// chart's symbol and any that it sent a tick of, with 0.01 to 100 lots in steps of 0.01, and their
/// last ticks; has no orders and no positions; tells of every order that it was sent what became of
/// it; and answers everything else `unsupported`.
#[must_use]
pub struct Script {
    pub(super) hello: Hello,
    pub(super) scripted: BTreeMap<AskKind, Scripted>,
    pub(super) bars: BTreeMap<Timeframe, Vec<Bar>>,
    pub(super) infos: Vec<SymbolInfo>,
    pub(super) fills_orders: bool,
    pub(super) is_lenient: bool,
    pub(super) limit: Duration,
}

impl Script {
    /// Begins with the defaults, on a chart of `symbol` with a point of `digits` decimals, at most 8.
    pub fn new(symbol: &Symbol, digits: u8) -> Self {
        let digits = digits.min(DIGITS_MAX);
        let point = one_point(digits);
        let account = Account::new(
            "5001234",
            "Double-Demo",
            "USD",
            AccountTradeMode::Demo,
            MarginMode::Hedging,
        );
        let chart = Chart::new(ChartId::new(1), symbol.clone(), Timeframe::M1, digits, point);
        let mut hello = Hello::new(Terminal::Mt5, "double", account, chart);
        hello.capabilities =
            AskKind::ALL.iter().copied().filter(|kind| *kind != AskKind::Ping).collect();
        Self {
            hello,
            scripted: BTreeMap::new(),
            bars: BTreeMap::new(),
            infos: Vec::new(),
            fills_orders: false,
            is_lenient: false,
            limit: Duration::from_secs(10),
        }
    }

    /// Changes what the EA says of itself.
    pub fn hello(mut self, change: impl FnOnce(&mut Hello)) -> Self {
        change(&mut self.hello);
        self
    }

    /// Answers all requests of a method so.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe::session::{AskKind, Symbol, TerminalInfo};
    /// use tickpipe::testing::{Answer, Response, Script};
    ///
    /// let script = Script::new(&Symbol::new("EURUSD")?, 5)
    ///     .answer(AskKind::TerminalInfo, |_| {
    ///         Answer::TerminalInfo(Box::new(TerminalInfo::new())).into()
    ///     })
    ///     .answer(AskKind::OrderSend, |_| Response::Silence);
    /// # let _: Script = script;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer(
        mut self,
        method: AskKind,
        answer: impl FnMut(&Ask) -> Response + Send + 'static,
    ) -> Self {
        self.scripted.insert(method, Box::new(answer));
        self
    }

    /// Has bars of the chart's symbol, the oldest first, and serves them in pages; the last one is
    /// the running bar.
    pub fn bars(mut self, timeframe: Timeframe, bars: Vec<Bar>) -> Self {
        self.bars.insert(timeframe, bars);
        self
    }

    /// Knows a symbol, or knows more of the chart's. What is answered to `symbol_info` by
    /// [`answer`](Self::answer) counts too, once it was asked.
    pub fn symbol_info(mut self, info: SymbolInfo) -> Self {
        self.infos.push(info);
        self
    }

    /// Acknowledges market orders, and the closing of what they opened, at the last tick's price;
    /// [`EaDouble::fills`] tells which; `positions` knows them.
    ///
    /// Orders are refused as a trade server refuses them, by what `symbol_info` says of their
    /// symbols: a volume that is too small, too large or off its step (10014), a stop loss or take
    /// profit that is off the grid, too near or on the wrong side (10016), a filling (10030) or a side
    /// (10042, 10043, 10044, 10017) that the symbol does not have, more than is open (10038), a
    /// position that is not open (10036), a symbol without a tick (10021); MT4 says it in its own
    /// numbers. An order that comes after its `expires_at_ms` is `expired`, one of a symbol that the
    /// double does not know is `unknown_symbol`.
    pub fn fill_market_orders(mut self) -> Self {
        self.fills_orders = true;
        self
    }

    /// Drops what is no message, and refuses what is none that the EA can serve, as an EA does that
    /// any server may talk to. Without it such a line is an error of the call that meets it.
    pub fn lenient(mut self) -> Self {
        self.is_lenient = true;
        self
    }

    /// Sets how long any wait may last.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Opens a session with a strategy in memory. There the strategy has no deadline, and there are
    /// no heartbeats.
    ///
    /// # Errors
    ///
    /// As [`EaDouble::tick`].
    pub fn run(self, strategy: impl Strategy + 'static) -> Result<EaDouble, Error> {
        let (host, end) = Host::start(Box::new(strategy))?;
        let wire = Wire::in_memory(end, &self);
        EaDouble::open(self, wire, Some(host))
    }

    /// Opens a session with the server of a pipe.
    ///
    /// # Errors
    ///
    /// As [`Client::connect`](crate::Client::connect), and as [`EaDouble::tick`].
    pub fn connect(self, pipe: &str) -> Result<EaDouble, Error> {
        let wire = Wire::connect(pipe, &self)?;
        EaDouble::open(self, wire, None)
    }
}

pub(super) fn one_point(digits: u8) -> Price {
    Price::new(1, digits).expect("invariant: one point of at most 8 decimals is a price")
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("hello", &self.hello)
            .field("scripted", &self.scripted.keys())
            .field("fills_orders", &self.fills_orders)
            .finish_non_exhaustive()
    }
}
