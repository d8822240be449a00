//! A line of the server, read: the EA's half, for tests and simulated terminals.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fault::{Bye, Fault, Refused};
use super::json::{NAME, Path, TEXT, members, name, object, text};
use super::order::ClientIdIs;
use super::parse::{Envelope, envelope};
use super::{Ask, AskKind};
use crate::ErrorCode;
use crate::types::RequestId;

/// What one line of a server is.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerMessage<'a> {
    /// A request to the EA.
    Ask {
        /// The id to answer under.
        id: RequestId,
        /// What is asked.
        ask: Ask,
    },
    /// The server closes; its last line.
    Bye(Bye),
    /// An answer to a request of the EA's.
    Reply {
        /// The id that the request had; `None` for `null`.
        id: Option<RequestId>,
        /// The result, not looked at yet, or the server's error.
        result: Result<&'a RawValue, Fault>,
    },
    /// A request that is not known on this side, for `unknown_method`.
    UnknownAsk {
        /// The id to answer under.
        id: RequestId,
        /// What was asked.
        method: Cow<'a, str>,
    },
}

members! { struct ByeMembers { code: "code", message: "message", } }

/// Reads a line of a server, without its line end.
///
/// # Errors
///
/// Returns [`Refused`], with what to answer, as [`parse`](super::parse()) does for lines of an EA.
pub fn parse_server(line: &[u8]) -> Result<ServerMessage<'_>, Refused> {
    of_envelope(envelope(line)?, ClientIdIs::Needed)
}

/// Reads a line of a program that speaks as a server does, but may leave out what whoever passes its
/// line on to the EA puts in: the `client_id` of an order.
///
/// # Errors
///
/// As [`parse_server`].
pub fn parse_program(line: &[u8]) -> Result<ServerMessage<'_>, Refused> {
    match envelope(line)? {
        Envelope::Call { id: None, method, .. } => {
            let shown = crate::escaped(&method, 40);
            let text =
                format!("found `{shown}` without an `id`, expected a request, which has one");
            Err(Refused::call(None, Fault::new(ErrorCode::InvalidRequest, text)))
        }
        envelope @ (Envelope::Call { .. } | Envelope::Reply { .. }) => {
            of_envelope(envelope, ClientIdIs::Optional)
        }
    }
}

fn of_envelope(
    envelope: Envelope<'_>,
    client_id: ClientIdIs,
) -> Result<ServerMessage<'_>, Refused> {
    match envelope {
        Envelope::Reply { id, result } => Ok(ServerMessage::Reply { id, result }),
        Envelope::Call { id: None, method, params } if method == "bye" => bye(params),
        Envelope::Call { id: None, method, .. } => {
            let shown = crate::escaped(&method, 40);
            let text = format!("found the notification `{shown}`, expected bye, or a request");
            Err(Refused::call(None, Fault::new(ErrorCode::UnknownMethod, text)))
        }
        Envelope::Call { id: Some(id), method, params } => {
            let Some(kind) = AskKind::from_word(&method) else {
                return Ok(ServerMessage::UnknownAsk { id, method });
            };
            match Ask::of_kind(kind, params, client_id) {
                Ok(ask) => Ok(ServerMessage::Ask { id, ask }),
                Err(fault) => Err(Refused::call(Some(id), fault)),
            }
        }
    }
}

fn bye(params: Option<&RawValue>) -> Result<ServerMessage<'_>, Refused> {
    let at = Path::Root("params");
    let read = || {
        let m: ByeMembers<'_> = object(params.map_or("{}", RawValue::get), &at)?;
        Ok(Bye {
            code: m.code.needed_as(&at, NAME, name)?,
            message: m.message.optional_as(&at, TEXT, text)?.unwrap_or_default(),
        })
    };
    match read() {
        Ok(bye) => Ok(ServerMessage::Bye(bye)),
        Err(wrong) => Err(Refused::call(None, Fault::params(wrong))),
    }
}

#[cfg(test)]
mod tests;
