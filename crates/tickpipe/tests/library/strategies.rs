//! Whole strategies, with a double of an EA that has real ticks.

#[path = "../../examples/spread_watch.rs"]
#[expect(dead_code, reason = "an example is a program of its own")]
mod spread_watch;

use std::path::Path;

#[cfg(unix)]
use tickpipe::Exec;
use tickpipe::session::{
    AskKind, Bar, BarEvent, Hello, Lots, OrderType, Price, Symbol, SymbolInfo, Tick, Timeframe,
};
use tickpipe::strategies::{Cross, CrossSettings};
use tickpipe::testing::{Answer, Ask, EaDouble, OrderAction, Response, Script};
use tickpipe::{Error, Peer, ServerConfig};
use tickpipe_ticks::TickReader;

use self::spread_watch::SpreadWatch;
use crate::support::{LIMIT, start_server};

/// An hour of EURUSD, 2019-02-04 22:00 UTC.
const TICKS: &str = "../tickpipe-ticks/fixtures/dukascopy/EURUSD/2019/01/04/22h_ticks.bi5";

/// Bars that have closed before the strategy comes.
const HISTORY: usize = 20;

/// What the cross trades in that hour. A change of the strategy, of the bars or of the order in which
/// an EA serves what it is asked shows here; the same strategy elsewhere has to give the same.
const TRADES: &[&str] = &[
    "buy 0.10 at 1.14366, stop 1.14157: 1",
    "close 1 at 1.14353",
    "sell 0.10 at 1.14353, stop 1.14563: 3",
    "close 3 at 1.14387",
    "buy 0.10 at 1.14387, stop 1.14170: 5",
    "close 5 at 1.14354",
    "sell 0.10 at 1.14354, stop 1.14566: 7",
    "close 7 at 1.14373",
    "buy 0.10 at 1.14373, stop 1.14163: 9",
    "close 9 at 1.14359",
    "sell 0.10 at 1.14359, stop 1.14571: 11",
    "close 11 at 1.14367",
    "buy 0.10 at 1.14367, stop 1.14153: 13",
];

fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

fn ticks() -> Vec<Tick> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TICKS);
    let mut ticks = Vec::new();
    for tick in TickReader::open(&path).unwrap() {
        let tick = tick.unwrap();
        let (bid, ask) = (tick.bid.unwrap(), tick.ask.unwrap());
        ticks.push(Tick::new(symbol("EURUSD"), tick.time.as_millis(), bid, ask));
    }
    ticks
}

/// Returns the minute of a tick, in seconds.
fn minute(tick: &Tick) -> i64 {
    tick.time_msc / 60_000 * 60
}

/// Returns the bar of a minute's ticks, of their bids as a terminal draws it.
fn bar(ticks: &[Tick]) -> Bar {
    let bids = || ticks.iter().map(|tick| tick.bid);
    let (high, low) = (bids().max().unwrap(), bids().min().unwrap());
    let (open, close) = (ticks[0].bid, ticks[ticks.len() - 1].bid);
    let mut bar = Bar::new(minute(&ticks[0]), open, high, low, close);
    bar.tick_volume = ticks.len().try_into().unwrap();
    bar
}

/// Plays the hour as an EA does: a bar is told of when the next one's first tick comes.
fn play(open: impl FnOnce(Script) -> Result<EaDouble, Error>) -> Vec<String> {
    let ticks = ticks();
    let minutes: Vec<&[Tick]> = ticks.chunk_by(|one, next| minute(one) == minute(next)).collect();
    let bars: Vec<Bar> = minutes.iter().map(|ticks| bar(ticks)).collect();
    let script = Script::new(&symbol("EURUSD"), 5)
        .bars(Timeframe::M1, bars[..=HISTORY].to_vec())
        .fill_market_orders()
        .limit(LIMIT);
    let mut ea = open(script).unwrap();
    for (number, ticks) in minutes.iter().enumerate().skip(HISTORY) {
        if HISTORY < number {
            let closed = bars[number - 1];
            ea.bar(&BarEvent::new(symbol("EURUSD"), Timeframe::M1, closed)).unwrap();
        }
        for tick in *ticks {
            ea.tick(tick.clone()).unwrap();
        }
    }
    let trades = trades(&ea);
    ea.leave().unwrap();
    assert_eq!(ea.failures(), Vec::<String>::new());
    trades
}

