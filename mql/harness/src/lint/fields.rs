//! Fields: a terminal leaves those of simple types as they are, and an object's first use reads them.

use std::collections::BTreeSet;

use super::Lint;
use super::walk;
use crate::finding::Rule;
use crate::program::Program;
use crate::syntax::{
    Class, ExpressionKind, Function, FunctionKind, Item, Member, Name, Shape, StatementKind,
    TypeKind,
};

/// The only simple type that begins as something.
const STRING: &str = "string";

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut found = Vec::new();
    for item in &lint.program.items {
        if let Item::Class(class) = item {
            let set = fields_set(lint.program, class);
            let fields = simple_fields(class);
            found.extend(fields.filter(|field| !set.contains(field.text.as_str())));
        }
    }
    for field in found {
        let message = format!("the constructor does not set `{}`", field.text);
        lint.report(&field.place, Rule::FieldUnset, message);
    }
}

/// The fields that are neither strings nor arrays nor objects.
fn simple_fields(class: &Class) -> impl Iterator<Item = &Name> {
    let declarations = class.members.iter().filter_map(|member| match member {
        Member::Fields(declaration) => Some(declaration),
        Member::Method(_) | Member::Section(_) => None,
    });
    let simple = declarations.filter(|declaration| {
        matches!(declaration.value_type.kind, TypeKind::Enum | TypeKind::Simple)
            && declaration.value_type.name.text != STRING
    });
    simple
        .flat_map(|declaration| &declaration.variables)
        .filter(|variable| matches!(variable.shape, Shape::Single))
        .map(|variable| &variable.name)
}

/// What the constructor assigns to, itself or through the class's own methods.
fn fields_set<'a>(program: &'a Program, class: &'a Class) -> BTreeSet<&'a str> {
    let mut set = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = Vec::new();
    let methods: Vec<&Function> = program
        .functions()
        .filter(|method| method.class.as_ref().is_some_and(|of| of.text == class.name.text))
        .collect();
    for constructor in methods.iter().filter(|method| method.kind == FunctionKind::Constructor) {
        sets_and_calls(constructor, &mut set, &mut waiting);
    }
    while let Some(name) = waiting.pop() {
        if seen.insert(name) {
            for method in methods.iter().filter(|method| method.name.text == name) {
                sets_and_calls(method, &mut set, &mut waiting);
            }
        }
    }
    set
}

/// The names that a method assigns to, and those that it calls.
fn sets_and_calls<'a>(method: &'a Function, set: &mut BTreeSet<&'a str>, calls: &mut Vec<&'a str>) {
    walk::statements(method.body.as_deref().unwrap_or_default(), &mut |statement| {
        let StatementKind::Expression(expression) = &statement.kind else { return };
        expression.walk(&mut |inner| {
            if let ExpressionKind::Assignment { operator: "=", left, .. } = &inner.kind
                && let ExpressionKind::Name(name) = &left.kind
            {
                set.insert(name);
            }
            if let ExpressionKind::Call { callee, .. } = &inner.kind
                && let ExpressionKind::Name(name) = &callee.kind
            {
                calls.push(name);
            }
        });
    });
}
