//! A line of the EA, read.

#[cfg(test)]
mod tests;

use super::event::{AccountState, BarEvent, Deinit, LogEntry, TradeEvent};
use super::hello::{Hello, NoHello};
use super::json::{Path, Wrong, any_object, members, string, whole};
use super::{Call, Fault, Message, Refused, TickParams};
use crate::ErrorCode;
use crate::escape::escaped;
use crate::types::RequestId;

const SHOWN_CHARS_MAX: usize = 40;
const ID: &str = "a whole number of 0 to 9007199254740991, or a string of 1 to 64 bytes";
const PARAMS: Path<'_> = Path::Root("params");
/// Names the members of the message itself without a name before them.
const MESSAGE: Path<'_> = Path::Root("");

/// Reads a line of the EA, without its line end.
///
/// A tick costs no allocation, unless its symbol is written with escapes.
///
/// # Errors
///
/// Returns [`Refused`], with what to answer, for what is not JSON, no message, or has parameters that
/// are not as its method needs them.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::message::{Call, Message, parse};
///
/// let line = br#"{"jsonrpc":"2.0","method":"tick","params":
///     {"symbol":"EURUSD","time_msc":1700000000123,"bid":1.10000,"ask":1.10012}}"#;
/// let Message::Call { id: None, call: Call::Tick(tick) } = parse(line)? else { panic!() };
/// assert_eq!(tick.ask.points_above(tick.bid, 5), Some(12));
///
/// let refused = parse(br#"{"jsonrpc":"2.0","id":7.5,"method":"ping"}"#).unwrap_err();
/// assert_eq!(refused.fault.code.as_str(), "invalid_request");
/// # Ok::<(), tickpipe_proto::message::Refused>(())
/// ```
pub fn parse(line: &[u8]) -> Result<Message<'_>, Refused> {
    match envelope(line)? {
        Envelope::Reply { id, result } => Ok(Message::Reply { id: id.and_then(our_id), result }),
        Envelope::Call { id, method, params } => match call(method, params) {
            Ok(call) => Ok(Message::Call { id, call }),
            Err(fault) => Err(Refused::call(id, fault)),
        },
    }
}

fn our_id(id: RequestId) -> Option<u64> {
    match id {
        RequestId::Number(number) => Some(number),
        RequestId::Text(_) => None,
    }
}

fn call<'a>(
    method: std::borrow::Cow<'a, str>,
    params: Option<&'a serde_json::value::RawValue>,
) -> Result<Call<'a>, Fault> {
    let json = params.map_or("{}", serde_json::value::RawValue::get);
    let at = &PARAMS;
    let call = match method.as_ref() {
        "tick" => TickParams::read(json, at).map(Call::Tick),
        "ping" if json.starts_with('{') => Ok(Call::Ping),
        "ping" => Err(Wrong::new(PARAMS, json, "an object, or nothing")),
        "bar" => BarEvent::read(json, at).map(Call::Bar),
        "trade" => TradeEvent::read(json, at).map(|event| Call::Trade(Box::new(event))),
        "account" => AccountState::read(json, at).map(Call::Account),
        "log" => LogEntry::read(json, at).map(Call::Log),
        "deinit" => Deinit::read(json, at).map(Call::Deinit),
        "hello" => return hello(json),
        _ => Ok(Call::Unknown(method)),
    };
    call.map_err(Fault::params)
}

fn hello(json: &str) -> Result<Call<'_>, Fault> {
    match Hello::read(json, &PARAMS) {
        Ok(hello) => Ok(Call::Hello(Box::new(hello))),
        Err(NoHello::Wrong(wrong)) => Err(Fault::params(wrong)),
        Err(NoHello::Version(found)) => Err(Fault::new(
            ErrorCode::Version,
            format!("params.protocol: found {found}, this server speaks 1"),
        )),
    }
}

/// A message whose method or result has not been looked into.
#[derive(Debug)]
pub(super) enum Envelope<'a> {
    Call {
        id: Option<RequestId>,
        method: std::borrow::Cow<'a, str>,
        params: Option<&'a serde_json::value::RawValue>,
    },
    Reply {
        id: Option<RequestId>,
        result: Result<&'a serde_json::value::RawValue, Fault>,
    },
}

members! {
    struct EnvelopeMembers {
        jsonrpc: "jsonrpc",
        id: "id",
        method: "method",
        params: "params",
        result: "result",
        error: "error",
    }
}

