//! Whole arrays: MQL4 cannot assign them, and C++ can.

use std::collections::BTreeMap;

use super::Lint;
use super::walk;
use crate::finding::Rule;
use crate::program::Program;
use crate::syntax::{
    Class, Declaration, Expression, ExpressionKind, Function, Item, Member, Shape, Statement,
    StatementKind,
};

/// What is known about a variable.
#[derive(Clone, Copy, Debug)]
struct Known<'a> {
    type_name: &'a str,
    is_array: bool,
}

pub(super) fn check(lint: &mut Lint<'_>) {
    for function in lint.program.functions() {
        let mut scope = Scope::of(lint.program, function);
        let mut found = Vec::new();
        scope.assignments(function.body.as_deref().unwrap_or_default(), &mut found);
        for expression in found {
            let message = "an array is not assigned as a whole: use ArrayCopy";
            lint.report(&expression.place, Rule::ArrayAssignment, message);
        }
    }
}

/// The variables that a function sees, innermost last.
struct Scope<'a> {
    program: &'a Program,
    levels: Vec<BTreeMap<&'a str, Known<'a>>>,
}

impl<'a> Scope<'a> {
    fn of(program: &'a Program, function: &'a Function) -> Self {
        let mut globals = BTreeMap::new();
        for item in &program.items {
            if let Item::Variables(declaration) = item {
                globals.extend(variables(declaration));
            }
        }
        let class = function.class.as_ref().and_then(|class| program.class(&class.text));
        let fields = class.map(|class| class_fields(class).collect()).unwrap_or_default();
        let parameters = function.parameters.iter().map(|parameter| {
            let type_name = parameter.value_type.name.text.as_str();
            (parameter.name.text.as_str(), Known { type_name, is_array: parameter.is_array })
        });
        Self { program, levels: vec![globals, fields, parameters.collect()] }
    }

    /// Finds the assignments of arrays in statements, which are a scope of their own.
    fn assignments(&mut self, body: &'a [Statement], found: &mut Vec<&'a Expression>) {
        self.levels.push(BTreeMap::new());
        for statement in body {
            self.statement(statement, found);
        }
        self.levels.pop();
    }

    fn statement(&mut self, statement: &'a Statement, found: &mut Vec<&'a Expression>) {
        if let StatementKind::Declaration(declaration) = &statement.kind
            && let Some(level) = self.levels.last_mut()
        {
            level.extend(variables(declaration));
        }
        if let StatementKind::Expression(expression) = &statement.kind {
            expression.walk(&mut |inner| {
                if let ExpressionKind::Assignment { left, .. } = &inner.kind
                    && self.known(left).is_some_and(|known| known.is_array)
                {
                    found.push(inner);
                }
            });
        }
        if let StatementKind::For(parts) = &statement.kind {
            // What the loop declares is seen in its body.
            self.levels.push(BTreeMap::new());
            for inner in parts.start.iter().chain([&parts.body]) {
                self.statement(inner, found);
            }
            self.levels.pop();
            return;
        }
        for inner in walk::inner_statements(statement) {
            self.assignments(inner, found);
        }
    }

    /// What is known about what an expression names.
    fn known(&self, expression: &Expression) -> Option<Known<'a>> {
        match &expression.kind {
            ExpressionKind::Group(inner) => self.known(inner),
            ExpressionKind::Index { array, .. } => {
                self.known(array).map(|known| Known { is_array: false, ..known })
            }
            ExpressionKind::Member { object, name } => {
                let type_name = self.known(object)?.type_name;
                self.field(type_name, &name.text)
            }
            ExpressionKind::Name(name) => {
                self.levels.iter().rev().find_map(|level| level.get(name.as_str())).copied()
            }
            ExpressionKind::Assignment { .. }
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Bool(_)
            | ExpressionKind::Call { .. }
            | ExpressionKind::Cast { .. }
            | ExpressionKind::Character(_)
            | ExpressionKind::Color(_)
            | ExpressionKind::Conditional { .. }
            | ExpressionKind::Datetime(_)
            | ExpressionKind::FunctionName
            | ExpressionKind::Integer(_)
            | ExpressionKind::Postfix { .. }
            | ExpressionKind::Real(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Unary { .. } => None,
        }
    }

    fn field(&self, type_name: &str, field: &str) -> Option<Known<'a>> {
        let is_field = |(name, _): &(&str, Known<'a>)| *name == field;
        if let Some(class) = self.program.class(type_name) {
            return class_fields(class).find(is_field).map(|(_, known)| known);
        }
        let structure = self.program.structure(type_name)?;
        structure.fields.iter().flat_map(variables).find(is_field).map(|(_, known)| known)
    }
}

fn class_fields(class: &Class) -> impl Iterator<Item = (&str, Known<'_>)> {
    class.members.iter().flat_map(|member| match member {
        Member::Fields(declaration) => variables(declaration).collect(),
        Member::Method(_) | Member::Section(_) => Vec::new(),
    })
}

fn variables(declaration: &Declaration) -> impl Iterator<Item = (&str, Known<'_>)> {
    let type_name = declaration.value_type.name.text.as_str();
    declaration.variables.iter().map(move |variable| {
        let is_array = !matches!(variable.shape, Shape::Single);
        (variable.name.text.as_str(), Known { type_name, is_array })
    })
}
