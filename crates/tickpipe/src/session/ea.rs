//! What a strategy, and any other thread of its program, asks of an EA.

use std::sync::Arc;
use std::time::Duration;

use tickpipe_proto::message::{
    AccountState, Answer, Ask, AskKind, Bar, Deal, Hello, HistoryTick, Order, Position, RatesSpan,
    SubscribeKind, SymbolInfo, TerminalInfo, Tick,
};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::{Decimal, Symbol, Timeframe};
use tickpipe_proto::{ErrorCode, LineError};

use super::filter::Filter;
use super::indicator::Indicator;
use super::lane::Requests;
use super::pages::{self, TickSpan};
use crate::error::{Error, ErrorKind};

/// How long the EA may take for an answer that it has at hand.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long it may take for what the terminal may have to fetch first.
const DEADLINE_LONG: Duration = Duration::from_secs(60);
/// Bytes of a text that is shown or alerted.
const TEXT_LEN_MAX: usize = 4096;

/// The EA of a session, as a strategy asks it and trades through it.
///
/// A [`Context`](super::Context) and a [`Handle`](super::Handle) have all these methods. Each of them
/// sends one request, or several in a row where an answer comes in pages, and waits for the answer;
/// inside [`on_tick`](super::Strategy::on_tick) the EA serves it while it waits for its tick.
///
/// # Errors
///
/// All methods fail alike, with an error of kind [`Ask`](ErrorKind::Ask) that has the word of the
/// protocol's list:
///
/// | code | why |
/// | --- | --- |
/// | `request_timeout` | no answer within 5 s; 60 s for rates, ticks, history and indicators |
/// | `disconnected` | the EA left |
/// | `unsupported` | the method is not among the EA's capabilities: nothing was sent |
/// | `too_many_requests` | 64 requests are open: nothing was sent |
/// | `bad_answer` | the EA's answer is none, or its pages do not fit together |
/// | others | what the EA answered, such as `unknown_symbol` or `history_updating` |
#[derive(Clone, Debug)]
pub struct Ea {
    requests: Arc<dyn Requests>,
    hello: Arc<Hello>,
    /// What takes the place of the deadlines.
    within: Option<Duration>,
}

/// The account: what it is, and its books.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountInfo {
    /// What it is.
    pub account: tickpipe_proto::message::Account,
    /// Its books.
    pub state: AccountState,
}

impl Ea {
    pub(crate) const fn new(requests: Arc<dyn Requests>, hello: Arc<Hello>) -> Self {
        Self { requests, hello, within: None }
    }

    /// Returns what the EA is asked through.
    pub(super) const fn requests(&self) -> &Arc<dyn Requests> {
        &self.requests
    }

    /// Returns what the EA said of itself.
    #[must_use]
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Returns the symbol of the EA's chart.
    #[must_use]
    pub fn symbol(&self) -> &Symbol {
        &self.hello.chart.symbol
    }

