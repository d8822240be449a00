//! `cargo xtask protocol`: the tables of docs/PROTOCOL.md that `tickpipe-proto` has, written from it.
//!
//! A table stands between `<!-- NAME: … -->` and `<!-- NAME end -->`; what is between them is replaced.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use tickpipe_proto::message::retcode::{self, Retcode};
use tickpipe_proto::message::{Outcome, Terminal};
use tickpipe_proto::{Blame, ErrorCode};

use crate::no_arguments;
use crate::paths::Paths;

/// `cargo xtask protocol`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    let file = file(paths);
    fs::write(&file, written(paths)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!("written to {}", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Fails if a table is not what would be written.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    let file = file(paths);
    if read(&file)? != written(paths)? {
        bail!(
            "a table in {} is not what tickpipe-proto says; run `cargo xtask protocol`",
            file.display()
        );
    }
    Ok(())
}

fn file(paths: &Paths) -> PathBuf {
    paths.root.join("docs/PROTOCOL.md")
}

fn read(file: &PathBuf) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn written(paths: &Paths) -> anyhow::Result<String> {
    let text = read(&file(paths))?;
    let text = replace(&text, "line codes", &line_codes())?;
    let text = replace(&text, "retcodes", &retcodes())?;
    replace(&text, "codes", &session_codes())
}

/// Puts a table between its two marks.
fn replace(text: &str, name: &str, table: &str) -> anyhow::Result<String> {
    let (begin, end) = (format!("<!-- {name}: "), format!("<!-- {name} end -->"));
    let parts = text.split_once(&begin).and_then(|(before, rest)| {
        let (mark, rest) = rest.split_once('\n')?;
        let (_, after) = rest.split_once(&end)?;
        Some((before, mark, after))
    });
    match parts {
        Some((before, mark, after)) if !after.contains(&begin) => {
            Ok(format!("{before}{begin}{mark}\n{table}{end}{after}"))
        }
        Some(_) => bail!("`{begin}…` stands twice in PROTOCOL.md"),
        None => bail!("`{begin}…` or `{end}` is missing in PROTOCOL.md"),
    }
}

fn line_codes() -> String {
    let mut table =
        "| code | meaning | worth sending again later |\n| --- | --- | --- |\n".to_owned();
    for code in ErrorCode::ALL.iter().filter(|code| code.is_of_line_mode()) {
        let again = yes(code.is_retryable());
        // Writing to a string does not fail.
        writeln!(table, "| `{code}` | {} |{again} |", code.meaning()).ok();
    }
    table
}

fn session_codes() -> String {
    let mut table = "| code | number | meaning | who has to act | the same again later |\n\
                     | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for code in ErrorCode::ALL.iter().filter(|code| code.is_of_session_mode()) {
        let (number, meaning, actor) =
            (code.json_rpc_number(), code.meaning(), actor(code.blame()));
        let again = yes(code.is_retryable());
        writeln!(table, "| `{code}` | {number} | {meaning} | {actor} |{again} |").ok();
    }
    table
}

fn retcodes() -> String {
    let mut text = String::new();
    for (title, terminal) in [("MT5 and `sim`", Terminal::Mt5), ("MT4", Terminal::Mt4)] {
        writeln!(
            text,
            "{title}:\n\n| code | outcome | retryable | text |\n| --- | --- | --- | --- |"
        )
        .ok();
        for Retcode { code, outcome, is_retryable, text: meaning, .. } in retcode::table(terminal) {
            // The one that people have to see.
            let mark = if *outcome == Outcome::Unknown { "**" } else { "" };
            writeln!(
                text,
                "| {code} | {mark}{outcome}{mark} |{} | {meaning} |",
                yes(*is_retryable)
            )
            .ok();
        }
        text.push('\n');
    }
    text
}

/// A cell that is empty for no, with the blank before its text.
const fn yes(is_so: bool) -> &'static str {
    if is_so { " yes" } else { "" }
}

const fn actor(blame: Blame) -> &'static str {
    match blame {
        Blame::Bug => "tickpipe",
        Blame::Caller => "the program that uses tickpipe",
        Blame::Environment => "who runs the machine or the terminal",
        Blame::Peer => "the other side",
        _ => "",
    }
}
