//! Times a strategy without a pipe: `cargo run --release -p tickpipe --example local_bench`.
//!
//! Prints ticks a second of a strategy that does nothing, and of one that asks its EA once for each
//! tick, over an EA that does nothing but count. The best of many short runs: others use the machine too.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::time::{Duration, Instant};

use tickpipe::session::local::{Answer, Ask, LocalEa, LocalEvent, run};
use tickpipe::session::{
    Account, AccountTradeMode, AskError, AskKind, Chart, ChartId, Context, Filter, Hello,
    MarginMode, Price, Strategy, StrategyError, Symbol, Terminal, Tick, Timeframe,
};

const TICKS: u64 = 200_000;
const RUNS: usize = 50;
const BEGIN_MSC: i64 = 1_700_000_000_000;

/// An EA that has so many ticks left.
struct Counting {
    hello: Hello,
    symbol: Symbol,
    prices: (Price, Price),
    now_msc: i64,
    left: u64,
}

impl LocalEa for Counting {
    fn hello(&mut self) -> Hello {
        self.hello.clone()
    }

    fn next(&mut self) -> LocalEvent {
        if self.left == 0 {
            return LocalEvent::Over;
        }
        self.left -= 1;
        self.now_msc += 100;
        let (bid, ask) = self.prices;
        LocalEvent::Tick(Tick::new(self.symbol.clone(), self.now_msc, bid, ask))
    }

    fn answer(&mut self, ask: &Ask) -> Result<Answer, AskError> {
        if let Ask::Positions { .. } = ask {
            return Ok(Answer::Positions { positions: Vec::new(), more: false });
        }
        Ok(Answer::Empty)
    }

    fn now_msc(&self) -> i64 {
        self.now_msc
    }
}

/// Does nothing, or asks for its positions.
struct Bench {
    asks: bool,
}

impl Strategy for Bench {
    fn on_tick(&mut self, context: &mut Context<'_>, _tick: &Tick) -> Result<(), StrategyError> {
        if self.asks {
            context.positions(&Filter::all().symbol(context.symbol()))?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (name, asks, ticks) in
        [("an empty strategy", false, TICKS), ("a question for each tick", true, TICKS / 10)]
    {
        let mut best = Duration::MAX;
        for _ in 0..RUNS {
            best = best.min(time(asks, ticks)?);
        }
        let a_second = f64::from(u32::try_from(ticks)?) / best.as_secs_f64() / 1e6;
        println!("{name}: {a_second:.2} million ticks a second");
    }
    Ok(())
}

fn time(asks: bool, ticks: u64) -> Result<Duration, Box<dyn std::error::Error>> {
    let symbol = Symbol::new("EURUSD")?;
    let (trade_mode, margin_mode) = (AccountTradeMode::Demo, MarginMode::Hedging);
    let account = Account::new("1", "bench", "USD", trade_mode, margin_mode);
    let point = "0.00001".parse()?;
    let chart = Chart::new(ChartId::new(1), symbol.clone(), Timeframe::M1, 5, point);
    let mut hello = Hello::new(Terminal::Sim, "bench", account, chart);
    hello.capabilities = vec![AskKind::Positions];
    let prices = ("1.10000".parse()?, "1.10012".parse()?);
    let ea = Counting { hello, symbol, prices, now_msc: BEGIN_MSC, left: ticks };
    let began = Instant::now();
    let after = run(ea, |_| Bench { asks });
    let elapsed = began.elapsed();
    if after.failed > 0 {
        return Err(format!("failed: {:?}", after.failures).into());
    }
    Ok(elapsed)
}
