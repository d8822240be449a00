//! Programs with every construct of the subset.

use tickpipe_mql::{Dialect, lint, load, translate};

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
