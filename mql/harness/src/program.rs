//! A program: its main file and all that it includes, read.

use std::path::Path;
use std::sync::Arc;

use crate::finding::{Finding, Rule};
use crate::place::Place;
use crate::preprocess::{self, Preprocessed};
use crate::syntax::{Class, Function, Item, Member, Name, Struct};
use crate::{parser, source};

/// Which terminal a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// `.mq4`: `MetaTrader` 4, build 600 and later.
    Mql4,
    /// `.mq5`: `MetaTrader` 5.
    Mql5,
}

impl Dialect {
    /// Returns the dialect of a main file, by its extension.
    #[must_use]
    pub fn of(main: &Path) -> Option<Self> {
        match main.extension()?.to_str()? {
            "mq4" => Some(Self::Mql4),
            "mq5" => Some(Self::Mql5),
            _ => None,
        }
    }

    /// Returns the extension of its main files, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Mql4 => "mq4",
            Self::Mql5 => "mq5",
        }
    }

    /// The macro that is defined.
    pub(crate) fn macro_name(self) -> &'static str {
        match self {
            Self::Mql4 => "__MQL4__",
            Self::Mql5 => "__MQL5__",
        }
    }
}

/// A program that the grammar accepts.
#[derive(Debug)]
pub struct Program {
    pub(crate) name: String,
    pub(crate) dialect: Dialect,
    pub(crate) main: Place,
    /// In source order, of all files.
    pub(crate) items: Vec<Item>,
    pub(crate) macros: Vec<Name>,
    /// Where `#ifdef` and `#ifndef` stand.
    pub(crate) conditionals: Vec<Place>,
    files: Vec<Arc<str>>,
}

impl Program {
    /// Returns the main file's name without its extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the dialect of the main file.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the files that were read, from the root, the main file first.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(AsRef::as_ref)
    }

    /// All functions and methods, with or without a body.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &Function> {
        self.items.iter().flat_map(|item| match item {
            Item::Function(function) => vec![function],
            Item::Class(class) => class.methods().collect(),
            Item::Enum(_) | Item::Input(_) | Item::Struct(_) | Item::Variables(_) => Vec::new(),
        })
    }

    pub(crate) fn class(&self, name: &str) -> Option<&Class> {
        self.items.iter().find_map(|item| {
            let Item::Class(class) = item else { return None };
            (class.name.text == name).then_some(class)
        })
    }

    pub(crate) fn structure(&self, name: &str) -> Option<&Struct> {
        self.items.iter().find_map(|item| {
            let Item::Struct(structure) = item else { return None };
            (structure.name.text == name).then_some(structure)
        })
    }
}

impl Class {
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Function> {
        self.members.iter().filter_map(|member| match member {
            Member::Method(method) => Some(method),
            Member::Fields(_) | Member::Section(_) => None,
        })
    }
}

/// Reads a main file and what it includes.
///
/// `#include <…>` is looked for below `include_root`. Paths in findings are relative to `root`, which
/// the two others begin with.
///
/// # Errors
///
/// Returns what the grammar refuses, at most one finding for each declaration, sorted.
pub fn load(main: &Path, include_root: &Path, root: &Path) -> Result<Program, Vec<Finding>> {
    let shown = shown(main, root);
    let Some(dialect) = Dialect::of(main) else {
        let message = "a main file ends in `.mq4` or `.mq5`";
        return Err(vec![Finding::new(&Place::file(&shown), Rule::IncludeForm, message)]);
    };
    let text = source::read(main, &shown).map_err(|finding| vec![finding])?;
    load_text(&text, &shown, dialect, include_root, root)
}

/// Reads a main file's text as if it stood at `path`, relative to `root`.
///
/// # Errors
///
/// Returns what the grammar refuses, at most one finding for each declaration, sorted.
pub fn load_text(
    text: &str,
    path: &str,
    dialect: Dialect,
    include_root: &Path,
    root: &Path,
) -> Result<Program, Vec<Finding>> {
    let path: Arc<str> = path.into();
    let roots = preprocess::Roots { include: include_root, root };
    let Preprocessed { tokens, macros, conditionals, files, mut findings } =
        preprocess::preprocess(text, &path, dialect, roots);
    let main = Place::file(&path);
    let items = parser::parse(tokens, &main, &mut findings);
    if !findings.is_empty() {
        findings.sort();
        return Err(findings);
    }
    let name = main.file_name();
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    Ok(Program { name, dialect, main, items, macros, conditionals, files })
}

/// A path as findings show it.
pub(crate) fn shown(path: &Path, root: &Path) -> Arc<str> {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/").into()
}
