//! Statements that mislead a reader. The C++ compiler cannot see them, for there all bodies have braces.

use super::Lint;
use super::walk;
use crate::finding::Rule;
use crate::syntax::{Statement, StatementKind};

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut found = Vec::new();
    for function in lint.program.functions() {
        walk::statements(function.body.as_deref().unwrap_or_default(), &mut |statement| {
            found.extend(dangling_else(statement));
        });
    }
    for statement in found {
        let message = "the `else` after two `if`: put the inner one in braces";
        lint.report(&statement.place, Rule::DanglingElse, message);
    }
}

/// An `if` without `else` whose body is an `if` with one.
fn dangling_else(statement: &Statement) -> Option<&Statement> {
    let StatementKind::If { then, otherwise: None, .. } = &statement.kind else { return None };
    let is_dangling = matches!(then.kind, StatementKind::If { otherwise: Some(_), .. });
    is_dangling.then_some(then)
}
