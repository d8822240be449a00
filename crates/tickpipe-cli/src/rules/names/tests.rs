use super::*;

fn names() -> Names {
    let mut names = Names::default();
    names.set_number("n", 3);
    names.set_number("heartbeat_ms", 400);
    names.set_text("unique", "ab\"c");
    names.set("volume", "0.10".to_owned());
    names
}

#[test]
fn a_name_stands_for_its_json_and_a_sum_for_a_number() {
    for (expression, value) in [
        ("n", "3"),
        ("unique", r#""ab\"c""#),
        ("volume", "0.10"),
        ("n+1", "4"),
        ("$n+1", "4"),
        ("$heartbeat_ms/2+1000", "1200"),
        ("1000", "1000"),
        ("n-5", "-2"),
        ("$heartbeat_ms+$heartbeat_ms/2", "600"),
        ("1 + 2", "3"),
    ] {
        assert_eq!(names().value(expression).as_deref(), Ok(value), "{expression}");
    }
    for expression in ["", "x", "x+1", "n+", "volume+1", "n/0", "9223372036854775807+1"] {
        assert!(names().value(expression).is_err(), "{expression}");
    }
}

#[test]
fn texts_are_expanded() {
    for (text, expanded) in [
        ("plain", "plain"),
        ("a${n}b${n+1}", "a3b4"),
        (r#"{"x":"${unique}!"}"#, r#"{"x":"ab\"c!"}"#),
        ("${fill 4}${deep 2}${open 3}${fill 0}", "xxxx[[]][[["),
    ] {
        assert_eq!(names().expand(text).as_deref(), Ok(expanded), "{text}");
    }
    for text in ["${n", "${none}", "${fill x}", "${fill -1}", "${fill 99999999}", "${wide 3}"] {
        assert!(names().expand(text).is_err(), "{text}");
    }
}

#[test]
fn messages_hold_values_and_not_their_names() {
    let text = r#"{"id":"$n","volume":"$volume","name":"$unique","at":"$n+10","s":"a$n"}"#;
    let message = r#"{"id":3,"volume":0.10,"name":"ab\"c","at":13,"s":"a$n"}"#;
    assert_eq!(names().message(text).as_deref(), Ok(message));
    assert!(names().message(r#"{"id":"$none"}"#).is_err());
}
