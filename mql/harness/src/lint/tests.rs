//! Where the layers' rules hold; what each rule refuses is shown by the corpus.

use std::path::Path;

use super::*;
use crate::program::{Dialect, load_text};

/// The names of the rules that a program breaks when it stands at that path.
fn rules(path: &str, text: &str) -> Vec<&'static str> {
    let page = "// https://x\n";
    let common = ["FileFlush", "FileReadString", "Print", "Sleep", "FileOpen"]
        .map(|name| format!("{page}int {name}(int);\n\n"))
        .concat();
    let api = Api::from_headers(&common, &format!("{page}bool IsTesting();"), "");
    let text = format!("#property strict\n{text}\nvoid OnTick() {{ }}\n");
    let root = Path::new(".");
    let program = load_text(&text, path, Dialect::Mql4, root, root).expect("a program");
    lint(&program, &api).iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn layers_hold_for_shipped_files() {
    let check = |path: &str, call: &str, expected: &[&str]| {
        let text = format!("void F() {{ {call}; }}");
        assert_eq!(rules(path, &text), expected, "{path}: {call}");
    };
    let layer = &["layer"][..];
    check("mql/harness/tests/a.mq4", "FileFlush(1)", &[]);
    check("mql/harness/tests/a.mq4", "Sleep(1)", &[]);
    check("mql/Include/TickPipe/Transport.mqh", "FileFlush(1)", &[]);
    check("mql/Include/TickPipe/Transport.mqh", "FileReadString(1)", layer);
    check("mql/Include/TickPipe/Transport.mqh", "Sleep(1)", layer);
    check("mql/Include/TickPipe/Line.mqh", "FileFlush(1)", layer);
    check("mql/Include/TickPipe/Wait.mqh", "Sleep(1)", &[]);
    check("mql/Experts/TickPipe/Report.mqh", "FileFlush(1)", &[]);
    check("mql/Experts/TickPipe/Article.mq4", "FileReadString(1)", &[]);
    check("mql/Experts/TickPipe/Probe.mqh", "FileReadString(1)", &[]);
    check("mql/Experts/TickPipe/TickPipeProbe.mqh", "FileOpen(1, F())", &[]);
    check("mql/Include/TickPipe/Line.mqh", "Print(IsTesting())", &["api-dialect"]);
    check("mql/Include/TickPipe/Compat.mqh", "Print(IsTesting(), 5016)", &[]);
    check("mql/Include/TickPipe/Line.mqh", "Print(5016)", &["error-number"]);
    check("mql/harness/tests/a.mq4", "Print(IsTesting(), 5016)", &[]);
}

#[test]
fn a_function_of_ours_is_in_no_layer() {
    let path = "mql/Include/TickPipe/Line.mqh";
    assert_eq!(rules(path, "void FileName() { } void F() { FileName(); }"), [""; 0]);
}

#[test]
fn methods_are_called_by_their_class() {
    let text = "class CA { public: void Run() { Stop(); } void Stop(); }; \
                void CA::Stop() { Run(); } void F() { Run(); }";
    assert_eq!(rules("a.mq4", text), ["api-unknown"]);
}

#[test]
fn an_inner_variable_hides_an_array() {
    let check =
        |text: &str, expected: &[&str]| assert_eq!(rules("a.mq4", text), expected, "{text}");
    let refused = &["array-assignment"][..];
    check("int a[2]; void F() { int b = 1; a[0] = b; }", &[]);
    check("int a[2]; void F() { int a = 1; a = 2; }", &[]);
    check("int a[2]; void F() { { int a = 1; a = 2; } a = a; }", refused);
    check("int a[2]; void F(int &b[]) { b = a; }", refused);
    check(
        "struct S { int a[2]; int b; }; S s[3]; void F() { s[0].b = 1; s[1].a = s[0].a; }",
        refused,
    );
    check("int a[2]; void F() { for(int a = 0; a < 2; a++) { a = 1; } }", &[]);
}
