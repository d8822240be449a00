//! A strategy that minds nothing: it asks again and again, subscribes at every tick, trades wherever it is
//! called, and goes on when its session is over.

use tickpipe::session::{
    BarEvent, ClosePosition, Context, Filter, MarketOrder, StopReason, Strategy, StrategyError,
    Tick, Timeframe, TradeEvent, TradeKind,
};

use crate::rig::{lots, usdjpy};

/// Questions at each tick.
const QUESTIONS: usize = 40;
/// Orders at every hundredth tick.
const ORDERS: usize = 60;

#[derive(Debug, Default)]
pub(crate) struct Misfit {
    ticks: u64,
}

impl Misfit {
    /// Whatever becomes of it, also where the session is over.
    fn buy(context: &Context<'_>) {
        drop(context.order_send(MarketOrder::buy(context.symbol(), lots("0.01"))));
    }
}

impl Strategy for Misfit {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        Self::buy(context);
        Ok(())
    }

    fn on_tick(&mut self, context: &mut Context<'_>, _: &Tick) -> Result<(), StrategyError> {
        self.ticks += 1;
        let own = context.symbol().clone();
        if self.ticks.is_multiple_of(2) {
            context.unsubscribe_ticks(&usdjpy())?;
            context.unsubscribe_bars(&own, Timeframe::M1)?;
        } else {
            context.subscribe_ticks(&usdjpy())?;
            context.subscribe_ticks(&usdjpy())?;
            context.subscribe_bars(&own, Timeframe::M1)?;
        }
        for _ in 0..QUESTIONS {
            // The other symbol may have had no tick yet.
            drop(context.symbol_tick(&usdjpy()));
        }
        if self.ticks % 100 == 9 {
            for _ in 0..ORDERS {
                Self::buy(context);
            }
        }
        Ok(())
    }

    fn on_bar(&mut self, context: &mut Context<'_>, _: &BarEvent) -> Result<(), StrategyError> {
        for position in context.positions(&Filter::all())? {
            drop(context.close(ClosePosition::new(position.ticket)));
        }
        Ok(())
    }

    fn on_trade(
        &mut self,
        context: &mut Context<'_>,
        it: &TradeEvent,
    ) -> Result<(), StrategyError> {
        // A trade at every trade would never end.
        if it.event == TradeKind::PositionClose {
            Self::buy(context);
        }
        Ok(())
    }

    fn on_stop(&mut self, context: &mut Context<'_>, _: &StopReason) {
        Self::buy(context);
        assert!(context.positions(&Filter::all()).is_err());
    }
}
