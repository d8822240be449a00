//! Expressions, by precedence.

use super::{NESTING_MAX, Parsed, Parser};
use crate::finding::{Finding, Rule};
use crate::lexer::TokenKind;
use crate::place::Place;
use crate::syntax::{Expression, ExpressionKind, TypeKind};

const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="];

/// Binary operators, loosest first; MQL and C++ agree.
const BINARY: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<", ">", "<=", ">="],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Parser {
    /// An expression, which may be an assignment.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.nested(|parser| {
            let left = parser.conditional()?;
            let Some(operator) = parser.mark_of(ASSIGNMENTS) else { return Ok(left) };
            let place = left.place.clone();
            parser.advance();
            let right = Box::new(parser.expression()?);
            let kind = ExpressionKind::Assignment { operator, left: Box::new(left), right };
            parser.make(kind, place)
        })
    }

    /// A condition: in it nothing is declared.
    pub(super) fn condition(&mut self) -> Parsed<Expression> {
        if self.is_declaration() {
            let message = "a declaration in a condition is not part of our MQL: declare it before";
            return self.refuse(Rule::ConditionDeclaration, message);
        }
        let condition = self.expression()?;
        self.no_comma()?;
        Ok(condition)
    }

    /// Refuses a comma where no list is.
    pub(super) fn no_comma(&self) -> Parsed<()> {
        if self.is_mark(",") {
            let message = "the comma operator is not part of our MQL: write two statements";
            return self.refuse(Rule::CommaOperator, message);
        }
        Ok(())
    }

    /// The next token, if it is one of these marks.
    fn mark_of(&self, marks: &[&'static str]) -> Option<&'static str> {
        marks.iter().find(|mark| self.is_mark(mark)).copied()
    }

    /// Puts an expression together and checks how deep it is.
    fn make(&self, kind: ExpressionKind, place: Place) -> Parsed<Expression> {
        let depth = kind.children().iter().map(|child| child.depth).max().unwrap_or(0) + 1;
        if 2 * NESTING_MAX < depth {
            let message = format!("the expression is more than {} levels deep", 2 * NESTING_MAX);
            return Err(Finding::new(&place, Rule::Nesting, message));
        }
        Ok(Expression { kind, place, depth })
    }

    fn conditional(&mut self) -> Parsed<Expression> {
        let condition = self.binary(0)?;
        if !self.take_mark("?") {
            return Ok(condition);
        }
        let place = condition.place.clone();
        let then = self.nested(Self::conditional)?;
        self.expect_mark(":")?;
        let otherwise = self.nested(Self::conditional)?;
        let kind = ExpressionKind::Conditional {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        self.make(kind, place)
    }

    /// A value and the operators after it that bind at least as tightly as `level`.
    fn binary(&mut self, level: usize) -> Parsed<Expression> {
        let mut left = self.unary()?;
        while let Some((operator, operator_level)) = self.binary_operator(level) {
            let place = left.place.clone();
            self.advance();
            let right = Box::new(self.binary(operator_level + 1)?);
            let kind = ExpressionKind::Binary { operator, left: Box::new(left), right };
            left = self.make(kind, place)?;
        }
        Ok(left)
    }

    /// The next token, if it is an operator of that level or a tighter one, with its level.
    fn binary_operator(&self, level: usize) -> Option<(&'static str, usize)> {
        let levels = BINARY.iter().enumerate().skip(level);
        levels.filter_map(|(at, marks)| Some((self.mark_of(marks)?, at))).next()
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let place = self.place();
        if let Some(operator) = self.mark_of(&["-", "!", "~", "++", "--"]) {
            self.advance();
            let operand = Box::new(self.nested(Self::unary)?);
            return self.make(ExpressionKind::Unary { operator, operand }, place);
        }
        if self.is_mark("+") {
            return self.refuse(Rule::UnaryPlus, "`+` before a value does nothing: leave it out");
        }
        if self.is_mark("*") || self.is_mark("&") {
            let message = "pointers are not part of our MQL: name the object itself";
            return self.refuse(Rule::Pointer, message);
        }
        if self.is_mark("(") && self.is_type_at(1) && self.is_mark_at(2, ")") {
            return self.cast(place);
        }
        self.postfix()
    }

    fn cast(&mut self, place: Place) -> Parsed<Expression> {
        self.advance();
        let value_type = self.type_name()?;
        self.advance();
        if matches!(value_type.kind, TypeKind::Object | TypeKind::Void) {
            let message =
                format!("a cast to `{}`: only simple types and enums", value_type.name.text);
            return Err(Finding::new(&place, Rule::Type, message));
        }
        let operand = Box::new(self.nested(Self::unary)?);
        self.make(ExpressionKind::Cast { value_type, operand }, place)
    }

    fn postfix(&mut self) -> Parsed<Expression> {
        let mut expression = self.primary()?;
        loop {
            let place = expression.place.clone();
            let is_callable =
                matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Member { .. });
            let kind = if self.is_mark("(") && is_callable {
                let arguments = self.arguments()?;
                ExpressionKind::Call { callee: Box::new(expression), arguments }
            } else if self.is_mark("[") {
                if matches!(expression.kind, ExpressionKind::Index { .. }) {
                    let message = "an array has one dimension: compute the index";
                    return self.refuse(Rule::ArrayDimension, message);
                }
                self.advance();
                let index = Box::new(self.expression()?);
                self.no_comma()?;
                self.expect_mark("]")?;
                ExpressionKind::Index { array: Box::new(expression), index }
            } else if self.take_mark(".") {
                ExpressionKind::Member { object: Box::new(expression), name: self.name()? }
            } else if let Some(operator) = self.mark_of(&["++", "--"]) {
                self.advance();
                ExpressionKind::Postfix { operator, operand: Box::new(expression) }
            } else if self.is_mark("->") || self.is_mark("::") {
                return Err(self.unexpected("an operator"));
            } else {
                return Ok(expression);
            };
            expression = self.make(kind, place)?;
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        self.expect_mark("(")?;
        let mut arguments = Vec::new();
        if self.take_mark(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.take_mark(",") {
                self.expect_mark(")")?;
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let place = self.place();
        let kind = match self.peek() {
            Some(TokenKind::Character(character)) => ExpressionKind::Character(*character),
            Some(TokenKind::Color(color)) => ExpressionKind::Color(*color),
            Some(TokenKind::Datetime(seconds)) => ExpressionKind::Datetime(*seconds),
            Some(TokenKind::Integer(integer)) => ExpressionKind::Integer(*integer),
            Some(TokenKind::Real(text)) => ExpressionKind::Real(text.clone()),
            Some(TokenKind::Text(text)) => ExpressionKind::Text(text.clone()),
            Some(TokenKind::Mark(_)) => return self.marked(place),
            Some(TokenKind::Word(word)) => match word.as_str() {
                "true" => ExpressionKind::Bool(true),
                "false" => ExpressionKind::Bool(false),
                "__FUNCTION__" => ExpressionKind::FunctionName,
                _ => return self.named(place),
            },
            Some(TokenKind::Directive(_)) | None => return Err(self.unexpected("a value")),
        };
        self.advance();
        let is_text = matches!(kind, ExpressionKind::Text(_));
        if is_text && matches!(self.peek(), Some(TokenKind::Text(_))) {
            let message = "a string directly after a string: put `+` between them";
            return self.refuse(Rule::AdjacentStrings, message);
        }
        self.make(kind, place)
    }

    /// A value that begins with a mark: parentheses.
    fn marked(&mut self, place: Place) -> Parsed<Expression> {
        if self.is_mark("{") {
            let message = "braces are not a value: they stand after `=` of a fixed array only";
            return self.refuse(Rule::Braces, message);
        }
        if self.is_mark("[") {
            let message = "`[` begins no value: functions without a name are not part of our MQL";
            return self.refuse(Rule::Braces, message);
        }
        if !self.take_mark("(") {
            return Err(self.unexpected("a value"));
        }
        let inner = Box::new(self.expression()?);
        self.no_comma()?;
        self.expect_mark(")")?;
        self.make(ExpressionKind::Group(inner), place)
    }

    fn named(&mut self, place: Place) -> Parsed<Expression> {
        if self.is_type_at(0) && self.is_mark_at(1, "(") {
            let word = self.word_at(0).unwrap_or_default().to_owned();
            let message = format!("`{word}(value)` is not part of our MQL: write `({word})value`");
            return self.refuse(Rule::FunctionalCast, message);
        }
        let name = self.name()?;
        self.make(ExpressionKind::Name(name.text), place)
    }
}
