//! Statements. Bodies get braces, so that what belongs together in MQL does in C++.

use super::expressions::{expression_text, initial_text, type_text, variable_text};
use super::writer::Writer;
use crate::syntax::{Case, Expression, For, Function, Name, Statement, StatementKind};

/// The statements of a function's body.
pub(super) fn statements(writer: &mut Writer, function: &Function, body: &[Statement]) {
    writer.function = function.full_name();
    for statement in body {
        self::statement(writer, statement);
    }
}

fn value(writer: &Writer, expression: &Expression) -> String {
    expression_text(expression, &writer.function)
}

fn statement(writer: &mut Writer, statement: &Statement) {
    writer.at(&statement.place);
    match &statement.kind {
        StatementKind::Block(body) => {
            writer.line("{");
            all(writer, body);
            writer.line("}");
        }
        StatementKind::Break => writer.line("break;"),
        StatementKind::Continue => writer.line("continue;"),
        StatementKind::Declaration(declaration) => {
            for variable in &declaration.variables {
                writer.at(&variable.name.place);
                let storage = if declaration.is_static { "static " } else { "" };
                let variable = variable_text(declaration, variable, &writer.function);
                let line = format!("{storage}{variable};");
                writer.line(&line);
            }
        }
        StatementKind::DoWhile { body, condition } => {
            writer.line("do {");
            inner(writer, body);
            writer.at(&condition.place);
            let line = format!("}} while({});", value(writer, condition));
            writer.line(&line);
        }
        StatementKind::Expression(expression) => {
            let line = format!("{};", value(writer, expression));
            writer.line(&line);
        }
        StatementKind::For(parts) => for_statement(writer, parts),
        StatementKind::If { condition, then, otherwise } => {
            let line = format!("if({}) {{", value(writer, condition));
            writer.line(&line);
            inner(writer, then);
            if let Some(otherwise) = otherwise {
                writer.line("} else {");
                inner(writer, otherwise);
            }
            writer.line("}");
        }
        StatementKind::Return(None) => writer.line("return;"),
        StatementKind::Return(Some(result)) => {
            let line = format!("return {};", value(writer, result));
            writer.line(&line);
        }
        StatementKind::Switch { value: switched, cases } => {
            let line = format!("switch({}) {{", value(writer, switched));
            writer.line(&line);
            for case in cases {
                self::case(writer, case);
            }
            writer.line("}");
        }
        StatementKind::While { condition, body } => {
            let line = format!("while({}) {{", value(writer, condition));
            writer.line(&line);
            inner(writer, body);
            writer.line("}");
        }
    }
}

fn all(writer: &mut Writer, statements: &[Statement]) {
    for statement in statements {
        self::statement(writer, statement);
    }
}

/// A body whose braces are written already.
fn inner(writer: &mut Writer, body: &Statement) {
    match &body.kind {
        StatementKind::Block(statements) => all(writer, statements),
        StatementKind::Break
        | StatementKind::Continue
        | StatementKind::Declaration(_)
        | StatementKind::DoWhile { .. }
        | StatementKind::Expression(_)
        | StatementKind::For(_)
        | StatementKind::If { .. }
        | StatementKind::Return(_)
        | StatementKind::Switch { .. }
        | StatementKind::While { .. } => statement(writer, body),
    }
}

fn case(writer: &mut Writer, case: &Case) {
    for label in &case.labels {
        writer.at(&label.place);
        let line = match &label.value {
            Some(label) => format!("case {}:", value(writer, label)),
            None => "default:".to_owned(),
        };
        writer.line(&line);
    }
    writer.line("{");
    all(writer, &case.body);
    writer.line(if case.has_break { "} break;" } else { "}" });
}

fn for_statement(writer: &mut Writer, For { start, condition, step, body }: &For) {
    let start = start.as_ref().map(|start| for_start(writer, start)).unwrap_or_default();
    let part = |part: &Option<Expression>| part.as_ref().map(|part| value(writer, part));
    let condition = part(condition).map(|part| format!(" {part}")).unwrap_or_default();
    let step = part(step).map(|part| format!(" {part}")).unwrap_or_default();
    writer.line(&format!("for({start};{condition};{step}) {{"));
    inner(writer, body);
    writer.line("}");
}

fn for_start(writer: &Writer, start: &Statement) -> String {
    if let StatementKind::Declaration(declaration) = &start.kind {
        let mut parts = Vec::new();
        for variable in &declaration.variables {
            let Name { text: name, .. } = &variable.name;
            parts.push(match &variable.initial {
                Some(initial) => format!("{name} = {}", initial_text(initial, &writer.function)),
                None => name.clone(),
            });
        }
        let constant = if declaration.is_const { "const " } else { "" };
        return format!("{constant}{} {}", type_text(&declaration.value_type), parts.join(", "));
    }
    if let StatementKind::Expression(expression) = &start.kind {
        return value(writer, expression);
    }
    String::new()
}
