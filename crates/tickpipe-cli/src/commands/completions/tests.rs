use super::*;

#[test]
fn every_command_has_a_page() {
    let pages = manual().unwrap();
    let names: Vec<_> = pages.iter().map(|page| page.file_name.as_str()).collect();
    assert_eq!(names.first(), Some(&"tickpipe.1"));
    for command in Args::command().get_subcommands() {
        let want = format!("tickpipe-{}.1", command.get_name());
        assert!(names.contains(&want.as_str()), "{want} is not among {names:?}");
    }
    assert_eq!(names.len(), Args::command().get_subcommands().count() + 1);
}

#[test]
fn a_page_says_what_the_help_says() {
    for page in manual().unwrap() {
        let (name, text) = (page.file_name, String::from_utf8(page.text).unwrap());
        let title = name.trim_end_matches(".1");
        let version = env!("CARGO_PKG_VERSION");
        let heading = format!(".TH {title} 1  \"tickpipe {version}\" tickpipe\n");
        assert!(text.contains(&heading), "{name}: {text}");
        for section in [".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n"] {
            assert!(text.contains(section), "{name} has no {section}");
        }
    }
    let serve = manual().unwrap().into_iter().find(|page| page.file_name == "tickpipe-serve.1");
    let serve = String::from_utf8(serve.unwrap().text).unwrap();
    assert!(serve.contains(r"\-\-handler\-deadline\-ms"), "{serve}");
    assert!(serve.contains(".SH NOTES\n.nf\nEnds in good order at Ctrl\\-C"), "{serve}");
}

#[test]
fn a_script_knows_every_command() {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
        let page = script(shell);
        let text = String::from_utf8(page.text).unwrap();
        for command in Args::command().get_subcommands() {
            assert!(text.contains(command.get_name()), "{} lacks it", page.file_name);
        }
    }
}
