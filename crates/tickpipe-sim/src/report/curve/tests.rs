use super::*;

const fn price(time_msc: i64, bid: i64) -> PriceCell {
    PriceCell { time_msc, bid, min: bid, max: bid }
}

#[test]
fn a_short_curve_keeps_every_point() {
    let mut curve = Curve::new();
    curve.add(-5, price(-5, 3));
    curve.add(7, price(7, 9));
    curve.add(7, price(7, 2));
    let expected = [price(-5, 3), PriceCell { time_msc: 7, bid: 2, min: 2, max: 9 }];
    assert_eq!(curve.cells().copied().collect::<Vec<_>>(), expected);
}

#[test]
fn a_long_curve_stays_short_and_keeps_extremes() {
    let mut curve = Curve::new();
    let mut bid = 100_000;
    for index in 0..300_000_i64 {
        // Up and down, with one spike each way.
        bid += (index * 7919 % 13) - 6;
        let shown = match index {
            123_456 => 1,
            234_567 => 9_000_000,
            _ => bid,
        };
        curve.add(index * 37 - 1_000_000, price(index * 37 - 1_000_000, shown));
    }
    let cells: Vec<PriceCell> = curve.cells().copied().collect();
    assert!((CURVE_POINTS_MAX / 2..=CURVE_POINTS_MAX).contains(&cells.len()), "{}", cells.len());
    assert!(cells.windows(2).all(|pair| pair[0].time_msc < pair[1].time_msc));
    assert_eq!(cells.iter().map(|cell| cell.min).min(), Some(1));
    assert_eq!(cells.iter().map(|cell| cell.max).max(), Some(9_000_000));
    let last = cells.last().unwrap();
    assert_eq!((last.time_msc, last.bid), (299_999 * 37 - 1_000_000, bid));
    assert!(cells.iter().all(|cell| cell.min <= cell.bid && cell.bid <= cell.max));
}

#[test]
fn drawdowns_are_the_furthest_of_their_interval() {
    let cell = |time_msc, equity, drawdown| EquityCell {
        time_msc,
        balance: equity,
        equity,
        min: equity,
        max: equity,
        drawdown,
    };
    let mut held = cell(1, 100, 30);
    held.take(cell(2, 120, 10));
    let expected = EquityCell { min: 100, drawdown: 30, ..cell(2, 120, 10) };
    assert_eq!(held, expected);
}
