//! Expressions and literals.

use crate::lexer::Integer;
use crate::syntax::{
    Declaration, Expression, ExpressionKind, Initial, Name, Shape, Type, Variable,
};

/// What `__FUNCTION__` says outside a function.
pub(super) const NO_FUNCTION: &str = "";

/// A variable with its type and initial value, without `static`.
pub(super) fn variable_text(
    declaration: &Declaration,
    variable: &Variable,
    function: &str,
) -> String {
    let Variable { name: Name { text: name, .. }, shape, initial } = variable;
    let constant = if declaration.is_const { "const " } else { "" };
    let element = type_text(&declaration.value_type);
    let declared = match shape {
        Shape::Array => format!("Array<{element}> {name}"),
        Shape::FixedArray(size) => {
            format!("FixedArray<{element}, {}> {name}", expression_text(size, function))
        }
        Shape::Single => format!("{element} {name}"),
    };
    match initial {
        Some(initial) => format!("{constant}{declared} = {}", initial_text(initial, function)),
        None => format!("{constant}{declared}"),
    }
}

/// An initial value, of an array in braces.
pub(super) fn initial_text(initial: &Initial, function: &str) -> String {
    match initial {
        // The outer braces are the array object's, the inner ones its elements'.
        Initial::List(values) => format!("{{{{{}}}}}", list(values, function)),
        Initial::Value(value) => expression_text(value, function),
    }
}

fn list(values: &[Expression], function: &str) -> String {
    let values: Vec<String> = values.iter().map(|value| expression_text(value, function)).collect();
    values.join(", ")
}

/// An expression in the function of that name.
pub(super) fn expression_text(expression: &Expression, function: &str) -> String {
    let inner = |expression: &Expression| expression_text(expression, function);
    match &expression.kind {
        ExpressionKind::Assignment { operator, left, right }
        | ExpressionKind::Binary { operator, left, right } => {
            format!("{} {operator} {}", inner(left), inner(right))
        }
        ExpressionKind::Bool(value) => value.to_string(),
        ExpressionKind::Call { callee, arguments } => {
            format!("{}({})", inner(callee), list(arguments, function))
        }
        ExpressionKind::Cast { value_type, operand } => {
            format!("({}){}", type_text(value_type), inner(operand))
        }
        ExpressionKind::Character(character) => {
            format!("ushort(L'{}')", escaped(&character.to_string()))
        }
        ExpressionKind::Color(color) => format!("color(0x{color:06X})"),
        ExpressionKind::Conditional { condition, then, otherwise } => {
            format!("{} ? {} : {}", inner(condition), inner(then), inner(otherwise))
        }
        ExpressionKind::Datetime(seconds) => format!("datetime({seconds}LL)"),
        ExpressionKind::FunctionName => text(function),
        ExpressionKind::Group(expression) => format!("({})", inner(expression)),
        ExpressionKind::Index { array, index } => format!("{}[{}]", inner(array), inner(index)),
        ExpressionKind::Integer(integer) => integer_text(*integer),
        ExpressionKind::Member { object, name } => format!("{}.{}", inner(object), name.text),
        ExpressionKind::Name(name) => name.clone(),
        ExpressionKind::Postfix { operator, operand } => format!("{}{operator}", inner(operand)),
        ExpressionKind::Real(text) => text.clone(),
        ExpressionKind::Text(content) => text(content),
        // A blank keeps `- -x` from becoming `--x`.
        ExpressionKind::Unary { operator: "-", operand } if begins_with_minus(operand) => {
            format!("- {}", inner(operand))
        }
        ExpressionKind::Unary { operator, operand } => format!("{operator}{}", inner(operand)),
    }
}

fn begins_with_minus(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Unary { operator: "-" | "--", .. })
}

fn integer_text(Integer { value, is_hex }: Integer) -> String {
    let digits = if is_hex { format!("0x{value:X}") } else { value.to_string() };
    if i64::try_from(value).is_err() {
        return format!("{digits}ULL");
    }
    // C++ reads a hexadecimal number of 32 bits as unsigned, as MQL does.
    let is_plain = i32::try_from(value).is_ok() || is_hex && u32::try_from(value).is_ok();
    if is_plain { digits } else { format!("{digits}LL") }
}

/// A string literal.
pub(super) fn text(content: &str) -> String {
    format!("text(L\"{}\")", escaped(content))
}

/// The inside of a wide literal. Escapes have a fixed length, so that no digit after one joins it.
pub(super) fn escaped(content: &str) -> String {
    let mut escaped = String::new();
    for c in content.chars() {
        match c {
            '\\' | '"' | '\'' | '?' => escaped.extend(['\\', c]),
            ' '..='~' => escaped.push(c),
            '\0'..='\u{9F}' => escaped.push_str(&format!("\\{:03o}", u32::from(c))),
            '\u{A0}'..='\u{FFFF}' => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => escaped.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    escaped
}

pub(super) fn type_text(value_type: &Type) -> &str {
    match value_type.name.text.as_str() {
        "long" => "mql_long",
        name => name,
    }
}
