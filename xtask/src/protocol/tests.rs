use super::*;

#[test]
fn what_is_between_the_marks_is_replaced() {
    let text = "a\n<!-- codes: by hand -->\nold\n<!-- codes end -->\nb\n";
    let found = replace(text, "codes", "| new |\n").unwrap();
    assert_eq!(found, "a\n<!-- codes: by hand -->\n| new |\n<!-- codes end -->\nb\n");
    assert_eq!(replace(&found, "codes", "| new |\n").unwrap(), found);
}

#[test]
fn marks_that_are_missing_or_stand_twice_are_refused() {
    assert!(replace("a\n", "codes", "").is_err());
    assert!(replace("<!-- codes: x -->\n", "codes", "").is_err());
    let twice = "<!-- codes: x -->\n<!-- codes end -->\n<!-- codes: x -->\n<!-- codes end -->\n";
    assert!(replace(twice, "codes", "").is_err());
}

#[test]
fn every_code_is_in_a_table() {
    let tables = format!("{}{}", line_codes(), session_codes());
    for code in ErrorCode::ALL {
        assert!(tables.contains(&format!("| `{code}` |")), "{code}");
    }
}
