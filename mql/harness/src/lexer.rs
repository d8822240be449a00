//! Text to tokens. Comments go; directives are kept whole, as lines.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::finding::{Finding, Rule};
use crate::literal;
use crate::place::Place;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    Character(char),
    /// As `0xBBGGRR`.
    Color(u32),
    /// Seconds since 1970.
    Datetime(i64),
    Directive(Directive),
    Integer(Integer),
    Mark(&'static str),
    /// As written.
    Real(String),
    /// Without quotes and escapes.
    Text(String),
    Word(String),
}

/// A line that begins with `#`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Directive {
    pub(crate) name: String,
    /// The rest of the line without comments and blanks around it.
    pub(crate) rest: String,
    /// Where the rest begins.
    pub(crate) rest_place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) value: u64,
    pub(crate) is_hex: bool,
}

impl TokenKind {
    /// As a message shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Character(character) => format!("the character '{character}'"),
            Self::Color(_) => "a color".to_owned(),
            Self::Datetime(_) => "a datetime".to_owned(),
            Self::Directive(directive) => format!("`#{}`", directive.name),
            Self::Integer(integer) => format!("the number {}", integer.value),
            Self::Mark(mark) => format!("`{mark}`"),
            Self::Real(text) => format!("the number {text}"),
            Self::Text(_) => "a string".to_owned(),
            Self::Word(word) => format!("`{word}`"),
        }
    }
}

/// Longest first, so that the first that fits is the right one.
const MARKS: &[&str] = &[
    "<<=", ">>=", "...", "->", "::", "++", "--", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>",
    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "{", "}", "(", ")", "[", "]", ";", ",", ".",
    ":", "?", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~",
];

/// The tokens of a file, or the first place that is none.
pub(crate) fn tokens(text: &str, path: &Arc<str>) -> Result<Vec<Token>, Finding> {
    let start = Place { path: Arc::clone(path), line: 1, column: 1 };
    tokens_at(text, start)
}

