//! Peers' text made safe to show.

use std::fmt::Write as _;

/// Returns `text` with control characters, backslashes and invisible ones written as escapes, cut
/// to at most `chars_max` characters of the original.
///
/// What a peer sends may hold line feeds that forge a log line, or sequences that drive a terminal.
/// Whatever is shown to a person goes through here.
///
/// # Examples
///
/// ```
/// assert_eq!(tickpipe_proto::escaped("a\u{1b}[31m\n", 80), "a\\u{1b}[31m\\n");
/// assert_eq!(tickpipe_proto::escaped("1234567", 4), "1234…");
/// ```
#[must_use]
pub fn escaped(text: &str, chars_max: usize) -> String {
    let mut shown = String::with_capacity(text.len().min(chars_max));
    for (index, c) in text.chars().enumerate() {
        if index >= chars_max {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\\' => shown.push_str("\\\\"),
            c if c.is_control() || is_invisible(c) => {
                // Writing to a string cannot fail.
                write!(shown, "\\u{{{:x}}}", u32::from(c)).unwrap_or_default();
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Returns whether `c` changes how its neighbours look without being seen itself.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
