//! The scripts under `conformance/line`, whole, byte by byte and in random pieces.

use std::collections::BTreeMap;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use crate::ea::Ea;
use crate::forward::Far;
use crate::host::Server;

/// How the EA's bytes are split into writes.
const SPLITS: [&str; 3] = ["write 0", "trickle 0", "split 0 7"];

/// One script, as the file says it.
#[derive(Default)]
struct Script {
    serve: Vec<String>,
    steps: Vec<Step>,
    errors: BTreeMap<String, u64>,
}

enum Step {
    Send(String),
    /// The result that the EA prints, or its beginning; and whether it is UTF-16LE.
    Expect {
        line: String,
        is_whole: bool,
        is_wide: bool,
    },
    Close,
    Open,
}

fn parse(text: &str) -> Script {
    let mut script = Script::default();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "serve" => script.serve = rest.split(' ').map(str::to_owned).collect(),
            "<" => match script.steps.last_mut() {
                Some(Step::Send(bytes)) => bytes.push_str(&escaped(rest)),
                _ => script.steps.push(Step::Send(escaped(rest))),
            },
            ">" | ">>" => {
                let text = rest.strip_suffix('*');
                script.steps.push(Step::Expect {
                    line: escaped(text.unwrap_or(rest)),
                    is_whole: text.is_none(),
                    is_wide: word == ">>",
                });
            }
            "close" => script.steps.push(Step::Close),
            "open" => script.steps.push(Step::Open),
            "errors" => {
                let (code, count) = rest.split_once(' ').expect("a code and a count");
                script.errors.insert(code.to_owned(), count.parse().expect("a count"));
            }
            _ => panic!("unknown line `{line}`"),
        }
    }
    assert!(!script.serve.is_empty() && !script.steps.is_empty(), "the script is not empty");
    script
}

/// Writes a script's bytes as the EA prints them: blanks as `\s`, bytes in one way only.
fn escaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match (byte, if byte == b'\\' { rest.next() } else { None }) {
            (b'\\', Some(b'r')) => b'\r',
            (b'\\', Some(b'n')) => b'\n',
            (b'\\', Some(b't')) => b'\t',
            (b'\\', Some(b'0')) => 0,
            (b'\\', Some(b's')) => b' ',
            (b'\\', Some(b'x')) => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = str::from_utf8(&digits).expect("two digits");
                u8::from_str_radix(digits, 16).expect("a byte in hexadecimal")
            }
            (b'\\', _) => b'\\',
            _ => byte,
        });
    }
    let mut shown = String::new();
    for byte in bytes {
        match byte {
            b'\r' => shown.push_str("\\r"),
            b'\n' => shown.push_str("\\n"),
            b'\t' => shown.push_str("\\t"),
            0 => shown.push_str("\\0"),
            b'\\' => shown.push_str("\\\\"),
            b' ' => shown.push_str("\\s"),
            0x21..=0x7e => shown.push(char::from(byte)),
            _ => shown.push_str(&format!("\\x{byte:02x}")),
        }
    }
    shown
}

/// Plays a script in one way of splitting.
fn play(script: &Script, path: &str, split: &str) {
    let mut ea = Ea::connected(path);
    for step in &script.steps {
        match step {
            Step::Send(bytes) => ea.check(&format!("{split} {bytes}"), "ok"),
            Step::Expect { line, is_whole, is_wide } => {
                let got = ea.ask(if *is_wide { "wline 0" } else { "line 0" });
                let got = got.strip_prefix("line ").unwrap_or(&got);
                let is_met = if *is_whole { got == line } else { got.starts_with(line) };
                assert!(is_met, "{split}: found {got}, expected {line}");
            }
            Step::Close => ea.check("close 0", "ok"),
            Step::Open => ea.open(0, path),
        }
    }
    // Not a byte more than the script says.
    ea.check("peek 0", "waiting 0");
}

/// Plays a script against the server that `start` makes of its options and its handler.
#[track_caller]
fn check(file: &Path, start: &dyn Fn(&[&str], &str) -> Server) {
    let script = parse(&fs::read_to_string(file).expect("the script can be read"));
    let mut args = vec!["--json"];
    args.extend(script.serve.iter().map(String::as_str));
    let handler = args.pop().expect("`--json` at least");
    let server = start(&args, handler);
    for split in SPLITS {
        play(&script, &server.path, split);
    }
    let summary = server.summary();
    for (code, count) in &script.errors {
        let want = count * u64::try_from(SPLITS.len()).expect("three");
        assert_eq!(summary["errors"][code], want, "errors {code}: {summary}");
    }
}

#[test]
fn every_script_holds_in_every_split() {
    let count = check_all(&|options, handler| Server::start(&[options, &[handler]].concat()));
    eprintln!("{count} scripts, {} ways each", SPLITS.len());
}

/// What an EA sees is the same wherever the handler is.
#[test]
fn every_script_holds_through_a_forward() {
    let [double, echo] = ["double", "echo"].map(|handler| Far::start(&["--quiet", handler]));
    let count = check_all(&|options, handler| match handler {
        "double" => double.start_near(options),
        "echo" => echo.start_near(options),
        _ => panic!("no server has the handler `{handler}`"),
    });
    eprintln!("{count} scripts through a forward, {} ways each", SPLITS.len());
}

/// Plays all scripts; returns how many there are.
fn check_all(start: &dyn Fn(&[&str], &str) -> Server) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/line");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(files.len() >= 20, "only {} scripts were found", files.len());
    let mut failures = Vec::new();
    for file in &files {
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| check(file, start)));
        if outcome.is_err() {
            failures.push(file.file_name().expect("a name").to_owned());
        }
    }
    assert!(failures.is_empty(), "of {} scripts these failed: {failures:?}", files.len());
    files.len()
}
