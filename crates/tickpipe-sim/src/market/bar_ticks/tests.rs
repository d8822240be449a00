use std::path::PathBuf;

use tickpipe_proto::message::Tick;
use tickpipe_ticks::{BarOptions, TickReader};

use super::*;
use crate::market::{Feed, FeedError, Series};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tickpipe-ticks/fixtures").join(name)
}

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

/// Ticks of a table without a header.
fn play(text: &'static str, timeframe: Timeframe, spread: BarSpread) -> Vec<String> {
    let options = BarOptions::default().with_timeframe(timeframe);
    let reader = BarReader::new_with(text.as_bytes(), "bars.csv", options).unwrap();
    let feed = Feed::new(vec![BarTicks::new(reader, 5, spread).into_source(symbol())]).unwrap();
    let shown = |tick: Tick| format!("{} {} {}", tick.time_msc, tick.bid, tick.ask);
    feed.map(|tick| tick.map_or_else(|error| error.to_string(), shown)).collect()
}

#[test]
fn bars_of_these_ticks_are_those_of_the_file() {
    for (name, count) in [
        ("EURUSD1.csv", 300),
        ("EURUSD_M1_202208151006_202208151505.csv", 300),
        ("DAT_MT_EURUSD_M1_202208.csv", 300),
        ("DAT_NT_EURUSD_M1_202208.csv", 300),
        ("v400.hst", 200),
        ("v401.hst", 200),
    ] {
        let open = || BarReader::open(fixture("bars").join(name)).unwrap();
        let (digits, timeframe) = (open().digits(), open().timeframe());
        let expected: Vec<Bar> = open().map(Result::unwrap).collect();
        let ticks = BarTicks::new(open(), digits, BarSpread::OfBarOr(7));
        let mut series = Series::new(timeframe, digits, 1000);
        let mut ticks_count = 0;
        for tick in Feed::new(vec![ticks.into_source(symbol())]).unwrap() {
            let tick = tick.unwrap();
            series.handle_tick(tick.time_msc, tick.bid, tick.ask);
            ticks_count += 1;
        }
        let found: Vec<Bar> = series.closed().copied().chain(series.at(0)).collect();
        assert_eq!((expected.len(), ticks_count), (count, 4 * count), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            let prices = |bar: &Bar| (bar.time, bar.open, bar.high, bar.low, bar.close);
            assert_eq!(prices(found), prices(expected), "{name}");
            assert_eq!((found.tick_volume, found.spread), (4, expected.spread.or(Some(7))));
        }
        assert_eq!(found.len(), expected.len(), "{name}");
    }
}

const UP_AND_DOWN: &str =
    "1970.01.01,00:00,1.1,1.4,1.0,1.1,9\n1970.01.01,00:01,1.2,1.2,1.0,1.1,9\n";

#[test]
fn the_low_comes_first_unless_the_bar_falls() {
    let ticks = play(UP_AND_DOWN, Timeframe::M1, BarSpread::OfBarOr(2));
    let expected = [
        "0 1.10000 1.10002",
        "20000 1.00000 1.00002",
        "40000 1.40000 1.40002",
        "59000 1.10000 1.10002",
        "60000 1.20000 1.20002",
        "80000 1.20000 1.20002",
        "100000 1.00000 1.00002",
        "119000 1.10000 1.10002",
    ];
    assert_eq!(ticks, expected);
}

#[test]
fn ticks_are_spread_over_the_bar_whatever_its_length() {
    // The first of a month, and a Sunday.
    const ONE: &str = "1970.02.01,00:00,1,1,1,1,9\n";
    const ONE_MSC: u64 = 31 * 86_400_000;
    for timeframe in Timeframe::ALL {
        let ticks = play(ONE, timeframe, BarSpread::OfBarOr(0));
        let length = timeframe.seconds().map_or(28 * 86_400_000, |seconds| 1000 * seconds);
        let times = [0, length / 3, length / 3 * 2, length - 1000];
        assert_eq!(
            ticks,
            times.map(|time| format!("{} 1.00000 1.00000", ONE_MSC + time)),
            "{timeframe:?}"
        );
    }
}

