use tickpipe_proto::types::Decimal;

use super::*;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn every_figure_of_a_run_by_hand() {
    let report = run();
    let nets: Vec<Money> = report.trades.iter().map(|trade| trade.net).collect();
    // 100 points won, 50 lost, 20 lost, 50 won, at ten cents a point, less 0.70 each.
    assert_eq!(nets, ["9.30", "-5.70", "-2.70", "4.30"].map(money));
    let endings: Vec<Ending> = report.trades.iter().map(|trade| trade.ending).collect();
    let strategy = Ending::Strategy;
    assert_eq!(endings, [strategy, Ending::StopLoss, strategy, Ending::TakeProfit]);
    let expected = Summary {
        balance_start: money("10000.00"),
        balance_end: money("10005.20"),
        equity_end: money("10005.20"),
        net_profit: money("5.20"),
        gross_profit: money("13.60"),
        gross_loss: money("-8.40"),
        commission: money("-2.80"),
        commission_open: Money::ZERO,
        swap: Money::ZERO,
        trades: 4,
        wins: 2,
        losses: 2,
        win_rate: decimal("50.00"),
        // 13.60 / 8.40 = 1.619.
        profit_factor: decimal("1.62"),
        expectancy: Some(money("1.30")),
        average_win: Some(money("6.80")),
        average_loss: Some(money("-4.20")),
        largest_win: Some(money("9.30")),
        largest_loss: Some(money("-5.70")),
        losing_run: 2,
        // From 10,009.65 with the first trade still open to 10,000.35 just after the last was opened.
        drawdown: Some(Drawdown {
            money: money("9.30"),
            percent: decimal("0.09"),
            peak_msc: MONDAY_MSC + HOUR_MS,
            low_msc: MONDAY_MSC + 48 * HOUR_MS,
        }),
        drawdown_relative: report.summary.drawdown.clone(),
        // Days end with 10,003.60, 10,000.90 and 10,005.20: returns of 0.036000 %, -0.026990 % and
        // 0.042996 %, with a mean of 0.017335 % and a deviation of 0.038546 %. 0.44973 * 15.8745.
        sharpe: decimal("7.14"),
        // 4 of 50 hours.
        exposure: decimal("8.00"),
        orders: 7,
        orders_rejected: 1,
        orders_unknown: 0,
        ticks: 9,
        first_msc: Some(MONDAY_MSC),
        last_msc: Some(MONDAY_MSC + 50 * HOUR_MS),
        // No tick between the second day's second hour and the third day.
        longest_pause: Some(Pause {
            begin_msc: MONDAY_MSC + 25 * HOUR_MS,
            length_ms: 23 * HOUR_MS,
        }),
    };
    assert_eq!(report.summary, expected);
}

#[test]
fn without_trades_nothing_is_divided() {
    let mut run = Run::new("EURUSD");
    run.tick(0, "1.10000");
    let summary = run.finish().summary;
    assert_eq!(summary.net_profit, Money::ZERO);
    let ratios = [summary.win_rate, summary.profit_factor, summary.sharpe, summary.exposure];
    assert_eq!(ratios, [None; 4]);
    let amounts = [
        summary.expectancy,
        summary.average_win,
        summary.average_loss,
        summary.largest_win,
        summary.largest_loss,
    ];
    assert_eq!(amounts, [None; 5]);
    assert_eq!((summary.drawdown, summary.drawdown_relative), (None, None));
}

#[test]
fn without_ticks_there_is_a_report() {
    let report = Run::new("EURUSD").finish();
    assert_eq!((report.summary.ticks, report.summary.first_msc), (0, None));
    assert_eq!(report.summary.balance_end, money("10000"));
    assert!(report.html().contains("A run without ticks"));
    assert_eq!(report.equity_csv().lines().count(), 1);
}

#[test]
fn what_stays_open_is_told() {
    let mut run = Run::new("EURUSD");
    run.tick(0, "1.10000");
    run.open(OrderType::Buy, [None, None], "");
    run.tick(1, "1.10010");
    let summary = run.finish().summary;
    assert_eq!((summary.trades, summary.commission_open), (0, money("-0.35")));
    assert_eq!((summary.balance_end, summary.equity_end), (money("9999.65"), money("10000.45")));
    assert_eq!(summary.exposure, decimal("100.00"));
}
