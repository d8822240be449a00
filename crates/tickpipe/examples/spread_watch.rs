//! Watches the spreads of several symbols, and shows them on the chart.
//!
//! `spread_watch [--pipe NAME] SYMBOL…`. Every second the chart says each symbol's spread in points,
//! now and at its widest. It trades nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use tickpipe::Server;
use tickpipe::session::{Context, Strategy, StrategyError, Symbol, SymbolInfo, Tick};

pub(crate) struct SpreadWatch {
    symbols: Vec<Symbol>,
    spreads: BTreeMap<Symbol, Spread>,
}

struct Spread {
    info: SymbolInfo,
    now: Option<i64>,
    widest: i64,
}

impl SpreadWatch {
    pub(crate) fn new(symbols: Vec<Symbol>) -> Self {
        Self { symbols, spreads: BTreeMap::new() }
    }

    fn table(&self) -> Result<String, StrategyError> {
        let mut table = String::new();
        for (symbol, spread) in &self.spreads {
            match spread.now {
                Some(now) => writeln!(table, "{symbol}: {now} points, widest {}", spread.widest)?,
                None => writeln!(table, "{symbol}: no tick yet")?,
            }
        }
        Ok(table)
    }
}

impl Strategy for SpreadWatch {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        for symbol in &self.symbols {
            let info = context.symbol_info(symbol)?;
            self.spreads.insert(symbol.clone(), Spread { info, now: None, widest: 0 });
            // Ticks of the chart's own symbol come anyway.
            if symbol != context.symbol() {
                context.subscribe_ticks(symbol)?;
            }
        }
        context.set_timer(Duration::from_secs(1));
        Ok(())
    }

    fn on_tick(&mut self, _: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        if let Some(spread) = self.spreads.get_mut(&tick.symbol) {
            spread.now = spread.info.points_above(tick.ask, tick.bid);
            spread.widest = spread.widest.max(spread.now.unwrap_or(0));
        }
        Ok(())
    }

    fn on_timer(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        context.comment(&self.table()?)?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut pipe = "TestPipe".to_owned();
    if args.first().is_some_and(|arg| arg == "--pipe") && 2 <= args.len() {
        pipe = args.drain(..2).next_back().unwrap_or_default();
    }
    let symbols: Vec<Symbol> = args.iter().map(|arg| arg.parse()).collect::<Result<_, _>>()?;
    if symbols.is_empty() {
        return Err("usage: spread_watch [--pipe NAME] SYMBOL...".into());
    }
    let server = Server::bind(&pipe)?;
    server.stop_on_signals()?;
    server.serve_strategy(move |_, _| SpreadWatch::new(symbols.clone()))?;
    Ok(())
}
