//! Trades the cross of two moving averages of M1 closes, one position at a time.
//!
//! `cross [--pipe NAME]`. When the fast average crosses the slow one, the position is closed and the
//! opposite one opened, with a stop loss. All arithmetic is in whole points, so that the same bars
//! give the same trades everywhere.

#![expect(clippy::print_stdout, reason = "it tells what it does")]

use std::cmp::Ordering;
use std::collections::VecDeque;

use tickpipe::Server;
use tickpipe::session::{
    Bar, BarEvent, ClientId, Context, Decimal, Execution, Filter, Lots, MarketOrder, OrderType,
    RatesSpan, Settlement, Strategy, StrategyError, Timeframe,
};

const FAST: i64 = 3;
const SLOW: i64 = 8;
const STOP_POINTS: i64 = 200;
const MAGIC: i64 = 20_190_204;

pub(crate) struct Cross {
    volume: Lots,
    /// The last closes in points, the newest first.
    closes: VecDeque<i64>,
    /// Which side of the slow average the fast one is on.
    side: Option<OrderType>,
    /// An order of which nobody knows yet what became of it.
    in_doubt: Option<ClientId>,
}

impl Cross {
    pub(crate) fn new(volume: Lots) -> Self {
        Self { volume, closes: VecDeque::new(), side: None, in_doubt: None }
    }

    /// Takes a bar that has closed; returns whether the averages have crossed with it.
    fn add(&mut self, bar: &Bar, digits: u8) -> Result<bool, StrategyError> {
        let close = bar.close.rescale(digits).ok_or("a close has more digits than its symbol")?;
        self.closes.push_front(close.points());
        self.closes.truncate(usize::try_from(SLOW)?);
        if i64::try_from(self.closes.len())? < SLOW {
            return Ok(false);
        }
        let slow: i64 = self.closes.iter().sum();
        let fast: i64 = self.closes.iter().take(usize::try_from(FAST)?).sum();
        // fast / FAST against slow / SLOW, without a division.
        let side = match (fast * SLOW).cmp(&(slow * FAST)) {
            Ordering::Greater => Some(OrderType::Buy),
            Ordering::Less => Some(OrderType::Sell),
            Ordering::Equal => self.side,
        };
        let before = std::mem::replace(&mut self.side, side);
        Ok(before.is_some() && before != side)
    }

    /// Closes what is open, and opens a position on the side of the fast average.
    fn turn(&mut self, context: &Context<'_>) -> Result<(), StrategyError> {
        let symbol = context.symbol();
        for position in context.positions(&Filter::all().symbol(symbol).magic(MAGIC))? {
            if !self.is_done(context.close(&position)?) {
                return Ok(());
            }
        }
        let tick = context.symbol_tick(symbol)?;
        let distance = Decimal::new(STOP_POINTS, context.hello().chart.digits)?;
        let (order, stop) = if self.side == Some(OrderType::Buy) {
            (MarketOrder::buy(symbol, self.volume), tick.bid.checked_add(-distance))
        } else {
            (MarketOrder::sell(symbol, self.volume), tick.ask.checked_add(distance))
        };
        let order = order.stop_loss(stop.ok_or("there is no price for the stop")?);
        self.is_done(context.order_send(order.magic(MAGIC).comment("cross"))?);
        Ok(())
    }

    fn is_done(&mut self, execution: Execution) -> bool {
        println!("{execution}");
        if let Execution::Unknown(open) = &execution {
            self.in_doubt = Some(open.client_id);
        }
        execution.is_done()
    }
}

impl Strategy for Cross {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        let (symbol, digits) = (context.symbol(), context.hello().chart.digits);
        // Bar 0 is the running one.
        let span = RatesSpan::Position { start: 1, count: SLOW.try_into()? };
        for bar in context.rates(symbol, Timeframe::M1, span)? {
            self.add(&bar, digits)?;
        }
        context.subscribe_bars(symbol, Timeframe::M1)?;
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

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let pipe = match args.as_slice() {
        [] => "TestPipe",
        [flag, name] if flag == "--pipe" => name,
        _ => return Err("usage: cross [--pipe NAME]".into()),
    };
    let volume: Lots = "0.10".parse()?;
    let server = Server::bind(pipe)?;
    server.stop_on_signals()?;
    server.serve_strategy(move |_, _| Cross::new(volume))?;
    Ok(())
}
