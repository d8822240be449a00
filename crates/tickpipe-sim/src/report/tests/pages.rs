//! What people and programs get to read.

use super::*;

#[test]
fn trades_are_rows() {
    let expected = include_str!("trades.csv");
    assert_eq!(run().trades_csv(), expected);
}

#[test]
fn equity_is_rows() {
    let expected = include_str!("equity.csv");
    assert_eq!(run().equity_csv(), expected);
}

#[test]
fn a_table_fits_a_terminal() {
    let expected = include_str!("table.txt");
    assert_eq!(run().table(80), expected);
    for width in [40, 60, 80, 100, 140, 200] {
        let table = run().table(width);
        let trades = table.lines().take_while(|line| !line.is_empty());
        assert!(trades.map(|line| line.chars().count()).all(|columns| columns <= width), "{table}");
    }
}

#[test]
fn a_table_has_the_last_trades_and_counts_the_rest() {
    let mut report = run();
    let trade = report.trades[3].clone();
    report.trades.extend(vec![trade; 1200]);
    let table = report.table(100);
    let lines: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines[0], "the last 20 of 1,204 trades; 1,184 before");
    assert_eq!(lines.len(), 22);
    report.trades.clear();
    assert!(report.table(80).starts_with("no trades\n\nnet profit"));
}
