//! The rules that need the tree. Each is one function, in files by theme.
//!
//! Language rules hold for every file; layer and style rules for the files that we ship.

mod arrays;
mod calls;
mod constants;
mod effects;
mod fields;
mod functions;
mod handlers;
mod layers;
mod names;
mod statements;
#[cfg(test)]
mod tests;
mod walk;

use crate::api::Api;
use crate::finding::{Finding, Rule};
use crate::place::Place;
use crate::program::Program;

/// The folders of what we ship.
const SHIPPED: &[&str] = &["mql/Experts/TickPipe/", "mql/Include/TickPipe/"];
/// The only file that knows one dialect from the other.
const COMPAT: &str = "Compat.mqh";
/// Files that try what no other file may, to find out what a terminal does.
const PROBE: &[&str] = &["Probe.mqh", "TickPipeProbe.mqh"];

/// Returns what the rules refuse in a program, sorted by place.
#[must_use]
pub fn lint(program: &Program, api: &Api) -> Vec<Finding> {
    let mut lint = Lint { program, api, findings: Vec::new() };
    names::check(&mut lint);
    functions::check(&mut lint);
    constants::check(&mut lint);
    fields::check(&mut lint);
    handlers::check(&mut lint);
    calls::check(&mut lint);
    layers::check(&mut lint);
    statements::check(&mut lint);
    effects::check(&mut lint);
    arrays::check(&mut lint);
    let mut findings = lint.findings;
    findings.sort();
    findings.dedup();
    findings
}

/// What a rule sees, and where it says what it found.
struct Lint<'a> {
    program: &'a Program,
    api: &'a Api,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn report(&mut self, place: &Place, rule: Rule, message: impl Into<String>) {
        self.findings.push(Finding::new(place, rule, message));
    }
}

/// Whether a place is in a file that we ship.
fn is_shipped(place: &Place) -> bool {
    SHIPPED.iter().any(|folder| place.path.starts_with(folder))
}

/// Whether a place is in the file that may know the dialect, or in none that we ship.
fn may_know_dialect(place: &Place) -> bool {
    !is_shipped(place) || place.file_name() == COMPAT
}

/// Whether a place is in the shipped probe.
fn is_probe(place: &Place) -> bool {
    is_shipped(place) && PROBE.contains(&place.file_name())
}
