//! Words on lines.

/// A blank at which no line is broken; it becomes a blank at the end.
pub(super) const HARD_BLANK: &str = "\u{a0}";

/// Puts words on lines of at most `columns`, unless one word is longer; each line ends with a line feed.
pub(super) fn wrap(text: &str, first: &str, rest: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for part in text.split('\n') {
        if !is_empty {
            end(&mut out, &mut line, rest);
            is_empty = true;
        }
        for word in part.split(' ').filter(|word| !word.is_empty()) {
            let width = line.chars().count() + usize::from(!is_empty) + word.chars().count();
            if !is_empty && columns < width {
                end(&mut out, &mut line, rest);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
    }
    end(&mut out, &mut line, "");
    out
}

fn end(out: &mut String, line: &mut String, next: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
    next.clone_into(line);
}
