//! Layers: which of the shipped files may call what.

use super::calls::{self, Call};
use super::{Lint, is_probe, is_shipped, may_know_dialect};
use crate::finding::Rule;

/// Functions of the terminal that only some files may call.
struct Layer {
    /// Names, or beginnings of names that end in `*`.
    functions: &'static [&'static str],
    files: &'static [&'static str],
}

/// The first layer that has a function decides. The probe may call them all.
const LAYERS: &[Layer] = &[
    // These wait until there is something to read.
    Layer {
        functions: &[
            "FileIsEnding",
            "FileReadDouble",
            "FileReadInteger",
            "FileReadLong",
            "FileReadString",
            "FileReadStruct",
            "FileTell",
        ],
        files: &["Article.mq4"],
    },
    Layer { functions: &["File*"], files: &["Article.mq4", "Report.mqh", "Transport.mqh"] },
    Layer { functions: &["Sleep"], files: &["Wait.mqh"] },
];

impl Layer {
    fn has(&self, function: &str) -> bool {
        self.functions.iter().any(|name| match name.strip_suffix('*') {
            Some(beginning) => function.starts_with(beginning),
            None => function == *name,
        })
    }
}

pub(super) fn check(lint: &mut Lint<'_>) {
    for call in calls::calls(lint) {
        layer(lint, call);
    }
    conditional_place(lint);
}

fn layer(lint: &mut Lint<'_>, call: Call<'_>) {
    // A function of ours may be called what it likes.
    if !is_shipped(call.place) || is_probe(call.place) || lint.api.availability(call.name).is_none()
    {
        return;
    }
    let Some(layer) = LAYERS.iter().find(|layer| layer.has(call.name)) else { return };
    if !layer.files.contains(&call.place.file_name()) {
        let files = layer.files.join(", ");
        let message = format!("`{}` is called in {files} only", call.name);
        lint.report(call.place, Rule::Layer, message);
    }
}

fn conditional_place(lint: &mut Lint<'_>) {
    for place in &lint.program.conditionals {
        if !may_know_dialect(place) {
            let message = "only Compat.mqh knows one dialect from the other";
            lint.report(place, Rule::ConditionalPlace, message);
        }
    }
}
