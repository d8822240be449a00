//! Lines of C++ with the places they come from.

use std::sync::Arc;

use crate::place::Place;

/// So many empty lines are shorter than a `#line`.
const EMPTY_LINES_MAX: usize = 2;

#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    /// What the compiler takes the next line for.
    next: Option<(Arc<str>, usize)>,
    /// The place of the next line; without one it counts as following the line before.
    wanted: Option<(Arc<str>, usize)>,
    /// What stands for `__FUNCTION__`.
    pub(super) function: String,
}

impl Writer {
    /// States where the next line comes from.
    pub(super) fn at(&mut self, place: &Place) {
        self.wanted = Some((Arc::clone(&place.path), place.line));
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &str) {
        self.mark_line();
        self.text.push_str(line);
        self.text.push('\n');
        if let Some((_, next)) = &mut self.next {
            *next += 1;
        }
    }

    fn mark_line(&mut self) {
        let Some((path, line)) = self.wanted.take() else { return };
        if let Some((next_path, next)) = &self.next
            && *next_path == path
            && (*next..=*next + EMPTY_LINES_MAX).contains(&line)
        {
            for _ in *next..line {
                self.text.push('\n');
            }
        } else {
            self.text.push_str(&format!("#line {line} \"{}\"\n", path.replace('"', "\\\"")));
        }
        self.next = Some((path, line));
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}
