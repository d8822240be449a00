//! The seam between a session and the code that trades.

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{AccountState, BarEvent, Deinit, Hello, LogEntry, Tick, TradeEvent};
use tickpipe_proto::types::Symbol;

use super::context::Context;
use super::error::StrategyError;
use crate::handler::Peer;

/// Trades for one EA: hears its ticks and events, one at a time, and asks through the [`Context`].
///
/// Each session has a strategy of its own, on a thread of its own.
///
/// # Errors
///
/// An error of [`on_tick`](Self::on_tick) is answered `handler_failed`, that of another method is
/// logged. The session goes on.
///
/// # Panics
///
/// A panic is caught; its tick is answered `handler_panic`, and the session ends.
pub trait Strategy: Send {
    /// The session is open.
    ///
    /// # Errors
    ///
    /// An error is logged, and the session ends.
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        let _: &mut Context<'_> = context;
        Ok(())
    }

    /// A price has changed. In lockstep the EA waits for this to return.
    ///
    /// # Errors
    ///
    /// An error is answered `handler_failed`, with its text.
    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &Tick) = (context, tick);
        Ok(())
    }

    /// Ticks of a symbol are missing; the one after them comes next.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_gap(&mut self, context: &mut Context<'_>, gap: &TickGap) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &TickGap) = (context, gap);
        Ok(())
    }

    /// A bar has closed.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_bar(&mut self, context: &mut Context<'_>, bar: &BarEvent) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &BarEvent) = (context, bar);
        Ok(())
    }

    /// Something happened to an order, a position or a deal.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_trade(
        &mut self,
        context: &mut Context<'_>,
        trade: &TradeEvent,
    ) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &TradeEvent) = (context, trade);
        Ok(())
    }

    /// The account has changed.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_account(
        &mut self,
        context: &mut Context<'_>,
        account: &AccountState,
    ) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &AccountState) = (context, account);
        Ok(())
    }

    /// The EA says something.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_log(&mut self, context: &mut Context<'_>, entry: &LogEntry) -> Result<(), StrategyError> {
        let _: (&mut Context<'_>, &LogEntry) = (context, entry);
        Ok(())
    }

    /// The timer that was set has run.
    ///
    /// # Errors
    ///
    /// An error is logged.
    fn on_timer(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        let _: &mut Context<'_> = context;
        Ok(())
    }

    /// The session is over, or about to be: at [`StopReason::ServerStopping`] the EA can still be
    /// asked.
    fn on_stop(&mut self, context: &mut Context<'_>, reason: &StopReason) {
        let _: (&mut Context<'_>, &StopReason) = (context, reason);
    }
}

/// Ticks that did not come: the numbers of a symbol's ticks have a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TickGap {
    /// Whose ticks.
    pub symbol: Symbol,
    /// The number that was to come.
    pub expected: u64,
    /// The number that came.
    pub found: u64,
}

/// Why a strategy stops.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The EA said that it leaves, and why.
    Deinit(Deinit),
    /// The connection ended.
    Disconnected,
    /// The server ended the session, for this reason.
    Ended(ErrorCode),
    /// The server stops; the EA is still there.
    ServerStopping,
}

/// A strategy of any kind.
pub(crate) type BoxedStrategy = Box<dyn Strategy>;

/// Makes the strategy of each session.
pub(crate) type StrategyFactory = Box<dyn Fn(&Hello, &Peer) -> BoxedStrategy + Send + Sync>;
