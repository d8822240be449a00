use super::*;

#[test]
fn the_tables_are_in_order() {
    for table in [MT4, MT5] {
        assert!(table.windows(2).all(|pair| pair[0].code < pair[1].code));
        for row in table {
            assert!(row.outcome == Outcome::Rejected || !row.is_retryable, "{row:?}");
            assert!(row.outcome != Outcome::Absent, "{row:?}");
        }
    }
}

#[test]
fn what_is_not_surely_executed_or_not_is_unknown() {
    let check = |terminal: Terminal, codes: &[u64]| {
        for code in codes {
            assert_eq!(outcome_of(terminal, *code).0, Outcome::Unknown, "{terminal} {code}");
        }
    };
    check(Terminal::Mt4, &[1, 2, 6, 9, 128, 142, 143, 144, 10009, 99999]);
    check(Terminal::Mt5, &[0, 10011, 10012, 10031, 128, 99999]);
    check(Terminal::Sim, &[0, 10012, 99999]);
}
