//! Values that MQL computes while it compiles: C++ would compute some of them later.

use std::collections::BTreeSet;

use super::Lint;
use super::walk;
use crate::finding::Rule;
use crate::program::Program;
use crate::syntax::{
    Declaration, Expression, ExpressionKind, Function, Initial, Item, Member, Shape, Statement,
    StatementKind,
};

pub(super) fn check(lint: &mut Lint<'_>) {
    let globals = global_variables(lint.program);
    let mut wanted = Vec::new();
    for item in &lint.program.items {
        item_constants(item, &mut wanted);
    }
    report(lint, &wanted, &globals);
    for function in lint.program.functions() {
        let mut wanted: Vec<&Expression> =
            function.parameters.iter().filter_map(|parameter| parameter.default.as_ref()).collect();
        let mut variables = globals.clone();
        variables.extend(local_variables(function));
        walk::statements(function.body.as_deref().unwrap_or_default(), &mut |statement| {
            statement_constants(statement, &mut wanted);
        });
        report(lint, &wanted, &variables);
    }
}

fn report(lint: &mut Lint<'_>, wanted: &[&Expression], variables: &BTreeSet<&str>) {
    for value in wanted {
        if let Some(found) = value.not_constant() {
            let message = "the value must be a constant: assign it in a function instead";
            lint.report(&found.place, Rule::Constant, message);
            continue;
        }
        value.walk(&mut |inner| {
            if let ExpressionKind::Name(name) = &inner.kind
                && variables.contains(name.as_str())
            {
                let message = format!("`{name}` is a variable; a constant is made by `#define`");
                lint.report(&inner.place, Rule::Constant, message);
            }
        });
    }
}

/// The values that an item states outside of functions.
fn item_constants<'a>(item: &'a Item, wanted: &mut Vec<&'a Expression>) {
    match item {
        Item::Class(class) => {
            for member in &class.members {
                if let Member::Fields(fields) = member {
                    sizes(fields, wanted);
                }
            }
        }
        Item::Enum(enumeration) => wanted.extend(enumeration.values.iter().map(|(_, value)| value)),
        Item::Input(input) => wanted.push(&input.initial),
        Item::Struct(structure) => {
            for fields in &structure.fields {
                sizes(fields, wanted);
            }
        }
        Item::Variables(globals) => {
            sizes(globals, wanted);
            initials(globals, wanted);
        }
        Item::Function(_) => {}
    }
}

fn statement_constants<'a>(statement: &'a Statement, wanted: &mut Vec<&'a Expression>) {
    if let StatementKind::Declaration(declaration) = &statement.kind {
        sizes(declaration, wanted);
        if declaration.is_static {
            initials(declaration, wanted);
        }
    }
    if let StatementKind::Switch { cases, .. } = &statement.kind {
        let labels = cases.iter().flat_map(|case| &case.labels);
        wanted.extend(labels.filter_map(|label| label.value.as_ref()));
    }
}

fn sizes<'a>(declaration: &'a Declaration, wanted: &mut Vec<&'a Expression>) {
    wanted.extend(declaration.variables.iter().filter_map(|variable| match &variable.shape {
        Shape::FixedArray(size) => Some(size),
        Shape::Array | Shape::Single => None,
    }));
}

fn initials<'a>(declaration: &'a Declaration, wanted: &mut Vec<&'a Expression>) {
    for variable in &declaration.variables {
        match &variable.initial {
            Some(Initial::List(values)) => wanted.extend(values),
            Some(Initial::Value(value)) => wanted.push(value),
            None => {}
        }
    }
}

fn global_variables(program: &Program) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for item in &program.items {
        match item {
            Item::Input(input) => {
                names.insert(input.name.text.as_str());
            }
            Item::Variables(globals) => names.extend(variables(globals)),
            Item::Class(_) | Item::Enum(_) | Item::Function(_) | Item::Struct(_) => {}
        }
    }
    names
}

fn local_variables(function: &Function) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> =
        function.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
    walk::statements(function.body.as_deref().unwrap_or_default(), &mut |statement| {
        if let StatementKind::Declaration(declaration) = &statement.kind {
            names.extend(variables(declaration));
        }
    });
    names
}

fn variables(declaration: &Declaration) -> impl Iterator<Item = &str> {
    declaration.variables.iter().map(|variable| variable.name.text.as_str())
}
