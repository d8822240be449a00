use super::*;

/// Monday, 2019-02-04.
const MONDAY: i64 = 17_931;

#[test]
fn the_deepest_fall_need_not_be_the_steepest() {
    let mut falls = Falls::new(0, 100);
    for (time, equity) in [(1, 50), (2, 1000), (3, 900), (4, 950), (5, 1001), (6, 901)] {
        falls.handle(time, equity);
    }
    // The first of those that are as deep.
    assert_eq!(falls.deepest, Fall { depth: 100, peak: 1000, peak_msc: 2, low_msc: 3 });
    assert_eq!(falls.steepest, Fall { depth: 50, peak: 100, peak_msc: 0, low_msc: 1 });
    assert_eq!(falls.handle(7, 1001), 0);
}

/// The ratio of days that end with these equities, after 1,000 at the begin.
fn sharpe(days: &[(i64, i64)]) -> Option<String> {
    let mut watch = Days::new(days[0].0 * DAY_MS, 1000);
    let mut equity = 1000;
    for (day, end) in days {
        watch.pass(day * DAY_MS + 5, equity);
        equity = *end;
    }
    watch.sharpe(equity).map(|ratio| ratio.to_string())
}

#[test]
fn the_ratio_is_that_of_business_days() {
    // Returns of 10 % and 20 %: 15 / 7.0711, times 15.8745.
    assert_eq!(sharpe(&[(MONDAY, 1100), (MONDAY + 1, 1320)]).as_deref(), Some("33.67"));
    // A weekend is the begin of Monday: the same returns.
    let weekend = [(MONDAY - 3, 1100), (MONDAY - 2, 1000), (MONDAY - 1, 900), (MONDAY, 1320)];
    assert_eq!(sharpe(&weekend).as_deref(), Some("33.67"));
    // Days without a tick are none.
    assert_eq!(sharpe(&[(MONDAY, 1100), (MONDAY + 30, 1320)]).as_deref(), Some("33.67"));
}

#[test]
fn the_ratio_is_nothing_where_it_is_not_defined() {
    // One day, no deviation, and nothing left to be a return of.
    assert_eq!(sharpe(&[(MONDAY, 1100)]), None);
    assert_eq!(sharpe(&[(MONDAY, 1000), (MONDAY + 1, 1000)]), None);
    assert_eq!(sharpe(&[(MONDAY, 0), (MONDAY + 1, 10), (MONDAY + 2, 30)]), None);
    // Nor of the last day.
    assert_eq!(sharpe(&[(MONDAY, 1100), (MONDAY + 1, 0)]), None);
}
