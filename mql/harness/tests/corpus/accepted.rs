//! Programs with every construct of the subset.

use tickpipe_mql::{Dialect, Rule, lint, load, translate};

use crate::common::{api, files, harness, shown};

#[test]
fn accepted_files_lint_clean_and_translate() {
    let mut count = 0;
    for path in files("accepted") {
        if Dialect::of(&path).is_none() {
            continue;
        }
        count += 1;
        let program = load(&path, &harness().join("accepted"), harness())
            .unwrap_or_else(|findings| panic!("{}", shown(&findings)));
        let findings = lint(&program, &api());
        assert!(findings.is_empty(), "{}", shown(&findings));
        let translated = translate(&program);
        assert!(translated.contains("mql::program_table"), "{translated}");
    }
    assert!(2 <= count);
}

#[test]
fn the_page_about_the_subset_names_every_rule() {
    let page = include_str!("../../SUBSET.md");
    let missing: Vec<&str> = Rule::ALL
        .iter()
        .map(|rule| rule.as_str())
        .filter(|rule| !page.contains(&format!("`{rule}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
