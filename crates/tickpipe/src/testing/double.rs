//! The double at work: sends, and serves while it waits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use tickpipe_proto::message::{
    AccountState, Answer, Ask, BarEvent, Bye, Deinit, Fault, LogEntry, OrderRequest, ServerMessage,
    Tick, TradeEvent, Welcome, encode, parse_server,
};
use tickpipe_proto::types::{Price, RequestId, Symbol};
use tickpipe_proto::{ErrorCode, escaped};

use super::fills::Fill;
use super::host::Host;
use super::orders::Orders;
use super::script::{Response, Script};
use super::symbols::Symbols;
use super::wire::{Line, SERVER, STRATEGY, Wire};
use crate::error::{Error, ErrorKind};

/// When [`EaDouble::prices`] begins: a Tuesday night.
const BEGIN_MSC: i64 = 1_700_000_000_000;

/// What the server answered to a request of ours.
type Reply = (RequestId, Result<(), Fault>);

/// An EA without a terminal, in an open session.
///
/// Dropped, it leaves as an EA does that just closes its handle.
pub struct EaDouble {
    pub(super) script: Script,
    /// `None` once the connection is closed.
    wire: Option<Wire>,
    host: Option<Host>,
    pub(super) orders: Orders,
    pub(super) symbols: Symbols,
    last_id: u64,
    seqs: BTreeMap<Symbol, u64>,
    time_msc: i64,
    asked: Vec<Ask>,
    late: Vec<(RequestId, Answer)>,
    bye: Option<Bye>,
    welcome: Option<Welcome>,
    out: Vec<u8>,
}

impl EaDouble {
    pub(super) fn open(script: Script, wire: Wire, host: Option<Host>) -> Result<Self, Error> {
        let (orders, symbols) = (Orders::of(script.hello.terminal), Symbols::of(&script));
        let mut ea = Self {
            script,
            wire: Some(wire),
            host,
            orders,
            symbols,
            last_id: 0,
            seqs: BTreeMap::new(),
            time_msc: BEGIN_MSC,
            asked: Vec::new(),
            late: Vec::new(),
            bye: None,
            welcome: None,
            out: Vec::new(),
        };
        ea.greet()?;
        Ok(ea)
    }

    fn greet(&mut self) -> Result<(), Error> {
        let id = self.next_id();
        encode::hello(&mut self.out, id, &self.script.hello);
        self.flush()?;
        self.await_reply(id)
    }

    /// Connects to the server of a pipe again, in a new session of the same EA: it keeps its orders.
    ///
    /// # Errors
    ///
    /// As [`Script::connect`].
    pub fn connect_again(&mut self, pipe: &str) -> Result<(), Error> {
        self.hang_up()?;
        (self.bye, self.welcome) = (None, None);
        (self.seqs, self.late, self.out) = Default::default();
        self.wire = Some(Wire::connect(pipe, &self.script)?);
        self.greet()
    }

    /// Returns what the server said of itself and of its limits.
    #[must_use]
    pub fn welcome(&self) -> Option<&Welcome> {
        self.welcome.as_ref()
    }

    /// Returns how long the server has said nothing; `None` once the connection is closed.
    #[must_use]
    pub fn silence(&self) -> Option<Duration> {
        self.wire.as_ref().map(Wire::silence)
    }

    /// Sends a tick in lockstep, and serves requests until it is answered. A tick without a `seq`
    /// gets the next one of its symbol.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Ask`](ErrorKind::Ask) with what the server answered, such as
    /// `handler_failed`, or said in its `bye`; [`Closed`](ErrorKind::Closed) if it left;
    /// [`TimedOut`](ErrorKind::TimedOut), and [`Io`](ErrorKind::Io).
    pub fn tick(&mut self, tick: Tick) -> Result<(), Error> {
        let tick = self.note_tick(tick);
        let id = self.next_id();
        encode::tick(&mut self.out, Some(id), &tick);
        self.flush()?;
        self.await_reply(id)
    }

