//! Cuts of real files, through the public API.

use std::path::PathBuf;

use tickpipe_ticks::{Clock, Tick, TickFormat, TickReader};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// What a file is, its ticks, and of the first and the last: time, bid, ask.
struct Expected {
    format: TickFormat,
    clock: Clock,
    symbol: Option<&'static str>,
    count: usize,
    first: &'static str,
    last: &'static str,
}

#[track_caller]
fn check(name: &str, expected: &Expected) -> Vec<Tick> {
    let mut reader = TickReader::open(fixture(name)).expect("a readable fixture");
    let ticks = reader.by_ref().map(|tick| tick.expect("a tick")).collect::<Vec<Tick>>();
    let shown = |tick: Option<&Tick>| {
        let tick = tick?;
        Some(format!("{} {} {}", tick.time, tick.bid?, tick.ask?))
    };
    assert_eq!(reader.format(), expected.format);
    assert_eq!(reader.clock(), &expected.clock);
    assert_eq!(reader.symbol(), expected.symbol);
    assert_eq!(ticks.len(), expected.count);
    assert_eq!(shown(ticks.first()).as_deref(), Some(expected.first));
    assert_eq!(shown(ticks.last()).as_deref(), Some(expected.last));
    assert_eq!(reader.rows_skipped(), 0);
    assert_eq!(reader.progress().bytes_total, Some(reader.progress().bytes_read));
    ticks
}

#[test]
fn an_hour_of_dukascopy_and_the_table_of_it_are_equal() {
    let mut expected = Expected {
        format: TickFormat::DukascopyBi5,
        clock: Clock::Utc,
        symbol: Some("EURUSD"),
        count: 2354,
        first: "2019-02-04 22:00:00.066 1.14353 1.14394",
        last: "2019-02-04 22:59:59.849 1.14350 1.14364",
    };
    let hour = check("dukascopy/EURUSD/2019/01/04/22h_ticks.bi5", &expected);
    expected.format = TickFormat::DukascopyCsv;
    expected.symbol = None;
    expected.count = 400;
    expected.last = "2019-02-04 22:11:18.453 1.14356 1.14371";
    let table = check("dukascopy/EURUSD.csv", &expected);
    assert_eq!(hour[..400], table);
}

#[test]
fn an_mt5_export_is_read() {
    let expected = Expected {
        format: TickFormat::Mt5Export,
        clock: Clock::TradeServer,
        symbol: None,
        count: 400,
        first: "2019-02-04 00:00:00.994 1.14543 1.14545",
        last: "2019-02-04 00:04:03.182 1.14554 1.14558",
    };
    check("mt5.csv", &expected);
}

#[test]
fn a_day_of_lean_is_read_to_its_last_row_without_a_line_end() {
    let expected = Expected {
        format: TickFormat::Lean,
        clock: Clock::Utc,
        symbol: Some("eurusd"),
        count: 400,
        first: "2014-05-05 00:00:23.668 1.38710 1.38726",
        last: "2014-05-05 00:52:11.106 1.38664 1.38676",
    };
    check("lean/20140505_quote.zip", &expected);
}
