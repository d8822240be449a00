//! Ways through the tree: to all expressions, all statements, all names.

use crate::program::Program;
use crate::syntax::{
    Declaration, Expression, Function, Initial, Item, Member, Shape, Statement, StatementKind,
};

/// What an expression is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Condition,
    /// A statement of its own, or a step of a loop.
    Statement,
    Value,
}

/// Shows every expression of a program that is not inside another, with the function around it.
pub(super) fn expressions<'a>(
    program: &'a Program,
    see: &mut dyn FnMut(&'a Expression, Role, Option<&'a Function>),
) {
    for item in &program.items {
        match item {
            Item::Class(class) => {
                for member in &class.members {
                    if let Member::Fields(fields) = member {
                        declaration(fields, &mut |value| see(value, Role::Value, None));
                    }
                }
            }
            Item::Enum(enumeration) => {
                for (_, value) in &enumeration.values {
                    see(value, Role::Value, None);
                }
            }
            Item::Input(input) => see(&input.initial, Role::Value, None),
            Item::Struct(structure) => {
                for fields in &structure.fields {
                    declaration(fields, &mut |value| see(value, Role::Value, None));
                }
            }
            Item::Variables(globals) => {
                declaration(globals, &mut |value| see(value, Role::Value, None));
            }
            Item::Function(_) => {}
        }
    }
    for function in program.functions() {
        for default in function.parameters.iter().filter_map(|p| p.default.as_ref()) {
            see(default, Role::Value, None);
        }
        let mut see = |expression, role| see(expression, role, Some(function));
        statements(function.body.as_deref().unwrap_or_default(), &mut |statement| {
            statement_expressions(statement, &mut see);
        });
    }
}

/// Shows every statement, outer ones first.
pub(super) fn statements<'a>(body: &'a [Statement], see: &mut dyn FnMut(&'a Statement)) {
    for statement in body {
        see(statement);
        for inner in inner_statements(statement) {
            statements(inner, see);
        }
    }
}

/// The lists of statements directly inside a statement.
pub(super) fn inner_statements(statement: &Statement) -> Vec<&[Statement]> {
    match &statement.kind {
        StatementKind::Block(body) => vec![body],
        StatementKind::DoWhile { body, .. } | StatementKind::While { body, .. } => {
            vec![std::slice::from_ref(body.as_ref())]
        }
        StatementKind::For(parts) => {
            vec![parts.start.as_slice(), std::slice::from_ref(&parts.body)]
        }
        StatementKind::If { then, otherwise, .. } => {
            let otherwise = otherwise.as_deref().map(std::slice::from_ref).unwrap_or_default();
            vec![std::slice::from_ref(then.as_ref()), otherwise]
        }
        StatementKind::Switch { cases, .. } => {
            cases.iter().map(|case| case.body.as_slice()).collect()
        }
        StatementKind::Break
        | StatementKind::Continue
        | StatementKind::Declaration(_)
        | StatementKind::Expression(_)
        | StatementKind::Return(_) => Vec::new(),
    }
}

/// The expressions of a statement itself, without those of the statements inside.
fn statement_expressions<'a>(statement: &'a Statement, see: &mut dyn FnMut(&'a Expression, Role)) {
    match &statement.kind {
        StatementKind::Declaration(declared) => {
            declaration(declared, &mut |value| see(value, Role::Value));
        }
        StatementKind::DoWhile { condition, .. }
        | StatementKind::If { condition, .. }
        | StatementKind::While { condition, .. } => see(condition, Role::Condition),
        StatementKind::Expression(expression) => see(expression, Role::Statement),
        StatementKind::For(parts) => {
            if let Some(condition) = &parts.condition {
                see(condition, Role::Condition);
            }
            if let Some(step) = &parts.step {
                see(step, Role::Statement);
            }
        }
        StatementKind::Return(Some(value)) => see(value, Role::Value),
        StatementKind::Switch { value, cases } => {
            see(value, Role::Condition);
            for label in cases.iter().flat_map(|case| &case.labels) {
                if let Some(value) = &label.value {
                    see(value, Role::Value);
                }
            }
        }
        StatementKind::Block(_)
        | StatementKind::Break
        | StatementKind::Continue
        | StatementKind::Return(None) => {}
    }
}

fn declaration<'a>(declaration: &'a Declaration, see: &mut dyn FnMut(&'a Expression)) {
    for variable in &declaration.variables {
        if let Shape::FixedArray(size) = &variable.shape {
            see(size);
        }
        match &variable.initial {
            Some(Initial::List(values)) => values.iter().for_each(&mut *see),
            Some(Initial::Value(value)) => see(value),
            None => {}
        }
    }
}
