//! Tokens to the tree: a recursive-descent parser of exactly our subset.
//!
//! A type must be declared above its first use, as in C++; so a word is known to be a type or not.
//! After a finding the parser goes on with the next declaration of the file.

mod declarations;
mod expressions;
mod statements;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::finding::{Finding, Rule};
use crate::lexer::{Token, TokenKind};
use crate::place::Place;
use crate::syntax::{Expression, Item, Name, Type, TypeKind};
use crate::words;

/// How deep statements and expressions may stand inside each other.
const NESTING_MAX: usize = 64;

type Parsed<T> = Result<T, Finding>;

/// The declarations of a program; what is refused goes to `findings`.
pub(crate) fn parse(tokens: Vec<Token>, main: &Place, findings: &mut Vec<Finding>) -> Vec<Item> {
    let mut parser = Parser::new(tokens, main);
    let mut items = Vec::new();
    while parser.peek().is_some() {
        let start = parser.at;
        match parser.item() {
            Ok(item) => items.push(item),
            Err(finding) => {
                findings.push(finding);
                parser.skip_item(start);
            }
        }
    }
    items
}

/// One expression and nothing after it.
pub(crate) fn parse_constant(tokens: Vec<Token>, place: &Place) -> Parsed<Expression> {
    let mut parser = Parser::new(tokens, place);
    let expression = parser.expression()?;
    match parser.peek() {
        Some(_) => Err(parser.unexpected("the end of the constant")),
        None => Ok(expression),
    }
}

/// Whether a word cannot be a name.
pub(crate) fn is_reserved(word: &str) -> bool {
    words::is_keyword(word) || words::refused(word).is_some()
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Where the last token stood, for what is missing after it.
    last_place: Place,
    /// The types declared so far.
    types: BTreeMap<String, TypeKind>,
    nesting: usize,
}

impl Parser {
    fn new(tokens: Vec<Token>, start: &Place) -> Self {
        let last_place = tokens.first().map_or_else(|| start.clone(), |token| token.place.clone());
        Self { tokens, at: 0, last_place, types: BTreeMap::new(), nesting: 0 }
    }

    fn peek(&self) -> Option<&TokenKind> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<&TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    /// The word `ahead` tokens on, if it is one.
    fn word_at(&self, ahead: usize) -> Option<&str> {
        match self.peek_at(ahead) {
            Some(TokenKind::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn is_mark_at(&self, ahead: usize, mark: &str) -> bool {
        matches!(self.peek_at(ahead), Some(TokenKind::Mark(found)) if *found == mark)
    }

    fn is_mark(&self, mark: &str) -> bool {
        self.is_mark_at(0, mark)
    }

    fn is_word(&self, word: &str) -> bool {
        self.word_at(0) == Some(word)
    }

    /// Where the next token stands, or the last one if there is none.
    fn place(&self) -> Place {
        self.tokens
            .get(self.at)
            .map_or_else(|| self.last_place.clone(), |token| token.place.clone())
    }

    fn advance(&mut self) {
        self.last_place = self.place();
        self.at += 1;
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let is_there = self.is_mark(mark);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect_mark(&mut self, mark: &str) -> Parsed<()> {
        if self.take_mark(mark) { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn refuse<T>(&self, rule: Rule, message: impl Into<String>) -> Parsed<T> {
        Err(Finding::new(&self.place(), rule, message))
    }

    /// What is wrong with the next token, by its name if it has one.
    fn unexpected(&self, wanted: &str) -> Finding {
        let place = self.place();
        let Some(kind) = self.peek() else {
            let message = format!("the program ends where {wanted} should follow");
            return Finding::new(&place, Rule::Syntax, message);
        };
        let refused = match kind {
            TokenKind::Word(word) => words::refused(word),
            TokenKind::Mark(mark) => words::refused_mark(mark),
            TokenKind::Character(_)
            | TokenKind::Color(_)
            | TokenKind::Datetime(_)
            | TokenKind::Directive(_)
            | TokenKind::Integer(_)
            | TokenKind::Real(_)
            | TokenKind::Text(_) => None,
        };
        let found = kind.shown();
        match refused {
            Some((rule, instead)) => {
                let message = format!("{found} is not part of our MQL: {instead}");
                Finding::new(&place, rule, message)
            }
            None => {
                let message = format!("found {found} where {wanted} should stand");
                Finding::new(&place, Rule::Syntax, message)
            }
        }
    }

    /// A name that is free to use.
    fn name(&mut self) -> Parsed<Name> {
        match self.word_at(0) {
            Some(word) if !is_reserved(word) => {
                let name = Name { text: word.to_owned(), place: self.place() };
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    /// The kind of a type that is known here.
    fn type_kind(&self, word: &str) -> Option<TypeKind> {
        if word == "void" {
            return Some(TypeKind::Void);
        }
        if words::is_simple_type(word) {
            return Some(TypeKind::Simple);
        }
        if let Some(kind) = self.types.get(word) {
            return Some(*kind);
        }
        // The terminal's own types go by their prefix.
        let is_terminal_struct =
            word.strip_prefix("Mql").is_some_and(|rest| rest.starts_with(char::is_uppercase));
        match word {
            _ if word.starts_with("ENUM_") => Some(TypeKind::Enum),
            _ if is_terminal_struct => Some(TypeKind::Object),
            _ => None,
        }
    }

    fn is_type_at(&self, ahead: usize) -> bool {
        self.word_at(ahead).is_some_and(|word| self.type_kind(word).is_some())
    }

    /// A type's name, of a type that is known here.
    fn type_name(&mut self) -> Parsed<Type> {
        let place = self.place();
        match self.word_at(0) {
            Some(word) if !is_reserved(word) || self.is_type_at(0) => {
                let name = Name { text: word.to_owned(), place };
                let Some(kind) = self.type_kind(&name.text) else {
                    let message =
                        format!("`{}` is no type that is declared above its use", name.text);
                    return self.refuse(Rule::UnknownType, message);
                };
                self.advance();
                Ok(Type { name, kind })
            }
            _ => Err(self.unexpected("a type")),
        }
    }

    /// Runs `parse` one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if NESTING_MAX <= self.nesting {
            return self.refuse(Rule::Nesting, format!("more than {NESTING_MAX} levels deep"));
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    /// Skips the declaration that began at `start`: to its `;` or closing brace.
    fn skip_item(&mut self, start: usize) {
        self.at = start;
        self.nesting = 0;
        let mut depth = 0_usize;
        while self.peek().is_some() {
            let (is_open, is_close) = (self.is_mark("{"), self.is_mark("}"));
            let is_end = self.is_mark(";");
            self.advance();
            if is_open {
                depth += 1;
            } else if is_close {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    self.take_mark(";");
                    return;
                }
            } else if is_end && depth == 0 {
                return;
            }
        }
    }
}
