use super::*;

#[test]
fn what_differs_from_run_to_run_is_left_out() {
    for (shown, printed, want) in [
        ("ok  answer in 18.1 ms", "ok answer   in 3 µs; it ended", true),
        ("served by process 264", "served by process 9", true),
        ("#1  1.1 -> 2.2", "#12  1.1 -> 2.2", true),
        ("#1  1.1 -> 2.2", "#1  1.1 -> 2.3", false),
        ("3 terminals, 3 changed", "2 terminals, 2 changed", false),
        ("0 problems, 1 note", "0 problems, 0 notes", false),
        (r"in %APPDATA%\MetaQuotes", r"  in %APPDATA%\MetaQuotes\x", true),
        ("tickpipe 0.1.0 on windows", "tickpipe 0.1.0 on windows x86_64 in Wine 8.0", true),
    ] {
        let wanted = wanted(shown).unwrap();
        assert_eq!(is_met(&wanted, printed), want, "{shown}");
    }
    assert_eq!([wanted("…"), wanted("")], [None, None]);
}
