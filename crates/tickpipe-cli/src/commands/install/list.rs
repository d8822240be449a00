//! `--list`: the terminals, and what there is of ours in each.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::find::Terminal;
use super::origin::Origin;
use super::ours::{Ours, State, Unreadable, brought};
use super::running::{Processes, Running};
use super::told::{mend, near, show, shown};
use crate::cell::{Alignment, cell, measure_text_width};
use crate::print::harmless;
use crate::report::{ERROR, Failure, HINT, tell};

/// Characters of a broken `origin.txt` that are shown.
const ORIGIN_CHARS_MAX: usize = 100;
/// Columns of the table, but for a broker's folder, which has as many at least.
const COLUMNS_MAX: usize = 80;
const BROKER_COLUMNS_MIN: usize = 20;

/// A terminal, and what was found out about it.
#[derive(Debug)]
struct Looked<'a> {
    terminal: &'a Terminal,
    ours: Result<Ours, Unreadable>,
    running: Running,
}

/// Prints the terminals; whether all could be looked at.
pub(super) fn list(terminals: &[Terminal], is_json: bool) -> Result<bool, Failure> {
    let looked = look(terminals);
    let is_good = looked.iter().all(|looked| looked.ours.is_ok());
    let text = if is_json {
        looked.iter().map(|looked| format!("{}\n", terminal_json(looked))).collect()
    } else {
        table(&looked)
    };
    show(&text)?;
    for looked in &looked {
        if let Err(Unreadable { path, error }) = &looked.ours {
            tell(&format!("{ERROR}error:{ERROR:#} `{}`: {error}", shown(path)));
            tell(&format!("{HINT}hint:{HINT:#} {}", mend(error.kind())));
        }
    }
    Ok(is_good)
}

fn look(terminals: &[Terminal]) -> Vec<Looked<'_>> {
    let processes = Processes::look();
    let look = |terminal| Looked {
        terminal,
        ours: Ours::of(terminal),
        running: processes.running(terminal),
    };
    terminals.iter().map(look).collect()
}

/// Returns the terminals below the folders that they are in, whose paths are too long for a column.
fn table(looked: &[Looked<'_>]) -> String {
    let row = |Looked { terminal, ours, running }: &Looked<'_>| {
        let ours = ours.as_ref().map_or_else(|_| "cannot be read".to_owned(), Ours::text);
        let name = terminal.platform.name().to_owned();
        let running = running.text().to_owned();
        let broker = broker(terminal, looked);
        [name, harmless(terminal.label()), running, harmless(&ours), harmless(&broker)]
    };
    let heading = ["", "ID", "RUNNING", "OURS", "BROKER'S FOLDER"].map(str::to_owned);
    let rows: Vec<_> = looked.iter().map(row).collect();
    let width = |column: usize| {
        let widths = rows.iter().chain([&heading]).map(|row| measure_text_width(&row[column]));
        widths.max().unwrap_or_default()
    };
    let mut widths = [width(0), width(1), width(2), width(3), 0];
    let taken: usize = widths.iter().map(|width| width + 2).sum::<usize>() - 2;
    widths[4] = width(4).min(COLUMNS_MAX.saturating_sub(taken).max(BROKER_COLUMNS_MIN));
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(widths).map(|(text, width)| cell(text, width, Alignment::Left));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    let mut text = line(&heading);
    let mut before = None;
    for (Looked { terminal, .. }, row) in looked.iter().zip(&rows) {
        let folder = terminal.folder();
        if before != Some(folder) {
            text.push_str(&format!("in {}\n", near(folder)));
        }
        before = Some(folder);
        text.push_str(&line(row));
    }
    text.extend(looked.iter().filter_map(|looked| broken_origin(looked.terminal)));
    text
}

/// Returns the broker's folder, with where it is if two have the same name.
fn broker(terminal: &Terminal, looked: &[Looked<'_>]) -> String {
    let broker = terminal.broker();
    let same = looked.iter().filter(|other| other.terminal.broker() == broker);
    match &terminal.origin {
        Origin::At(path) if same.count() > 1 => path.clone(),
        Origin::At(_) | Origin::Broken { .. } | Origin::Missing => broker,
    }
}

/// Returns what is wrong with a terminal's `origin.txt`, and what stands in it, as far as it is shown.
fn broken_origin(terminal: &Terminal) -> Option<String> {
    let Origin::Broken { text, problem } = &terminal.origin else { return None };
    let (name, id) = (terminal.platform.name(), harmless(terminal.label()));
    let shown: String = text.chars().take(ORIGIN_CHARS_MAX).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    let shown = harmless(&shown);
    Some(format!("{name}  {id}: its origin.txt {problem}; it begins with `{shown}{more}`\n"))
}

fn terminal_json(Looked { terminal, ours, running }: &Looked<'_>) -> Value {
    let (origin, problem) = match &terminal.origin {
        Origin::At(path) => (Some(path), None),
        Origin::Broken { text, problem } => (Some(text), Some(*problem)),
        Origin::Missing => (None, None),
    };
    let mut object = json!({
        "event": "terminal",
        "platform": terminal.platform.name(),
        "id": terminal.id,
        "short_id": terminal.short_id,
        "origin": origin,
        "origin_problem": problem,
        "path": terminal.path.to_string_lossy(),
        "running": running.known(),
        "brought_version": brought(terminal),
    });
    match ours {
        Ok(ours) => {
            object["version"] = json!(ours.version);
            object["state"] = json!(ours.word());
            object["changed"] = json!(ours.paths(State::Changed).collect::<Vec<_>>());
        }
        Err(Unreadable { error, .. }) => object["error"] = json!(error.to_string()),
    }
    object
}
