//! Market orders, acknowledged at the last tick's price.

use std::collections::BTreeMap;

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{
    Answer, Fault, OrderAction, OrderRequest, OrderResult, OrderStatus, OrderType, Position,
    SymbolInfo, Terminal, Tick,
};
use tickpipe_proto::types::{
    ClientId, DealTicket, Lots, MagicNumber, OrderTicket, PositionTicket, Symbol,
};

use super::rules::{self, Code, Refusal};
use super::symbols::Symbols;

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
#[derive(Debug)]
pub(super) struct Fills {
    terminal: Terminal,
    pub(super) fills: Vec<Fill>,
    open: BTreeMap<PositionTicket, Position>,
}

/// A deal that an order asks for.
struct Deal<'o> {
    symbol: &'o Symbol,
    side: OrderType,
    volume: Lots,
    /// The position that it opens, or takes from.
    position: PositionTicket,
}

impl Fills {
    pub(super) fn of(terminal: Terminal) -> Self {
        Self { terminal, fills: Vec::new(), open: BTreeMap::new() }
    }

    /// Carries an order out, or refuses it as a trade server does.
    pub(super) fn execute(
        &mut self,
        client_id: ClientId,
        request: &OrderRequest,
        symbols: &Symbols,
    ) -> Result<OrderResult, Fault> {
        let number = u64::try_from(self.fills.len()).unwrap_or(u64::MAX).saturating_add(1);
        let planned = match &request.action {
            OrderAction::Market { .. } => open(&request.action, symbols, number),
            OrderAction::Close { .. } => self.close(&request.action, symbols),
            OrderAction::CloseBy { .. }
            | OrderAction::Delete { .. }
            | OrderAction::Modify { .. }
            | OrderAction::Pending { .. }
            | _ => {
                let text = "the double fills market orders and closes what they opened, no others";
                return Err(Fault::new(ErrorCode::Unsupported, text));
            }
        };
        let (deal, tick) = match planned {
            Ok(planned) => planned,
            Err(refusal) => return Ok(refusal.result(self.terminal, client_id)),
        };
        let price = if deal.side == OrderType::Buy { tick.ask } else { tick.bid };
        let mut result = Code::Done.result(self.terminal, client_id);
        result.message = String::new();
        result.status = Some(OrderStatus::Filled);
        result.order = OrderTicket::new(number).ok();
        result.deal = DealTicket::new(number).ok();
        result.position = Some(deal.position);
        result.volume = Some(deal.volume);
        result.price = Some(price);
        result.bid = Some(tick.bid);
        result.ask = Some(tick.ask);
        let Deal { symbol, side, volume, position } = deal;
        let position = Position::new(position, symbol.clone(), side, volume, price);
        self.book(request, position);
        Ok(result)
    }

    fn close<'o>(
        &self,
        action: &OrderAction,
        symbols: &'o Symbols,
    ) -> Result<(Deal<'o>, &'o Tick), Refusal> {
        let OrderAction::Close { ticket, volume, filling, .. } = action else {
            return Err(Refusal::new(Code::PositionClosed, "found no position"));
        };
        let Some(open) = self.open.get(ticket) else {
            let detail = format!("found no open position {ticket}");
            return Err(Refusal::new(Code::PositionClosed, detail));
        };
        let (info, tick) = quoted(&open.symbol, symbols)?;
        let volume = volume.unwrap_or(open.volume);
        rules::check_part(info, open.volume, volume)?;
        rules::check_filling(info, *filling)?;
        let side = opposite(open.r#type);
        Ok((Deal { symbol: &info.symbol, side, volume, position: *ticket }, tick))
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

fn open<'o>(
    action: &OrderAction,
    symbols: &'o Symbols,
    number: u64,
) -> Result<(Deal<'o>, &'o Tick), Refusal> {
    let OrderAction::Market { symbol, r#type, volume, stop_loss, take_profit, filling, .. } =
        action
    else {
        return Err(Refusal::new(Code::NoQuotes, "found no order at the market's price"));
    };
    let (info, tick) = quoted(symbol, symbols)?;
    rules::check_volume(info, *volume)?;
    rules::check_side(info, *r#type)?;
    rules::check_filling(info, *filling)?;
    rules::check_levels(info, tick, *r#type, (*stop_loss, *take_profit))?;
    let (side, volume, position) = (*r#type, *volume, position_ticket(number));
    Ok((Deal { symbol: &info.symbol, side, volume, position }, tick))
}

fn quoted<'o>(
    symbol: &Symbol,
    symbols: &'o Symbols,
) -> Result<(&'o SymbolInfo, &'o Tick), Refusal> {
    symbols
        .info(symbol)
        .zip(symbols.tick(symbol))
        .ok_or_else(|| Refusal::new(Code::NoQuotes, format!("no tick of {symbol} came yet")))
}

fn opposite(r#type: OrderType) -> OrderType {
    if r#type == OrderType::Buy { OrderType::Sell } else { OrderType::Buy }
}

fn position_ticket(number: u64) -> PositionTicket {
    PositionTicket::new(number).expect("invariant: fills are counted from 1")
}
