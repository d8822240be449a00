//! Market orders, acknowledged at the last tick's price.

use std::collections::BTreeMap;

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Answer, Fault, OrderAction, OrderRequest, OrderResult, OrderStatus, OrderType, Outcome,
    Position, Tick,
};
use tickpipe_proto::types::{
    ClientId, DealTicket, MagicNumber, OrderTicket, PositionTicket, Symbol,
};

/// MT5's codes: done, no quotes to process, position closed already.
const DONE: u64 = 10009;
const NO_QUOTES: u64 = 10021;
const POSITION_CLOSED: u64 = 10036;

/// Positions of a page: what a line holds with some room left.
const PAGE_ROWS: usize = 100;

/// An order that the double was sent, and what it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fill {
    /// The order.
    pub request: OrderRequest,
    /// The answer.
    pub result: OrderResult,
}

/// Acknowledges market orders and the closing of what they opened; knows no account.
#[derive(Debug, Default)]
pub(super) struct Fills {
    pub(super) fills: Vec<Fill>,
    open: BTreeMap<PositionTicket, Position>,
}

impl Fills {
    /// Answers an order; one that came before gets its first answer again.
    pub(super) fn send(
        &mut self,
        request: &OrderRequest,
        ticks: &BTreeMap<Symbol, Tick>,
    ) -> Result<Answer, Fault> {
        let Some(client_id) = request.client_id else {
            return Err(Fault::new(ErrorCode::InvalidParams, "params.client_id: is missing"));
        };
        if let Some(fill) = self.find(client_id) {
            // When it expires is no part of an order: whoever sends it again has a later time.
            let mut same = request.clone();
            same.expires_at_ms = fill.request.expires_at_ms;
            if fill.request == same {
                return Ok(Answer::OrderResult(Box::new(fill.result.clone())));
            }
            return Err(Fault::new(ErrorCode::IdConflict, "another order has this `client_id`"));
        }
        let result = self.execute(client_id, request, ticks)?;
        self.fills.push(Fill { request: request.clone(), result: result.clone() });
        Ok(Answer::OrderResult(Box::new(result)))
    }

    /// Answers what became of an order.
    pub(super) fn status(&self, client_id: ClientId) -> Answer {
        let absent = || OrderResult::new(Outcome::Absent, 0, client_id);
        let result = self.find(client_id).map_or_else(absent, |fill| fill.result.clone());
        Answer::OrderResult(Box::new(result))
    }

    fn find(&self, client_id: ClientId) -> Option<&Fill> {
        self.fills.iter().find(|fill| fill.result.client_id == client_id)
    }

    fn execute(
        &mut self,
        client_id: ClientId,
        request: &OrderRequest,
        ticks: &BTreeMap<Symbol, Tick>,
    ) -> Result<OrderResult, Fault> {
        let rejected = |retcode, text: &str| {
            let mut result = OrderResult::new(Outcome::Rejected, retcode, client_id);
            text.clone_into(&mut result.message);
            result
        };
        let number = u64::try_from(self.fills.len()).unwrap_or(u64::MAX).saturating_add(1);
        let (symbol, r#type, volume, position) = match &request.action {
            OrderAction::Market { symbol, r#type, volume, .. } => {
                (symbol.clone(), *r#type, *volume, position_ticket(number))
            }
            OrderAction::Close { ticket, volume, .. } => {
                let Some(open) = self.open.get(ticket) else {
                    return Ok(rejected(POSITION_CLOSED, "position is closed"));
                };
                let volume = volume.unwrap_or(open.volume);
                (open.symbol.clone(), opposite(open.r#type), volume, *ticket)
            }
            OrderAction::CloseBy { .. }
            | OrderAction::Delete { .. }
            | OrderAction::Modify { .. }
            | OrderAction::Pending { .. }
            | _ => {
                let text = "the double fills market orders and closes what they opened, no others";
                return Err(Fault::new(ErrorCode::Unsupported, text));
            }
        };
        let Some(tick) = ticks.get(&symbol) else {
            return Ok(rejected(NO_QUOTES, "no quotes"));
        };
        let price = if r#type == OrderType::Buy { tick.ask } else { tick.bid };
        let mut result = OrderResult::new(Outcome::Done, DONE, client_id);
        result.status = Some(OrderStatus::Filled);
        result.order = OrderTicket::new(number).ok();
        result.deal = DealTicket::new(number).ok();
        result.position = Some(position);
        result.volume = Some(volume);
        result.price = Some(price);
        result.bid = Some(tick.bid);
        result.ask = Some(tick.ask);
        self.book(request, Position::new(position, symbol, r#type, volume, price));
        Ok(result)
    }

    /// Opens a position, or takes the deal off the one that it closes.
    fn book(&mut self, request: &OrderRequest, mut deal: Position) {
        if let OrderAction::Market { stop_loss, take_profit, .. } = &request.action {
            (deal.stop_loss, deal.take_profit) = (*stop_loss, *take_profit);
            (deal.magic, deal.comment) = (request.magic, request.comment.clone());
            deal.client_id = request.client_id;
            self.open.insert(deal.ticket, deal);
        } else if let Some(open) = self.open.get_mut(&deal.ticket) {
            match open.volume.checked_sub(deal.volume) {
                Some(left) => open.volume = left,
                None => drop(self.open.remove(&deal.ticket)),
            }
        }
    }

    /// Answers what is open.
    pub(super) fn positions(
        &self,
        symbol: Option<&Symbol>,
        magic: Option<MagicNumber>,
        after: Option<u64>,
    ) -> Answer {
        let is_asked = |position: &&Position| {
            symbol.is_none_or(|symbol| position.symbol == *symbol)
                && magic.is_none_or(|magic| position.magic == Some(magic))
                && after.is_none_or(|after| after < position.ticket.value())
        };
        let positions: Vec<Position> = self.open.values().filter(is_asked).cloned().collect();
        let more = PAGE_ROWS < positions.len();
        Answer::Positions { positions: positions.into_iter().take(PAGE_ROWS).collect(), more }
    }
}

fn opposite(r#type: OrderType) -> OrderType {
    if r#type == OrderType::Buy { OrderType::Sell } else { OrderType::Buy }
}

fn position_ticket(number: u64) -> PositionTicket {
    PositionTicket::new(number).expect("invariant: fills are counted from 1")
}
