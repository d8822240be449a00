//! Directives: includes, the dialect's conditionals, constant macros, properties.
//!
//! A macro's tokens keep the place of their definition, so that a finding inside a macro names it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::{Finding, Rule};
use crate::lexer::{self, Directive, Token, TokenKind};
use crate::place::Place;
use crate::program::{Dialect, shown};
use crate::syntax::{ExpressionKind, Name};
use crate::{parser, source};

/// Files included within each other.
const INCLUDE_DEPTH_MAX: usize = 16;
/// What a macro may grow to when the macros in it are replaced.
const MACRO_TOKENS_MAX: usize = 256;
/// Tokens of a whole program.
const TOKENS_MAX: usize = 1 << 20;

/// Where files are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roots<'a> {
    pub(crate) include: &'a Path,
    pub(crate) root: &'a Path,
}

/// A program's tokens, without directives.
#[derive(Debug)]
pub(crate) struct Preprocessed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) macros: Vec<Name>,
    pub(crate) conditionals: Vec<Place>,
    pub(crate) files: Vec<Arc<str>>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a main file's text and all that it includes.
pub(crate) fn preprocess(
    text: &str,
    path: &Arc<str>,
    dialect: Dialect,
    roots: Roots<'_>,
) -> Preprocessed {
    let mut preprocessor = Preprocessor {
        dialect,
        roots,
        is_strict: false,
        macros: BTreeMap::new(),
        included: BTreeSet::from([own_path(&roots.root.join(path.as_ref()))]),
        output: Preprocessed {
            tokens: Vec::new(),
            macros: Vec::new(),
            conditionals: Vec::new(),
            files: Vec::new(),
            findings: Vec::new(),
        },
    };
    preprocessor.file(text, path, 0);
    if !preprocessor.is_strict && preprocessor.output.findings.is_empty() {
        let message = "a main file has `#property strict` at its beginning";
        preprocessor.output.findings.push(Finding::new(&Place::file(path), Rule::Strict, message));
    }
    preprocessor.output
}

struct Preprocessor<'a> {
    dialect: Dialect,
    roots: Roots<'a>,
    is_strict: bool,
    macros: BTreeMap<String, Vec<Token>>,
    included: BTreeSet<PathBuf>,
    output: Preprocessed,
}

/// An `#ifdef` that is open.
struct Conditional {
    place: Place,
    /// Whether the lines around it count.
    is_outer_active: bool,
    is_active: bool,
    has_else: bool,
}

