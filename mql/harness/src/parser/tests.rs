//! What the parser keeps of a program, and how it goes on after a finding.

use std::sync::Arc;

use super::*;
use crate::lexer;
use crate::syntax::{ExpressionKind, Shape};

fn items(text: &str) -> (Vec<Item>, Vec<Finding>) {
    let path: Arc<str> = "a.mq4".into();
    let mut findings = Vec::new();
    let tokens = lexer::tokens(text, &path).expect("tokens");
    let items = parse(tokens, &Place::file(&path), &mut findings);
    (items, findings)
}

/// An expression with all its parts in brackets.
fn bracketed(expression: &Expression) -> String {
    let children = expression.kind.children();
    let inner: Vec<String> = children.into_iter().map(bracketed).collect();
    match &expression.kind {
        ExpressionKind::Assignment { operator, .. } | ExpressionKind::Binary { operator, .. } => {
            format!("[{}]", inner.join(operator))
        }
        ExpressionKind::Unary { operator, .. } => format!("[{operator}{}]", inner.concat()),
        ExpressionKind::Postfix { operator, .. } => format!("[{}{operator}]", inner.concat()),
        ExpressionKind::Name(name) => name.clone(),
        ExpressionKind::Member { name, .. } => format!("[{}.{}]", inner.concat(), name.text),
        ExpressionKind::Conditional { .. } => format!("[?{}]", inner.join(":")),
        ExpressionKind::Cast { value_type, .. } => {
            format!("[({}){}]", value_type.name.text, inner.concat())
        }
        ExpressionKind::Group(_) => format!("({})", inner.concat()),
        ExpressionKind::Bool(_)
        | ExpressionKind::Call { .. }
        | ExpressionKind::Character(_)
        | ExpressionKind::Color(_)
        | ExpressionKind::Datetime(_)
        | ExpressionKind::FunctionName
        | ExpressionKind::Index { .. }
        | ExpressionKind::Integer(_)
        | ExpressionKind::Real(_)
        | ExpressionKind::Text(_) => panic!("not in these tables: {expression:?}"),
    }
}

#[test]
fn operators_bind_as_in_cpp() {
    let check = |text: &str, expected: &str| {
        let tokens = lexer::tokens(text, &"a.mq4".into()).expect("tokens");
        let place = Place::file(&"a.mq4".into());
        let expression = parse_constant(tokens, &place).expect(text);
        assert_eq!(bracketed(&expression), expected, "{text}");
    };
    check("a + b * c", "[a+[b*c]]");
    check("a - b - c", "[[a-b]-c]");
    check("a * b + c", "[[a*b]+c]");
    check("a || b && c | d ^ e & f", "[a||[b&&[c|[d^[e&f]]]]]");
    check("a == b < c << d + e", "[a==[b<[c<<[d+e]]]]");
    check("a = b += c", "[a=[b+=c]]");
    check("a ? b : c ? d : e", "[?a:b:[?c:d:e]]");
    check("-a.b++", "[-[[a.b]++]]");
    check("!(int)a", "[![(int)a]]");
    check("(a)-b", "[(a)-b]");
    check("(ENUM_THING)a + b", "[[(ENUM_THING)a]+b]");
}

#[test]
fn parser_goes_on_with_the_next_declaration() {
    let check = |text: &str, kept: usize, messages: &[&str]| {
        let (items, findings) = items(text);
        assert_eq!(items.len(), kept, "{text}");
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, messages, "{text}");
    };
    check("int a; int b;", 2, &[]);
    check("goto a; int b;", 1, &["goto"]);
    check("void F() { goto a; if(x) { } } int b;", 1, &["goto"]);
    check("class C { virtual void F() { } }; C c;", 1, &["virtual"]);
    check(
        "union U { int a; }; template<class T> T F(T a) { return a; } int b;",
        1,
        &["union", "template"],
    );
    check("} int b;", 1, &["syntax"]);
    check("void F() {", 0, &["syntax"]);
}

#[test]
fn declarations_keep_their_shapes() {
    let (items, findings) = items("const int a[3] = {1, 2, 3}, b = 2; uchar c[];");
    assert_eq!(findings, []);
    let mut shapes = Vec::new();
    for item in &items {
        let Item::Variables(declaration) = item else { panic!("{item:?}") };
        shapes.extend(declaration.variables.iter().map(|variable| match variable.shape {
            Shape::Array => "dynamic",
            Shape::FixedArray(_) => "fixed",
            Shape::Single => "single",
        }));
    }
    assert_eq!(shapes, ["fixed", "single", "dynamic"]);
}
