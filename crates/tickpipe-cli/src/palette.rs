//! The colours of pictures on a terminal. They say nothing that the words do not.

use anstyle::{AnsiColor, Style};

/// A style for each kind of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// What it is about: an answer.
    pub(crate) answer: Style,
    /// What may be passed over.
    pub(crate) dim: Style,
    pub(crate) title: Style,
}

impl Palette {
    pub(crate) const COLOURED: Self = Self {
        answer: AnsiColor::Green.on_default().bold(),
        dim: Style::new().dimmed(),
        title: Style::new().bold(),
    };

    pub(crate) const PLAIN: Self =
        Self { answer: Style::new(), dim: Style::new(), title: Style::new() };

    /// Returns the colours that stdout is to have.
    pub(crate) fn of_stdout() -> Self {
        if console::colors_enabled() { Self::COLOURED } else { Self::PLAIN }
    }
}
