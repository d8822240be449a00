//! Requests to the EA.

use std::collections::VecDeque;
use std::time::Instant;

use crate::message::{Answer, Ask, AskKind, Fault, OrderResult, Outcome, Terminal};
use crate::types::ClientId;
use crate::{ErrorCode, LineError};

/// The number of a request to the EA. It is never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub(crate) u64);

impl AskId {
    /// Returns the number as it is on the wire.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Why a request to the EA has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The request could not be sent, had no answer in time or before the connection ended, or
    /// its answer is none: `disconnected`, `hello_required`, `invalid_params`,
    /// `too_many_requests`, `too_long`, `unsupported`; `request_timeout`, `bad_answer`.
    #[error(transparent)]
    Local(LineError),
    /// The EA answered with an error.
    #[error("the EA answered `{}`: {}", .0.code, .0.message)]
    Refused(Fault),
}

impl AskError {
    /// Creates an error of ours.
    pub(crate) fn local(code: ErrorCode, text: impl Into<String>) -> Self {
        Self::Local(LineError::new(code, text))
    }

    /// Returns the code, ours or the EA's.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Local(error) => error.code(),
            Self::Refused(fault) => fault.code,
        }
    }
}

/// Returns what becomes of a request to which this came back, as a [`Session`](super::Session) tells
/// it: for who serves requests without a wire.
///
/// An answer of another kind is `bad_answer`, an outcome that its code does not bear out is unknown,
/// and what leaves the outcome of an order open comes as [`Outcome::Unknown`].
///
/// # Errors
///
/// What came back, unless it leaves the outcome of an order open; or `bad_answer`.
pub fn settle_ask(
    terminal: Terminal,
    ask: &Ask,
    result: Result<Answer, AskError>,
) -> Result<Answer, AskError> {
    let open = OpenAsk::new(AskId(0), ask, None);
    match result {
        Ok(mut answer) if answer.is_of(open.kind) => {
            answer.hold_against_code(open.kind, terminal);
            open.checked(answer).or_else(|error| open.without_answer(error))
        }
        Ok(_) => {
            let text = format!("found the answer to another method than `{}`", open.kind.as_str());
            open.without_answer(AskError::local(ErrorCode::BadAnswer, text))
        }
        Err(AskError::Refused(fault)) => open.refused(fault),
        Err(error) => open.without_answer(error),
    }
}

/// A request without an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenAsk {
    id: AskId,
    pub(crate) kind: AskKind,
    /// Of an order.
    pub(crate) client_id: Option<ClientId>,
    /// `None` for a deadline beyond what a clock holds.
    due: Option<Instant>,
    /// A heartbeat of the session itself, which nobody waits for.
    is_heartbeat: bool,
}

/// What an answer's id belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    /// A request that is over.
    Late,
    /// Nothing that was ever asked.
    Never,
    /// An open request, which is taken out.
    Open(OpenAsk),
}

/// All requests to the EA that are open, and what has become of those that are not.
#[derive(Debug, Default)]
pub(crate) struct Asks {
    /// In the order of their ids.
    open: Vec<OpenAsk>,
    /// What nobody has fetched yet.
    replies: VecDeque<(AskId, Result<Answer, AskError>)>,
    /// The id given last.
    last: u64,
}

impl Asks {
    /// Returns the id that the next request has.
    pub(crate) fn next_id(&self) -> AskId {
        AskId(self.last.saturating_add(1))
    }

    /// Enters the request with the next id.
    pub(crate) fn enter(&mut self, ask: &Ask, due: Option<Instant>) -> AskId {
        self.push(OpenAsk::new(self.next_id(), ask, due))
    }

    /// Enters a heartbeat with the next id.
    pub(crate) fn enter_heartbeat(&mut self, due: Option<Instant>) -> AskId {
        let ping = OpenAsk::new(self.next_id(), &Ask::Ping, due);
        self.push(OpenAsk { is_heartbeat: true, ..ping })
    }

    fn push(&mut self, ask: OpenAsk) -> AskId {
        self.last = ask.id.0;
        self.open.push(ask);
        ask.id
    }

    /// Takes out the request with this id.
    pub(crate) fn take(&mut self, id: u64) -> Asked {
        match self.open.binary_search_by(|ask| ask.id.0.cmp(&id)) {
            Ok(at) => Asked::Open(self.open.remove(at)),
            Err(_) if id != 0 && id <= self.last => Asked::Late,
            Err(_) => Asked::Never,
        }
    }

