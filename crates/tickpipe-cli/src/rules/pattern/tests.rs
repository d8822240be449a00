use super::*;

/// Whether a message is as expected, and if not, where.
fn check(pattern: &str, found: &str) -> Result<(), String> {
    let mut names = Names::default();
    names.set_number("seven", 7);
    let [pattern, found] = [pattern, found].map(|text| serde_json::from_str(text).unwrap());
    hold(&pattern, &found, &mut names).map_err(|mismatch| mismatch.path)
}

#[test]
fn members_that_are_named_must_be_there() {
    for (pattern, found) in [
        ("{}", r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"{"b":2,"a":1}"#),
        (r#"{"a":{"b":[1,"x",null,true]}}"#, r#"{"a":{"b":[1,"x",null,true],"c":0}}"#),
        (r#"{"a":1}"#, r#"{"a":1.0}"#),
        (r#"{"a":0.00001}"#, r#"{"a":1e-5}"#),
        (r#"{"a":"$absent"}"#, "{}"),
        (r#"{"a":"$any"}"#, r#"{"a":null}"#),
        (r#"["$each",{"a":"$count"}]"#, "[]"),
        (r#"["$each",{"a":"$count"}]"#, r#"[{"a":0},{"a":7,"b":0}]"#),
        (r#"{"a":"$one x|y"}"#, r#"{"a":"y"}"#),
        (r#"{"a":"$seven","b":"$seven+1"}"#, r#"{"a":7,"b":8}"#),
        (r#"{"a":"$count=x","b":"$x"}"#, r#"{"a":3,"b":3}"#),
        (
            r#"["$digits","$string","$bool","$list","$object","$number"]"#,
            r#"["01","",false,[],{},-1.5]"#,
        ),
    ] {
        assert_eq!(check(pattern, found), Ok(()), "{pattern} {found}");
    }
}

#[test]
fn what_differs_is_named_by_its_path() {
    for (pattern, found, path) in [
        ("{}", "[]", ""),
        (r#"{"a":1}"#, "{}", "a"),
        (r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "a.b"),
        (r#"{"a":{"b":1}}"#, r#"{"a":7}"#, "a"),
        (r#"{"a":1}"#, r#"{"a":"1"}"#, "a"),
        (r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#, "a"),
        (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#, "a"),
        (r#"{"a":[1,2]}"#, r#"{"a":[1,3]}"#, "a.1"),
        (r#"["$each","$count"]"#, "[1,-1]", "1"),
        (r#"{"a":"$absent"}"#, r#"{"a":null}"#, "a"),
        (r#"{"a":"$any"}"#, "{}", "a"),
        (r#"{"a":"$count"}"#, r#"{"a":1.0}"#, "a"),
        (r#"{"a":"$count"}"#, r#"{"a":-1}"#, "a"),
        (r#"{"a":"$digits"}"#, r#"{"a":7}"#, "a"),
        (r#"{"a":"$digits"}"#, r#"{"a":"7a"}"#, "a"),
        (r#"{"a":"$one x|y"}"#, r#"{"a":"x|y"}"#, "a"),
        (r#"{"a":"$seven"}"#, r#"{"a":8}"#, "a"),
        (r#"{"a":"$nobody"}"#, r#"{"a":8}"#, "a"),
        (r#"{"a":"$count=x","b":"$x"}"#, r#"{"a":3,"b":4}"#, "b"),
    ] {
        assert_eq!(check(pattern, found), Err(path.to_owned()), "{pattern} {found}");
    }
}

#[test]
fn names_are_kept_if_all_holds() {
    let mut names = Names::default();
    let pattern = serde_json::json!({"a": "$any=x", "b": 1});
    assert!(hold(&pattern, &serde_json::json!({"a": "v", "b": 2}), &mut names).is_err());
    assert!(names.value("x").is_err());
    assert!(hold(&pattern, &serde_json::json!({"a": "v", "b": 1}), &mut names).is_ok());
    assert_eq!(names.value("x").as_deref(), Ok("\"v\""));
}
