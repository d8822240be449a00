use super::figures::{Goal, median, range};
use super::*;

fn run_of(rps: f64, p99_us: f64) -> Run {
    Run { rps, p50_us: 1.0, p99_us }
}

fn row(goal: Goal, pairs: &[(f64, f64)]) -> Row {
    let pair = |&(rps, p99): &(f64, f64)| Pair {
        yardstick: run_of(1000.0, 10.0),
        tickpipe: run_of(rps, p99),
    };
    Row {
        title: "row".to_owned(),
        contest: Contest::Yardstick,
        goal,
        pairs: pairs.iter().map(pair).collect(),
    }
}

#[track_caller]
fn check_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn the_clients_line_is_read() {
    let run = Run::parse("rps 21000 p50_us 40.5 p99_us 90.0 p999_us 100.0 max_us 700.1").unwrap();
    assert_eq!(run, Run { rps: 21000.0, p50_us: 40.5, p99_us: 90.0 });
    assert!(Run::parse("rps 21000 p50_us 40.5").is_err());
    assert!(Run::parse("rps nan p50_us 1 p99_us 1").is_err());
    assert!(Run::parse("rps 0 p50_us 1 p99_us 1").is_err());
    assert!(Run::parse("").is_err());
}

#[test]
fn the_median_is_the_middle() {
    check_close(median(&[3.0, 1.0, 2.0]), 2.0);
    check_close(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    check_close(median(&[7.0]), 7.0);
    assert!(median(&[]).is_nan());
    assert_eq!(range(&[3.0, 1.0, 2.0]), (1.0, 3.0));
}

#[test]
fn one_spoilt_run_changes_no_pair() {
    let runs = [run_of(100.0, 9.0), run_of(60.0, 500.0), run_of(101.0, 8.0)];
    assert_eq!(Run::median(&runs), run_of(100.0, 9.0));
}

#[test]
fn the_median_of_the_ratios_decides() {
    let goal = Goal { rps_min: 0.95, p99_max: Some(1.2) };
    assert!(row(goal, &[(960.0, 11.0), (100.0, 90.0), (990.0, 12.0)]).is_reached());
    assert!(!row(goal, &[(940.0, 11.0), (100.0, 11.0), (990.0, 11.0)]).is_reached());
    assert!(!row(goal, &[(990.0, 13.0)]).is_reached());
    assert!(row(Goal { p99_max: None, ..goal }, &[(990.0, 13.0)]).is_reached());
    assert!(!row(goal, &[]).is_reached());
}

#[test]
fn a_page_shows_each_row() {
    let goal = Goal { rps_min: 0.95, p99_max: Some(1.2) };
    let rows = [row(goal, &[(1010.0, 10.0)]), row(goal, &[(500.0, 10.0)])];
    let page = table::page(&rows, &[("cores", "2".to_owned())], 1);
    assert!(page.contains("- cores: 2\n"), "{page}");
    assert!(page.contains("| 1.010 (1.010..1.010) |"), "{page}");
    assert!(page.contains("| ≥ 0.95, p99 ≤ 1.2 | ok |"), "{page}");
    assert!(page.contains("| SHORT |"), "{page}");
}

#[test]
fn a_run_lasts_about_as_long_as_wanted() {
    let second = Duration::from_secs(1);
    assert_eq!(rounds_for(run_of(20_000.0, 1.0), 1, second), 20_000);
    assert_eq!(rounds_for(run_of(20_000.0, 1.0), 16, second), 1250);
    assert_eq!(rounds_for(run_of(20.0, 1.0), 1, second), ROUNDS_FIRST);
    assert_eq!(rounds_for(run_of(1e12, 1.0), 1, second), ROUNDS_MAX);
}

#[test]
fn options_are_read() {
    let options =
        |args: &[&str]| parse(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>());
    let default =
        Options { counts: false, native: true, pairs: PAIRS, run_time: RUN_TIME, wine: true };
    assert_eq!(options(&[]).unwrap(), default);
    assert_eq!(options(&["--pairs", "9"]).unwrap().pairs, 9);
    assert_eq!(options(&["--quick"]).unwrap().run_time, RUN_TIME_QUICK);
    assert!(!options(&["--wine-only", "--count"]).unwrap().native);
    assert!(options(&["--pairs"]).is_err());
    assert!(options(&["--pairs", "0"]).is_err());
    assert!(options(&["--wine-only", "--native-only"]).is_err());
    assert!(options(&["--fast"]).is_err());
}

#[test]
fn seconds_are_read_and_all_rows_were() {
    use super::ticks::seconds_of;

    check_close(seconds_of("ticks 500 seconds 0.25 points 7\n", 500).unwrap(), 0.25);
    assert!(seconds_of("ticks 499 seconds 0.25", 500).is_err());
    assert!(seconds_of("ticks 500 seconds 0", 500).is_err());
    assert!(seconds_of("ticks 500", 500).is_err());
}

#[test]
fn both_goals_of_the_ticks_decide() {
    use super::ticks::Seconds;

    let is_reached = |ours: &[f64], pandas: &[f64]| {
        let (ours, pandas) = (ours.to_vec(), pandas.to_vec());
        Seconds { name: "mt5", rows: 5_000_000, ours, pandas }.is_reached()
    };
    assert!(is_reached(&[0.5, 0.9, 9.0], &[4.0, 5.0, 50.0]));
    assert!(is_reached(&[0.5], &[]));
    assert!(!is_reached(&[1.1], &[50.0]));
    assert!(!is_reached(&[0.5], &[2.0]));
    assert!(!is_reached(&[], &[]));
}

#[test]
fn figures_are_read_and_headings_are_not() {
    use super::session::{Goal, figures_of};

    let found = figures_of("ns      what\n345     parse a tick\n 1.5 ms for 10,000 bars\n0 no\n");
    assert_eq!(found.keys().collect::<Vec<_>>(), ["ms for 10,000 bars", "parse a tick"]);
    check_close(found["parse a tick"], 345.0);
    assert!(Goal::AtMost(1.3).is_reached(1.3) && !Goal::AtMost(1.3).is_reached(1.31));
    assert!(Goal::AtLeast(4e4).is_reached(4e4) && !Goal::AtLeast(4e4).is_reached(3.9e4));
}
