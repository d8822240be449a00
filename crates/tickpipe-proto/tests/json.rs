//! The texts of `conformance/json`: the parser takes for JSON what RFC 8259 does.

use std::fs;
use std::path::Path;

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Call, Message, parse};

/// What the RFC says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Json,
    LeftToTheReader,
    NoJson,
}

/// Returns the bytes that a case stands for: escapes as in `conformance/line`, and `${…}`.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((made, behind)) =
            rest.strip_prefix("${").and_then(|in_it| in_it.split_once('}'))
        {
            let (word, count) = made.split_once(' ').expect("a sound case");
            let count: usize = count.parse().expect("a sound case");
            out.extend(
                match word {
                    "fill" => "x".repeat(count),
                    "deep" => "[".repeat(count) + &"]".repeat(count),
                    "open" => "[".repeat(count),
                    _ => panic!("there is no {word}"),
                }
                .into_bytes(),
            );
            rest = behind;
            continue;
        }
        let (escape, behind) = rest.split_at(first.len_utf8());
        rest = behind;
        if escape != "\\" {
            out.extend_from_slice(escape.as_bytes());
            continue;
        }
        let (word, behind) = rest.split_at(1);
        rest = behind;
        out.push(match word {
            "r" => b'\r',
            "n" => b'\n',
            "t" => b'\t',
            "0" => 0,
            "s" => b' ',
            "\\" => b'\\',
            "x" => {
                let (digits, behind) = rest.split_at(2);
                rest = behind;
                u8::from_str_radix(digits, 16).expect("a sound case")
            }
            _ => panic!("there is no escape {word}"),
        });
    }
    out
}

/// Whether the parser finds JSON in a line, of whatever meaning.
fn is_json(line: &[u8]) -> bool {
    use ErrorCode::{Empty, Encoding, ParseError};
    !matches!(parse(line), Err(refused) if matches!(refused.fault.code, Empty | Encoding | ParseError))
}

/// Whether the parser overlooks a value under a name that it does not know.
fn is_overlooked(value: &[u8]) -> bool {
    let message = |value: &[u8]| {
        [br#"{"jsonrpc":"2.0","later":"#, value, br#","id":1,"method":"ping"}"#].concat()
    };
    matches!(parse(&message(value)), Ok(Message::Call { call: Call::Ping, .. }))
}

#[test]
fn json_is_what_the_standard_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/json");
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a sound case") {
        let path = entry.expect("a sound case").path();
        let file = path.file_name().expect("a sound case").to_string_lossy().into_owned();
        for case in fs::read_to_string(&path).expect("a sound case").lines() {
            let mut words = case.splitn(3, ' ');
            let verdict = match words.next() {
                Some("y") => Verdict::Json,
                Some("i") => Verdict::LeftToTheReader,
                Some("n") => Verdict::NoJson,
                _ => panic!("{file}: {case}"),
            };
            let name = words.next().expect("a sound case");
            let text = bytes(words.next().expect("a sound case"));
            count += 1;
            for (place, found) in [("alone", is_json(&text)), ("inside", is_overlooked(&text))] {
                let is_right = match verdict {
                    Verdict::Json => found,
                    Verdict::NoJson => !found,
                    // Chapter 11: whatever an unknown member holds, but for its depth.
                    Verdict::LeftToTheReader => found || file == "depth.txt",
                };
                if !is_right {
                    failures.push(format!("{file}: {name}, {place}: {verdict:?}, taken: {found}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= 120, "only {count} cases were found");
}
