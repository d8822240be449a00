//! The orders that the double was sent, by their names: chapter 18 of the protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Answer, Fault, OrderAction, OrderRequest, OrderResult, Outcome, Terminal,
};
use tickpipe_proto::types::{ClientId, Symbol};

use super::fills::{Fill, Fills};
use super::rules::Code;
use super::script::Response;
use super::symbols::Symbols;

/// The table of an EA, and what its orders came to.
#[derive(Debug)]
pub(super) struct Orders {
    terminal: Terminal,
    noted: BTreeMap<ClientId, Noted>,
    /// What was called absent, which never comes.
    absent: BTreeSet<ClientId>,
    pub(super) fills: Fills,
}

/// An order that was begun, and its first answer.
#[derive(Debug)]
struct Noted {
    request: OrderRequest,
    first: Result<OrderResult, Fault>,
}

impl Orders {
    pub(super) fn of(terminal: Terminal) -> Self {
        let (noted, absent, fills) = (BTreeMap::new(), BTreeSet::new(), Fills::of(terminal));
        Self { terminal, noted, absent, fills }
    }

    /// Answers an order in the protocol's sequence: does the table know it, has its time passed, is
    /// there such a symbol; then it is noted and carried out.
    pub(super) fn send(
        &mut self,
        request: &OrderRequest,
        symbols: &Symbols,
    ) -> Result<Answer, Fault> {
        let Some(client_id) = request.client_id else {
            return Err(Fault::new(ErrorCode::InvalidParams, "params.client_id: is missing"));
        };
        if let Some(noted) = self.noted.get(&client_id) {
            return noted.again(request);
        }
        if self.absent.contains(&client_id) {
            let text = format!("order {client_id} was called absent, so it never comes");
            return Err(Fault::new(ErrorCode::Expired, text));
        }
        if request.expires_at_ms.is_some_and(|time| time <= now_ms()) {
            let text = format!("order {client_id} came too late, it was not sent");
            return Err(Fault::new(ErrorCode::Expired, text));
        }
        if let Some(symbol) = symbol_of(&request.action)
            && symbols.info(symbol).is_none()
        {
            return Err(unknown_symbol(symbol));
        }
        let result = self.fills.execute(client_id, request, symbols)?;
        self.fills.fills.push(Fill { request: request.clone(), result: result.clone() });
        self.noted.insert(client_id, Noted { request: request.clone(), first: Ok(result.clone()) });
        Ok(Answer::OrderResult(Box::new(result)))
    }

    /// Notes what a script did with an order, so that its status is what the script said.
    pub(super) fn scripted(&mut self, request: &OrderRequest, response: &Response) {
        let Some(client_id) = request.client_id else { return };
        let first = match response {
            Response::Answer(Answer::OrderResult(result))
            | Response::Late(Answer::OrderResult(result))
            | Response::OtherId(Answer::OrderResult(result))
                if result.client_id == client_id && result.outcome != Outcome::Absent =>
            {
                Ok((**result).clone())
            }
            Response::Answer(_) | Response::Late(_) | Response::Line(_) | Response::OtherId(_) => {
                Ok(self.in_doubt(client_id))
            }
            Response::Fault(fault) if !is_before_sending(fault.code) => Err(fault.clone()),
            // Nothing was begun; what is usual is noted where it is done.
            Response::Fault(_)
            | Response::HangUp
            | Response::Silence
            | Response::Usual
            | Response::UsualButLost => return,
        };
        self.noted.entry(client_id).or_insert_with(|| Noted { request: request.clone(), first });
    }

    /// Answers what became of an order.
    pub(super) fn status(&mut self, client_id: ClientId) -> Answer {
        let result = match self.noted.get(&client_id).map(|noted| &noted.first) {
            Some(Ok(result)) => result.clone(),
            Some(Err(_)) => self.in_doubt(client_id),
            None => {
                self.absent.insert(client_id);
                OrderResult::new(Outcome::Absent, 0, client_id)
            }
        };
        Answer::OrderResult(Box::new(result))
    }

    fn in_doubt(&self, client_id: ClientId) -> OrderResult {
        Code::Timeout.result(self.terminal, client_id)
    }
}

impl Noted {
    /// Gives the first answer again, to the same order.
    fn again(&self, request: &OrderRequest) -> Result<Answer, Fault> {
        // When it expires is no part of an order: whoever sends it again has a later time.
        let mut same = request.clone();
        same.expires_at_ms = self.request.expires_at_ms;
        if self.request != same {
            return Err(Fault::new(ErrorCode::IdConflict, "another order has this `client_id`"));
        }
        self.first.clone().map(|result| Answer::OrderResult(Box::new(result)))
    }
}

pub(super) fn unknown_symbol(symbol: &Symbol) -> Fault {
    Fault::new(ErrorCode::UnknownSymbol, format!("the double knows no symbol `{symbol}`"))
}

fn symbol_of(action: &OrderAction) -> Option<&Symbol> {
    match action {
        OrderAction::Market { symbol, .. } | OrderAction::Pending { symbol, .. } => Some(symbol),
        OrderAction::Close { .. }
        | OrderAction::CloseBy { .. }
        | OrderAction::Delete { .. }
        | OrderAction::Modify { .. }
        | _ => None,
    }
}

/// Whether an EA says so only before it sends anything.
const fn is_before_sending(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Expired
            | ErrorCode::IdConflict
            | ErrorCode::InvalidParams
            | ErrorCode::Stopping
            | ErrorCode::UnknownMethod
            | ErrorCode::UnknownSymbol
            | ErrorCode::Unsupported
    )
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
