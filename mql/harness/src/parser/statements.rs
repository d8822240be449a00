//! Statements.

use super::{Parsed, Parser};
use crate::finding::{Finding, Rule};
use crate::syntax::{
    Case, Expression, ExpressionKind, For, Label, Shape, Statement, StatementKind, TypeKind,
};

impl Parser {
    /// `{ … }`.
    pub(super) fn block(&mut self) -> Parsed<Vec<Statement>> {
        self.expect_mark("{")?;
        let mut statements = Vec::new();
        while !self.take_mark("}") {
            if self.peek().is_none() {
                return Err(self.unexpected("`}`"));
            }
            statements.push(self.nested(Self::statement)?);
        }
        Ok(statements)
    }

    /// Whether a declaration begins here.
    pub(super) fn is_declaration(&self) -> bool {
        let is_name_at = |ahead| self.word_at(ahead).is_some_and(|word| !super::is_reserved(word));
        self.is_word("const")
            || self.is_word("static")
            || self.is_type_at(0) && !self.is_mark_at(1, "(")
            || is_name_at(0) && is_name_at(1)
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let place = self.place();
        let kind = match self.word_at(0) {
            _ if self.is_mark("{") => StatementKind::Block(self.block()?),
            _ if self.is_mark(";") => {
                let message = "a `;` without a statement: leave it out, or write `{ }`";
                return self.refuse(Rule::EmptyStatement, message);
            }
            Some("if") => self.if_statement()?,
            Some("for") => self.for_statement()?,
            Some("while") => {
                self.advance();
                let condition = self.condition_in_parentheses()?;
                StatementKind::While { condition, body: Box::new(self.nested(Self::statement)?) }
            }
            Some("do") => self.do_statement()?,
            Some("switch") => self.switch_statement()?,
            Some("break") => self.jump(StatementKind::Break)?,
            Some("continue") => self.jump(StatementKind::Continue)?,
            Some("return") => self.return_statement()?,
            Some("enum" | "struct" | "class") => {
                let message = "a type inside a function is not part of our MQL: declare it outside";
                return self.refuse(Rule::LocalType, message);
            }
            Some(_) if self.is_declaration() => {
                let declaration = self.declaration()?;
                self.expect_mark(";")?;
                StatementKind::Declaration(declaration)
            }
            Some(word) if self.is_mark_at(1, ":") && !super::is_reserved(word) => {
                let message = "labels are not part of our MQL: use a loop and `break`";
                return self.refuse(Rule::Goto, message);
            }
            _ => {
                let expression = self.acting_expression()?;
                self.expect_mark(";")?;
                StatementKind::Expression(expression)
            }
        };
        Ok(Statement { kind, place })
    }

    /// An expression that does something.
    fn acting_expression(&mut self) -> Parsed<Expression> {
        let expression = self.expression()?;
        self.no_comma()?;
        let is_acting = matches!(
            expression.kind,
            ExpressionKind::Assignment { .. }
                | ExpressionKind::Call { .. }
                | ExpressionKind::Postfix { .. }
                | ExpressionKind::Unary { operator: "++" | "--", .. }
        );
        if is_acting {
            return Ok(expression);
        }
        let message = "the statement does nothing: assign the value, or leave it out";
        Err(Finding::new(&expression.place, Rule::Useless, message))
    }

    fn condition_in_parentheses(&mut self) -> Parsed<Expression> {
        self.expect_mark("(")?;
        let condition = self.condition()?;
        self.expect_mark(")")?;
        Ok(condition)
    }

    fn if_statement(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let condition = self.condition_in_parentheses()?;
        let then = Box::new(self.nested(Self::statement)?);
        let otherwise = if self.take_word("else") {
            Some(Box::new(self.nested(Self::statement)?))
        } else {
            None
        };
        Ok(StatementKind::If { condition, then, otherwise })
    }

    fn do_statement(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let body = Box::new(self.nested(Self::statement)?);
        if !self.take_word("while") {
            return Err(self.unexpected("`while`"));
        }
        let condition = self.condition_in_parentheses()?;
        self.expect_mark(";")?;
        Ok(StatementKind::DoWhile { body, condition })
    }

    fn jump(&mut self, kind: StatementKind) -> Parsed<StatementKind> {
        self.advance();
        self.expect_mark(";")?;
        Ok(kind)
    }

    fn return_statement(&mut self) -> Parsed<StatementKind> {
        self.advance();
        if self.take_mark(";") {
            return Ok(StatementKind::Return(None));
        }
        let value = self.expression()?;
        self.no_comma()?;
        self.expect_mark(";")?;
        Ok(StatementKind::Return(Some(value)))
    }

    fn for_statement(&mut self) -> Parsed<StatementKind> {
        self.advance();
        self.expect_mark("(")?;
        let place = self.place();
        let start = if self.is_mark(";") {
            None
        } else if self.is_declaration() {
            let declaration = self.declaration()?;
            if self.is_mark(":") {
                let message = "`for(T x : array)` is not part of our MQL: count an index";
                return self.refuse(Rule::RangeFor, message);
            }
            let is_single = declaration.variables.iter().all(|v| matches!(v.shape, Shape::Single));
            if declaration.value_type.kind == TypeKind::Object || !is_single {
                let message = "a loop counts a simple type: declare anything else before it";
                return Err(Finding::new(&place, Rule::Type, message));
            }
            Some(Statement { kind: StatementKind::Declaration(declaration), place })
        } else {
            let expression = self.acting_expression()?;
            Some(Statement { kind: StatementKind::Expression(expression), place })
        };
        self.expect_mark(";")?;
        let condition = if self.is_mark(";") { None } else { Some(self.condition()?) };
        self.expect_mark(";")?;
        let step = if self.is_mark(")") { None } else { Some(self.acting_expression()?) };
        self.expect_mark(")")?;
        let body = self.nested(Self::statement)?;
        Ok(StatementKind::For(Box::new(For { start, condition, step, body })))
    }

    fn switch_statement(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let value = self.condition_in_parentheses()?;
        self.expect_mark("{")?;
        let mut cases = Vec::new();
        while !self.take_mark("}") {
            cases.push(self.case()?);
        }
        Ok(StatementKind::Switch { value, cases })
    }

    fn case(&mut self) -> Parsed<Case> {
        let mut labels = Vec::new();
        loop {
            let place = self.place();
            if self.take_word("default") {
                labels.push(Label { value: None, place });
            } else if self.take_word("case") {
                labels.push(Label { value: Some(self.expression()?), place });
            } else {
                break;
            }
            self.expect_mark(":")?;
        }
        if labels.is_empty() {
            return Err(self.unexpected("`case`, `default` or `}`"));
        }
        if !self.is_mark("{") {
            let message = "the statements of a case stand in braces";
            return self.refuse(Rule::CaseBraces, message);
        }
        let body = self.block()?;
        let has_break = self.take_word("break");
        if has_break {
            self.expect_mark(";")?;
        }
        Ok(Case { labels, body, has_break })
    }
}
