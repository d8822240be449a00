//! Orders as the EA sees them: what it looks at, in which sequence, and what may go wrong.

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Answer, Fault, OrderAction, OrderRequest, OrderResult, Outcome, Terminal as TerminalKind,
    retcode::outcome_of,
};
use tickpipe_proto::types::ClientId;

use super::answer::unknown;
use super::{State, Terminal};
use crate::broker::NotSent;
use crate::fault::Fault as Trouble;

/// The trade server's codes that stand here.
const REQUOTE: u64 = 10004;
const TIMEOUT: u64 = 10012;

impl Terminal {
    /// Sends an order, as chapter 18 of the protocol has it: is it known, is its time over, is there
    /// such a symbol; then it is sent.
    pub(super) fn order_send(
        &mut self,
        request: &OrderRequest,
        utc_ms: Option<i64>,
    ) -> Result<Answer, Fault> {
        if let Some(known) = self.broker.order_known(request).map_err(not_sent)? {
            return Ok(result(known));
        }
        if let Some(id) = request.client_id.filter(|id| self.absent.contains(id)) {
            let text = format!("order {id} has been called absent; give each order its own name");
            return Err(Fault::new(ErrorCode::Expired, text));
        }
        if let (Some(end), Some(now)) = (request.expires_at_ms, utc_ms)
            && end <= now
        {
            let text = format!("the order's time was over {} ms ago", now - end);
            return Err(Fault::new(ErrorCode::Expired, text));
        }
        self.check_symbol(request)?;
        if self.has_market_ended {
            // Over a pipe it is not even read, so it counts for nothing.
            let refused = self.broker.order_send(self.now(), request).map_err(not_sent)?;
            return Ok(result(refused));
        }
        self.counts.orders += 1;
        let trouble = self.config.faults.at_order();
        let sent = self.send_with(request, trouble).map_err(not_sent)?;
        if let Some(recorder) = &mut self.recorder {
            recorder.handle_result(&sent);
        }
        Ok(result(sent))
    }

    fn send_with(
        &mut self,
        request: &OrderRequest,
        trouble: Option<Trouble>,
    ) -> Result<OrderResult, NotSent> {
        let id = request.client_id.ok_or(NotSent::NoClientId)?;
        let refused = match trouble {
            Some(Trouble::Requote) => Some(REQUOTE),
            Some(Trouble::Reject { retcode }) => Some(retcode),
            _ => None,
        };
        if let Some(retcode) = refused {
            let refused = self.broker.order_refuse(self.now(), request, retcode);
            self.collect();
            return refused;
        }
        let due_msc = self.broker.order_submit(self.now(), request)?;
        self.collect();
        self.pass_time(due_msc.saturating_sub(self.now()));
        let sent = self.result.take().unwrap_or_else(|| timed_out(id));
        match trouble {
            Some(Trouble::Delay { ms }) => self.pass_time(ms.into()),
            Some(Trouble::Die) => self.state = State::Dead,
            Some(Trouble::Unknown) => return Ok(timed_out(id)),
            _ => {}
        }
        Ok(sent)
    }

    pub(super) fn order_check(&mut self, request: &OrderRequest) -> Result<Answer, Fault> {
        self.check_symbol(request)?;
        let check = self.broker.order_check(self.now(), request);
        self.collect();
        Ok(Answer::OrderCheck(Box::new(check)))
    }

    /// Says what became of an order: by the table of names, or that it is absent.
    pub(super) fn order_status(&mut self, client_id: ClientId) -> Answer {
        // What is in the books is never forgotten.
        let known = self.broker.order_status(&client_id).cloned();
        result(known.unwrap_or_else(|| {
            self.absent.insert(client_id);
            let mut absent = OrderResult::new(Outcome::Absent, 0, client_id);
            "no such order has reached the trade server, and none will"
                .clone_into(&mut absent.message);
            absent
        }))
    }

    fn check_symbol(&self, request: &OrderRequest) -> Result<(), Fault> {
        let (OrderAction::Market { symbol, .. } | OrderAction::Pending { symbol, .. }) =
            &request.action
        else {
            return Ok(());
        };
        if self.broker.has_symbol(symbol) { Ok(()) } else { Err(unknown(symbol)) }
    }

    /// The time that was reached, in milliseconds of the trade server's clock.
    pub(super) fn now(&self) -> i64 {
        self.broker.now_msc().unwrap_or(0)
    }
}

fn result(result: OrderResult) -> Answer {
    Answer::OrderResult(Box::new(result))
}

fn timed_out(client_id: ClientId) -> OrderResult {
    let (outcome, _, text) = outcome_of(TerminalKind::Sim, TIMEOUT);
    let mut result = OrderResult::new(outcome, TIMEOUT, client_id);
    text.clone_into(&mut result.message);
    result
}

fn not_sent(error: NotSent) -> Fault {
    Fault::new(error.code(), error.to_string())
}