    /// Returns whether the session is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.requests.is_open()
    }

    /// Returns whether the EA serves a method.
    #[must_use]
    pub fn can(&self, method: AskKind) -> bool {
        self.hello.capabilities.contains(&method)
    }

    /// Returns the same EA, which has so long for each answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use tickpipe::session::{Context, Lots, StrategyError, Symbol};
    ///
    /// fn enter(context: &Context<'_>, symbol: &Symbol, lots: Lots) -> Result<(), StrategyError> {
    ///     // An EA that does not begin the order within half a second does not begin it at all.
    ///     let execution = context.within(Duration::from_millis(500)).buy(symbol, lots)?;
    ///     println!("{} is done: {}", execution.client_id(), execution.is_done());
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn within(&self, deadline: Duration) -> Self {
        Self { within: Some(deadline), ..self.clone() }
    }

    /// Returns the account.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn account_info(&self) -> Result<AccountInfo, Error> {
        let Answer::AccountInfo { account, state } = self.ask(&Ask::AccountInfo)? else {
            return Err(other_kind("account_info"));
        };
        Ok(AccountInfo { account, state })
    }

    /// Returns what the terminal says of itself.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn terminal_info(&self) -> Result<TerminalInfo, Error> {
        let Answer::TerminalInfo(info) = self.ask(&Ask::TerminalInfo)? else {
            return Err(other_kind("terminal_info"));
        };
        Ok(*info)
    }

    /// Returns the broker's symbols, in the order of their bytes.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn symbols(&self) -> Result<Vec<Symbol>, Error> {
        Ok(pages::symbols(&mut |ask| self.ask(ask))?)
    }

    /// Returns what the terminal knows of a symbol.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn symbol_info(&self, symbol: &Symbol) -> Result<SymbolInfo, Error> {
        let Answer::SymbolInfo(info) = self.ask(&Ask::SymbolInfo { symbol: symbol.clone() })?
        else {
            return Err(other_kind("symbol_info"));
        };
        Ok(*info)
    }

    /// Returns a symbol's last tick.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn symbol_tick(&self, symbol: &Symbol) -> Result<Tick, Error> {
        let Answer::SymbolTick(tick) = self.ask(&Ask::SymbolTick { symbol: symbol.clone() })?
        else {
            return Err(other_kind("symbol_tick"));
        };
        Ok(*tick)
    }

    /// Returns bars, the oldest first: exactly those that were asked for and that there are.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; and `invalid_params` for more than 10,000,000 bars.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe::session::{Context, RatesSpan, StrategyError, Timeframe};
    ///
    /// fn last_hundred(context: &Context<'_>) -> Result<usize, StrategyError> {
    ///     // Bar 0 is the running one; these have closed.
    ///     let span = RatesSpan::Position { start: 1, count: 100 };
    ///     Ok(context.rates(context.symbol(), Timeframe::M1, span)?.len())
    /// }
    /// ```
    pub fn rates(
        &self,
        symbol: &Symbol,
        timeframe: Timeframe,
        span: RatesSpan,
    ) -> Result<Vec<Bar>, Error> {
        Ok(pages::rates(&mut |ask| self.ask(ask), symbol, timeframe, span)?)
    }

    /// Returns the oldest `count` ticks of `from_msc` to `to_msc`, both included, in milliseconds of
    /// the trade server's clock; MT5 alone has them.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; and `invalid_params` for more than 10,000,000 ticks.
    pub fn ticks(
        &self,
        symbol: &Symbol,
        from_msc: i64,
        to_msc: i64,
        count: u64,
    ) -> Result<Vec<HistoryTick>, Error> {
        let span = TickSpan { from_msc, to_msc, count };
        Ok(pages::ticks(&mut |ask| self.ask(ask), symbol, span)?)
    }

    /// Returns the pending orders, in the order of their tickets.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn orders(&self, filter: &Filter) -> Result<Vec<Order>, Error> {
        Ok(pages::orders(&mut |ask| self.ask(ask), filter)?)
    }

    /// Returns the open positions, in the order of their tickets. A market order of MT4 is one.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn positions(&self, filter: &Filter) -> Result<Vec<Position>, Error> {
        Ok(pages::positions(&mut |ask| self.ask(ask), filter)?)
    }

    /// Returns the orders of the history from `from` to `to`, both included, in seconds of the trade
    /// server's clock.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn history_orders(&self, from: i64, to: i64) -> Result<Vec<Order>, Error> {
        Ok(pages::history_orders(&mut |ask| self.ask(ask), from, to)?)
    }

    /// Returns the deals from `from` to `to`, both included, in seconds of the trade server's clock.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn history_deals(&self, from: i64, to: i64) -> Result<Vec<Deal>, Error> {
        Ok(pages::history_deals(&mut |ask| self.ask(ask), from, to)?)
    }

    /// Returns values of an indicator, the oldest first; `None` where it has none.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn indicator(&self, indicator: &Indicator) -> Result<Vec<Option<Decimal>>, Error> {
        let Answer::Indicator { values } = self.ask(&indicator.ask())? else {
            return Err(other_kind("indicator"));
        };
        Ok(values)
    }

    /// Shows a text on the chart.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; and `invalid_params` for more than 4,096 bytes.
    pub fn comment(&self, text: &str) -> Result<(), Error> {
        self.tell(&Ask::Comment { text: checked_text(text)? })
    }

    /// Has the terminal alert its user.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; and `invalid_params` for more than 4,096 bytes.
    pub fn alert(&self, text: &str) -> Result<(), Error> {
        self.tell(&Ask::Alert { text: checked_text(text)? })
    }

    /// Has the ticks of a further symbol come to `on_tick`; most EAs do not wait for their answers.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn subscribe_ticks(&self, symbol: &Symbol) -> Result<(), Error> {
        self.tell(&Ask::Subscribe { symbol: symbol.clone(), kind: SubscribeKind::Ticks })
    }

    /// Has the closed bars of a symbol come to `on_bar`.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn subscribe_bars(&self, symbol: &Symbol, timeframe: Timeframe) -> Result<(), Error> {
        self.tell(&Ask::Subscribe { symbol: symbol.clone(), kind: SubscribeKind::Bars(timeframe) })
    }

    /// Ends what [`subscribe_ticks`](Self::subscribe_ticks) began.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn unsubscribe_ticks(&self, symbol: &Symbol) -> Result<(), Error> {
        self.tell(&Ask::Unsubscribe { symbol: symbol.clone(), kind: SubscribeKind::Ticks })
    }

    /// Ends what [`subscribe_bars`](Self::subscribe_bars) began.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says.
    pub fn unsubscribe_bars(&self, symbol: &Symbol, timeframe: Timeframe) -> Result<(), Error> {
        let kind = SubscribeKind::Bars(timeframe);
        self.tell(&Ask::Unsubscribe { symbol: symbol.clone(), kind })
    }

    pub(super) fn ask(&self, ask: &Ask) -> Result<Answer, AskError> {
        self.requests.ask(ask, self.deadline(ask.kind()))
    }

    /// Returns how long the EA may take for an answer of this kind.
    pub(super) fn deadline(&self, kind: AskKind) -> Duration {
        self.within.unwrap_or(match kind {
            AskKind::HistoryDeals
            | AskKind::HistoryOrders
            | AskKind::Indicator
            | AskKind::Rates
            | AskKind::Ticks => DEADLINE_LONG,
            AskKind::AccountInfo
            | AskKind::Alert
            | AskKind::Comment
            | AskKind::OrderCheck
            | AskKind::OrderSend
            | AskKind::OrderStatus
            | AskKind::Orders
            | AskKind::Ping
            | AskKind::Positions
            | AskKind::Subscribe
            | AskKind::SymbolInfo
            | AskKind::SymbolTick
            | AskKind::Symbols
            | AskKind::TerminalInfo
            | AskKind::Unsubscribe
            | _ => DEADLINE,
        })
    }

    fn tell(&self, ask: &Ask) -> Result<(), Error> {
        let Answer::Empty = self.ask(ask)? else {
            return Err(other_kind("a method without a result"));
        };
        Ok(())
    }
}

fn checked_text(text: &str) -> Result<String, Error> {
    if TEXT_LEN_MAX < text.len() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("text of {} bytes exceeds the limit of {TEXT_LEN_MAX} bytes", text.len()),
        ));
    }
    Ok(text.to_owned())
}

pub(super) fn other_kind(method: &str) -> Error {
    let text = format!("{method}: found the answer to another method");
    AskError::Local(LineError::new(ErrorCode::BadAnswer, text)).into()
}
