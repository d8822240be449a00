//! Messages, written as whole lines into a buffer that is used again and again.
//!
//! What a server sends comes first. The rest is the EA's half, for tests and simulated terminals. None
//! of them allocates, but for the room that the buffer needs.

#[cfg(test)]
mod tests;

use super::put::{Put, Writer};
use super::{
    AccountState, Answer, Ask, BarEvent, Deinit, Fault, Hello, LogEntry, Tick, TradeEvent, Welcome,
};
use crate::types::{RequestId, Symbol};
use crate::{ErrorCode, LineError};

/// Bytes of a line without its end, in both directions.
pub const LINE_LEN_MAX: usize = 65_536;

/// Appends the answer `{}`.
pub fn empty_result(out: &mut Vec<u8>, id: &RequestId) {
    out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":");
    id.put(out);
    out.extend_from_slice(b",\"result\":{}}\n");
}

/// Appends the answer to `hello`.
pub fn welcome(out: &mut Vec<u8>, id: &RequestId, welcome: &Welcome) {
    result(out, id, |to| welcome.write(to));
}

/// Appends an error; without an id under `null`, for what nobody can tell whose it is.
///
/// Of its text at most 4,096 bytes are written.
pub fn error(out: &mut Vec<u8>, id: Option<&RequestId>, fault: &Fault) {
    line(out, |to| {
        to.member("id", &id.map(ById)).inner("error", |to| fault.write(to));
    });
}

/// Appends a request to the EA.
///
/// # Errors
///
/// Returns [`ErrorCode::InvalidParams`] and leaves `out` as it was if it cannot be sent as it is: a text
/// is too long, a number is out of its range, an order has what its action cannot have.
pub fn ask(out: &mut Vec<u8>, id: u64, ask: &Ask) -> Result<(), LineError> {
    let begin = out.len();
    let kind = ask.kind();
    let mut params = Vec::new();
    Writer::object(&mut params, |to| ask.write(to));
    // What we would not read we do not send: one set of rules for both sides.
    let json = String::from_utf8(params).ok();
    let json = json.and_then(|json| serde_json::value::RawValue::from_string(json).ok());
    let checked = Ask::parse(kind.as_str(), json.as_deref());
    checked.map_err(|fault| LineError::new(fault.code, fault.message))?;
    line(out, |to| {
        to.member("id", &id).member("method", &kind);
        if let Some(json) = json.filter(|json| json.get() != "{}") {
            to.name("params").extend_from_slice(json.get().as_bytes());
        }
    });
    check_len(out, begin)
}

/// Appends the last line of a server. Of its text at most 4,096 bytes are written.
pub fn bye(out: &mut Vec<u8>, code: ErrorCode, message: &str) {
    line(out, |to| {
        to.member("method", "bye").inner("params", |to| {
            to.member("code", code.as_str()).member("message", super::fault::cut(message));
        });
    });
}

/// Appends the EA's `hello`.
pub fn hello(out: &mut Vec<u8>, id: u64, hello: &Hello) {
    call(out, Some(id), "hello", |to| hello.write(to));
}

/// Appends what an EA said in its `hello`, as a notification to whom it is passed on.
pub fn hello_passed_on(out: &mut Vec<u8>, hello: &Hello) {
    call(out, None, "hello", |to| hello.write(to));
}

/// Appends a tick: with an id in lockstep, without one in stream.
pub fn tick(out: &mut Vec<u8>, id: Option<u64>, tick: &Tick) {
    call(out, id, "tick", |to| tick.write(to));
}

/// Appends that a symbol's ticks have a gap, as a notification to whom ticks are passed on; no message of
/// an EA.
pub fn gap(out: &mut Vec<u8>, symbol: &Symbol, expected: u64, found: u64) {
    call(out, None, "gap", |to| {
        to.member("symbol", symbol).member("expected", &expected).member("found", &found);
    });
}

/// Appends a bar that has closed.
pub fn bar(out: &mut Vec<u8>, id: Option<u64>, bar: &BarEvent) {
    call(out, id, "bar", |to| bar.write(to));
}

/// Appends what happened to an order, a position or a deal.
pub fn trade(out: &mut Vec<u8>, id: Option<u64>, trade: &TradeEvent) {
    call(out, id, "trade", |to| trade.write(to));
}

/// Appends that the account changed.
pub fn account(out: &mut Vec<u8>, id: Option<u64>, account: &AccountState) {
    call(out, id, "account", |to| account.write(to));
}

/// Appends a text.
pub fn log(out: &mut Vec<u8>, id: Option<u64>, log: &LogEntry) {
    call(out, id, "log", |to| log.write(to));
}

/// Appends that the EA leaves.
pub fn deinit(out: &mut Vec<u8>, id: Option<u64>, deinit: &Deinit) {
    call(out, id, "deinit", |to| deinit.write(to));
}

/// Appends a heartbeat of the EA; a server's is [`ask`] with [`Ask::Ping`].
pub fn ping(out: &mut Vec<u8>, id: u64) {
    line(out, |to| {
        to.member("id", &id).member("method", "ping");
    });
}

/// Appends the EA's answer to a request.
///
/// # Errors
///
/// Returns [`ErrorCode::TooLong`] and leaves `out` as it was if the line would be longer than 65,536
/// bytes: the page is too large.
pub fn answer(out: &mut Vec<u8>, id: &RequestId, answer: &Answer) -> Result<(), LineError> {
    let begin = out.len();
    result(out, id, |to| answer.write(to));
    check_len(out, begin)
}

struct ById<'i>(&'i RequestId);

impl Put for ById<'_> {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
    }
}

fn line(out: &mut Vec<u8>, write: impl FnOnce(&mut Writer<'_>)) {
    Writer::object(out, |to| {
        to.member("jsonrpc", "2.0");
        write(to);
    });
    out.push(b'\n');
}

fn call(out: &mut Vec<u8>, id: Option<u64>, method: &str, params: impl FnOnce(&mut Writer<'_>)) {
    line(out, |to| {
        to.optional("id", id.as_ref()).member("method", method).inner("params", params);
    });
}

fn result(out: &mut Vec<u8>, id: &RequestId, write: impl FnOnce(&mut Writer<'_>)) {
    line(out, |to| {
        to.member("id", id).inner("result", write);
    });
}

/// Takes a line that is too long back.
fn check_len(out: &mut Vec<u8>, begin: usize) -> Result<(), LineError> {
    let len = out.len().saturating_sub(begin).saturating_sub(1);
    if len <= LINE_LEN_MAX {
        return Ok(());
    }
    out.truncate(begin);
    let text = format!("found a line of {len} bytes, allowed are {LINE_LEN_MAX}");
    Err(LineError::new(ErrorCode::TooLong, text))
}