fn trades(ea: &EaDouble) -> Vec<String> {
    // Whatever digits a program writes: 0.1 is 0.10.
    let lots: Lots = "0.10".parse().unwrap();
    let price = |price: Price| price.rescale(5).unwrap().to_string();
    let stop = |stop: Option<Price>| stop.map_or("none".to_owned(), price);
    let line = |fill: &tickpipe::testing::Fill| {
        let position = fill.result.position.unwrap();
        let price = price(fill.result.price.unwrap());
        let OrderAction::Market { r#type, volume, stop_loss, .. } = &fill.request.action else {
            return format!("close {position} at {price}");
        };
        let side = if *r#type == OrderType::Buy { "buy" } else { "sell" };
        let volume = if *volume == lots { lots } else { *volume };
        format!("{side} {volume} at {price}, stop {}: {position}", stop(*stop_loss))
    };
    ea.fills().iter().map(line).collect()
}

#[test]
fn the_cross_trades_the_same_in_memory_and_over_a_pipe() {
    let make = || Cross::new(CrossSettings::default()).unwrap();
    assert_eq!(play(|script| script.run(make())), TRADES);

    let server =
        start_server(ServerConfig::default().with_handler_deadline(LIMIT), move |server| {
            server.serve_strategy(move |_: &Hello, _: &Peer| make())
        });
    assert_eq!(play(|script| script.connect(&server.name)), TRADES);
    let summary = server.stop();
    assert_eq!((summary.sessions, summary.ticks_dropped), (1, 0));
}

/// A program in another language is given the same messages, and has to make the same of them.
#[cfg(unix)]
#[test]
fn the_cross_trades_the_same_in_other_languages() {
    for (language, name) in [("python3", "cross.py"), ("node", "cross.mjs")] {
        let path = format!("{}/../../examples/handlers/{name}", env!("CARGO_MANIFEST_DIR"));
        let exec = Exec::new(language, [path]);
        let server = start_server(ServerConfig::default().with_handler_deadline(LIMIT), {
            let exec = exec.clone();
            move |server| server.serve_exec(&exec)
        });
        assert_eq!(play(|script| script.connect(&server.name)), TRADES, "{name}");
        let summary = server.stop();
        assert_eq!((summary.sessions, summary.ticks_dropped), (1, 0));
        let programs = exec.summary();
        assert_eq!((programs.started, programs.ended, programs.unasked_lines), (1, 0, 0), "{name}");
    }
}

#[test]
fn the_watcher_shows_the_spreads_of_all_its_symbols() {
    let script =
        Script::new(&symbol("EURUSD"), 5).limit(LIMIT).answer(AskKind::SymbolInfo, |ask| {
            let Ask::SymbolInfo { symbol } = ask else { panic!("{ask:?}") };
            let digits = if symbol == "USDJPY" { 3 } else { 5 };
            let lots = |text: &str| text.parse().unwrap();
            let point = Price::new(1, digits).unwrap();
            let (min, max) = (lots("0.01"), lots("100"));
            let info = SymbolInfo::new(symbol.clone(), digits, point, min, max, min);
            Response::Answer(Answer::SymbolInfo(Box::new(info)))
        });
    let symbols = ["EURUSD", "GBPUSD", "USDJPY"].map(symbol).to_vec();
    let mut ea = script.run(SpreadWatch::new(symbols)).unwrap();
    ea.prices("1.10000", "1.10012").unwrap();
    let price = |text: &str| text.parse().unwrap();
    for ask in ["110.030", "110.017"] {
        let tick = Tick::new(symbol("USDJPY"), 1_700_000_002_000, price("110.000"), price(ask));
        ea.stream_tick(tick).unwrap();
    }
    ea.prices("1.10000", "1.10010").unwrap();
    let shown = |ea: &EaDouble| {
        let comment =
            |ask: &Ask| if let Ask::Comment { text } = ask { Some(text.clone()) } else { None };
        ea.asked().iter().find_map(comment)
    };
    ea.serve_until(|ea| shown(ea).is_some()).unwrap();
    assert_eq!(
        shown(&ea).unwrap(),
        "EURUSD: 10 points, widest 12\nGBPUSD: no tick yet\nUSDJPY: 17 points, widest 30\n"
    );
    let subscribed = ea.asked().iter().filter(|ask| ask.kind() == AskKind::Subscribe);
    assert_eq!(subscribed.count(), 2);
    ea.leave().unwrap();
}
