//! What `tickpipe doctor` finds, and the mends that it names.

use serde_json::Value;

use crate::host::{Lines, Output, Server, handler, interrupt, is_wine, new_name, run, wait};

/// A finding of `--json`.
struct Finding {
    check: String,
    state: String,
    found: String,
    mend: Option<String>,
}

/// Runs the doctor with `--json`, and checks its summary and exit code.
fn examine(args: &[&str]) -> Vec<Finding> {
    let mut all = vec!["doctor", "--json"];
    all.extend(args);
    findings(&run(&all, ""))
}

fn findings(output: &Output) -> Vec<Finding> {
    let objects: Vec<Value> = output
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    let (summary, objects) = objects.split_last().unwrap_or_else(|| panic!("{}", output.err));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let findings: Vec<_> = objects
        .iter()
        .map(|object| Finding {
            check: text(&object["check"]).expect("a word"),
            state: text(&object["state"]).expect("a word"),
            found: text(&object["found"]).expect("a text"),
            mend: text(&object["mend"]),
        })
        .collect();
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    assert_eq!(summary["event"], "summary");
    assert_eq!(
        (&summary["problems"], &summary["notes"]),
        (&count("problem").into(), &count("note").into())
    );
    assert_eq!(output.code, Some(i32::from(count("problem") > 0)), "{}", output.out);
    for Finding { state, found, mend, .. } in &findings {
        assert!(["ok", "note", "problem"].contains(&state.as_str()), "{state}");
        assert!(state != "problem" || mend.is_some(), "no mend for: {found}");
    }
    findings
}

/// Returns the one finding of a check.
#[track_caller]
fn of<'a>(findings: &'a [Finding], check: &str) -> &'a Finding {
    let mut found = findings.iter().filter(|finding| finding.check == check);
    let first = found.next().unwrap_or_else(|| panic!("nothing is found about {check}"));
    assert!(found.next().is_none(), "more than one is found about {check}");
    first
}

#[test]
fn a_clean_machine_has_no_problem() {
    let name = new_name();
    let findings = examine(&["--pipe", &name]);
    // What else runs on this machine under Wine is not this test's business.
    let own = findings.iter().filter(|finding| !["prefix", "shim"].contains(&&*finding.check));
    for Finding { check, state, found, .. } in own {
        assert!(state == "ok" || check == "wine", "{check}: {found}");
    }
    let version = &of(&findings, "version").found;
    assert!(version.contains(concat!("tickpipe ", env!("CARGO_PKG_VERSION"))), "{version}");
    assert_eq!(version.contains("in Wine"), is_wine(), "{version}");
    let pipe = &of(&findings, "pipe").found;
    assert!(pipe.contains(&name) && pipe.contains("is free and can be created"), "{pipe}");
    let access = &of(&findings, "access").found;
    assert!(
        access.contains(if is_wine() || cfg!(windows) { "O:S-1-5-21-" } else { "0600" }),
        "{access}"
    );
    let speed = &of(&findings, "round_trip").found;
    assert!(speed.contains("p50 ") && speed.contains("p99 "), "{speed}");
    if is_wine() {
        let shim = of(&findings, "shim");
        assert_eq!(shim.state, "ok", "a Rust program runs, so it is there: {}", shim.found);
    }
    if cfg!(target_os = "linux") {
        assert!(findings.iter().any(|finding| finding.check == "prefix"), "prefixes are looked at");
    }
}

#[test]
fn people_are_told_the_same_as_programs() {
    let name = new_name();
    let json = examine(&["--pipe", &name]);
    let text = run(&["doctor", "--pipe", &name], "");
    let told: Vec<_> = text
        .out
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(' '))
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(state, rest)| (state, rest.split_whitespace().next().unwrap_or_default()))
        .collect();
    let mut want: Vec<_> =
        json.iter().map(|finding| (finding.state.as_str(), finding.check.as_str())).collect();
    let problems = json.iter().filter(|finding| finding.state == "problem").count().to_string();
    want.push((&problems, if problems == "1" { "problem," } else { "problems," }));
    assert_eq!(told, want, "{}", text.out);
}

