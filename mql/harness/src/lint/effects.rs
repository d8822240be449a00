//! Side effects: MQL and C++ promise different orders of evaluation, so that no order may matter.

use super::Lint;
use super::walk::{self, Role};
use crate::finding::Rule;
use crate::syntax::{Expression, ExpressionKind};

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut found = Vec::new();
    walk::expressions(lint.program, &mut |expression, role, _| {
        let inside = (role == Role::Condition).then_some("a condition");
        effects(expression, inside, &mut found);
    });
    for (expression, inside) in found {
        let message = format!(
            "a side effect inside {inside} is not part of our MQL: make it a statement of its own"
        );
        lint.report(&expression.place, Rule::SideEffect, message);
    }
}

/// Finds the side effects in an expression that stands inside something, or freely.
fn effects<'a>(
    expression: &'a Expression,
    inside: Option<&'static str>,
    found: &mut Vec<(&'a Expression, &'static str)>,
) {
    if let Some(inside) = inside
        && is_effect(expression)
    {
        found.push((expression, inside));
        return;
    }
    match &expression.kind {
        ExpressionKind::Binary { left, right, .. } => {
            effects(left, inside.or(Some("an operand")), found);
            effects(right, inside.or(Some("an operand")), found);
        }
        ExpressionKind::Call { callee, arguments } => {
            effects(callee, inside.or(Some("an operand")), found);
            for argument in arguments {
                effects(argument, Some("an argument"), found);
            }
        }
        ExpressionKind::Conditional { condition, then, otherwise } => {
            effects(condition, Some("a condition"), found);
            effects(then, inside.or(Some("an operand")), found);
            effects(otherwise, inside.or(Some("an operand")), found);
        }
        ExpressionKind::Index { array, index } => {
            effects(array, inside, found);
            effects(index, Some("an index"), found);
        }
        ExpressionKind::Assignment { .. }
        | ExpressionKind::Bool(_)
        | ExpressionKind::Cast { .. }
        | ExpressionKind::Character(_)
        | ExpressionKind::Color(_)
        | ExpressionKind::Datetime(_)
        | ExpressionKind::FunctionName
        | ExpressionKind::Group(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Member { .. }
        | ExpressionKind::Name(_)
        | ExpressionKind::Postfix { .. }
        | ExpressionKind::Real(_)
        | ExpressionKind::Text(_)
        | ExpressionKind::Unary { .. } => {
            for child in expression.kind.children() {
                effects(child, inside, found);
            }
        }
    }
}

fn is_effect(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Assignment { .. }
            | ExpressionKind::Postfix { .. }
            | ExpressionKind::Unary { operator: "++" | "--", .. }
    )
}
