use super::*;

#[test]
fn members_take_the_place_of_the_usual_ones() {
    let base = r#"{"a":1.0,"b":{"c":1e-5,"d":2},"e":"x"}"#;
    for (members, whole) in [
        ("", r#"{"a":1.0,"b":{"c":1e-5,"d":2},"e":"x"}"#),
        (r#"{"a":2.50}"#, r#"{"a":2.50,"b":{"c":1e-5,"d":2},"e":"x"}"#),
        (r#"{"b":{"d":0},"f":1}"#, r#"{"a":1.0,"b":{"c":1e-5,"d":0},"e":"x","f":1}"#),
        (r#"{"b":7,"e":"$absent"}"#, r#"{"a":1.0,"b":7}"#),
        (r#"{"b":{"c":"$absent"}}"#, r#"{"a":1.0,"b":{"d":2},"e":"x"}"#),
    ] {
        assert_eq!(merged(base, members).as_deref(), Ok(whole), "{members}");
    }
    assert!(merged(base, "[]").is_err());
}

#[test]
fn a_hello_is_one_short_line() {
    for text in [request("").unwrap(), answer("").unwrap()] {
        let text = text.replace("\"$hello\"", "1");
        assert!(text.len() < 4096 && !text.contains('\n'), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
    }
}