#[test]
fn a_taken_name_is_named_with_its_holder_who_is_asked() {
    let server = Server::start(&["--quiet", "double"]);
    let findings = examine(&["--pipe", &server.name]);
    let pipe = of(&findings, "pipe");
    assert_eq!(pipe.state, "note", "{}", pipe.found);
    assert!(pipe.found.contains("is served by process "), "{}", pipe.found);
    assert!(pipe.found.contains("tickpipe"), "{}", pipe.found);
    if !is_wine() {
        assert!(pipe.found.contains(&format!("process {} ", server.id())), "{}", pipe.found);
    }
    let answer = of(&findings, "answer");
    assert_eq!(answer.state, "ok", "{}", answer.found);
    assert!(answer.found.contains("`1.10000000` with `2.200`"), "{}", answer.found);
    assert_eq!(of(&findings, "access").state, "ok");
}

/// A server that lets another user in may be meant so: it is told, and is no problem.
#[test]
fn who_else_may_connect_is_told() {
    let server = Server::start(&["--quiet", "--allow", "S-1-5-21-1-2-3-1002", "double"]);
    let findings = examine(&["--pipe", &server.name]);
    let access = of(&findings, "access");
    if is_wine() || cfg!(windows) {
        assert_eq!(access.state, "note", "{}", access.found);
        assert!(
            access.found.contains("S-1-5-21-1-2-3-1002 may read and write"),
            "{}",
            access.found
        );
    } else {
        assert_eq!(access.state, "ok", "a socket knows no SID: {}", access.found);
    }
}

/// A server that hangs as a whole holds its name, and answers nobody.
#[cfg(unix)]
#[test]
fn a_holder_that_does_not_answer_is_a_problem() {
    use rustix::process::Signal;
    let server = Server::start(&["--quiet", "double"]);
    server.signal(Signal::STOP);
    let findings = examine(&["--pipe", &server.name]);
    server.signal(Signal::CONT);
    assert_eq!(of(&findings, "pipe").state, "note");
    let answer = of(&findings, "answer");
    assert_eq!(answer.state, "problem", "{}", answer.found);
    assert!(answer.found.contains("`1.10000000`"), "{}", answer.found);
    assert!(answer.found.contains("no reply within 2000 ms"), "{}", answer.found);
    assert!(answer.mend.as_deref().is_some_and(|mend| mend.contains("stop that process")));
}

/// The mend that is named makes the problem go away.
#[cfg(unix)]
#[test]
fn a_directory_that_others_can_use_is_a_problem_with_the_mend() {
    use std::os::unix::fs::DirBuilderExt as _;
    if is_wine() {
        eprintln!("NOT RUN under Wine: a pipe has no directory");
        return;
    }
    let runtime = crate::host::Directory::new();
    let directory = runtime.0.join("tickpipe");
    std::fs::DirBuilder::new().mode(0o755).create(&directory).expect("a new directory");
    let examine = || {
        let mut command = crate::host::tickpipe(&["doctor", "--json"]);
        let output = command.env("XDG_RUNTIME_DIR", &runtime.0).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        findings(&Output {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        })
    };
    let found = examine();
    let problem = of(&found, "directory");
    assert_eq!(problem.state, "problem", "{}", problem.found);
    assert!(problem.found.contains("has mode 0755"), "{}", problem.found);
    let mend = problem.mend.as_deref().expect("a mend");
    assert_eq!(mend, format!("chmod 700 {}", directory.display()));
    let mended = std::process::Command::new("sh").args(["-c", mend]).status();
    assert!(mended.expect("it runs").success());
    let found = examine();
    assert_eq!(of(&found, "directory").state, "ok");
    assert_eq!(of(&found, "pipe").state, "ok");
}

