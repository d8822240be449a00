//! Where in a message something is wrong, and what.

use std::fmt;

use crate::escape::escaped;

const SHOWN_CHARS_MAX: usize = 40;

/// Where in a message a value stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'p> {
    Item(&'p Self, usize),
    Member(&'p Self, &'static str),
    Root(&'static str),
}

impl<'p> Path<'p> {
    pub(crate) const fn member(&'p self, name: &'static str) -> Self {
        Self::Member(self, name)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(list, index) => write!(f, "{list}[{index}]"),
            Self::Member(Self::Root(""), name) => f.write_str(name),
            Self::Member(object, name) => write!(f, "{object}.{name}"),
            Self::Root(name) => f.write_str(name),
        }
    }
}

/// What is wrong with a message: where, what was found, what was expected.
#[derive(Debug)]
pub(crate) struct Wrong {
    text: String,
}

impl Wrong {
    #[cold]
    pub(crate) fn new(at: Path<'_>, found: &str, expected: impl fmt::Display) -> Self {
        let found = escaped(found, SHOWN_CHARS_MAX);
        Self { text: format!("{at}: found `{found}`, expected {expected}") }
    }

    #[cold]
    pub(crate) fn missing(at: Path<'_>, expected: impl fmt::Display) -> Self {
        Self { text: format!("{at}: found nothing, expected {expected}") }
    }

    #[cold]
    pub(crate) fn twice(at: Path<'_>) -> Self {
        Self { text: format!("{at}: found twice, expected once") }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}