/// Reads what all messages have.
pub(super) fn envelope(line: &[u8]) -> Result<Envelope<'_>, Refused> {
    let (m, twice) = message_members(line).map_err(Refused::nameless)?;
    let id = m.id.json().map_or(Ok(None), |json| request_id(json).map(Some).ok_or(json));
    // The id of a response is one of ours: under it, the other side would take what is wrong with
    // the response for the answer to a request of its own.
    let is_reply =
        m.method.raw().is_none() && (m.result.raw().is_some() || m.error.raw().is_some());
    let is_named = !is_reply && twice != Some("id");
    let refuse = |wrong: Wrong| Refused {
        id: id.as_ref().ok().filter(|_| is_named).cloned().flatten(),
        is_notification: false,
        fault: Fault::wrong(ErrorCode::InvalidRequest, wrong),
    };
    if let Some(name) = twice {
        return Err(refuse(Wrong::twice(MESSAGE.member(name))));
    }
    let version = |json| string(json).filter(|version| version == "2.0");
    m.jsonrpc.needed_as(&MESSAGE, "\"2.0\"", version).map_err(refuse)?;
    match (m.method.raw(), m.result.raw(), m.error.raw()) {
        (Some(_), None, None) => {
            let method = m.method.needed_as(&MESSAGE, "the name of a method", string);
            let method = method.map_err(refuse)?;
            match &id {
                // A `null` is an id, and none of those allowed.
                Ok(None) if m.id.raw().is_some() => Err("null"),
                Ok(id) => Ok(Envelope::Call { id: id.clone(), method, params: m.params.raw() }),
                Err(json) => Err(*json),
            }
            .map_err(|json| refuse(Wrong::new(MESSAGE.member("id"), json, ID)))
        }
        (None, Some(result), None) => {
            Ok(Envelope::Reply { id: id.ok().flatten(), result: Ok(result) })
        }
        (None, None, Some(error)) => {
            Ok(Envelope::Reply { id: id.ok().flatten(), result: Err(Fault::read(error.get())) })
        }
        (None, None, None) => {
            Err(refuse(Wrong::missing(MESSAGE.member("method"), "method, result or error")))
        }
        (_, result, _) => {
            let name = if result.is_some() { "result" } else { "error" };
            let json = result.or(m.error.raw()).map_or("", serde_json::value::RawValue::get);
            let expected = "one of method, result and error";
            Err(refuse(Wrong::new(MESSAGE.member(name), json, expected)))
        }
    }
}

fn request_id(json: &str) -> Option<RequestId> {
    match whole(json) {
        Some(number) => Some(RequestId::Number(number)),
        None => string(json).and_then(|text| RequestId::text(&text).ok()),
    }
}

type Found<'a> = (EnvelopeMembers<'a>, Option<&'static str>);

fn message_members(line: &[u8]) -> Result<Found<'_>, Fault> {
    if line.is_empty() {
        return Err(Fault::new(ErrorCode::Empty, "found an empty line, expected a message"));
    }
    let Ok(line) = std::str::from_utf8(line) else {
        let shown = escaped(&String::from_utf8_lossy(line), SHOWN_CHARS_MAX);
        let text = format!("found `{shown}`, which is not UTF-8; save the EA's texts in UTF-8");
        return Err(Fault::new(ErrorCode::Encoding, text));
    };
    let json = line.trim_start_matches([' ', '\t', '\n', '\r']);
    if json.starts_with('{') {
        return any_object(json).map_err(|error| no_json(line, &error));
    }
    serde_json::from_str::<serde::de::IgnoredAny>(json).map_err(|error| no_json(line, &error))?;
    let shown = escaped(json, SHOWN_CHARS_MAX);
    Err(if json.starts_with('[') {
        let text = format!("found a list `{shown}`, expected one message a line");
        Fault::new(ErrorCode::Batch, text)
    } else {
        Fault::new(ErrorCode::InvalidRequest, format!("found `{shown}`, expected an object"))
    })
}

#[cold]
fn no_json(line: &str, error: &serde_json::Error) -> Fault {
    let shown = escaped(line, SHOWN_CHARS_MAX);
    Fault::new(ErrorCode::ParseError, format!("found `{shown}`, expected JSON: {error}"))
}
