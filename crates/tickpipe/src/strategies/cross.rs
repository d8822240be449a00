//! The cross of two moving averages.

mod settings;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::fmt;

pub use self::settings::CrossSettings;
use crate::error::Error;
use crate::session::{
    Bar, BarEvent, ClientId, Context, Decimal, Execution, Filter, MarketOrder, OrderType,
    RatesSpan, Settlement, Strategy, StrategyError,
};

/// What its orders are marked with, beside their magic number.
const COMMENT: &str = "cross";

/// Trades the cross of two moving averages of closes, one position at a time, on its EA's chart.
///
/// When the fast average crosses the slow one with a bar that has closed, the position is closed and the
/// opposite one opened, with a stop loss. All arithmetic is in whole points, so that the same bars give
/// the same trades everywhere. While nobody knows what became of an order, nothing is traded.
///
/// # Examples
///
/// ```no_run
/// use tickpipe::Server;
/// use tickpipe::strategies::{Cross, CrossSettings};
///
/// fn main() -> Result<(), tickpipe::Error> {
///     let settings = CrossSettings::default().with_averages(5, 20);
///     let cross = move || Cross::new(settings).map(|it| it.on_execution(|done| println!("{done}")));
///     cross()?;
///     Server::bind("TestPipe")?
///         .serve_strategy(move |_, _| cross().expect("invariant: the settings were tried"))?;
///     Ok(())
/// }
/// ```
pub struct Cross {
    settings: CrossSettings,
    /// The last closes in points, the newest first.
    closes: VecDeque<i64>,
    /// Which side of the slow average the fast one is on.
    side: Option<OrderType>,
    /// An order of which nobody knows yet what became of it.
    in_doubt: Option<ClientId>,
    observer: Option<Observer>,
}

/// Who hears what became of each order.
type Observer = Box<dyn FnMut(&Execution) + Send>;

impl Cross {
    /// Begins without a position; an older one with the same magic number is taken over.
    ///
    /// # Errors
    ///
    /// `invalid_config`, with the setting's name, if one is out of its range.
    pub fn new(settings: CrossSettings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self { settings, closes: VecDeque::new(), side: None, in_doubt: None, observer: None })
    }

    /// Has what became of each order told: to a closure, which must not wait for anything.
    #[must_use]
    pub fn on_execution(mut self, observer: impl FnMut(&Execution) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Takes a bar that has closed; returns whether the averages have crossed with it.
    fn add(&mut self, bar: &Bar, digits: u8) -> Result<bool, StrategyError> {
        let close = bar.close.rescale(digits).ok_or("a close has more digits than its symbol")?;
        let (fast_len, slow_len) = (self.settings.fast, self.settings.slow);
        self.closes.push_front(close.points());
        self.closes.truncate(usize::try_from(slow_len)?);
        if self.closes.len() < usize::try_from(slow_len)? {
            return Ok(false);
        }
        let sum = |len: u32| -> Result<i128, StrategyError> {
            Ok(self.closes.iter().take(usize::try_from(len)?).map(|close| i128::from(*close)).sum())
        };
        // The averages are sums by lengths; compared without a division.
        let fast = sum(fast_len)? * i128::from(slow_len);
        let slow = sum(slow_len)? * i128::from(fast_len);
        let side = match fast.cmp(&slow) {
            Ordering::Greater => Some(OrderType::Buy),
            Ordering::Less => Some(OrderType::Sell),
            Ordering::Equal => self.side,
        };
        let before = std::mem::replace(&mut self.side, side);
        Ok(before.is_some() && before != side)
    }

    /// Closes what is open, and opens a position on the side of the fast average.
    fn turn(&mut self, context: &Context<'_>) -> Result<(), StrategyError> {
        let (symbol, magic) = (context.symbol(), self.settings.magic);
        for position in context.positions(&Filter::all().symbol(symbol).magic(magic))? {
            if !self.is_done(&context.close(&position)?) {
                return Ok(());
            }
        }
        let order = if self.side == Some(OrderType::Buy) {
            MarketOrder::buy(symbol, self.settings.volume)
        } else {
            MarketOrder::sell(symbol, self.settings.volume)
        };
        let order = self.protect(order, context)?.magic(magic).comment(COMMENT);
        self.is_done(&context.order_send(order)?);
        Ok(())
    }

    /// Gives an order its stop loss, if there is to be one.
    fn protect(
        &self,
        order: MarketOrder,
        context: &Context<'_>,
    ) -> Result<MarketOrder, StrategyError> {
        if self.settings.stop_points == 0 {
            return Ok(order);
        }
        let distance =
            Decimal::new(self.settings.stop_points.into(), context.hello().chart.digits)?;
        let tick = context.symbol_tick(context.symbol())?;
        let stop = if self.side == Some(OrderType::Buy) {
            tick.bid.checked_add(-distance)
        } else {
            tick.ask.checked_add(distance)
        };
        Ok(order.stop_loss(stop.ok_or("there is no price for the stop")?))
    }

    fn is_done(&mut self, execution: &Execution) -> bool {
        if let Some(observer) = &mut self.observer {
            observer(execution);
        }
        if let Execution::Unknown(open) = execution {
            self.in_doubt = Some(open.client_id);
        }
        execution.is_done()
    }
}

impl Strategy for Cross {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        let (symbol, timeframe) = (context.symbol(), self.settings.timeframe);
        // Bar 0 is the running one.
        let span = RatesSpan::Position { start: 1, count: self.settings.slow.into() };
        for bar in context.rates(symbol, timeframe, span)? {
            self.add(&bar, context.hello().chart.digits)?;
        }
        context.subscribe_bars(symbol, timeframe)?;
        Ok(())
    }

    fn on_bar(&mut self, context: &mut Context<'_>, event: &BarEvent) -> Result<(), StrategyError> {
        let has_crossed = self.add(&event.bar, context.hello().chart.digits)?;
        if let Some(client_id) = self.in_doubt {
            // Nothing is traded before that is known; a cross meanwhile is let go.
            if let Settlement::Unknown(_) = context.order_status(client_id)? {
                return Ok(());
            }
            self.in_doubt = None;
        }
        if has_crossed { self.turn(context) } else { Ok(()) }
    }
}

impl fmt::Debug for Cross {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cross")
            .field("settings", &self.settings)
            .field("side", &self.side)
            .field("in_doubt", &self.in_doubt)
            .finish_non_exhaustive()
    }
}
