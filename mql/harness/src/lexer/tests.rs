//! Tables of text and tokens.

use super::*;

fn kinds(text: &str) -> Result<Vec<TokenKind>, Finding> {
    let tokens = tokens(text, &"a.mq4".into())?;
    Ok(tokens.into_iter().map(|token| token.kind).collect())
}

fn word(text: &str) -> TokenKind {
    TokenKind::Word(text.to_owned())
}

fn integer(value: u64) -> TokenKind {
    TokenKind::Integer(Integer { value, is_hex: false })
}

fn text(content: &str) -> TokenKind {
    TokenKind::Text(content.to_owned())
}

fn real(digits: &str) -> TokenKind {
    TokenKind::Real(digits.to_owned())
}

#[test]
fn text_becomes_tokens() {
    let check = |source: &str, expected: &[TokenKind]| {
        assert_eq!(kinds(source).as_deref(), Ok(expected), "{source}");
    };
    let mark = TokenKind::Mark;
    check("", &[]);
    check("  \t\n // only a comment", &[]);
    check("a/* b\n */c", &[word("a"), word("c")]);
    check("_a1 D C", &[word("_a1"), word("D"), word("C")]);
    check("a<<=b", &[word("a"), mark("<<="), word("b")]);
    check("a- -b--", &[word("a"), mark("-"), mark("-"), word("b"), mark("--")]);
    check("a...", &[word("a"), mark("...")]);
    check("0 7 2147483648", &[integer(0), integer(7), integer(2_147_483_648)]);
    check("0xfF", &[TokenKind::Integer(Integer { value: 255, is_hex: true })]);
    check("1.5 .5 2. 1e-3 1E5", &[real("1.5"), real(".5"), real("2."), real("1e-3"), real("1E5")]);
    check("1-3", &[integer(1), mark("-"), integer(3)]);
    check(r#""a\"b\\" "//""#, &[text("a\"b\\"), text("//")]);
    check(r#""\r\n\t\x41\x42""#, &[text("\r\n\tAB")]);
    check(r#""\x20ACy""#, &[text("\u{20AC}y")]);
    check(r"'a' '\'' '\n'", &['a', '\'', '\n'].map(TokenKind::Character));
    check("D'1970.01.01'", &[TokenKind::Datetime(0)]);
    check("D'2024.02.29 12:30'", &[TokenKind::Datetime(1_709_209_800)]);
    check("D'2024.12.31 23:59:59'", &[TokenKind::Datetime(1_735_689_599)]);
    check("C'1,2,3'", &[TokenKind::Color(0x03_02_01)]);
    check("C'0xFF, 0, 0'", &[TokenKind::Color(0x00_00_FF)]);
}

#[test]
fn directives_are_whole_lines() {
    let check = |source: &str, name: &str, rest: &str| {
        let kinds = kinds(source).expect("tokens");
        let Some(TokenKind::Directive(directive)) = kinds.first() else {
            panic!("{source}: {kinds:?}")
        };
        assert_eq!((directive.name.as_str(), directive.rest.as_str()), (name, rest), "{source}");
    };
    check("#define A 1 // one", "define", "A 1");
    check("  #  define A 1", "define", "A 1");
    check("#property link \"https://x\" // y", "property", "link \"https://x\"");
    check("#property description \"a \\\" // b\"", "property", "description \"a \\\" // b\"");
    check("#include \"A\\\"// c", "include", "\"A\\\"");
    check("#endif", "endif", "");
}

#[test]
fn places_count_lines_and_characters() {
    let tokens = tokens("/* ä */ b\n  c", &"a.mq4".into()).expect("tokens");
    let places: Vec<_> =
        tokens.iter().map(|token| (token.place.line, token.place.column)).collect();
    assert_eq!(places, [(1, 9), (2, 3)]);
}
