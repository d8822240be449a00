use super::*;

#[track_caller]
fn check(runner: Runner, text: &str, expected: Option<(u64, u64, u64)>) {
    let expected = expected.map(|(passed, failed, skipped)| Counts { passed, failed, skipped });
    assert_eq!(parse(runner, text), expected, "{text}");
}

#[test]
fn nextest_summaries_are_counted() {
    check(
        Runner::Nextest,
        "     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped",
        Some((5, 0, 0)),
    );
    check(
        Runner::Nextest,
        "     Summary [   0.012s] 1 test run: 1 passed, 3 skipped",
        Some((1, 0, 3)),
    );
    check(
        Runner::Nextest,
        "Summary [  70.1s] 9/12 tests run: 5 passed (1 slow, 2 leaky), 2 failed (1 leaky), \
         1 timed out, 1 exec failed, 4 skipped",
        Some((5, 4, 4)),
    );
}

#[test]
fn libtest_summaries_are_counted() {
    check(
        Runner::Libtest,
        "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; \
         finished in 0.00s",
        Some((5, 0, 3)),
    );
    check(
        Runner::Libtest,
        "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured",
        Some((4, 1, 0)),
    );
}

#[test]
fn summaries_add_up() {
    let one = "test result: ok. 5 passed; 0 failed; 1 ignored\n";
    check(Runner::Libtest, &format!("{one}running 5 tests\n{one}\r\n"), Some((10, 0, 2)));
}

#[test]
fn colours_do_not_hide_a_summary() {
    check(
        Runner::Nextest,
        "\u{1b}[32;1m     Summary\u{1b}[0m [   0.003s] \u{1b}[1m2\u{1b}[0m tests run: \
         \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m1\u{1b}[0m failed, 0 skipped",
        Some((1, 1, 0)),
    );
}

#[test]
fn without_a_summary_nothing_is_counted() {
    check(Runner::Nextest, "error: could not compile `tickpipe`\n5 passed, 0 failed", None);
    check(Runner::Nextest, "", None);
}

#[test]
fn each_runner_is_read_for_its_own_summary() {
    let captured = "  test result: FAILED. 0 passed; 1 failed; 0 ignored\n";
    let nextest = "  Summary [   0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped\n";
    check(Runner::Nextest, &format!("{captured}{nextest}{captured}"), Some((2, 1, 0)));
    check(Runner::Libtest, &format!("{captured}{nextest}"), Some((0, 1, 0)));
    check(Runner::Nextest, captured, None);
    check(
        Runner::Nextest,
        &format!("Summary [1s] 9 tests run: 9 passed\n{nextest}"),
        Some((2, 1, 0)),
    );
}
