//! What became of a position, or of a part of it.

use tickpipe_proto::message::{Deal, DealEntry, OrderType};
use tickpipe_proto::types::{Lots, MagicNumber, Money, PositionTicket, Price, Symbol};

/// The comment of what is closed because the ticks are over.
pub const END_OF_TEST: &str = "end of test";

/// A position that was closed, or the part of one that was.
///
/// Its commission is that of the deal that closed it and its share of what opening had cost; a share is
/// rounded, halves away from zero, and what is left goes to the parts that are closed later. So the sum
/// over all parts is what was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trade {
    /// The number that the position's deals have: the ticket of the order that opened it first.
    pub position: PositionTicket,
    /// What was traded.
    pub symbol: Symbol,
    /// `Buy` or `Sell`: what opened it.
    pub side: OrderType,
    /// What was closed.
    pub volume: Lots,
    /// Milliseconds since 1970 of the trade server's clock at which the position was opened.
    pub time_in_msc: i64,
    /// The average it was opened at; it may have more decimals than the symbol.
    pub price_in: Price,
    /// Milliseconds since 1970 of the trade server's clock at which it was closed.
    pub time_out_msc: i64,
    /// What it was closed at.
    pub price_out: Price,
    /// What the prices brought.
    pub profit: Money,
    /// What holding it brought or cost.
    pub swap: Money,
    /// What the broker took at both ends, below zero, or gave back.
    pub commission: Money,
    /// Profit, swap and commission.
    pub net: Money,
    /// Why it was closed.
    pub ending: Ending,
    /// The mark of the EA it is from.
    pub magic: Option<MagicNumber>,
    /// The comment of the deal that opened the position. Anything may stand in it.
    pub comment_in: Option<String>,
    /// The comment of the deal that closed it. Anything may stand in it.
    pub comment_out: Option<String>,
}

/// Why something was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Ending {
    /// By an opposite position.
    CloseBy,
    /// The ticks were over.
    EndOfTest,
    /// Its stop loss was reached.
    StopLoss,
    /// Equity was too small for its margin.
    StopOut,
    /// By an order.
    Strategy,
    /// Its take profit was reached.
    TakeProfit,
}

impl Ending {
    /// Returns the words for people and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CloseBy => "close by",
            Self::EndOfTest => "end of test",
            Self::StopLoss => "stop loss",
            Self::StopOut => "stop out",
            Self::Strategy => "strategy",
            Self::TakeProfit => "take profit",
        }
    }

    /// Reads from a deal why it closes.
    ///
    /// What a strategy sends has a `client_id`, and may say what it likes in its comment. An order of the
    /// broker's own has none, and its comment begins with the reason.
    pub(super) fn of(deal: &Deal) -> Self {
        if deal.entry == Some(DealEntry::OutBy) {
            return Self::CloseBy;
        }
        let comment = deal.comment.as_deref().filter(|_| deal.client_id.is_none());
        let comment = comment.unwrap_or("");
        match comment.split(' ').next() {
            _ if comment == END_OF_TEST => Self::EndOfTest,
            Some("sl") => Self::StopLoss,
            Some("so") => Self::StopOut,
            Some("tp") => Self::TakeProfit,
            _ => Self::Strategy,
        }
    }
}