impl Preprocessor<'_> {
    /// Adds a file's tokens, up to the first place that is refused.
    fn file(&mut self, text: &str, path: &Arc<str>, depth: usize) {
        self.output.files.push(Arc::clone(path));
        if let Err(finding) = self.tokens(text, path, depth) {
            self.output.findings.push(finding);
        }
    }

    fn tokens(&mut self, text: &str, path: &Arc<str>, depth: usize) -> Result<(), Finding> {
        let mut open: Vec<Conditional> = Vec::new();
        for token in lexer::tokens(text, path)? {
            let is_active = open.last().is_none_or(|inner| inner.is_active);
            match &token.kind {
                TokenKind::Directive(directive) => {
                    let is_conditional = self.conditional(directive, &token.place, &mut open)?;
                    // `#if` counts where nothing else does, or its `#endif` would close another.
                    let is_if = matches!(directive.name.as_str(), "if" | "elif");
                    if !is_conditional && (is_active || is_if) {
                        self.directive(directive, &token.place, depth)?;
                    }
                }
                TokenKind::Word(word) if is_active => match self.macros.get(word) {
                    Some(replacement) => self.output.tokens.extend(replacement.iter().cloned()),
                    None => self.output.tokens.push(token),
                },
                TokenKind::Character(_)
                | TokenKind::Color(_)
                | TokenKind::Datetime(_)
                | TokenKind::Integer(_)
                | TokenKind::Mark(_)
                | TokenKind::Real(_)
                | TokenKind::Text(_)
                | TokenKind::Word(_) => {
                    if is_active {
                        self.output.tokens.push(token);
                    }
                }
            }
            if TOKENS_MAX < self.output.tokens.len() {
                let message = format!("the program exceeds {TOKENS_MAX} tokens");
                return Err(Finding::new(&Place::file(path), Rule::Nesting, message));
            }
        }
        match open.last() {
            Some(inner) => refuse(&inner.place, Rule::Conditional, "there is no `#endif` for it"),
            None => Ok(()),
        }
    }

    /// Follows `#ifdef` and its partners; whether the directive was one.
    fn conditional(
        &mut self,
        directive: &Directive,
        place: &Place,
        open: &mut Vec<Conditional>,
    ) -> Result<bool, Finding> {
        let lone = || Finding::new(place, Rule::Conditional, "there is no `#ifdef` before it");
        let name = directive.name.as_str();
        match name {
            "ifdef" | "ifndef" => {
                if !matches!(directive.rest.as_str(), "__MQL4__" | "__MQL5__") {
                    let message = format!(
                        "`#{name} {}` is not part of our MQL: only `__MQL4__` and `__MQL5__` are \
                         asked for",
                        directive.rest
                    );
                    return refuse(place, Rule::Conditional, message);
                }
                let is_defined = directive.rest == self.dialect.macro_name();
                let is_outer_active = open.last().is_none_or(|inner| inner.is_active);
                let is_active = is_outer_active && is_defined == (name == "ifdef");
                self.output.conditionals.push(place.clone());
                open.push(Conditional {
                    place: place.clone(),
                    is_outer_active,
                    is_active,
                    has_else: false,
                });
            }
            "else" => {
                let inner = open.last_mut().filter(|inner| !inner.has_else).ok_or_else(lone)?;
                inner.has_else = true;
                inner.is_active = inner.is_outer_active && !inner.is_active;
            }
            "endif" => {
                open.pop().ok_or_else(lone)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn directive(
        &mut self,
        directive: &Directive,
        place: &Place,
        depth: usize,
    ) -> Result<(), Finding> {
        let instead = match directive.name.as_str() {
            "include" => return self.include(directive, place, depth),
            "define" => return self.define(directive, place),
            "property" => return self.property(directive, place, depth),
            "if" | "elif" => "only `#ifdef __MQL4__` and `#ifdef __MQL5__` are",
            "import" => "nothing of ours calls a DLL or another program",
            "resource" => "we ship sources only",
            "undef" => "a constant keeps its value",
            "pragma" | "error" | "warning" | "line" => "leave it out",
            _ => "allowed: #define #else #endif #ifdef #ifndef #include #property",
        };
        let message = format!("`#{}` is not part of our MQL: {instead}", directive.name);
        refuse(place, Rule::Directive, message)
    }

    fn property(
        &mut self,
        directive: &Directive,
        place: &Place,
        depth: usize,
    ) -> Result<(), Finding> {
        let (name, value) = directive.rest.split_once([' ', '\t']).unwrap_or((&directive.rest, ""));
        if 0 < depth {
            let message = "a property stands in a main file only: a terminal ignores it elsewhere";
            return refuse(place, Rule::PropertyPlace, message);
        }
        if !self.output.tokens.is_empty() {
            let message = "properties stand before all declarations and includes";
            return refuse(place, Rule::PropertyPlace, message);
        }
        let value = value.trim();
        let is_text = 2 <= value.len() && value.starts_with('"') && value.ends_with('"');
        match name {
            "strict" if value.is_empty() => self.is_strict = true,
            "script_show_inputs" if value.is_empty() => {}
            "copyright" | "description" | "link" if is_text => {}
            "version" if is_text && is_version(value.trim_matches('"')) => {}
            _ => {
                let message = format!(
                    "`#property {}` is not part of our MQL; allowed: strict, \
                     script_show_inputs, copyright \"…\", description \"…\", link \"…\", \
                     version \"1.00\"",
                    directive.rest
                );
                return refuse(place, Rule::Property, message);
            }
        }
        Ok(())
    }

    fn include(
        &mut self,
        directive: &Directive,
        place: &Place,
        depth: usize,
    ) -> Result<(), Finding> {
        let (directory, name) = self.include_target(directive, place)?;
        if !name.ends_with(".mqh") || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let message = "an include names a `.mqh` file below its folder, without `..`";
            return refuse(place, Rule::IncludeForm, message);
        }
        if depth == INCLUDE_DEPTH_MAX {
            let message = format!("includes stand more than {INCLUDE_DEPTH_MAX} deep");
            return refuse(place, Rule::Nesting, message);
        }
        let path = find(&directory, &name, place)?;
        if self.included.insert(own_path(&path)) {
            let shown = shown(&path, self.roots.root);
            match source::read(&path, &shown) {
                Ok(text) => self.file(&text, &shown, depth + 1),
                Err(finding) => self.output.findings.push(finding),
            }
        }
        Ok(())
    }

    /// The folder that an include starts from, and the file's name from there.
    fn include_target(
        &self,
        directive: &Directive,
        place: &Place,
    ) -> Result<(PathBuf, String), Finding> {
        let between = |open, close| {
            let name = directive.rest.strip_prefix(open)?.strip_suffix(close)?;
            Some(name.replace('\\', "/"))
        };
        if let Some(name) = between('<', '>') {
            return Ok((self.roots.include.to_owned(), name));
        }
        if let Some(name) = between('"', '"') {
            let file = self.roots.root.join(place.path.as_ref());
            let directory = file.parent().unwrap_or(self.roots.root).to_owned();
            return Ok((directory, name));
        }
        let message = "an include is `#include <Folder\\Name.mqh>` or `#include \"Name.mqh\"`";
        refuse(place, Rule::IncludeForm, message)
    }

    fn define(&mut self, directive: &Directive, place: &Place) -> Result<(), Finding> {
        let rest = directive.rest.as_str();
        let name_len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (name, body) =
            rest.split_at_checked(name_len.unwrap_or(rest.len())).unwrap_or_default();
        let what = "a macro is `#define NAME constant`";
        if body.starts_with('(') {
            let message = format!("{what}: instead of one with parameters, write a function");
            return refuse(place, Rule::Macro, message);
        }
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || body.is_empty() {
            return refuse(place, Rule::Macro, format!("{what}: it has a name and a value"));
        }
        if parser::is_reserved(name) {
            return refuse(
                place,
                Rule::Macro,
                format!("{what}: `{name}` is a word of the language"),
            );
        }
        if self.macros.contains_key(name) {
            return refuse(place, Rule::Macro, format!("`{name}` is defined already"));
        }
        let mut body_place = directive.rest_place.clone();
        body_place.column += name.len();
        let tokens = self.macro_body(body, body_place, place)?;
        self.output.macros.push(Name { text: name.to_owned(), place: place.clone() });
        self.macros.insert(name.to_owned(), tokens);
        Ok(())
    }

    /// A macro's value with the macros in it replaced.
    fn macro_body(
        &self,
        body: &str,
        body_place: Place,
        place: &Place,
    ) -> Result<Vec<Token>, Finding> {
        let mut tokens = Vec::new();
        for token in lexer::tokens_at(body, body_place)? {
            let replacement = match &token.kind {
                TokenKind::Word(word) => self.macros.get(word),
                TokenKind::Character(_)
                | TokenKind::Color(_)
                | TokenKind::Datetime(_)
                | TokenKind::Directive(_)
                | TokenKind::Integer(_)
                | TokenKind::Mark(_)
                | TokenKind::Real(_)
                | TokenKind::Text(_) => None,
            };
            match replacement {
                Some(replacement) => tokens.extend(replacement.iter().cloned()),
                None => tokens.push(token),
            }
        }
        if MACRO_TOKENS_MAX < tokens.len() {
            let message = format!("the macro's value exceeds {MACRO_TOKENS_MAX} tokens");
            return refuse(place, Rule::Nesting, message);
        }
        let value = parser::parse_constant(tokens.clone(), place)?;
        if let Some(other) = value.not_constant() {
            let message = "a macro is a constant: no calls, no assignments, no types";
            return refuse(&other.place, Rule::Macro, message);
        }
        // A terminal replaces text: what stands around the macro must not come between its parts.
        let is_negative = matches!(&value.kind,
            ExpressionKind::Unary { operator: "-", operand } if operand.depth == 1);
        let is_closed = value.depth == 1 || matches!(value.kind, ExpressionKind::Group(_));
        if !is_closed && !is_negative {
            let message = "a macro of several parts stands in parentheses";
            return refuse(place, Rule::Macro, message);
        }
        Ok(tokens)
    }
}

/// A file's path, the same however it is named.
fn own_path(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Finds a file by the exact case of its name, on every system.
fn find(directory: &Path, name: &str, place: &Place) -> Result<PathBuf, Finding> {
    let mut path = directory.to_owned();
    for part in name.split('/') {
        let mut other_case = None;
        let mut is_there = false;
        let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
        for entry in entries {
            let entry = entry.file_name();
            let Some(entry) = entry.to_str() else { continue };
            is_there |= entry == part;
            if entry.eq_ignore_ascii_case(part) {
                other_case = Some(entry.to_owned());
            }
        }
        match other_case {
            _ if is_there => path.push(part),
            Some(other) => {
                let message = format!("the file's name is `{other}`, not `{part}`");
                return refuse(place, Rule::IncludeCase, message);
            }
            None => {
                let message = format!("there is no `{name}`: `{part}` was not found");
                return refuse(place, Rule::IncludeMissing, message);
            }
        }
    }
    Ok(path)
}

/// `N.NN`, the only form that both editors take.
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn refuse<T>(place: &Place, rule: Rule, message: impl Into<String>) -> Result<T, Finding> {
    Err(Finding::new(place, rule, message))
}
