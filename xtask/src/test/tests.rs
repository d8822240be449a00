use super::*;

fn strings(args: &[&str]) -> Vec<String> {
    args.iter().map(|&arg| arg.to_owned()).collect()
}

#[track_caller]
fn check(args: &[&str], native_only: bool, nextest: &[&str]) {
    let expected = Options { native_only, nextest: strings(nextest) };
    assert_eq!(parse(&strings(args)).unwrap(), expected);
}

#[test]
fn options_are_read() {
    check(&[], false, &[]);
    check(&["--native-only"], true, &[]);
    check(&["--", "--native-only", "slow"], false, &["--native-only", "slow"]);
    assert!(parse(&strings(&["slow"])).is_err());
}

#[test]
fn a_run_without_any_test_fails() {
    let code = report(&Steps::default(), &Options::default(), None);
    assert_eq!(code, ExitCode::FAILURE);
}
