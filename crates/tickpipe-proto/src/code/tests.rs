use super::*;

#[test]
fn the_words_are_sorted_and_unique() {
    let words: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(words.is_sorted());
    assert!(words.windows(2).all(|pair| pair[0] != pair[1]));
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::from_word(code.as_str()), Some(code));
    }
}

#[test]
fn every_code_is_of_a_mode_and_means_something() {
    for code in ErrorCode::ALL {
        assert!(code.is_of_line_mode() || code.is_of_session_mode(), "{code}");
        let meaning = code.meaning();
        assert!(!meaning.ends_with('.') && !meaning.contains(['\n', '|']), "{meaning}");
    }
}

/// Who is shown a word finds what to do, and no heading is of a word that nobody is shown.
#[test]
fn every_code_has_its_heading_in_the_troubleshooting() {
    let document = include_str!("../../../../docs/troubleshooting.md");
    let (_, part) = document.split_once("## Error codes\n").unwrap();
    let part = part.split("\n## ").next().unwrap();
    let headings = part.lines().filter_map(|line| line.strip_prefix("### "));
    let words = ErrorCode::ALL.iter().map(|code| format!("`{code}`"));
    assert_eq!(headings.collect::<Vec<_>>(), words.collect::<Vec<_>>());
}

#[test]
fn json_rpc_has_five_numbers_of_its_own() {
    let check = |number: i32, expected: &[&str]| {
        let found = ErrorCode::ALL.iter().filter(|code| code.json_rpc_number() == number);
        assert_eq!(found.map(|code| code.as_str()).collect::<Vec<_>>(), expected);
    };
    check(-32700, &["empty", "encoding", "line_timeout", "parse_error", "too_long"]);
    check(-32600, &["batch", "duplicate_id", "invalid_request"]);
    check(-32601, &["unknown_method"]);
    check(-32602, &["invalid_params"]);
    check(-32603, &["handler_panic"]);
}
