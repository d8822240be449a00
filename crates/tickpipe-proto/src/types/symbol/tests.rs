use std::collections::BTreeMap;

use super::*;

#[test]
fn symbols_are_taken_verbatim() {
    for name in ["EURUSD", "EURUSD.pro_m", "#Apple Inc", "Öl", &"x".repeat(64)] {
        assert_eq!(Symbol::new(name).unwrap(), name);
    }
    for name in ["", "a\nb", "\0", "a\u{7f}", "a\u{85}", &"x".repeat(65), &"ä".repeat(33)] {
        assert!(Symbol::new(name).is_err(), "{name}");
    }
    let text = Symbol::new("a\n").unwrap_err().to_string();
    assert!(text.starts_with("found `a\\n`, allowed is a symbol"), "{text}");
    let by_symbol = BTreeMap::from([(Symbol::new("A").unwrap(), 1)]);
    assert_eq!(by_symbol.get("A"), Some(&1));
}
