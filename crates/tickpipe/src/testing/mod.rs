//! An EA without a terminal, to test strategies and programs with.
//!
//! A [`Script`] says what the EA is and what it answers; [`Script::run`] opens a session with a
//! strategy in memory, [`Script::connect`] one with a server over its pipe. The [`EaDouble`] then
//! sends ticks and serves what it is asked while it waits for their answers, as an EA does. It
//! behaves badly if it is told to: a [`Response`] may come late, never, or under another's id.
//!
//! It is no terminal: it knows no account and no margin, and no stop loss is ever hit.
//!
//! # Examples
//!
//! ```
//! use tickpipe::session::{Context, Execution, Strategy, StrategyError, Symbol, Tick};
//! use tickpipe::testing::Script;
//!
//! /// Buys at the first tick.
//! #[derive(Default)]
//! struct Once(bool);
//!
//! impl Strategy for Once {
//!     fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
//!         if !std::mem::replace(&mut self.0, true) {
//!             let Execution::Done(_) = context.buy(&tick.symbol, "0.10".parse()?)? else {
//!                 return Err("not bought".into());
//!             };
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let script = Script::new(&Symbol::new("EURUSD")?, 5).fill_market_orders();
//! let mut ea = script.run(Once::default())?;
//! ea.prices("1.10000", "1.10012")?;
//! ea.prices("1.10001", "1.10013")?;
//! assert_eq!(ea.fills().len(), 1);
//! assert_eq!(ea.fills()[0].result.price, Some("1.10012".parse()?));
//! ea.leave()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod double;
mod fills;
mod history;
mod host;
mod orders;
mod rules;
mod script;
mod symbols;
#[cfg(test)]
mod tests;
mod wire;

pub use tickpipe_proto::message::{
    Answer, Ask, AskKind, Bye, Fault, OrderAction, OrderRequest, OrderResult, Outcome,
};

pub use self::double::EaDouble;
pub use self::fills::Fill;
pub use self::script::{Response, Script};

/// Returns what a double says of itself.
#[cfg(test)]
pub(crate) fn hello_of_test() -> crate::session::Hello {
    let symbol = crate::session::Symbol::new("EURUSD").expect("invariant: a symbol");
    Script::new(&symbol, 5).hello
}
