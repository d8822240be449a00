//! Parameters and results.

use std::collections::BTreeSet;

use super::Lint;
use super::walk;
use crate::finding::Rule;
use crate::syntax::{ExpressionKind, Function, Item, Parameter, TypeKind};

pub(super) fn check(lint: &mut Lint<'_>) {
    for function in lint.program.functions() {
        for parameter in &function.parameters {
            const_reference(lint, parameter);
            object_by_value(lint, parameter);
            reference_default(lint, parameter);
        }
        object_result(lint, function);
    }
    for item in &lint.program.items {
        if let Item::Function(function) = item {
            default_outside(lint, function);
        }
    }
    function_name(lint);
    method_body(lint);
}

/// The linker would miss a method that is called and has no body, and names no line.
fn method_body(lint: &mut Lint<'_>) {
    let program = lint.program;
    let outside: BTreeSet<String> = program
        .items
        .iter()
        .filter_map(|item| if let Item::Function(function) = item { Some(function) } else { None })
        .map(Function::full_name)
        .collect();
    for method in program.functions().filter(|function| function.body.is_none()) {
        let name = method.full_name();
        if !outside.contains(&name) {
            let message = format!("the method `{name}` has no body");
            lint.report(&method.name.place, Rule::MethodBody, message);
        }
    }
}

/// `__FUNCTION__` names the function around it.
fn function_name(lint: &mut Lint<'_>) {
    let mut found = Vec::new();
    walk::expressions(lint.program, &mut |expression, _, function| {
        expression.walk(&mut |inner| {
            if matches!(inner.kind, ExpressionKind::FunctionName) && function.is_none() {
                found.push(&inner.place);
            }
        });
    });
    for place in found {
        let message = "`__FUNCTION__` stands inside a function's body only";
        lint.report(place, Rule::DebugWord, message);
    }
}

/// C++ would pass a value there, where MQL wants a variable.
fn const_reference(lint: &mut Lint<'_>, parameter: &Parameter) {
    let Parameter { name, value_type, .. } = parameter;
    let is_simple = matches!(value_type.kind, TypeKind::Simple | TypeKind::Enum);
    if parameter.is_const && parameter.is_reference && !parameter.is_array && is_simple {
        let (type_name, name_text) = (&value_type.name.text, &name.text);
        let message = format!("pass simple types by value: `const {type_name} {name_text}`");
        lint.report(&name.place, Rule::ConstReference, message);
    }
}

/// MQL passes objects by reference only.
fn object_by_value(lint: &mut Lint<'_>, parameter: &Parameter) {
    let Parameter { name, value_type, .. } = parameter;
    if value_type.kind == TypeKind::Object && !parameter.is_reference {
        let (type_name, name_text) = (&value_type.name.text, &name.text);
        let message = format!("objects are passed by reference: `const {type_name} &{name_text}`");
        lint.report(&name.place, Rule::ObjectByValue, message);
    }
}

/// MQL has no variable for the reference to begin with.
fn reference_default(lint: &mut Lint<'_>, parameter: &Parameter) {
    if parameter.is_reference && parameter.default.is_some() {
        let message = format!("the reference `{}` has no default value", parameter.name.text);
        lint.report(&parameter.name.place, Rule::DefaultValue, message);
    }
}

/// A result that is an object would be copied, which the dialects do differently.
fn object_result(lint: &mut Lint<'_>, function: &Function) {
    if let Some(result) = &function.result
        && result.kind == TypeKind::Object
    {
        let message =
            format!("an object is handed back by reference: `{} &result`", result.name.text);
        lint.report(&result.name.place, Rule::ObjectByValue, message);
    }
}

/// The class states the default values of its methods.
fn default_outside(lint: &mut Lint<'_>, function: &Function) {
    let with_default = function.parameters.iter().find(|parameter| parameter.default.is_some());
    if let Some(parameter) = with_default
        && function.class.is_some()
    {
        let message = format!("the default value of `{}` stands in the class", parameter.name.text);
        lint.report(&parameter.name.place, Rule::DefaultValue, message);
    }
}
