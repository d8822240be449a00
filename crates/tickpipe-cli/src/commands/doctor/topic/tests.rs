use super::*;

/// The document, and what it calls the part of it that is about these commands.
const DOCUMENT: &str = include_str!("../../../../../../docs/troubleshooting.md");
const PART: &str = "## What `doctor` and `config check` find";

#[test]
fn every_finding_has_its_heading_and_every_heading_a_finding() {
    let (_, part) = DOCUMENT.split_once(PART).expect("the document has the part");
    let part = part.split("\n## ").next().unwrap();
    let headings: Vec<_> = part
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(|heading| heading.trim_matches('`'))
        .collect();
    let topics: Vec<_> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    assert_eq!(headings, topics);
}

#[test]
fn the_words_are_sorted_and_none_is_a_code() {
    let words: Vec<_> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    assert!(words.is_sorted());
    // Both are headings of one document.
    assert!(words.iter().all(|word| tickpipe::ErrorCode::from_word(word).is_none()));
}
