//! What becomes of orders, on the wire.

use super::{OrderCheck, OrderResult, OrderStatus, Outcome};
use crate::message::Terminal;
use crate::message::json::{Path, TEXT, Wrong};
use crate::message::json::{members, object, text};
use crate::message::put::Writer;
use crate::message::retcode::outcome_of;
use crate::message::words::words;

words! {
    Outcome { Absent = "absent", Done = "done", Rejected = "rejected", Unknown = "unknown", }
}

words! { OrderStatus { Filled = "filled", Partial = "partial", Placed = "placed", } }

members! {
    struct ResultMembers {
        outcome: "outcome",
        retcode: "retcode",
        client_id: "client_id",
        status: "status",
        order: "order",
        deal: "deal",
        position: "position",
        volume: "volume",
        price: "price",
        bid: "bid",
        ask: "ask",
        retryable: "retryable",
        message: "message",
    }
}

impl OrderResult {
    /// Reads a result; an outcome that its code does not bear out is unknown.
    pub(in crate::message) fn read(
        json: &str,
        at: &Path<'_>,
        terminal: Terminal,
        allowed: &[Outcome],
    ) -> Result<Self, Wrong> {
        let m: ResultMembers<'_> = object(json, at)?;
        let retcode = m.retcode.needed(at)?;
        let claimed = m.outcome.needed(at)?;
        let (known, is_known_retryable, meaning) = outcome_of(terminal, retcode);
        let outcome = borne_out(claimed, known, retcode, allowed);
        let retryable = m.retryable.optional(at)?.unwrap_or(is_known_retryable);
        let message = m.message.optional_as(at, TEXT, text)?;
        Ok(Self {
            outcome,
            retcode,
            client_id: m.client_id.needed(at)?,
            status: m.status.optional(at)?.filter(|_| outcome == Outcome::Done),
            order: m.order.optional(at)?,
            deal: m.deal.optional(at)?,
            position: m.position.optional(at)?,
            volume: m.volume.above_zero(at)?,
            price: m.price.above_zero(at)?,
            bid: m.bid.above_zero(at)?,
            ask: m.ask.above_zero(at)?,
            is_retryable: outcome == Outcome::Rejected && retryable,
            message: message.unwrap_or_else(|| meaning.to_owned()),
            code: None,
        })
    }

    /// Holds a result that was not read against its code, as [`read`](Self::read) does.
    pub(crate) fn hold_against_code(&mut self, terminal: Terminal, allowed: &[Outcome]) {
        let (known, ..) = outcome_of(terminal, self.retcode);
        self.outcome = borne_out(self.outcome, known, self.retcode, allowed);
        self.status = self.status.filter(|_| self.outcome == Outcome::Done);
        self.is_retryable &= self.outcome == Outcome::Rejected;
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("outcome", &self.outcome).member("retcode", &self.retcode);
        to.member("client_id", &self.client_id).optional("status", self.status.as_ref());
        to.optional("order", self.order.as_ref()).optional("deal", self.deal.as_ref());
        to.optional("position", self.position.as_ref()).optional("volume", self.volume.as_ref());
        to.optional("price", self.price.as_ref()).optional("bid", self.bid.as_ref());
        to.optional("ask", self.ask.as_ref());
        if self.outcome == Outcome::Rejected {
            to.member("retryable", &self.is_retryable);
        }
        to.member("message", &self.message);
    }
}

/// Returns the outcome that is claimed, if its code and what was asked bear it out.
fn borne_out(claimed: Outcome, known: Outcome, retcode: u64, allowed: &[Outcome]) -> Outcome {
    let is_borne_out = match claimed {
        // It has no code: nothing of the kind has reached a trade server.
        Outcome::Absent => retcode == 0,
        Outcome::Done | Outcome::Rejected | Outcome::Unknown => claimed == known,
    };
    if is_borne_out && allowed.contains(&claimed) { claimed } else { Outcome::Unknown }
}

members! {
    struct CheckMembers {
        retcode: "retcode",
        balance: "balance",
        equity: "equity",
        margin: "margin",
        margin_free: "margin_free",
        message: "message",
    }
}

impl OrderCheck {
    pub(in crate::message) fn read(json: &str, at: &Path<'_>) -> Result<Self, Wrong> {
        let m: CheckMembers<'_> = object(json, at)?;
        Ok(Self {
            retcode: m.retcode.needed(at)?,
            balance: m.balance.optional(at)?,
            equity: m.equity.optional(at)?,
            margin: m.margin.optional(at)?,
            margin_free: m.margin_free.optional(at)?,
            message: m.message.optional_as(at, TEXT, text)?.unwrap_or_default(),
        })
    }

    pub(in crate::message) fn write(&self, to: &mut Writer<'_>) {
        to.member("retcode", &self.retcode).optional("balance", self.balance.as_ref());
        to.optional("equity", self.equity.as_ref()).optional("margin", self.margin.as_ref());
        to.optional("margin_free", self.margin_free.as_ref()).member("message", &self.message);
    }
}
