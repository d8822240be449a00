use super::code::code_only;
use super::*;

/// What the rules say about one file, as `line: found`.
fn findings(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    rules::check_name(path, &mut findings);
    let file = File { path, text };
    rules::check_text(file, &mut findings);
    links::check(file, |target| target == Path::new("docs/there.md"), &mut findings);
    findings.iter().map(|finding| format!("{}: {}", finding.line, finding.found)).collect()
}

#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) {
    assert_eq!(findings(path, text), expected, "{path}: {text}");
}

#[test]
fn a_clean_file_has_no_findings() {
    check("crates/tickpipe/src/lib.rs", "//! Text.\n\npub fn name() {}\n", &[]);
    check("docs/here.md", "See [there](there.md#part), [web](https://x.y/z) and [me](#me).\n", &[]);
}

#[test]
fn unsafe_stays_in_its_place() {
    let block = "fn f() {\n    unsafe { g() }\n}\n";
    check("crates/tickpipe/src/sys/windows.rs", block, &[]);
    check("crates/tickpipe-sim-c/src/ffi/memory.rs", block, &[]);
    check("crates/tickpipe-sim-c/src/session.rs", block, &["2: `unsafe`"]);
    check("crates/tickpipe/src/server.rs", block, &["2: `unsafe`"]);
    check("crates/tickpipe/src/server.rs", "unsafe impl Send for X {}\n", &["1: `unsafe`"]);
    check("xtask/src/main.rs", "unsafe extern \"C\" fn f() {}\n", &["1: `unsafe`"]);
    check("xtask/src/main.rs", "#![deny(unsafe_code)] // unsafe { }\n", &[]);
    check("xtask/src/main.rs", "let x = \"unsafe { }\";\n", &[]);
}

#[test]
fn changelog_names_say_what_changed() {
    for kind in ["breaking", "docs", "feature", "fix", "perf"] {
        check(&format!("changelog.d/line-mode-2.{kind}.md"), "Text.\n", &[]);
    }
    check("changelog.d/line.bugfix.md", "Text.\n", &["0: the name `line.bugfix.md`"]);
    check("changelog.d/Line.fix.md", "Text.\n", &["0: the name `Line.fix.md`"]);
    check("changelog.d/.fix.md", "Text.\n", &["0: the name `.fix.md`"]);
    check("changelog.d/line.fix", "Text.\n", &["0: the name `line.fix`"]);
    check("changelog.d/old/line.fix.md", "Text.\n", &["0: the name `old/line.fix.md`"]);
}

#[test]
fn an_allow_needs_a_reason() {
    let bad = "1: `allow` without a reason";
    check("a.rs", "#[allow(dead_code)]\n", &[bad]);
    check("a.rs", "#![allow(dead_code)]\n", &[bad]);
    check("a.rs", "#[cfg_attr(unix, allow(dead_code))]\n", &[bad]);
    check("a.rs", "#[allow(\n    dead_code,\n    reason = \"x\"\n)]\n", &[]);
    check("a.rs", "#[expect(dead_code, reason = \"x\")]\nfn allow() { allow() }\n", &[]);
}

#[test]
fn tests_are_not_ignored() {
    check("a.rs", "#[test]\n#[ignore]\nfn f() {}\n", &["2: an ignored test"]);
    check("a.rs", "#[ignore = \"slow\"]\n", &["1: an ignored test"]);
    check("a.rs", "// #[ignore]\n#[ignored]\n", &[]);
}

#[test]
fn getters_are_named_for_what_they_return() {
    let bad = "1: a public function that begins with `get_`";
    check("a.rs", "pub fn get_name() {}\n", &[bad]);
    check("a.rs", "    pub const fn get_name() {}\n", &[bad]);
    check("a.rs", "fn get_name() {}\npub fn gets() {}\npub(crate) fn get_x() {}\n", &[]);
}

#[test]
fn blanks_are_seen() {
    check("a.rs", "\tx();\n", &["1: a tab"]);
    check("a.md", "x \n", &["1: a blank at the end"]);
    check("a.toml", "x = 1\r\n", &["1: a blank at the end"]);
    check("a.c", "\tx(); \n", &[]);
}

#[test]
fn long_lines_are_seen_in_rust() {
    let line = format!("// {}\n", "ä".repeat(117));
    check("a.rs", &line, &[]);
    check("a.md", &line.replace("//", "// more"), &[]);
    check("a.rs", &line.replace("//", "// a"), &["1: 122 columns"]);
}

#[test]
fn files_end_with_a_newline() {
    check("a.md", "x\ny", &["2: a last line without an end"]);
    check("a.c", "x", &["1: a last line without an end"]);
    check("conformance/vectors/half.bin", "x", &[]);
    check("a.md", "", &[]);
}

#[test]
fn links_lead_somewhere() {
    check(
        "README.md",
        "[a](docs/there.md \"title\") [b](docs/gone.md)\n",
        &["1: a link to `docs/gone.md`"],
    );
    check(
        "docs/here.md",
        "[a]: there.md\n[b]: ../docs/there.md\n[c]: gone.md\n",
        &["3: a link to `gone.md`"],
    );
    check("docs/here.md", "[a](../../there.md)\n", &["1: a link to `../../there.md`"]);
    check("docs/here.md", "`[a](gone.md)`\n\n```md\n[b](gone.md)\n```\n", &[]);
}

#[test]
fn private_places_are_seen() {
    let place = |name: &str| format!("cd /{name}/main\n");
    let found = |name: &str| format!("1: a path under `/{name}`");
    check("a.md", &place("work"), &[found("work").as_str()]);
    check("a.sh", &place("root"), &[found("root").as_str()]);
    check("a.md", "a frame/work of net/root/x and https://x.y/workers, //roots\n", &[]);
}

#[test]
fn code_is_told_from_text() {
    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(code_only(source), expected);
    }
    check("a // b\nc", "a     \nc");
    check("a /* b /* c */ d */ e", "a                   e");
    check(r#"a("b\"c", d)"#, "a(      , d)");
    check(r##"a(r#"b"c"#, d)"##, "a(        , d)");
    check("a('\"', '\\'', '\\u{1b}', 'b)", "a(   ,     ,         , 'b)");
    check("r#type<'a>", "r#type<'a>");
}

#[test]
fn a_finding_says_where_what_and_what_is_allowed() {
    let finding =
        Finding { path: "a.rs".to_owned(), line: 3, found: "a tab".to_owned(), allowed: "spaces" };
    assert_eq!(finding.to_string(), "a.rs:3: found a tab; allowed: spaces");
}
