//! What became of an order: the three outcomes, and how they are told apart.

#[cfg(test)]
mod tests;

use std::fmt;

use tickpipe_proto::message::{Answer, OrderResult, OrderStatus, Outcome};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::{ClientId, DealTicket, Lots, OrderTicket, PositionTicket, Price};
use tickpipe_proto::{ErrorCode, LineError, escaped};

use crate::error::Error;

/// Characters of an EA's text that a line shows.
const SHOWN_CHARS_MAX: usize = 200;

/// What became of an order that was sent.
///
/// There are three outcomes, and each wants something else of a strategy: `Done` is what it asked
/// for, `Rejected` may be sent again if it wants to, and `Unknown` must **not** be sent again before
/// [`settle`](super::Ea::settle) has told what became of it. The library itself sends nothing twice.
///
/// # Examples
///
/// The order's name is noted before the order leaves, so that it can be settled whatever happens.
///
/// ```
/// use tickpipe::session::{
///     ClientId, Context, Execution, Lots, MarketOrder, StrategyError, Symbol,
/// };
///
/// fn enter(
///     context: &Context<'_>,
///     (symbol, lots): (&Symbol, Lots),
///     unsettled: &mut Option<ClientId>,
/// ) -> Result<(), StrategyError> {
///     let client_id = context.new_client_id();
///     *unsettled = Some(client_id);
///     let order = MarketOrder::buy(symbol, lots).client_id(client_id);
///     match context.order_send(order) {
///         Ok(Execution::Unknown(open)) => println!("{open}: trade nothing until it is settled"),
///         sent => {
///             *unsettled = None;
///             match sent? {
///                 Execution::Rejected(no) if !no.is_retryable => return Err(no.to_string().into()),
///                 execution => println!("{execution}"),
///             }
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an order may be rejected, or nobody may know what became of it"]
#[expect(
    clippy::exhaustive_enums,
    reason = "there are three, and a strategy says what it does at each"
)]
pub enum Execution {
    /// The trade server has it.
    Done(Confirmation),
    /// The trade server has it not, and never will.
    Rejected(Rejection),
    /// Nobody can tell yet.
    Unknown(Unsettled),
}

/// What became of an order, as [`order_status`](super::Ea::order_status) and
/// [`settle`](super::Ea::settle) tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an order may be absent, or nobody may know what became of it"]
#[expect(clippy::exhaustive_enums, reason = "as of `Execution`")]
pub enum Settlement {
    /// No such order has reached the trade server, and none will under this name.
    Absent(ClientId),
    /// The trade server has it.
    Done(Confirmation),
    /// The trade server has it not, and never will.
    Rejected(Rejection),
    /// Nobody can tell yet.
    Unknown(Unsettled),
}

/// An order that the trade server has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Confirmation {
    /// The order's name.
    pub client_id: ClientId,
    /// How far it is; `None` if the EA does not say.
    pub status: Option<OrderStatus>,
    /// The order it became.
    pub order: Option<OrderTicket>,
    /// The deal it led to.
    pub deal: Option<DealTicket>,
    /// The position that it opened or changed.
    pub position: Option<PositionTicket>,
    /// What was filled, or placed.
    pub volume: Option<Lots>,
    /// At what price.
    pub price: Option<Price>,
    /// The bid at that moment.
    pub bid: Option<Price>,
    /// The ask at that moment.
    pub ask: Option<Price>,
    /// The trade server's code: MT5's retcode, MT4's error number.
    pub retcode: u64,
    /// For people.
    pub message: String,
}

/// An order that the trade server has not, and never will have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The order's name, which no other order may have.
    pub client_id: ClientId,
    /// The trade server's code: MT5's retcode, MT4's error number.
    pub retcode: u64,
    /// Whether the same may be sent again later, as a new order.
    pub is_retryable: bool,
    /// The bid at that moment.
    pub bid: Option<Price>,
    /// The ask at that moment.
    pub ask: Option<Price>,
    /// For people.
    pub message: String,
}

