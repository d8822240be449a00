//! Trades a crossing of two averages on recorded ticks, in one process: `cross FILE [SYMBOL [DIR]]`.
//!
//! Prints what was traded and how long it took; with a directory it writes a report there. The ticks go
//! through bars of every timeframe and through the broker; on each closed M1 bar the averages of the last 5
//! and 20 closes decide. `cross FILE --read` only reads the ticks, for comparison.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to people")]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use tickpipe_proto::message::{OrderAction, OrderRequest, OrderType};
use tickpipe_proto::types::{Price, Symbol, Timeframe};
use tickpipe_sim::account::AccountSpec;
use tickpipe_sim::broker::{Broker, BrokerConfig, Commission, SymbolSpec};
use tickpipe_sim::market::{Feed, Series, Source};
use tickpipe_sim::report::Recorder;
use tickpipe_ticks::TickReader;

const FAST: usize = 5;
const SLOW: usize = 20;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        [file, "--read"] => read(file),
        [file] => trade(file, "EURUSD", None),
        [file, symbol] => trade(file, symbol, None),
        [file, symbol, directory] => trade(file, symbol, Some(directory)),
        _ => Err("usage: cross FILE [SYMBOL [DIR]]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(file: &str) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let mut count = 0_u64;
    for tick in TickReader::open(file)? {
        tick?;
        count += 1;
    }
    println!("{count} ticks read in {:.1?}", begun.elapsed());
    Ok(())
}

fn trade(file: &str, symbol: &str, directory: Option<&str>) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let symbol = Symbol::new(symbol)?;
    let mut spec = SymbolSpec::forex(symbol.clone(), 5, "EUR", "USD");
    spec.commission = Commission::PerLot("3.50".parse()?);
    let account = AccountSpec::new("USD", 100, "10000".parse()?);
    let mut broker = Broker::new(BrokerConfig::new(account).with_symbol(spec))?;
    let mut recorder = Recorder::new(&broker);
    let mut series: Vec<Series> =
        Timeframe::ALL.iter().map(|timeframe| Series::new(*timeframe, 5, 1000)).collect();
    let mut ticks = 0_u64;
    for tick in Feed::new(vec![Source::new(symbol.clone(), TickReader::open(file)?)])? {
        let tick = tick?;
        broker.handle_tick(&tick)?;
        recorder.handle_tick(&broker, &tick);
        let mut is_due = false;
        for bars in &mut series {
            let closed = bars.handle_tick(tick.time_msc, tick.bid, tick.ask);
            is_due |= closed.is_some() && bars.timeframe() == Timeframe::M1;
        }
        if let Some(bars) = series.first().filter(|_| is_due) {
            decide(&mut broker, tick.time_msc, &symbol, bars)?;
        }
        while let Some(event) = broker.poll_event() {
            recorder.handle_event(&broker, &event);
        }
        ticks += 1;
    }
    let bars: usize = series.iter().map(|bars| bars.closed().len()).sum();
    let (deals, state) = (broker.history_deals().len() - 1, broker.account_state());
    println!("{ticks} ticks, {bars} bars kept, {deals} deals in {:.1?}", begun.elapsed());
    println!("balance {}, equity {}", state.balance, state.equity);
    let report = recorder.finish(&broker);
    println!("\n{}", report.table(100));
    if let Some(directory) = directory {
        let report = report.with_setting("file", file).with_setting("averages", "5 and 20 of M1");
        report.write_to(Path::new(directory))?;
    }
    Ok(())
}

/// Is long above the slow average, and short below it.
fn decide(
    broker: &mut Broker,
    now_msc: i64,
    symbol: &Symbol,
    bars: &Series,
) -> Result<(), Box<dyn Error>> {
    let sum = |count: usize| {
        let closes = bars.closed().rev().take(count).map(|bar| bar.close);
        closes.map(Price::points).sum::<i64>()
    };
    if bars.closed().len() < SLOW {
        return Ok(());
    }
    let is_above = sum(SLOW) * FAST as i64 <= sum(FAST) * SLOW as i64;
    let side = if is_above { OrderType::Buy } else { OrderType::Sell };
    let held = broker.positions().next();
    if held.as_ref().is_some_and(|position| position.r#type == side) {
        return Ok(());
    }
    let number = broker.history_orders().len();
    let mut send = |action, word: &str| {
        let mut request = OrderRequest::new(action);
        request.client_id = Some(format!("{word}{number}").parse()?);
        broker.order_send(now_msc, &request).map_err(Box::<dyn Error>::from)
    };
    if let Some(position) = held {
        let ticket = position.ticket;
        let action =
            OrderAction::Close { ticket, volume: None, deviation_points: None, filling: None };
        send(action, "close")?;
    }
    let action = OrderAction::Market {
        symbol: symbol.clone(),
        r#type: side,
        volume: "0.10".parse()?,
        stop_loss: None,
        take_profit: None,
        deviation_points: None,
        filling: None,
    };
    send(action, "open")?;
    Ok(())
}
