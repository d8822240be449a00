//! Trading: orders out, outcomes back.

use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask, AskKind, OrderCheck, OrderRequest};
use tickpipe_proto::types::{ClientId, Lots, PositionTicket, Symbol};

use super::client_id;
use super::ea::Ea;
use super::execution::{Execution, Settlement};
use super::order::{self, CloseBy, ClosePosition, DeleteOrder, MarketOrder};
use crate::error::{Error, ErrorKind};

/// The pause after the first question of [`Ea::settle`]; each further one is twice as long.
const SETTLE_PAUSE_MIN: Duration = Duration::from_millis(50);
const SETTLE_PAUSE_MAX: Duration = Duration::from_secs(1);

impl Ea {
    /// Buys at the market's price.
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn buy(&self, symbol: &Symbol, volume: Lots) -> Result<Execution, Error> {
        self.order_send(MarketOrder::buy(symbol, volume))
    }

    /// Sells at the market's price.
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn sell(&self, symbol: &Symbol, volume: Lots) -> Result<Execution, Error> {
        self.order_send(MarketOrder::sell(symbol, volume))
    }

    /// Sends an order, once, and returns what became of it.
    ///
    /// An order without a `client_id` gets one. It expires when the time for its answer is over, so
    /// that an EA which comes to it later does not begin it any more; not in the tester, whose
    /// clock is another.
    ///
    /// # Errors
    ///
    /// An error says for certain that nothing reached the trade server: the order is broken
    /// (`invalid_params`), the session is over (`disconnected`), or the EA refused it before it
    /// sent it (`unsupported`, `unknown_symbol`, `expired`, `id_conflict`, `stopping`). Whatever
    /// leaves a doubt is [`Execution::Unknown`].
    pub fn order_send(&self, order: impl Into<OrderRequest>) -> Result<Execution, Error> {
        let mut request = order.into();
        order::check(&request)?;
        if !self.is_open() {
            return Err(Error::new(
                ErrorKind::Ask(ErrorCode::Disconnected),
                "the session is over, the order was not sent",
            ));
        }
        let client_id = self.name(&mut request);
        Execution::of(client_id, self.ask(&Ask::OrderSend(Box::new(request))))
    }

    /// Asks whether an order would pass; nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; and `invalid_params` for an order that is broken.
    pub fn order_check(&self, order: impl Into<OrderRequest>) -> Result<OrderCheck, Error> {
        let request = order.into();
        order::check(&request)?;
        let Answer::OrderCheck(check) = self.ask(&Ask::OrderCheck(Box::new(request)))? else {
            return Err(super::ea::other_kind("order_check"));
        };
        Ok(*check)
    }

    /// Changes a position or a pending order: a [`ModifyPosition`](super::ModifyPosition) or a
    /// [`ModifyOrder`](super::ModifyOrder).
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn modify(&self, change: impl Into<OrderRequest>) -> Result<Execution, Error> {
        self.order_send(change)
    }

    /// Closes a position, or a part of it: a ticket, a [`Position`](super::Position), or a
    /// [`ClosePosition`].
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn close(&self, position: impl Into<ClosePosition>) -> Result<Execution, Error> {
        self.order_send(position.into())
    }

    /// Closes a position by an opposite one.
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn close_by(
        &self,
        ticket: PositionTicket,
        by_ticket: PositionTicket,
    ) -> Result<Execution, Error> {
        self.order_send(CloseBy::new(ticket, by_ticket))
    }

    /// Deletes a pending order: a ticket, an [`Order`](super::Order), or a [`DeleteOrder`].
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn delete(&self, order: impl Into<DeleteOrder>) -> Result<Execution, Error> {
        self.order_send(order.into())
    }

    /// Asks once what became of an order.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says; they concern the question, not the order.
    pub fn order_status(&self, client_id: ClientId) -> Result<Settlement, Error> {
        Settlement::of(client_id, self.ask(&Ask::OrderStatus { client_id })?)
    }

    /// Asks what became of an order until somebody knows, or `within` is over; the order itself is
    /// not sent again. It asks once at least.
    ///
    /// The pauses between the questions count as the strategy's own time: inside
    /// [`on_tick`](super::Strategy::on_tick) the EA waits for them.
    ///
    /// # Errors
    ///
    /// As [`Ea`] says, once the last question has failed; they concern the question, not the order,
    /// which is as unknown as before: note its `client_id` before it is sent, trade nothing, and ask
    /// again later, in the next session of the EA too. With `unsupported` the EA can never tell.
    /// Then what is left is to look for the `client_id`, `magic` or comment of the order among
    /// [`positions`](Self::positions), [`orders`](Self::orders) and
    /// [`history_deals`](Self::history_deals); what is not there may still come, until the order has
    /// expired and the terminal has heard of its last trade.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use tickpipe::session::{ClientId, Context, StrategyError};
    ///
    /// /// Whether a strategy may trade again; `unsettled` was noted before the order was sent.
    /// fn is_settled(
    ///     context: &Context<'_>,
    ///     unsettled: &mut Option<ClientId>,
    /// ) -> Result<bool, StrategyError> {
    ///     let Some(client_id) = *unsettled else { return Ok(true) };
    ///     // An error leaves it unsettled, as `Unknown` does.
    ///     let settled = context.settle(client_id, Duration::from_secs(1))?;
    ///     if !settled.is_unknown() {
    ///         *unsettled = None;
    ///     }
    ///     Ok(!settled.is_unknown())
    /// }
    /// ```
    pub fn settle(&self, client_id: ClientId, within: Duration) -> Result<Settlement, Error> {
        let began = Instant::now();
        let mut pause = SETTLE_PAUSE_MIN;
        let mut left = within;
        loop {
            let answer =
                self.within(self.deadline(AskKind::OrderStatus).min(left)).order_status(client_id);
            let is_open = match &answer {
                Ok(settlement) => settlement.is_unknown(),
                Err(error) => self.is_open() && may_be_answered_later(error),
            };
            left = within.saturating_sub(began.elapsed());
            if !is_open || left <= pause {
                return answer;
            }
            if !self.requests().pause(pause) {
                return answer;
            }
            left = left.saturating_sub(pause);
            pause = (pause * 2).min(SETTLE_PAUSE_MAX);
        }
    }

    /// Makes a name for an order, to be noted before the order is sent.
    #[must_use]
    pub fn new_client_id(&self) -> ClientId {
        client_id::make()
    }

    /// Gives an order its name, if it has none, and has it expire when its answer is late.
    pub(super) fn name(&self, request: &mut OrderRequest) -> ClientId {
        let ours = self.expires_at_ms();
        request.expires_at_ms = match request.expires_at_ms {
            Some(theirs) => ours.map(|ours| ours.min(theirs)),
            None => ours,
        };
        *request.client_id.get_or_insert_with(client_id::make)
    }

    fn expires_at_ms(&self) -> Option<i64> {
        if self.hello().is_tester {
            return None;
        }
        let left = u64::try_from(self.deadline(AskKind::OrderSend).as_millis()).unwrap_or(u64::MAX);
        i64::try_from(client_id::now_ms().saturating_add(left)).ok()
    }
}

/// A question may be asked again whatever became of the first, unlike an order.
fn may_be_answered_later(error: &Error) -> bool {
    error.is_retryable() || error.kind() == ErrorKind::Ask(ErrorCode::RequestTimeout)
}
