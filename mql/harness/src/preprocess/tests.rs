//! What directives make of text. Includes are tried on the corpus.

use super::*;

/// The tokens of a strict program, as words with blanks between them.
fn words(text: &str, dialect: Dialect) -> Result<String, String> {
    let roots =
        Roots { include: Path::new("accepted"), root: Path::new(env!("CARGO_MANIFEST_DIR")) };
    let text = format!("#property strict\n{text}");
    let Preprocessed { tokens, findings, .. } = preprocess(&text, &"a.mq4".into(), dialect, roots);
    if let Some(finding) = findings.first() {
        return Err(finding.to_string());
    }
    let shown = tokens.iter().map(|token| token.kind.shown().replace(['`'], ""));
    Ok(shown.map(|word| word.replace("the number ", "")).collect::<Vec<_>>().join(" "))
}

#[test]
fn macros_are_replaced_and_dialects_chosen() {
    let check = |text: &str, in4: &str, in5: &str| {
        assert_eq!(words(text, Dialect::Mql4).as_deref(), Ok(in4), "{text}");
        assert_eq!(words(text, Dialect::Mql5).as_deref(), Ok(in5), "{text}");
    };
    check("a", "a", "a");
    check("#define N 4\nN M", "4 M", "4 M");
    check("#define N (1 + 2)\n#define M (N * 2)\nM", "( ( 1 + 2 ) * 2 )", "( ( 1 + 2 ) * 2 )");
    check("#define N -1\nN", "- 1", "- 1");
    check("N\n#define N 4", "N", "N");
    check("#ifdef __MQL4__\na\n#else\nb\n#endif\nc", "a c", "b c");
    check("#ifndef __MQL4__\na\n#endif", "", "a");
    check(
        "#ifdef __MQL4__\n#ifdef __MQL5__\na\n#else\nb\n#endif\n#else\n#ifdef __MQL4__\nc\n#else\nd\n#endif\n#endif",
        "b",
        "d",
    );
    // What the other dialect includes or defines is not looked at.
    check("#ifdef __MQL4__\n#define N 1\n#else\n#define N 2\n#endif\nN", "1", "2");
}

#[test]
fn a_file_counts_once() {
    let roots = Roots {
        include: &Path::new(env!("CARGO_MANIFEST_DIR")).join("accepted"),
        root: Path::new(env!("CARGO_MANIFEST_DIR")),
    };
    let tokens = |text: &str| {
        let text = format!("#property strict\n{text}");
        let output = preprocess(&text, &"accepted/a.mq4".into(), Dialect::Mql4, roots);
        assert_eq!(output.findings, [], "{text}");
        output.tokens.len()
    };
    let once = tokens("#include <Double.mqh>");
    assert_eq!(tokens("#include <Double.mqh>\n#include \"Double.mqh\""), once);
}