    /// Takes out a request whose deadline is over at `now`.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<OpenAsk> {
        let at = self.open.iter().position(|ask| ask.due.is_some_and(|due| due <= now))?;
        Some(self.open.remove(at))
    }

    /// Takes out the oldest request.
    pub(crate) fn take_oldest(&mut self) -> Option<OpenAsk> {
        if self.open.is_empty() { None } else { Some(self.open.remove(0)) }
    }

    /// Returns the next deadline.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.open.iter().filter_map(|ask| ask.due).min()
    }

    /// Returns how many requests take a place: open ones, and those whose reply nobody fetched.
    pub(crate) fn len(&self) -> usize {
        let open = self.open.iter().filter(|ask| !ask.is_heartbeat).count();
        open.saturating_add(self.replies.len())
    }

    /// Returns whether the EA is at work for us, heartbeats aside.
    pub(crate) fn is_asking(&self) -> bool {
        self.open.iter().any(|ask| ask.kind != AskKind::Ping)
    }

    /// Returns whether a heartbeat is open. A ping that somebody asked for is none: it may have any
    /// deadline.
    pub(crate) fn is_pinging(&self) -> bool {
        self.open.iter().any(|ask| ask.is_heartbeat)
    }

    /// Says what has become of a request that was taken out.
    pub(crate) fn settle(&mut self, ask: OpenAsk, result: Result<Answer, AskError>) {
        if !ask.is_heartbeat {
            self.replies.push_back((ask.id, result));
        }
    }

    /// Returns the next request that is over.
    pub(crate) fn poll_reply(&mut self) -> Option<(AskId, Result<Answer, AskError>)> {
        self.replies.pop_front()
    }
}

impl OpenAsk {
    fn new(id: AskId, ask: &Ask, due: Option<Instant>) -> Self {
        let client_id = if let Ask::OrderSend(order) = ask {
            order.client_id
        } else if let Ask::OrderStatus { client_id } = ask {
            Some(*client_id)
        } else {
            None
        };
        Self { id, kind: ask.kind(), client_id, due, is_heartbeat: false }
    }

    /// Returns what becomes of this request if what came back says nothing: an order is unknown,
    /// for it may have been executed; anything else has failed.
    pub(crate) fn without_answer(&self, error: AskError) -> Result<Answer, AskError> {
        match self.client_id {
            Some(client_id) if self.kind == AskKind::OrderSend => {
                Ok(Answer::OrderResult(Box::new(unknown(client_id, &error))))
            }
            _ => Err(error),
        }
    }

    /// Returns what becomes of this request if the EA answered with an error.
    pub(crate) fn refused(&self, fault: Fault) -> Result<Answer, AskError> {
        let is_before_sending = matches!(
            fault.code,
            ErrorCode::Expired
                | ErrorCode::IdConflict
                | ErrorCode::InvalidParams
                | ErrorCode::Stopping
                | ErrorCode::UnknownMethod
                | ErrorCode::UnknownSymbol
                | ErrorCode::Unsupported
        );
        let error = AskError::Refused(fault);
        if is_before_sending { Err(error) } else { self.without_answer(error) }
    }

    /// Returns an answer that could be read, or why it is none to this request.
    pub(crate) fn checked(&self, answer: Answer) -> Result<Answer, AskError> {
        let (Some(asked), Answer::OrderResult(result)) = (self.client_id, &answer) else {
            return Ok(answer);
        };
        let wrong = if result.client_id != asked {
            format!("result.client_id: found `{}`, expected `{asked}`", result.client_id)
        } else if result.outcome == Outcome::Absent && self.kind == AskKind::OrderSend {
            "result.outcome: found `absent`, expected `done`, `rejected` or `unknown`".to_owned()
        } else {
            return Ok(answer);
        };
        Err(AskError::local(ErrorCode::BadAnswer, wrong))
    }
}

/// The result of an order of which nothing can be told.
fn unknown(client_id: ClientId, error: &AskError) -> OrderResult {
    OrderResult {
        outcome: Outcome::Unknown,
        retcode: 0,
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
        // Whoever tells of it says what to do; this is why.
        message: match error {
            AskError::Local(local) => local.text().to_owned(),
            AskError::Refused(_) => error.to_string(),
        },
        code: Some(error.code()),
    }
}
