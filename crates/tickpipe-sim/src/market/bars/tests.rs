use super::*;

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// Seconds of 2019-02-04 00:00, a Monday.
const MONDAY: i64 = 17_931 * DAY_S;

#[test]
fn bars_begin_where_metatrader_begins_them() {
    let check = |timeframe, time, expected| {
        assert_eq!(bar_begin(timeframe, time), expected, "{timeframe} of {time}");
    };
    let noon = MONDAY + 12 * 3600 + 34 * 60 + 56;
    check(Timeframe::M1, noon, noon - 56);
    check(Timeframe::M4, noon, MONDAY + 12 * 3600 + 32 * 60);
    check(Timeframe::M12, noon, MONDAY + 12 * 3600 + 24 * 60);
    check(Timeframe::H1, noon, MONDAY + 12 * 3600);
    check(Timeframe::H8, noon, MONDAY + 8 * 3600);
    check(Timeframe::D1, noon, MONDAY);
    check(Timeframe::W1, noon, MONDAY - DAY_S);
    check(Timeframe::W1, MONDAY - DAY_S, MONDAY - DAY_S);
    check(Timeframe::W1, MONDAY - DAY_S - 1, MONDAY - 8 * DAY_S);
    check(Timeframe::Mn1, noon, 17_928 * DAY_S);
    check(Timeframe::Mn1, 0, 0);
    check(Timeframe::D1, -1, -DAY_S);
}

#[test]
fn every_timeframe_covers_its_ticks_once() {
    for timeframe in Timeframe::ALL {
        let mut bars = BarBuilder::new(timeframe, 5);
        let mut closed: Vec<Bar> = Vec::new();
        let (bid, ask) = (price("1.10000"), price("1.10010"));
        // Half a minute less a second, over 70 days; primes meet every begin.
        let count = 70 * DAY_S / 29;
        for index in 0..count {
            closed.extend(bars.handle_tick((MONDAY + index * 29) * 1000, bid, ask));
        }
        closed.extend(bars.running());
        assert_eq!(closed.iter().map(|bar| bar.tick_volume).sum::<u64>(), count as u64);
        assert!(closed.is_sorted_by(|a, b| a.time < b.time), "{timeframe}");
        for bar in closed {
            assert_eq!(bar_begin(timeframe, bar.time), bar.time, "{timeframe}");
        }
    }
}

#[test]
fn a_bar_has_open_high_low_close() {
    let mut bars = BarBuilder::new(Timeframe::M5, 5);
    let ticks = [("1.10000", "1.10010"), ("1.10020", "1.10023"), ("1.09990", "1.09980")];
    for (index, (bid, ask)) in (0_i64..).zip(ticks) {
        assert_eq!(bars.handle_tick(1000 * index, price(bid), price(ask)), None);
    }
    // Earlier than the running bar, which a clock set back gives.
    assert_eq!(bars.handle_tick(-5000, price("1.10005"), price("1.10015")), None);
    let bar = bars.handle_tick(300_000, price("1.2"), price("1.3")).unwrap();
    let mut expected =
        Bar::new(0, price("1.1"), price("1.1002"), price("1.0999"), price("1.10005"));
    expected.tick_volume = 4;
    // A bid above the ask is a spread of zero.
    expected.spread = Some(0);
    assert_eq!(bar, expected);
}
