//! Small pieces of MQL, and the C++ that they become.

use std::path::Path;

use crate::program::{Dialect, load_text};
use crate::translate;

fn translated(text: &str) -> String {
    let text = format!("#property strict\n{text}");
    let root = Path::new(".");
    let program = load_text(&text, "mql/a.mq4", Dialect::Mql4, root, root);
    translate(&program.unwrap_or_else(|findings| panic!("{text}: {findings:?}")))
}

/// The lines without blanks around them, empty lines and line numbers.
fn plain(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("#line")).collect()
}

/// Whether `expected` follows each other somewhere in what `text` becomes.
fn check_top(text: &str, expected: &[&str]) {
    let translated = translated(text);
    let lines = plain(&translated);
    assert!(lines.windows(expected.len()).any(|found| found == expected), "{text}\n{translated}");
}

fn check(statements: &str, expected: &[&str]) {
    let mut whole = vec!["void F() {"];
    whole.extend(expected);
    whole.push("}");
    check_top(&format!("void F()\n{{\n{statements}\n}}"), &whole);
}

#[test]
fn expressions() {
    check("a = \"x\";", &["a = text(L\"x\");"]);
    check(
        r#"a = "\\\"\n?\x41" + "é€😀";"#,
        &[r#"a = text(L"\\\"\012\?A") + text(L"\u00E9\u20AC\U0001F600");"#],
    );
    check("a = 'x' + '\\'' + '\\r';", &[r"a = ushort(L'x') + ushort(L'\'') + ushort(L'\015');"]);
    check("a = D'2024.01.01 00:00';", &["a = datetime(1704067200LL);"]);
    check("a = C'1,2,3';", &["a = color(0x030201);"]);
    check("a = 2147483647 + 2147483648;", &["a = 2147483647 + 2147483648LL;"]);
    check("a = 0xFFFFFFFF + 0x100000000;", &["a = 0xFFFFFFFF + 0x100000000LL;"]);
    check("a = 18446744073709551615;", &["a = 18446744073709551615ULL;"]);
    check("a = -b - -c - (-d);", &["a = -b - -c - (-d);"]);
    check("a = - -b;", &["a = - -b;"]);
    check("a = (long)b[i].c;", &["a = (mql_long)b[i].c;"]);
    check("a = !b ? c : d;", &["a = !b ? c : d;"]);
    check("F(a, b.G());", &["F(a, b.G());"]);
    check("Print(__FUNCTION__);", &["Print(text(L\"F\"));"]);
}

#[test]
fn statements() {
    check(
        "int a = 1, b[3] = {1, 2, 3}, c[];",
        &["int a = 1;", "FixedArray<int, 3> b = {{1, 2, 3}};", "Array<int> c;"],
    );
    check("static const long a = 1;", &["static const mql_long a = 1;"]);
    check(
        "if(a) b(); else if(c) d();",
        &["if(a) {", "b();", "} else {", "if(c) {", "d();", "}", "}"],
    );
    check("while(a) { b(); }", &["while(a) {", "b();", "}"]);
    check("do b(); while(a);", &["do {", "b();", "} while(a);"]);
    check(
        "for(int i = 0, n = 3; i < n; i++) b();",
        &["for(int i = 0, n = 3; i < n; i++) {", "b();", "}"],
    );
    check("for(;;) break;", &["for(;;) {", "break;", "}"]);
    check("for(i = 0; ; ) continue;", &["for(i = 0;;) {", "continue;", "}"]);
    check("{ b(); }", &["{", "b();", "}"]);
    check(
        "switch(a) { case 1: case 2: { b(); } break; default: { return; } }",
        &[
            "switch(a) {",
            "case 1:",
            "case 2:",
            "{",
            "b();",
            "} break;",
            "default:",
            "{",
            "return;",
            "}",
            "}",
        ],
    );
}

#[test]
fn declarations() {
    check_top(
        "enum ENUM_A { A_ONE = 1, A_TWO = 2 };",
        &[
            "enum ENUM_A : int {",
            "A_ONE = 1,",
            "A_TWO = 2,",
            "};",
            "inline string EnumToString(ENUM_A value) { switch(value) {",
            "case A_ONE: return text(L\"A_ONE\");",
            "case A_TWO: return text(L\"A_TWO\");",
            "} return text(L\"\"); }",
        ],
    );
    check_top(
        "struct S { int a, b[2]; };",
        &["struct S {", "int a;", "FixedArray<int, 2> b;", "};"],
    );
    let class = "class CA { private: long m_a; public: CA() { m_a = 1; } ~CA(); \
                 long A(const int x = 1) const { return m_a; } void B(const string s = \"\"); };
                 CA::~CA() { B(); } void CA::B(const string s) { Print(s, __FUNCTION__); }";
    check_top(
        class,
        &[
            "class CA {",
            "private:",
            "mql_long m_a;",
            "public:",
            "CA();",
            "~CA();",
            "mql_long A(const int x = 1) const;",
            "void B(const string s = text(L\"\"));",
            "};",
            "CA::CA() {",
            "m_a = 1;",
            "}",
            "mql_long CA::A(const int x) const {",
            "return m_a;",
            "}",
            "CA::~CA() {",
            "B();",
            "}",
            "void CA::B(const string s) {",
            "Print(s, text(L\"CA::B\"));",
            "}",
        ],
    );
    check_top(
        "input long InpA = 1; int b = 2; const int C[1] = {1};",
        &[
            "MQL_INPUT(mql_long, InpA, 1)",
            "static int b = 2;",
            "static const FixedArray<int, 1> C = {{1}};",
        ],
    );
    check_top(
        "void F(const int &a[], long &b[], MqlTick &c, const double d = 1.5) { }",
        &[
            "void F(ArrayRef<const int> a, ArrayRef<mql_long> b, MqlTick &c, const double d = 1.5);",
            "void F(ArrayRef<const int> a, ArrayRef<mql_long> b, MqlTick &c, const double d) {",
            "}",
        ],
    );
}

#[test]
fn handlers_are_put_into_the_table() {
    check_top(
        "int OnInit() { return 0; } void OnTimer() { }",
        &["const mql::Program mql::program_table = {L\"a\", program::OnInit, nullptr, nullptr, \
         program::OnTimer, nullptr};"],
    );
    check_top(
        "void OnStart() { }",
        &["const mql::Program mql::program_table = {L\"a\", nullptr, nullptr, nullptr, nullptr, \
         program::OnStart};"],
    );
}

#[test]
fn every_statement_stands_on_its_line() {
    let text = "\n\nvoid F()\n{\n   int a = 1;\n\n\n\n\n   if(a == 1)\n      G();\n   H();\n}\n\
                void G() { }\nvoid H() { }\n";
    let translated = translated(text);
    let mut line = 0;
    let mut found = Vec::new();
    for written in translated.lines() {
        if let Some(stated) = written.strip_prefix("#line ") {
            line = stated.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
            continue;
        }
        if ["int a = 1;", "if(a == 1) {", "G();", "H();"].contains(&written) {
            found.push((written, line));
        }
        line += 1;
    }
    assert_eq!(found, [("int a = 1;", 6), ("if(a == 1) {", 11), ("G();", 12), ("H();", 13)]);
}
