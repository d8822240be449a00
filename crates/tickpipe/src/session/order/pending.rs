//! An order that waits for its price.

use tickpipe_proto::message::{Filling, OrderAction, OrderRequest, OrderType};
use tickpipe_proto::types::{ClientId, Lots, MagicNumber, Price, Symbol};

use super::Marks;

/// An order that waits at the trade server for its price.
///
/// # Examples
///
/// ```
/// use tickpipe::session::{PendingOrder, Symbol};
///
/// let symbol = Symbol::new("EURUSD")?;
/// let order = PendingOrder::buy_limit(&symbol, "0.10".parse()?, "1.09000".parse()?)
///     .stop_loss("1.08500".parse()?)
///     .expiration(1_700_003_600);
/// # let _: PendingOrder = order;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an order does nothing until it is sent"]
pub struct PendingOrder {
    symbol: Symbol,
    r#type: OrderType,
    volume: Lots,
    price: Price,
    stop_limit: Option<Price>,
    stop_loss: Option<Price>,
    take_profit: Option<Price>,
    expiration: Option<i64>,
    filling: Option<Filling>,
    marks: Marks,
}

impl PendingOrder {
    /// Buys once the ask has fallen to `price`.
    pub fn buy_limit(symbol: &Symbol, volume: Lots, price: Price) -> Self {
        Self::of(OrderType::BuyLimit, symbol, volume, price, None)
    }

    /// Sells once the bid has risen to `price`.
    pub fn sell_limit(symbol: &Symbol, volume: Lots, price: Price) -> Self {
        Self::of(OrderType::SellLimit, symbol, volume, price, None)
    }

    /// Buys once the ask has risen to `price`.
    pub fn buy_stop(symbol: &Symbol, volume: Lots, price: Price) -> Self {
        Self::of(OrderType::BuyStop, symbol, volume, price, None)
    }

    /// Sells once the bid has fallen to `price`.
    pub fn sell_stop(symbol: &Symbol, volume: Lots, price: Price) -> Self {
        Self::of(OrderType::SellStop, symbol, volume, price, None)
    }

    /// Places a buy limit at `stop_limit` once the ask has risen to `price`; MT5 alone has it.
    pub fn buy_stop_limit(symbol: &Symbol, volume: Lots, price: Price, stop_limit: Price) -> Self {
        Self::of(OrderType::BuyStopLimit, symbol, volume, price, Some(stop_limit))
    }

    /// Places a sell limit at `stop_limit` once the bid has fallen to `price`; MT5 alone has it.
    pub fn sell_stop_limit(symbol: &Symbol, volume: Lots, price: Price, stop_limit: Price) -> Self {
        Self::of(OrderType::SellStopLimit, symbol, volume, price, Some(stop_limit))
    }

    fn of(
        r#type: OrderType,
        symbol: &Symbol,
        volume: Lots,
        price: Price,
        stop_limit: Option<Price>,
    ) -> Self {
        Self {
            symbol: symbol.clone(),
            r#type,
            volume,
            price,
            stop_limit,
            stop_loss: None,
            take_profit: None,
            expiration: None,
            filling: None,
            marks: Marks::default(),
        }
    }

    /// Sets the price at which the position will be closed at a loss.
    pub fn stop_loss(mut self, price: Price) -> Self {
        self.stop_loss = Some(price);
        self
    }

    /// Sets the price at which the position will be closed with a profit.
    pub fn take_profit(mut self, price: Price) -> Self {
        self.take_profit = Some(price);
        self
    }

    /// Sets when the order is deleted, in seconds of the trade server's clock; else it stays until
    /// somebody deletes it.
    pub fn expiration(mut self, time: i64) -> Self {
        self.expiration = Some(time);
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

impl From<PendingOrder> for OrderRequest {
    fn from(order: PendingOrder) -> Self {
        order.marks.request(OrderAction::Pending {
            symbol: order.symbol,
            r#type: order.r#type,
            volume: order.volume,
            price: order.price,
            stop_limit: order.stop_limit,
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
            expiration: order.expiration,
            filling: order.filling,
        })
    }
}
