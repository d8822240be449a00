//! The end of a test, and requests that are not carried out.

use tickpipe_proto::message::{OrderRequest, OrderResult, OrderState};

use super::Broker;
use super::client_ids::{Earlier, NotSent};
use super::position::Pending;
use super::refusal::Refusal;

/// What the orders say that close what is left.
const COMMENT: &str = "end of test";

impl Broker {
    /// Ends the trading: from now on every request is refused as in a closed market.
    pub fn close_market(&mut self) {
        self.is_market_closed = true;
    }

    /// Closes all positions at their symbols' last prices, without slippage and whatever the sessions
    /// are, and takes back all pending orders. What it does says `end of test`.
    ///
    /// A position whose symbol never had a tick cannot be; there is none.
    pub fn close_all(&mut self) {
        let tickets: Vec<u64> = self.positions.keys().copied().collect();
        for ticket in tickets {
            let closing = self
                .positions
                .get(&ticket)
                .and_then(|position| self.instruments.get(position.symbol)?.closing(position.side));
            if let Some(price) = closing {
                self.close_by_broker(ticket, price, COMMENT.to_owned());
            }
        }
        let orders: Vec<Pending> = std::mem::take(&mut self.orders).into_values().collect();
        for mut order in orders {
            order.marks.comment = Some(COMMENT.to_owned());
            self.archive(&order, OrderState::Canceled);
        }
        self.next_expiration_msc = i64::MAX;
        self.tell_account();
    }

    /// Returns what became of an earlier request with the same `client_id` and content, if there was
    /// one; `unknown` while it is under way.
    ///
    /// # Errors
    ///
    /// Returns [`NotSent`] for a request without `client_id`, or with that of another one.
    pub fn order_known(&self, request: &OrderRequest) -> Result<Option<OrderResult>, NotSent> {
        let (id, earlier) = self.client_ids.look_up(request)?;
        Ok(match earlier {
            Earlier::Answered(result) => Some(result),
            Earlier::None => None,
            Earlier::UnderWay => Some(self.under_way(id)),
        })
    }

    /// Refuses a request with a code, as if a check had failed, and keeps that as its answer.
    ///
    /// Time passes up to `now_msc`. A request that was sent before gets its first answer.
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn order_refuse(
        &mut self,
        now_msc: i64,
        request: &OrderRequest,
        retcode: u64,
    ) -> Result<OrderResult, NotSent> {
        self.pass_time(now_msc);
        self.tell_account();
        if let Some(result) = self.order_known(request)? {
            return Ok(result);
        }
        let id = request.client_id.ok_or(NotSent::NoClientId)?;
        self.client_ids.note(self.now_msc, id, request);
        let symbol = self.symbol_of(request);
        let quote = symbol.and_then(|symbol| self.instruments.get(symbol)?.quote);
        let refusal = Refusal::new(retcode, "the trade server was told to refuse this order");
        let result = self.refused(id, &refusal, symbol, quote);
        self.client_ids.answer(&result);
        Ok(result)
    }
}
