use super::requests::is_request;
use super::syscalls::total_calls;
use super::*;

#[test]
fn requests_are_told_from_answers() {
    assert!(is_request("0024: read( async={handle=0004}, pos=00000000 )"));
    assert!(is_request("010c: get_process_winstation( )"));
    assert!(!is_request("0024: read() = PENDING { wait=0008, options=00000020 }"));
    assert!(!is_request("0024: *wakeup* signaled=0"));
    assert!(!is_request("0024: *fd* 0004 -> 20"));
    assert!(!is_request("Open key REGISTRY: x( y )"));
    assert!(!is_request(""));
}

#[test]
fn straces_total_is_found() {
    let table = "    calls syscall\n--------- ----------------\n      410 read\n      822 total\n";
    assert_eq!(total_calls(table), Some(822));
    assert_eq!(total_calls("      410 read\n"), None);
}

#[test]
fn what_both_runs_cost_leaves() {
    let [few, many] = ROUNDS;
    let close = |found: f64, expected: f64| (found - expected).abs() < 1e-9;
    assert!(close(per_round_trip([500, 500 + 2 * (many - few)]), 2.0));
    assert!(close(per_round_trip([500, 500]), 0.0));
}
