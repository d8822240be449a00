use super::*;

fn steps(name: &str, text: &str) -> Vec<Step> {
    let script = Script::parse(name, text).unwrap();
    script.lines.into_iter().map(|line| line.step).collect()
}

#[test]
fn who_is_tried_decides_what_is_sent() {
    let server = "# A rule.\nserve any\n< {}\n> {}\n> text ERR *\n< bytes \\0\n";
    let ea = "# A rule.\nneeds tick rates\n> {}\n< {}\n> bytes \\0\n";
    let [send, expect] = [Step::Send("{}".to_owned()), Step::Expect("{}".to_owned())];
    let nul = Step::SendBytes("\\0".to_owned());
    assert_eq!(
        steps("server/11-x", server),
        [send.clone(), expect.clone(), Step::ExpectText("ERR *".to_owned()), nul.clone()]
    );
    assert_eq!(steps("ea/11-x", ea), [send, expect, nul]);
}

#[test]
fn a_script_says_what_it_is() {
    let text = "# A rule.\n# More.\nserve --mode session double\n\n2 open\n2 hello {}\nclosed\n";
    let script = Script::parse("server/13-seq-gap", text).unwrap();
    assert_eq!((script.rule.as_str(), script.chapter()), ("A rule.", 13));
    assert_eq!(script.serve, ["--mode", "session", "double"]);
    let places: Vec<_> =
        script.lines.iter().map(|line| (line.number, line.connection, &*line.source)).collect();
    assert_eq!(places, [(5, 1, "2 open"), (6, 1, "2 hello {}"), (7, 0, "closed")]);
}

#[test]
fn every_step_is_known() {
    let text = "# A rule.\nhello\nhello {}\nsay hello\nsay hello {}\ntimes 3\nwithin $x+1\nwait 1\n\
                quiet 5\nquiet tick 5\nclosed\nclosed at last\nclose\nopen\ndrop nulls\n\
                pings by hand\npings ignored\npings answered\n";
    assert_eq!(steps("ea/10-x", text).len(), 17);
}

#[test]
fn what_is_no_script_is_refused() {
    for (name, text, part) in [
        ("server/10-x", "serve any\nhello\n", "no comment"),
        ("server/10-x", "# A rule.\nserve any\n", "no step"),
        ("server/10-x", "# A rule.\nhello\n", "`serve` stands"),
        ("ea/10-x", "# A rule.\nserve any\nhello\n", "`serve` stands"),
        ("10-x", "# A rule.\nhello\n", "folder"),
        ("ea/10-x", "# A rule.\nhello\njump\n", "ea/10-x:3: there is no step `jump`"),
        ("ea/10-x", "# A rule.\nclosed now\n", "there is no step `closed now`"),
        ("ea/10-x", "# A rule.\n<\n", "ends early"),
        ("ea/10-x", "# A rule.\nwait\n", "ends early"),
        ("ea/10-x", "# A rule.\ntimes many\n", "no number"),
        ("ea/10-x", "# A rule.\nsay bye\n", "only `hello`"),
    ] {
        let error = Script::parse(name, text).unwrap_err();
        assert!(error.contains(part), "{text:?}: {error}");
    }
}

#[test]
fn bytes_are_read_from_their_escapes() {
    assert_eq!(bytes(r"a\r\n\t\0\s\\\x7f\xFF€").unwrap(), b"a\r\n\t\0 \\\x7f\xff\xe2\x82\xac");
    for text in [r"\", r"\q", r"\x", r"\x1", r"\xgg", r"\x+1"] {
        assert!(bytes(text).is_err(), "{text}");
    }
}
