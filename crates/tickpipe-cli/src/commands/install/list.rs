//! `--list`: the terminals, and what there is of ours in each.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::find::Terminal;
use super::origin::Origin;
use super::ours::{Ours, State, Unreadable, brought};
use super::told::{show, shown};
use crate::cell::{Alignment, cell, measure_text_width};
use crate::print::harmless;
use crate::report::{ERROR, Failure, tell};

/// Characters of a broken `origin.txt` that are shown.
const ORIGIN_CHARS_MAX: usize = 100;
/// Columns of a broker's folder in the table.
const BROKER_COLUMNS_MAX: usize = 28;

/// Prints the terminals; whether all could be looked at.
pub(super) fn list(terminals: &[Terminal], is_json: bool) -> Result<bool, Failure> {
    let looked: Vec<_> = terminals.iter().map(|terminal| (terminal, Ours::of(terminal))).collect();
    let is_good = looked.iter().all(|(_, ours)| ours.is_ok());
    let text = if is_json {
        let object = |(terminal, ours): &(&Terminal, Result<Ours, Unreadable>)| {
            format!("{}\n", terminal_json(terminal, ours.as_ref()))
        };
        looked.iter().map(object).collect()
    } else {
        table(&looked)
    };
    show(&text)?;
    for (_, ours) in &looked {
        if let Err(Unreadable { path, error }) = ours {
            tell(&format!("{ERROR}error:{ERROR:#} {}: {error}", shown(path)));
        }
    }
    Ok(is_good)
}

fn table(looked: &[(&Terminal, Result<Ours, Unreadable>)]) -> String {
    let row = |(terminal, ours): &(&Terminal, Result<Ours, Unreadable>)| {
        let id = if terminal.short_id.is_empty() { "portable" } else { &terminal.short_id };
        let ours = ours.as_ref().map_or_else(|_| "cannot be read".to_owned(), Ours::text);
        let name = terminal.platform.name().to_owned();
        [name, harmless(id), harmless(&ours), harmless(&terminal.broker()), shown(&terminal.path)]
    };
    let heading = ["", "ID", "OURS", "BROKER'S FOLDER", "DATA FOLDER"].map(str::to_owned);
    let rows: Vec<_> = [heading].into_iter().chain(looked.iter().map(row)).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| measure_text_width(&row[column]));
        let most = if column == 3 { BROKER_COLUMNS_MAX } else { usize::MAX };
        widths.max().unwrap_or_default().min(most)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(widths).map(|(text, width)| cell(text, width, Alignment::Left));
        format!("{}  {}\n", cells.collect::<Vec<_>>().join("  "), row[4])
    };
    let broken = looked.iter().filter_map(|(terminal, _)| broken_origin(terminal));
    rows.iter().map(line).chain(broken).collect()
}

/// Returns what is wrong with a terminal's `origin.txt`, and what stands in it, as far as it is shown.
fn broken_origin(terminal: &Terminal) -> Option<String> {
    let Origin::Broken { text, problem } = &terminal.origin else { return None };
    let (name, id) = (terminal.platform.name(), harmless(&terminal.short_id));
    let shown: String = text.chars().take(ORIGIN_CHARS_MAX).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    let shown = harmless(&shown);
    Some(format!("{name}  {id}: its origin.txt {problem}; it begins with `{shown}{more}`\n"))
}

fn terminal_json(terminal: &Terminal, ours: Result<&Ours, &Unreadable>) -> Value {
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
