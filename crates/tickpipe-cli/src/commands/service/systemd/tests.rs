use super::*;

fn place(folder: &str) -> Place {
    Place {
        name: "desk-2".parse().unwrap(),
        program: format!("{folder}/tickpipe").into(),
        config: format!("{folder}/tickpipe.toml").into(),
        log_file: Some(format!("{folder}/tickpipe.log").into()),
        allow: None,
    }
}

#[test]
fn a_word_is_one_word_and_means_itself() {
    for (word, text) in [
        ("plain", r#""plain""#),
        ("with blank", r#""with blank""#),
        ("100%i", r#""100%%i""#),
        (r#"a"b\c"#, r#""a\"b\\c""#),
        ("$HOME ${HOME} 'x' ; #", r#""$HOME ${HOME} 'x' ; #""#),
        ("", r#""""#),
    ] {
        assert_eq!(quoted(word), text);
    }
}

#[test]
fn the_unit_starts_the_supervisor_and_bears_its_decisions() {
    let unit = unit(&place("/opt/a b")).unwrap();
    let line = |begin: &str| unit.lines().find(|line| line.starts_with(begin)).unwrap();
    assert_eq!(
        line("ExecStart="),
        "ExecStart=:\"/opt/a b/tickpipe\" \"service\" \"run\" \"--name\" \"desk-2\" \"--config\" \
         \"/opt/a b/tickpipe.toml\" \"--log-file\" \"/opt/a b/tickpipe.log\""
    );
    assert_eq!(line("RestartPreventExitStatus="), "RestartPreventExitStatus=1 2 3 4");
    assert!(unit.ends_with('\n') && unit.lines().all(|line| line.len() < 200));
}

#[test]
fn what_systemd_starts_not_is_refused() {
    for folder in ["/a\"b", "/a'b", "/a\\b"] {
        assert!(matches!(unit(&place(folder)), Err(Failure::Usage(_))), "{folder}");
    }
}

/// As systemd itself reads it, where it is at hand.
#[cfg(target_os = "linux")]
#[test]
fn systemd_reads_the_unit_as_it_is_meant() {
    let folder = std::env::temp_dir().join(format!("tickpipe-unit-{}", std::process::id()));
    let odd = folder.join("a b%i$HOME;#&");
    fs::create_dir_all(&odd).unwrap();
    let mut place = place(odd.to_str().unwrap());
    place.config = odd.join("\"quoted\" 'twice' \\ %h ${HOME}.toml");
    let file = folder.join("desk-2.service");
    fs::write(&file, unit(&place).unwrap()).unwrap();
    let verify = || {
        let mut command = Command::new("systemd-analyze");
        command.args(["verify", "--user", "--man=no"]).arg(&file);
        command.env("XDG_RUNTIME_DIR", &folder).env("HOME", &folder).output()
    };
    let Ok(without) = verify() else {
        eprintln!("NOT RUN here: `systemd-analyze` is not installed");
        fs::remove_dir_all(&folder).unwrap();
        return;
    };
    // It finds no program of that name: so it read the name.
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(said.contains(place.program.to_str().unwrap()), "{said}");
    fs::copy("/bin/true", &place.program).unwrap();
    let with = verify().unwrap();
    let said = String::from_utf8_lossy(&with.stderr).into_owned();
    fs::remove_dir_all(&folder).unwrap();
    assert!(with.status.success() && !said.contains("desk-2"), "{said}");
}