#[test]
fn bars_that_begin_elsewhere_stay_apart() {
    const EIGHT: &str = "time,open,high,low,close\n\
                         1970-01-01 08:00,1.1,1.4,1.0,1.2\n1970-01-02 08:00,2.1,2.4,2.0,2.2\n";
    let ticks = play(EIGHT, Timeframe::D1, BarSpread::OfBarOr(0));
    let times: Vec<&str> = ticks.iter().filter_map(|tick| tick.split(' ').next()).collect();
    assert_eq!(times[..4], ["28800000", "48000000", "67200000", "86399000"]);
    assert_eq!(times[4..], ["115200000", "134400000", "153600000", "172799000"]);
    const LATE: &str = "time,open,high,low,close\n1970-01-01 00:00:59,1.1,1.4,1.0,1.2\n";
    let ticks = play(LATE, Timeframe::M1, BarSpread::OfBarOr(0));
    let times: Vec<&str> = ticks.iter().filter_map(|tick| tick.split(' ').next()).collect();
    assert_eq!(times, ["59000", "59333", "59666", "59666"]);
}

#[test]
fn the_spread_is_the_bar_s_or_the_setting() {
    let text = "time,open,high,low,close,spread\n1970-01-01,1,1,1,1,3\n";
    let asks = |spread| {
        let options = BarOptions::default().with_timeframe(Timeframe::D1);
        let reader = BarReader::new_with(text.as_bytes(), "bars.csv", options).unwrap();
        let ask = BarTicks::new(reader, 5, spread).next().unwrap().unwrap().ask;
        ask.map(|ask| ask.to_string())
    };
    assert_eq!(asks(BarSpread::OfBarOr(9)).as_deref(), Some("1.00003"));
    assert_eq!(asks(BarSpread::Always(9)).as_deref(), Some("1.00009"));
}

#[test]
fn a_price_between_two_points_ends_it() {
    const FINE: &str = "1970.01.01,00:00,1.1,1.1,1.1,1.1,9\n1970.01.01,00:01,1.123456,2,1,1.1,9\n";
    let reader = BarReader::new(FINE.as_bytes(), "bars.csv").unwrap();
    let mut ticks = BarTicks::new(reader, 5, BarSpread::OfBarOr(0));
    assert!(ticks.by_ref().take(4).all(|tick| tick.is_ok()));
    let error = ticks.next().unwrap().unwrap_err().to_string();
    assert!(error.starts_with("`bars.csv` is a file with the price 1.123456, which"), "{error}");
    assert!(ticks.next().is_none());
    let spread = BarSpread::Always(u32::MAX);
    assert_eq!(play(UP_AND_DOWN, Timeframe::M1, spread)[0], "0 1.10000 42950.77295");
}

#[test]
fn bars_merge_with_ticks_by_time() {
    let ticks = TickReader::open(fixture("mt5.csv")).unwrap();
    let first = 1_549_238_400;
    let bars = BarReader::open(fixture("bars/EURUSD1.csv")).unwrap();
    let clock = bars.clock().clone();
    let shift = first - 1_660_557_960;
    let bars = BarTicks::new(bars, 5, BarSpread::OfBarOr(7)).into_source(Symbol::new("B").unwrap());
    let sources = vec![Source::new(symbol(), ticks), bars.with_shift(shift, clock)];
    let ticks: Vec<Tick> = Feed::new(sources).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(ticks.is_sorted_by_key(|tick| tick.time_msc));
    let of_bars = |ticks: &[Tick]| ticks.iter().filter(|tick| tick.symbol.as_str() == "B").count();
    assert_eq!(of_bars(&ticks), 1200);
    // The ticks go on for three seconds of the fifth bar.
    let last = ticks.iter().rposition(|tick| tick.symbol == symbol()).unwrap();
    assert_eq!((last + 1, of_bars(&ticks[..last])), (417, 17));
    let histdata = BarReader::open(fixture("bars/DAT_MT_EURUSD_M1_202208.csv")).unwrap();
    let other = BarReader::open(fixture("bars/EURUSD1.csv")).unwrap();
    let sources = [histdata, other]
        .map(|bars| BarTicks::new(bars, 5, BarSpread::OfBarOr(7)).into_source(symbol()));
    let error = Feed::new(sources.into()).unwrap_err();
    assert!(matches!(error, FeedError::Clocks { .. }), "{error}");
}