    /// Sends a tick of the chart's symbol, a second after the one before; [`tick`](Self::tick) in
    /// short.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick); and [`InvalidParams`](ErrorKind::InvalidParams) for what is no price.
    pub fn prices(&mut self, bid: &str, ask: &str) -> Result<(), Error> {
        let price = |text: &str| {
            let wrong = |error| Error::new(ErrorKind::InvalidParams, format!("price: {error}"));
            text.parse::<Price>().map_err(wrong)
        };
        let symbol = self.script.hello.chart.symbol.clone();
        let tick = Tick::new(symbol, self.time_msc.saturating_add(1000), price(bid)?, price(ask)?);
        self.tick(tick)
    }

    /// Sends a tick in stream, which is not answered.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn stream_tick(&mut self, tick: Tick) -> Result<(), Error> {
        let tick = self.note_tick(tick);
        encode::tick(&mut self.out, None, &tick);
        self.flush()
    }

    /// Tells that a bar has closed.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn bar(&mut self, bar: &BarEvent) -> Result<(), Error> {
        encode::bar(&mut self.out, None, bar);
        self.flush()
    }

    /// Tells that something happened to an order, a position or a deal.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn trade(&mut self, trade: &TradeEvent) -> Result<(), Error> {
        encode::trade(&mut self.out, None, trade);
        self.flush()
    }

    /// Tells that the account changed.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn account(&mut self, account: &AccountState) -> Result<(), Error> {
        encode::account(&mut self.out, None, account);
        self.flush()
    }

    /// Sends a text for the log.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn log(&mut self, entry: &LogEntry) -> Result<(), Error> {
        encode::log(&mut self.out, None, entry);
        self.flush()
    }

    /// Sends a line as it is.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn line(&mut self, line: &str) -> Result<(), Error> {
        self.out.extend_from_slice(line.as_bytes());
        self.out.push(b'\n');
        self.flush()
    }

    /// Sends the answers that were kept back.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn release(&mut self) -> Result<(), Error> {
        for (id, answer) in std::mem::take(&mut self.late) {
            self.put_answer(&id, &answer);
        }
        self.flush()
    }

    /// Serves requests until `is_enough`, for what a strategy asks outside of a tick.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn serve_until(&mut self, is_enough: impl Fn(&Self) -> bool) -> Result<(), Error> {
        while !is_enough(self) {
            self.serve_line()?;
        }
        Ok(())
    }

    /// Serves requests for so long, for what a strategy asks outside of a tick.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn serve_for(&mut self, time: Duration) -> Result<(), Error> {
        let begun_at = Instant::now();
        while let Some(left) = time.checked_sub(begun_at.elapsed()) {
            let taken = self.wire_mut()?.line_within(left)?;
            if let Line::Whole(line) = taken {
                self.take(&line)?;
            } else if matches!(taken, Line::End) {
                self.wire = None;
                return Err(self.end());
            }
        }
        Ok(())
    }

    /// Returns what was asked, in order.
    #[must_use]
    pub fn asked(&self) -> &[Ask] {
        &self.asked
    }

    /// Returns the orders that were sent, in order, answered or not.
    #[must_use]
    pub fn orders_sent(&self) -> Vec<&OrderRequest> {
        self.asked.iter().filter_map(order_of).collect()
    }

    /// Returns the orders that [`Script::fill_market_orders`] answered, in order.
    #[must_use]
    pub fn fills(&self) -> &[Fill] {
        &self.orders.fills.fills
    }

    /// Returns what failed in a strategy in memory so far, ticks included, in words; all of it after
    /// [`leave`](Self::leave) or [`hang_up`](Self::hang_up).
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let failures =
            |host: &Host| host.failures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.host.as_ref().map(failures).unwrap_or_default()
    }

    /// Returns why the server closed, once it has.
    #[must_use]
    pub fn bye(&self) -> Option<&Bye> {
        self.bye.as_ref()
    }

    /// Says `deinit`, serves requests until that is taken, and closes the connection; waits until a
    /// strategy in memory is gone.
    ///
    /// # Errors
    ///
    /// As [`tick`](Self::tick).
    pub fn leave(&mut self) -> Result<(), Error> {
        let id = self.next_id();
        encode::deinit(&mut self.out, Some(id), &Deinit::new(0));
        self.flush()?;
        match self.await_reply(id) {
            Err(error) if error.kind() != ErrorKind::Closed => return Err(error),
            // The server may close at once.
            _ => {}
        }
        self.hang_up()
    }

    /// Closes the connection, with whatever is under way; waits until a strategy in memory is gone.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`TimedOut`](ErrorKind::TimedOut) if it does not return.
    pub fn hang_up(&mut self) -> Result<(), Error> {
        self.wire = None;
        let limit = self.script.limit;
        self.host.as_ref().map_or(Ok(()), |host| host.wait(limit))
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn note_tick(&mut self, mut tick: Tick) -> Tick {
        if tick.seq.is_none() {
            let seq = self.seqs.entry(tick.symbol.clone()).or_default();
            *seq += 1;
            tick.seq = Some(*seq);
        }
        self.time_msc = self.time_msc.max(tick.time_msc);
        self.symbols.ticked(&tick);
        tick
    }

    fn flush(&mut self) -> Result<(), Error> {
        let out = std::mem::take(&mut self.out);
        // Nothing is no line, and a write of nothing fails.
        if out.is_empty() {
            return Ok(());
        }
        match self.wire_mut()?.send(&out) {
            Err(error) if error.kind() == ErrorKind::Closed => Err(self.find_bye(error)),
            sent => sent,
        }
    }

    /// Looks for the server's last word in what it sent before it closed.
    fn find_bye(&mut self, error: Error) -> Error {
        while let Some(Ok(Some(line))) = self.wire.as_mut().map(Wire::line) {
            if let Ok(ServerMessage::Bye(bye)) = parse_server(&line) {
                self.bye = Some(bye);
            }
        }
        self.wire = None;
        if self.bye.is_some() { self.end() } else { error }
    }

    fn wire_mut(&mut self) -> Result<&mut Wire, Error> {
        self.wire.as_mut().ok_or_else(|| Error::new(ErrorKind::Closed, "the connection is closed"))
    }

    fn await_reply(&mut self, id: u64) -> Result<(), Error> {
        loop {
            if let Some((RequestId::Number(found), result)) = self.serve_line()?
                && found == id
            {
                return result.map_err(|fault| self.refused(&fault));
            }
        }
    }

    /// Says who answered with an error: the strategy, or the server, which may have refused what it
    /// was sent.
    fn refused(&self, fault: &Fault) -> Error {
        let is_of_handler = matches!(
            fault.code,
            ErrorCode::HandlerFailed | ErrorCode::HandlerPanic | ErrorCode::HandlerTimeout
        );
        let who = if is_of_handler && self.host.is_some() { "strategy" } else { "server" };
        let text =
            format!("the {who} answered `{}`: {}", fault.code, escaped(&fault.message, 4096));
        Error::new(ErrorKind::Ask(fault.code), text)
    }

    /// Takes one line: serves a request, returns a reply.
    fn serve_line(&mut self) -> Result<Option<Reply>, Error> {
        let Some(line) = self.wire_mut()?.line()? else {
            self.wire = None;
            return Err(self.end());
        };
        self.take(&line)
    }

    fn take(&mut self, line: &[u8]) -> Result<Option<Reply>, Error> {
        match parse_server(line) {
            Ok(ServerMessage::Ask { id, ask }) => self.serve(&id, ask)?,
            Ok(ServerMessage::Bye(bye)) => self.bye = Some(bye),
            Ok(ServerMessage::Reply { id: Some(id), result }) => {
                if self.welcome.is_none() {
                    self.welcome = result.as_ref().ok().and_then(|raw| Welcome::parse(raw).ok());
                }
                return Ok(Some((id, result.map(|_| ()))));
            }
            Ok(ServerMessage::UnknownAsk { id, method }) => {
                let text = format!("found the method `{method}`");
                encode::error(
                    &mut self.out,
                    Some(&id),
                    &Fault::new(ErrorCode::UnknownMethod, text),
                );
                self.flush()?;
            }
            Ok(_) => {}
            Err(refused) if self.script.is_lenient => {
                if let Some(id) = &refused.id {
                    encode::error(&mut self.out, Some(id), &refused.fault);
                    self.flush()?;
                }
            }
            Err(refused) => {
                let text = format!("{} sent what is no message: {refused}", self.peer());
                return Err(Error::new(ErrorKind::BadReply, text));
            }
        }
        Ok(None)
    }

    /// Returns who is at the other end.
    fn peer(&self) -> &'static str {
        if self.host.is_some() { STRATEGY } else { SERVER }
    }

    /// Returns why there is nothing more.
    fn end(&self) -> Error {
        let Some(bye) = &self.bye else {
            return Error::new(ErrorKind::Closed, format!("{} left", self.peer()));
        };
        let kind = ErrorCode::from_word(&bye.code).map_or(ErrorKind::Closed, ErrorKind::Ask);
        Error::new(kind, format!("{} closed with {bye}", self.peer()))
    }

    fn serve(&mut self, id: &RequestId, ask: Ask) -> Result<(), Error> {
        let response = self.respond(&ask);
        self.asked.push(ask);
        match response {
            Response::Answer(answer) => self.put_answer(id, &answer),
            Response::Fault(fault) => encode::error(&mut self.out, Some(id), &fault),
            Response::HangUp => {
                self.wire = None;
                return Err(Error::new(ErrorKind::Closed, "the double hung up"));
            }
            Response::Late(answer) => self.late.push((id.clone(), answer)),
            Response::Line(line) => return self.line(&line.replace("{id}", &id.to_string())),
            Response::OtherId(answer) => {
                let other = RequestId::number(999_999_999).unwrap_or_else(|_| id.clone());
                self.put_answer(&other, &answer);
            }
            // What is usual has been done by now.
            Response::Silence | Response::Usual | Response::UsualButLost => {}
        }
        self.flush()
    }

    fn respond(&mut self, ask: &Ask) -> Response {
        let scripted = self.script.scripted.get_mut(&ask.kind());
        let response = scripted.map_or(Response::Usual, |scripted| scripted(ask));
        if matches!(response, Response::UsualButLost) {
            drop(self.answer(ask));
        }
        if !matches!(response, Response::Usual) {
            self.note_scripted(ask, &response);
            return response;
        }
        self.answer(ask).map_or_else(Response::Fault, Response::Answer)
    }

    /// Has the double know what its script says.
    fn note_scripted(&mut self, ask: &Ask, response: &Response) {
        if let Ask::OrderSend(request) = ask {
            self.orders.scripted(request, response);
        }
        if let Response::Answer(Answer::SymbolInfo(info)) = response {
            self.symbols.told(info);
        }
    }

    fn put_answer(&mut self, id: &RequestId, answer: &Answer) {
        if let Err(error) = encode::answer(&mut self.out, id, answer) {
            encode::error(&mut self.out, Some(id), &Fault::from(error));
        }
    }
}

fn order_of(ask: &Ask) -> Option<&OrderRequest> {
    if let Ask::OrderSend(order) = ask { Some(order) } else { None }
}

impl Drop for EaDouble {
    fn drop(&mut self) {
        if self.wire.is_some() {
            // What does not return in time is left behind; the test has failed by then.
            drop(self.hang_up());
        }
    }
}

impl fmt::Debug for EaDouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EaDouble").field("asked", &self.asked).finish_non_exhaustive()
    }
}
