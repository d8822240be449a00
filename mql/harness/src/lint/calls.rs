//! Calls: the closed list of the terminal's functions, and what they must be given.

use std::collections::BTreeSet;

use super::walk;
use super::{Lint, is_probe, may_know_dialect};
use crate::api::Availability;
use crate::finding::Rule;
use crate::place::Place;
use crate::program::Dialect;
use crate::syntax::{Expression, ExpressionKind, Function};

/// Functions that one dialect calls with another meaning, and what to write instead.
const DIFFERENT: &[(&str, &str)] = &[
    ("StringConcatenate", "put `+` between the strings"),
    ("StringTrimLeft", "cut with StringSubstr"),
    ("StringTrimRight", "cut with StringSubstr"),
];

/// What the translator writes for every enum of a program.
const ENUM_TO_STRING: &str = "EnumToString";

/// Write error in MQL4, missing string size in MQL5.
const AMBIGUOUS_ERROR: u64 = 5016;

/// A call by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a [Expression],
    pub(super) place: &'a Place,
    function: Option<&'a Function>,
}

pub(super) fn check(lint: &mut Lint<'_>) {
    for call in calls(lint) {
        known(lint, call);
        differs(lint, call);
        file_flags(lint, call);
    }
    error_number(lint);
}

/// All calls of a program that do not go to a method of another object.
pub(super) fn calls<'a>(lint: &Lint<'a>) -> Vec<Call<'a>> {
    let mut calls = Vec::new();
    walk::expressions(lint.program, &mut |expression, _, function| {
        expression.walk(&mut |inner| {
            if let ExpressionKind::Call { callee, arguments } = &inner.kind
                && let ExpressionKind::Name(name) = &callee.kind
            {
                calls.push(Call { name, arguments, place: &callee.place, function });
            }
        });
    });
    calls
}

/// A called function is one of the program's or in the list, and in this dialect.
fn known(lint: &mut Lint<'_>, call: Call<'_>) {
    let Call { name, place, function, .. } = call;
    let program = lint.program;
    let own_functions: BTreeSet<&str> = program
        .functions()
        .filter(|function| function.class.is_none())
        .map(|function| function.name.text.as_str())
        .collect();
    let class = function.and_then(|function| function.class.as_ref());
    let class = class.and_then(|class| program.class(&class.text));
    let is_method = class.is_some_and(|class| class.methods().any(|m| m.name.text == name));
    if own_functions.contains(name)
        || is_method
        || name == ENUM_TO_STRING
        || different(name).is_some()
    {
        return;
    }
    match lint.api.availability(name) {
        Some(Availability::Both) => {}
        Some(Availability::Only(dialect)) if dialect != program.dialect => {
            let message = format!("`{name}` is a function of {} only", shown(dialect));
            lint.report(place, Rule::ApiDialect, message);
        }
        Some(Availability::Only(dialect)) => {
            if !may_know_dialect(place) {
                let dialect = shown(dialect);
                let message =
                    format!("`{name}` is a function of {dialect} only: call it in Compat.mqh");
                lint.report(place, Rule::ApiDialect, message);
            }
        }
        None => {
            let message = format!(
                "`{name}` is neither in the program nor in the list of the terminal's functions"
            );
            lint.report(place, Rule::ApiUnknown, message);
        }
    }
}

fn shown(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mql4 => "MQL4",
        Dialect::Mql5 => "MQL5",
    }
}

fn different(name: &str) -> Option<&'static str> {
    DIFFERENT.iter().find(|(known, _)| *known == name).map(|&(_, instead)| instead)
}

fn differs(lint: &mut Lint<'_>, call: Call<'_>) {
    if let Some(instead) = different(call.name) {
        let message = format!("`{}` differs between MQL4 and MQL5: {instead}", call.name);
        lint.report(call.place, Rule::ApiDiffers, message);
    }
}

/// Without an encoding the dialects read and write other bytes; and whether a name is a pipe's
/// cannot be seen here, so that one of two sets of flags is asked of every call.
fn file_flags(lint: &mut Lint<'_>, call: Call<'_>) {
    if call.name != "FileOpen" || is_probe(call.place) {
        return;
    }
    let mut flags = BTreeSet::new();
    if let Some(expression) = call.arguments.get(1) {
        expression.walk(&mut |inner| {
            if let ExpressionKind::Name(name) = &inner.kind {
                flags.insert(name.as_str());
            }
        });
    }
    let is_form = flags.contains("FILE_BIN") || flags.contains("FILE_TXT");
    if !is_form || !flags.contains("FILE_ANSI") || flags.contains("FILE_UNICODE") {
        let message = "FileOpen names FILE_BIN|FILE_ANSI or FILE_TXT|FILE_ANSI in the call itself";
        lint.report(call.place, Rule::FileFlags, message);
    }
}

fn error_number(lint: &mut Lint<'_>) {
    let mut found = Vec::new();
    walk::expressions(lint.program, &mut |expression, _, _| {
        expression.walk(&mut |inner| {
            if let ExpressionKind::Integer(integer) = inner.kind
                && integer.value == AMBIGUOUS_ERROR
                && !may_know_dialect(&inner.place)
            {
                found.push(&inner.place);
            }
        });
    });
    for place in found {
        let message = "5016 is a write error in MQL4 and a missing size in MQL5: ask Compat.mqh";
        lint.report(place, Rule::ErrorNumber, message);
    }
}