/// The tokens of a piece of text that stands at `start`.
pub(crate) fn tokens_at(text: &str, start: Place) -> Result<Vec<Token>, Finding> {
    let mut lexer =
        Lexer { chars: text.chars().collect(), at: 0, place: start, line_is_empty: true };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    place: Place,
    /// Whether no token stands on the line so far: then `#` begins a directive.
    line_is_empty: bool,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn starts_with(&self, mark: &str) -> bool {
        mark.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn take(&mut self) -> Option<char> {
        let taken = self.peek(0)?;
        self.at += 1;
        if taken == '\n' {
            self.place.line += 1;
            self.place.column = 1;
            self.line_is_empty = true;
        } else {
            self.place.column += 1;
        }
        Some(taken)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.peek(0).filter(|&c| wanted(c)) {
            taken.push(c);
            self.take();
        }
        taken
    }

    fn refuse<T>(place: &Place, rule: Rule, message: impl Into<String>) -> Result<T, Finding> {
        Err(Finding::new(place, rule, message))
    }

    fn next_token(&mut self) -> Result<Option<Token>, Finding> {
        self.skip_blanks()?;
        let place = self.place.clone();
        let Some(first) = self.peek(0) else { return Ok(None) };
        let may_be_directive = self.line_is_empty;
        self.line_is_empty = false;
        let kind = match first {
            '#' if may_be_directive => self.directive()?,
            '"' => TokenKind::Text(self.quoted('"', Rule::StringLiteral)?),
            '\'' => self.character(&place)?,
            'D' if self.peek(1) == Some('\'') => {
                TokenKind::Datetime(literal::datetime(&self.prefixed()?, &place)?)
            }
            'C' if self.peek(1) == Some('\'') => {
                TokenKind::Color(literal::color(&self.prefixed()?, &place)?)
            }
            '0'..='9' => self.number(&place)?,
            '.' if self.peek(1).is_some_and(|c| c.is_ascii_digit()) => self.number(&place)?,
            c if c.is_ascii_alphabetic() || c == '_' => TokenKind::Word(self.take_while(is_word)),
            c => self.mark(c, &place)?,
        };
        Ok(Some(Token { kind, place }))
    }

    fn skip_blanks(&mut self) -> Result<(), Finding> {
        loop {
            let place = self.place.clone();
            if self.starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if self.starts_with("/*") {
                self.take();
                self.take();
                while !self.starts_with("*/") {
                    if self.take().is_none() {
                        return Self::refuse(&place, Rule::Comment, "the comment has no `*/`");
                    }
                }
                self.take();
                self.take();
            } else if self.peek(0).is_some_and(|c| matches!(c, ' ' | '\t' | '\n')) {
                self.take();
            } else {
                return Ok(());
            }
        }
    }

    /// `#name rest`, up to the end of the line or a comment.
    fn directive(&mut self) -> Result<TokenKind, Finding> {
        self.take();
        self.take_while(|c| matches!(c, ' ' | '\t'));
        let name = self.take_while(is_word);
        self.take_while(|c| matches!(c, ' ' | '\t'));
        let rest_place = self.place.clone();
        let mut rest = String::new();
        let mut is_quoted = false;
        while let Some(c) = self.peek(0).filter(|&c| c != '\n') {
            if !is_quoted && (self.starts_with("//") || self.starts_with("/*")) {
                break;
            }
            is_quoted ^= c == '"' && !(is_quoted && rest.ends_with('\\') && name != "include");
            rest.push(c);
            self.take();
        }
        rest.truncate(rest.trim_end().len());
        if rest.ends_with('\\') {
            let message = "a directive on several lines is not part of our MQL: write one line";
            return Self::refuse(&rest_place, Rule::Directive, message);
        }
        Ok(TokenKind::Directive(Directive { name, rest, rest_place }))
    }

    /// What stands between quotes, with its escapes read.
    fn quoted(&mut self, quote: char, rule: Rule) -> Result<String, Finding> {
        let start = self.place.clone();
        self.take();
        let mut text = String::new();
        loop {
            let place = self.place.clone();
            match self.peek(0) {
                None | Some('\n') => {
                    return Self::refuse(&start, rule, "the quote is not closed on its line");
                }
                Some('\\') => {
                    self.take();
                    text.push(self.escaped(&place, rule)?);
                }
                Some(c) => {
                    self.take();
                    if c == quote {
                        return Ok(text);
                    }
                    text.push(c);
                }
            }
        }
    }

    /// The character after a backslash.
    fn escaped(&mut self, place: &Place, rule: Rule) -> Result<char, Finding> {
        let escape = self.take();
        match escape {
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some(c @ ('\\' | '"' | '\'')) => Ok(c),
            Some('x') => {
                let mut digits = String::new();
                while digits.len() < 4
                    && let Some(digit) = self.peek(0).filter(char::is_ascii_hexdigit)
                {
                    digits.push(digit);
                    self.take();
                }
                let code = u32::from_str_radix(&digits, 16).ok().filter(|&code| code != 0);
                let message = "`\\x` takes 1 to 4 hexadecimal digits of a character, not zero";
                code.and_then(char::from_u32).ok_or_else(|| Finding::new(place, rule, message))
            }
            _ => {
                let message = r#"allowed after a backslash: n r t \ " ' and x with its digits"#;
                Self::refuse(place, rule, message)
            }
        }
    }

    fn character(&mut self, place: &Place) -> Result<TokenKind, Finding> {
        let text = self.quoted('\'', Rule::CharacterLiteral)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) if only.len_utf16() == 1 => Ok(TokenKind::Character(only)),
            _ => {
                let message = format!("'{text}' is not one character of 16 bits: use a string");
                Self::refuse(place, Rule::CharacterLiteral, message)
            }
        }
    }

    /// The inside of `D'…'` or `C'…'`.
    fn prefixed(&mut self) -> Result<String, Finding> {
        let is_datetime = self.take() == Some('D');
        let rule = if is_datetime { Rule::DatetimeLiteral } else { Rule::ColorLiteral };
        self.quoted('\'', rule)
    }

    fn number(&mut self, place: &Place) -> Result<TokenKind, Finding> {
        let mut text = self.take_while(|c| is_word(c) || c == '.');
        let is_hex = text.starts_with("0x") || text.starts_with("0X");
        if !is_hex && text.ends_with(['e', 'E']) && matches!(self.peek(0), Some('+' | '-')) {
            text.extend(self.take());
            text.push_str(&self.take_while(is_word));
        }
        literal::number(&text, place)
    }

    fn mark(&mut self, first: char, place: &Place) -> Result<TokenKind, Finding> {
        let Some(mark) = MARKS.iter().find(|mark| self.starts_with(mark)) else {
            let message = format!("the character `{}` begins nothing", first.escape_default());
            return Self::refuse(place, Rule::Character, message);
        };
        for _ in mark.chars() {
            self.take();
        }
        Ok(TokenKind::Mark(mark))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