#[test]
fn commands_are_told_apart_by_what_they_do() {
    let (name, handler) = (new_name(), handler());
    for (way, state, found, mend) in [
        ("double", "ok", "`1.10000000` with `2.200`", ""),
        ("once", "note", "before its input did", "until its input ends"),
        ("die", "problem", "before it answered `1.10000000`: it ended with exit ", "read lines"),
        ("half", "problem", "without a line's end", "line feed"),
        ("twice", "problem", "`1.10000000` and then `surplus`", "to stderr"),
        ("stderr", "ok", "; on stderr: `1.10000000`", ""),
        ("stubborn", "ok", "it did not end with its input and was killed", ""),
        ("silent", "problem", "no answer to `1.10000000` within 5 s", "one line for each"),
    ] {
        let findings = examine(&["--pipe", &name, "--", &handler, way]);
        let started = of(&findings, "command");
        assert_eq!(started.state, "ok", "{}", started.found);
        assert!(started.found.contains("handler"), "{}", started.found);
        let answer = of(&findings, "answer");
        assert_eq!(answer.state, state, "{way}: {}", answer.found);
        assert!(answer.found.contains(found), "{way}: {}", answer.found);
        assert!(answer.mend.as_deref().unwrap_or_default().contains(mend), "{:?}", answer.mend);
    }
}

#[test]
fn a_command_that_does_not_exist_is_a_problem() {
    let findings = examine(&["--pipe", &new_name(), "--", "no-such-program", "argument"]);
    let command = of(&findings, "command");
    assert_eq!(command.state, "problem");
    assert!(command.found.contains("`no-such-program` cannot be found"), "{}", command.found);
    assert!(command.mend.as_deref().is_some_and(|mend| mend.contains("full path")));
    assert!(findings.iter().all(|finding| finding.check != "answer"));
}

/// Answers each tick, asks what the account holds, and knows no lines.
const TRADER: &str = r#"import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "hello":
        print(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "account_info"}), flush=True)
    if message.get("method") == "tick":
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {}}), flush=True)
"#;

/// A program of sessions is told `hello` and a tick; Wine has no Python.
#[test]
fn a_command_is_tried_in_a_session() {
    if is_wine() {
        return;
    }
    let name = new_name();
    let args = ["--pipe", &name, "--mode", "session", "--", "python3", "-c"];
    let session = |program: &str| {
        let mut findings = examine(&[&args[..], &[program]].concat());
        findings.retain(|finding| finding.check == "session");
        findings.remove(0)
    };
    let fine = session(TRADER);
    assert_eq!(fine.state, "ok", "{}", fine.found);
    assert!(fine.found.contains("it answers a tick in "), "{}", fine.found);
    let gone = session("");
    assert_eq!(gone.state, "problem", "{}", gone.found);
    assert!(gone.mend.is_some(), "{}", gone.found);
    let deaf = session("import sys\nfor line in sys.stdin: pass");
    assert!(deaf.found.contains("no answer to a tick within 5 s"), "{}", deaf.found);
    assert!(deaf.mend.is_some_and(|mend| mend.contains("flush")));
}

/// Ctrl-C while a command is waited for ends both.
#[test]
fn an_interrupted_one_ends_at_once() {
    let name = new_name();
    let handler = handler();
    let args = ["doctor", "--json", "--pipe", &name, "--", &handler, "deaf"];
    let mut child = crate::host::tickpipe(&args).spawn().expect("the program starts");
    let mut out = Lines::of(child.stdout.take().expect("stdout is piped"));
    out.wait_for("round_trip").expect("the checks before the command's");
    interrupt(&child);
    assert_eq!(wait(&mut child).code(), Some(130));
    let rest = out.rest().join("\n");
    assert!(!rest.contains("summary") && !rest.contains("command"), "{rest}");
}

#[test]
fn a_name_that_cannot_be_is_refused() {
    let refused = run(&["doctor", "--pipe", "a/b"], "");
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.err.contains("invalid pipe name `a/b`"), "{}", refused.err);
}
