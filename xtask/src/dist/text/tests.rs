use super::{plain, with_crlf};

#[track_caller]
fn check(markdown: &str, expected: &str) {
    let place = |target: &str| (target == "mql.md").then(|| "MQL.txt".to_owned());
    assert_eq!(plain(markdown, place), expected);
}

#[test]
fn headings_are_underlined_and_apart() {
    check(
        "# Quick `start`\n\ntext\n## Next\n",
        "Quick `start`\n=============\n\ntext\n\n\nNext\n----\n",
    );
}

#[test]
fn running_text_is_wrapped_and_code_in_it_is_not_broken() {
    let word = "word ".repeat(14);
    check(
        &format!("{word}\n`.\\tickpipe.exe serve double` and *more*\n"),
        &format!("{}\n`.\\tickpipe.exe serve double` and more\n", word.trim()),
    );
}

#[test]
fn lines_to_paste_stay_as_they_are() {
    let line = "x".repeat(100);
    check(
        &format!("Type\n\n```powershell\ncd a\n\n  {line}\n```\n\nthen\n"),
        &format!("Type\n\n    cd a\n\n      {line}\n\nthen\n"),
    );
}

#[test]
fn lists_are_close_together_and_their_text_is_indented() {
    check(
        "A\n\n1. one\n2. two\n\n   ```sh\n   ls\n   ```\n3. three\n   - a\n   - b\n\nB\n\n- x\n- y\n",
        "A\n\n1.  one\n2.  two\n\n        ls\n3.  three\n    - a\n    - b\n\nB\n\n- x\n- y\n",
    );
}

#[test]
fn links_outside_keep_their_address() {
    check(
        "[the protocol](PROTOCOL.md), [MQL5](https://www.mql5.com/), <https://a.example/>\n",
        "the protocol, MQL5 (https://www.mql5.com/), https://a.example/\n",
    );
}

#[test]
fn links_within_name_what_the_reader_has() {
    check("see [docs/mql.md](mql.md) or [EAs](mql.md)\n", "see MQL.txt or EAs (MQL.txt)\n");
    check("see [docs/wine.md](wine.md)\n", "see docs/wine.md\n");
}

#[test]
fn a_narrow_table_stands_in_columns() {
    check(
        "| code | means |\n| --- | --- |\n| `5004` | busy |\n| 1 | no |\n",
        "code    means\n------  -----\n`5004`  busy\n1       no\n",
    );
}

#[test]
fn a_wide_table_becomes_records() {
    let long = "long ".repeat(20);
    let (first, second) = ("long ".repeat(14), "long ".repeat(6));
    let (first, second) = (first.trim(), second.trim());
    check(
        &format!("| what | do |\n| --- | --- |\n| first | {long} |\n| second | go |\n"),
        &format!("first\n    do: {first}\n    {second}\n\nsecond\n    do: go\n"),
    );
}

#[test]
fn comments_are_left_out() {
    check("<!-- ci: run -->\n\ntext <!-- more -->\n", "text\n");
}

#[test]
fn every_line_ends_as_windows_has_it() {
    assert_eq!(with_crlf("a\nb\r\nc\n"), "a\r\nb\r\nc\r\n");
}
