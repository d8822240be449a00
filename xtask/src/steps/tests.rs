use super::*;

fn counts(passed: u64, failed: u64) -> Counts {
    Counts { passed, failed, skipped: 0 }
}

#[test]
fn a_step_passes_only_with_a_summary_and_without_failures() {
    assert_eq!(judge(true, Some(counts(3, 0))), (Outcome::Passed, counts(3, 0)));
    assert_eq!(judge(true, Some(counts(3, 1))), (Outcome::Failed, counts(3, 1)));
    assert_eq!(judge(true, None), (Outcome::Failed, counts(0, 1)));
}

#[test]
fn a_failed_step_has_at_least_one_failure() {
    assert_eq!(judge(false, Some(counts(3, 0))), (Outcome::Failed, counts(3, 1)));
    assert_eq!(judge(false, Some(counts(3, 2))), (Outcome::Failed, counts(3, 2)));
    assert_eq!(judge(false, None), (Outcome::Failed, counts(0, 1)));
}

#[test]
fn totals_are_the_sum_of_the_steps() {
    let mut steps = Steps::default();
    steps.end("one", Instant::now(), Outcome::Passed, counts(3, 0));
    steps.end("two", Instant::now(), Outcome::Failed, counts(2, 1));
    steps.not_run("three");
    assert_eq!(steps.total(), counts(5, 1));
    assert_eq!(steps.not_run_count(), 1);
    let table = steps.to_string();
    assert!(table.contains("FAILED") && table.contains("NOT RUN"), "{table}");
}
