//! What `tickpipe completions` writes, and whether those it is for take it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::host::{Directory, run};

/// Runs a tool of this machine over a file; `None`, and a word about it, if there is no such tool.
#[expect(clippy::print_stderr, reason = "a check that is left out is named")]
fn tool(program: &str, args: &[&str], path: &Path) -> Option<(String, String)> {
    let output = Command::new(program).args(args).arg(path).stdin(Stdio::null()).output();
    let Ok(output) = output else {
        eprintln!("NOT RUN: there is no `{program}` on this machine");
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{program} {}: {err}", path.display());
    Some((out, err))
}

#[test]
fn a_script_for_each_shell_is_printed_and_written() {
    let directory = Directory::new();
    for (shell, file, sign) in [
        ("bash", "tickpipe.bash", "complete -F _tickpipe"),
        ("elvish", "tickpipe.elv", "set edit:completion:arg-completer[tickpipe]"),
        ("fish", "tickpipe.fish", "complete -c tickpipe"),
        ("powershell", "_tickpipe.ps1", "Register-ArgumentCompleter"),
        ("zsh", "_tickpipe", "#compdef tickpipe"),
    ] {
        let printed = run(&["completions", shell], "");
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        assert!(printed.out.contains(sign), "{shell}: {}", printed.out);
        let written = run(&["completions", shell, "--out", &directory.shown()], "");
        assert_eq!((written.code, written.out.as_str()), (Some(0), ""), "{}", written.err);
        assert!(written.err.contains(&format!("{file}`")), "{}", written.err);
        let text = fs::read_to_string(directory.0.join(file)).expect("it is written");
        assert_eq!(text.trim_end(), printed.out.trim_end(), "{shell}");
    }
    assert_eq!(directory.names().len(), 5, "{:?}", directory.names());
}

#[test]
fn bash_takes_its_script_and_completes() {
    let directory = Directory::new();
    assert_eq!(run(&["completions", "bash", "--out", &directory.shown()], "").code, Some(0));
    let script = directory.0.join("tickpipe.bash");
    tool("bash", &["-n"], &script);
    let ask = "source \"$0\"; COMP_WORDS=(tickpipe se) COMP_CWORD=1; \
               _tickpipe tickpipe se tickpipe; echo \"${COMPREPLY[@]}\"";
    if let Some((out, err)) = tool("bash", &["-c", ask], &script) {
        assert_eq!((out.trim(), err.as_str()), ("serve send service", ""));
    }
}

#[test]
fn the_manual_has_a_page_for_each_command_and_renders() {
    let directory = Directory::new();
    let made = directory.0.join("made");
    let written = run(&["completions", "man", "--out", &format!("{}/made", directory.shown())], "");
    assert_eq!(written.code, Some(0), "{}", written.err);
    let help = run(&["-h"], "").out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let commands = commands.map(|line| line.split_whitespace().next().expect("a name"));
    let mut pages = vec!["tickpipe.1".to_owned()];
    pages.extend(commands.filter(|name| *name != "help").map(|name| format!("tickpipe-{name}.1")));
    assert!(pages.len() > 3, "{help}");
    for page in &pages {
        let path = made.join(page);
        let text = fs::read_to_string(&path).expect("every command has a page");
        assert!(text.contains(".SH SYNOPSIS"), "{page}: {text}");
        let Some((out, err)) = tool("groff", &["-man", "-Tutf8", "-ww", "-P-cbou"], &path) else {
            continue;
        };
        assert_eq!(err, "", "{page} has a fault");
        assert!(out.contains("SYNOPSIS"), "{page}: {out}");
    }
    assert_eq!(fs::read_dir(&made).expect("it is made").count(), pages.len());
    let first = run(&["completions", "man"], "").out;
    let text = fs::read_to_string(made.join("tickpipe.1")).expect("it is written");
    assert_eq!(text.trim_end(), first.trim_end(), "stdout gets the first page");
}

#[test]
fn a_directory_that_cannot_be_is_an_error_that_names_it() {
    let directory = Directory::new();
    let file = directory.0.join("file");
    fs::write(&file, "").expect("written");
    let failed = run(&["completions", "bash", "--out", &format!("{}/file", directory.shown())], "");
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert!(failed.err.contains("error: cannot write `"), "{}", failed.err);
    assert!(failed.err.contains("/file`\n  caused by: "), "{}", failed.err);
}
