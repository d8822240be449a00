use super::*;

fn place(folder: &str) -> Place {
    Place {
        name: "desk".parse().unwrap(),
        program: format!(r"{folder}\tickpipe.exe").into(),
        config: format!(r"{folder}\tickpipe.toml").into(),
        log_file: None,
        allow: None,
    }
}

#[test]
fn a_word_is_one_word_of_the_command_line() {
    for (word, text) in [
        (r"C:\a\b", r"C:\a\b"),
        (r"C:\a b\c", r#""C:\a b\c""#),
        (r"C:\a b\", r#""C:\a b\\""#),
        (r#"a"b"#, r#""a\"b""#),
        (r#"a\"b"#, r#""a\\\"b""#),
        ("", r#""""#),
    ] {
        assert_eq!(quoted(word), text);
    }
}

#[test]
fn the_task_starts_the_supervisor_at_this_users_logon() {
    let xml = xml(&place(r"C:\R&D <x>\Иван"), r"DESK\O'Neil").unwrap();
    for part in [
        r"<Command>&quot;C:\R&amp;D &lt;x&gt;\Иван\tickpipe.exe&quot;</Command>",
        "<Arguments>service run --name desk --config &quot;",
        r"--config &quot;C:\R&amp;D &lt;x&gt;\Иван\tickpipe.toml&quot; --windowless</Arguments>",
        r"<UserId>DESK\O&apos;Neil</UserId>",
        "<LogonType>InteractiveToken</LogonType>",
        "<RunLevel>LeastPrivilege</RunLevel>",
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "<Interval>PT1M</Interval>",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
    // Elsewhere it is no path.
    let folder = r"<WorkingDirectory>C:\R&amp;D &lt;x&gt;\Иван</WorkingDirectory>";
    assert!(!cfg!(windows) || xml.contains(folder), "{xml}");
    // Every element that is opened is closed.
    let opened = xml.matches('<').count() - xml.matches("</").count() - xml.matches("<?").count();
    assert_eq!(opened, xml.matches("</").count());
}

#[test]
fn what_the_scheduler_would_replace_is_refused() {
    for folder in [r"C:\100%", r"C:\%TEMP%", r"C:\$(Arg0)"] {
        assert!(matches!(xml(&place(folder), "u"), Err(Failure::Usage(_))), "{folder}");
    }
}