/// An order of which nobody knows yet what became of it. It is not to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsettled {
    /// The order's name, by which [`settle`](super::Ea::settle) asks.
    pub client_id: ClientId,
    /// The trade server's code, if there is one.
    pub retcode: Option<u64>,
    /// Why nobody knows: a word such as `request_timeout`, if it was not the trade server's code.
    pub code: Option<ErrorCode>,
    /// For people.
    pub message: String,
}

impl Execution {
    /// Returns the order's name.
    #[must_use]
    pub const fn client_id(&self) -> ClientId {
        match self {
            Self::Done(done) => done.client_id,
            Self::Rejected(rejected) => rejected.client_id,
            Self::Unknown(unsettled) => unsettled.client_id,
        }
    }

    /// Returns what the trade server has, if it has it.
    #[must_use]
    pub fn done(self) -> Option<Confirmation> {
        if let Self::Done(done) = self { Some(done) } else { None }
    }

    /// Returns whether the trade server has it.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// Returns whether the trade server has it not, and never will.
    #[must_use]
    pub const fn is_rejected(&self) -> bool {
        matches!(self, Self::Rejected(_))
    }

    /// Returns whether nobody can tell yet.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Returns it as the wire has it, for a program that is told.
    pub(crate) fn into_result(self) -> OrderResult {
        match self {
            Self::Done(done) => {
                let mut result = OrderResult::new(Outcome::Done, done.retcode, done.client_id);
                (result.status, result.order, result.deal) = (done.status, done.order, done.deal);
                (result.position, result.volume) = (done.position, done.volume);
                (result.price, result.bid, result.ask) = (done.price, done.bid, done.ask);
                result.message = done.message;
                result
            }
            Self::Rejected(no) => {
                let mut result = OrderResult::new(Outcome::Rejected, no.retcode, no.client_id);
                (result.bid, result.ask, result.is_retryable) = (no.bid, no.ask, no.is_retryable);
                result.message = no.message;
                result
            }
            Self::Unknown(open) => {
                let retcode = open.retcode.unwrap_or_default();
                let mut result = OrderResult::new(Outcome::Unknown, retcode, open.client_id);
                let code = open.code.map_or_else(String::new, |code| format!("{code}: "));
                result.message = format!(
                    "{code}{}; ask `order_status` what became of it, never send it again",
                    open.message
                );
                result
            }
        }
    }

    /// Takes the answer to an order of this name.
    ///
    /// # Errors
    ///
    /// What says for certain that nothing was sent. All that does not is [`Self::Unknown`].
    pub(crate) fn of(client_id: ClientId, answer: Result<Answer, AskError>) -> Result<Self, Error> {
        match answer {
            Ok(Answer::OrderResult(result)) if result.client_id == client_id => {
                Ok(Self::of_result(*result))
            }
            Ok(Answer::OrderResult(result)) => Ok(Self::Unknown(Unsettled::because(
                client_id,
                ErrorCode::BadAnswer,
                format!("found the answer to order {}", result.client_id),
            ))),
            Ok(_) => Ok(Self::Unknown(Unsettled::because(
                client_id,
                ErrorCode::BadAnswer,
                "found the answer to another method".to_owned(),
            ))),
            Err(error) if is_nothing_sent(&error) => Err(error.into()),
            Err(error) => Ok(Self::Unknown(Unsettled::of_error(client_id, &error))),
        }
    }

    fn of_result(result: OrderResult) -> Self {
        match result.outcome {
            Outcome::Done => Self::Done(result.into()),
            Outcome::Rejected => Self::Rejected(result.into()),
            // An order that was just sent cannot be absent for good: the EA contradicts itself.
            Outcome::Absent | Outcome::Unknown | _ => Self::Unknown(result.into()),
        }
    }
}

impl Settlement {
    /// Returns whether nobody can tell yet.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Returns whether the trade server has it.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// Takes the answer to the question what became of an order.
    pub(crate) fn of(client_id: ClientId, answer: Answer) -> Result<Self, Error> {
        let Answer::OrderResult(result) = answer else {
            return Err(bad_answer("found the answer to another method".to_owned()));
        };
        if result.client_id != client_id {
            return Err(bad_answer(format!(
                "found the status of order {}, asked was {client_id}",
                result.client_id
            )));
        }
        Ok(match result.outcome {
            Outcome::Absent => Self::Absent(client_id),
            Outcome::Done => Self::Done((*result).into()),
            Outcome::Rejected => Self::Rejected((*result).into()),
            Outcome::Unknown | _ => Self::Unknown((*result).into()),
        })
    }
}

