//! An order at the market's price.

use tickpipe_proto::message::{Filling, OrderAction, OrderRequest, OrderType};
use tickpipe_proto::types::{ClientId, Lots, MagicNumber, Price, Symbol};

use super::Marks;

/// An order that is executed at once, at the market's price.
///
/// # Examples
///
/// ```
/// use tickpipe::session::{Lots, MarketOrder, Price, Symbol};
///
/// let symbol = Symbol::new("EURUSD")?;
/// let order = MarketOrder::buy(&symbol, "0.10".parse()?)
///     .stop_loss("1.09500".parse()?)
///     .take_profit("1.11000".parse()?)
///     .deviation_points(10)
///     .magic(7)
///     .comment("cross");
/// # let _: MarketOrder = order;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an order does nothing until it is sent"]
pub struct MarketOrder {
    symbol: Symbol,
    r#type: OrderType,
    volume: Lots,
    stop_loss: Option<Price>,
    take_profit: Option<Price>,
    deviation_points: Option<u64>,
    filling: Option<Filling>,
    marks: Marks,
}

impl MarketOrder {
    /// Buys at the ask.
    pub fn buy(symbol: &Symbol, volume: Lots) -> Self {
        Self::of(OrderType::Buy, symbol, volume)
    }

    /// Sells at the bid.
    pub fn sell(symbol: &Symbol, volume: Lots) -> Self {
        Self::of(OrderType::Sell, symbol, volume)
    }

    fn of(r#type: OrderType, symbol: &Symbol, volume: Lots) -> Self {
        Self {
            symbol: symbol.clone(),
            r#type,
            volume,
            stop_loss: None,
            take_profit: None,
            deviation_points: None,
            filling: None,
            marks: Marks::default(),
        }
    }

    /// Sets the price at which the position is closed at a loss.
    pub fn stop_loss(mut self, price: Price) -> Self {
        self.stop_loss = Some(price);
        self
    }

    /// Sets the price at which the position is closed with a profit.
    pub fn take_profit(mut self, price: Price) -> Self {
        self.take_profit = Some(price);
        self
    }

    /// Sets the largest accepted change of the price, in points.
    pub fn deviation_points(mut self, points: u64) -> Self {
        self.deviation_points = Some(points);
        self
    }

    /// Sets what becomes of a volume that cannot be filled at once; else it is what the symbol
    /// allows.
    pub fn filling(mut self, filling: Filling) -> Self {
        self.filling = Some(filling);
        self
    }

    /// Marks the order and its position with a number.
    pub fn magic(mut self, magic: impl Into<MagicNumber>) -> Self {
        self.marks.magic = Some(magic.into());
        self
    }

    /// Marks the order with a text of at most 64 bytes; brokers keep 31 characters and may change
    /// them.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.marks.comment = Some(comment.into());
        self
    }

    /// Names the order, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl From<MarketOrder> for OrderRequest {
    fn from(order: MarketOrder) -> Self {
        order.marks.request(OrderAction::Market {
            symbol: order.symbol,
            r#type: order.r#type,
            volume: order.volume,
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
            deviation_points: order.deviation_points,
            filling: order.filling,
        })
    }
}
