//! Text of others made safe in a page.

use tickpipe_proto::escaped;

/// More of a text is cut off.
const SHOWN_CHARS_MAX: usize = 200;

/// Returns text for an element or an attribute in quotes.
///
/// Characters that would be markup are references; those that nobody sees, or that turn the text round, are
/// written out.
pub(super) fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in escaped(text, SHOWN_CHARS_MAX).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Returns a JSON string that may stand in a `<script>`: no markup begins or ends in it.
pub(super) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 2);
    safe.push('"');
    for c in text.chars() {
        match c {
            ' '..='~' if !matches!(c, '"' | '\\' | '<' | '>' | '&' | '\'') => safe.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    safe.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    safe.push('"');
    safe
}