impl Unsettled {
    fn because(client_id: ClientId, code: ErrorCode, message: String) -> Self {
        Self { client_id, retcode: None, code: Some(code), message }
    }

    fn of_error(client_id: ClientId, error: &AskError) -> Self {
        match error {
            AskError::Refused(fault) => {
                Self::because(client_id, fault.code, escaped(&fault.message, 4096).to_string())
            }
            AskError::Local(local) => {
                Self::because(client_id, local.code(), local.text().to_owned())
            }
            _ => Self::because(client_id, ErrorCode::BadAnswer, error.to_string()),
        }
    }
}

impl From<OrderResult> for Confirmation {
    fn from(result: OrderResult) -> Self {
        Self {
            client_id: result.client_id,
            status: result.status,
            order: result.order,
            deal: result.deal,
            position: result.position,
            volume: result.volume,
            price: result.price,
            bid: result.bid,
            ask: result.ask,
            retcode: result.retcode,
            message: result.message,
        }
    }
}

impl From<OrderResult> for Rejection {
    fn from(result: OrderResult) -> Self {
        Self {
            client_id: result.client_id,
            retcode: result.retcode,
            is_retryable: result.is_retryable,
            bid: result.bid,
            ask: result.ask,
            message: result.message,
        }
    }
}

impl From<OrderResult> for Unsettled {
    fn from(result: OrderResult) -> Self {
        Self {
            client_id: result.client_id,
            retcode: result.code.is_none().then_some(result.retcode),
            code: result.code,
            message: result.message,
        }
    }
}

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(done) => done.fmt(f),
            Self::Rejected(rejected) => rejected.fmt(f),
            Self::Unknown(unsettled) => unsettled.fmt(f),
        }
    }
}

impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(client_id) => write!(f, "absent, and will not come ({client_id})"),
            Self::Done(done) => done.fmt(f),
            Self::Rejected(rejected) => rejected.fmt(f),
            Self::Unknown(unsettled) => unsettled.fmt(f),
        }
    }
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.map_or("done", |status| status.as_str()))?;
        if let Some(volume) = self.volume {
            write!(f, " {volume} lots")?;
        }
        if let Some(price) = self.price {
            write!(f, " at {price}")?;
        }
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        } else if let Some(order) = self.order {
            write!(f, ", order {order}")?;
        }
        write!(f, " ({})", self.client_id)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let may = if self.is_retryable { ", may be sent again" } else { "" };
        let text = escaped(&self.message, SHOWN_CHARS_MAX);
        write!(f, "rejected: {text} (retcode {}{may}, {})", self.retcode, self.client_id)
    }
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = escaped(&self.message, SHOWN_CHARS_MAX);
        write!(f, "unknown, not to be sent again: {text} ({})", self.client_id)
    }
}

/// Returns whether an error says for certain that no order has left: chapter 18 lists the EA's,
/// and ours are those of a request that was not written.
fn is_nothing_sent(error: &AskError) -> bool {
    match error {
        AskError::Refused(fault) => matches!(
            fault.code,
            ErrorCode::Expired
                | ErrorCode::IdConflict
                | ErrorCode::InvalidParams
                | ErrorCode::Stopping
                | ErrorCode::UnknownMethod
                | ErrorCode::UnknownSymbol
                | ErrorCode::Unsupported
        ),
        AskError::Local(local) => matches!(
            local.code(),
            ErrorCode::HelloRequired
                | ErrorCode::InvalidParams
                | ErrorCode::TooLong
                | ErrorCode::TooManyRequests
                | ErrorCode::Unsupported
        ),
        _ => false,
    }
}

fn bad_answer(text: String) -> Error {
    AskError::Local(LineError::new(ErrorCode::BadAnswer, text)).into()
}
