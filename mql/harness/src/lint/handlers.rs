//! Handlers: the functions that a terminal calls.

use super::Lint;
use crate::finding::Rule;
use crate::syntax::{Function, TypeKind};

/// Handlers that the harness calls, and their signatures.
const HANDLERS: &[(&str, &str)] = &[
    ("OnDeinit", "void OnDeinit(const int reason)"),
    ("OnInit", "int OnInit()"),
    ("OnStart", "void OnStart()"),
    ("OnTick", "void OnTick()"),
    ("OnTimer", "void OnTimer()"),
];

/// Handlers of the terminals that the harness does not call. Sorted.
const OTHERS: &[&str] = &[
    "OnBookEvent",
    "OnCalculate",
    "OnChartEvent",
    "OnTester",
    "OnTesterDeinit",
    "OnTesterInit",
    "OnTesterPass",
    "OnTrade",
    "OnTradeTransaction",
    "deinit",
    "init",
    "start",
];

impl Function {
    /// Whether the terminal calls it as that handler.
    pub(crate) fn is_handler(&self, name: &str) -> bool {
        self.class.is_none() && self.name.text == name
    }

    /// The signature without the names of parameters.
    fn types(&self) -> String {
        let result = self.result.as_ref().map_or("", |result| &result.name.text);
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| {
                let constant = if parameter.is_const { "const " } else { "" };
                let reference = if parameter.is_reference { "&" } else { "" };
                format!("{constant}{}{reference}", parameter.value_type.name.text)
            })
            .collect();
        format!("{result}({})", parameters.join(","))
    }
}

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut has_handler = false;
    for function in lint.program.functions().filter(|function| function.class.is_none()) {
        has_handler |= signature(lint, function);
        other(lint, function);
    }
    if !has_handler {
        let message = "the program has no OnInit, OnDeinit, OnTick, OnTimer or OnStart";
        lint.report(&lint.program.main, Rule::HandlerMissing, message);
    }
}

/// A handler has the terminal's signature; whether the function is one.
fn signature(lint: &mut Lint<'_>, function: &Function) -> bool {
    let known = HANDLERS.iter().find(|(name, _)| function.is_handler(name));
    let Some(&(name, wanted)) = known else { return false };
    let result = if name == "OnInit" { "int" } else { "void" };
    let parameters = if name == "OnDeinit" { "const int" } else { "" };
    let is_right = function.types() == format!("{result}({parameters})")
        && function.parameters.iter().all(|p| !p.is_array && p.default.is_none())
        && function.result.as_ref().is_some_and(|r| r.kind != TypeKind::Object);
    if !is_right {
        let message = format!("the terminal calls `{wanted}`");
        lint.report(&function.name.place, Rule::HandlerSignature, message);
    }
    true
}

fn other(lint: &mut Lint<'_>, function: &Function) {
    let name = function.name.text.as_str();
    if OTHERS.binary_search(&name).is_ok() {
        let message = format!("the harness does not call `{name}`: use a timer, or another name");
        lint.report(&function.name.place, Rule::HandlerMissing, message);
    }
}
