//! Rust source without its comments and without the contents of its literals.
//!
//! Good enough to look for words in; it is no parser.

/// Blanks out comments and the contents of string and character literals. Lines keep their numbers
/// and columns keep their places, in characters.
pub(crate) fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let skipped = skipped_len(&chars, at);
        if skipped == 0 {
            code.push(chars[at]);
            at += 1;
        } else {
            let blanked = chars[at..at + skipped].iter();
            code.extend(blanked.map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at += skipped;
        }
    }
    code
}

/// The length of the comment or literal that begins at `at`; 0 if none does.
fn skipped_len(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let is_word_start = at == 0 || !is_word(chars[at - 1]);
    match rest {
        ['/', '/', ..] => rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment_len(rest),
        ['"', ..] => string_len(rest),
        ['r', '"' | '#', ..] if is_word_start => raw_string_len(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if is_word_start => raw_string_len(rest, 2),
        ['\'', '\\', ..] => escaped_char_len(rest),
        ['\'', c, '\'', ..] if *c != '\'' => 3,
        // A lifetime, or code.
        _ => 0,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Block comments nest.
fn block_comment_len(chars: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < chars.len() {
        match &chars[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string_len(chars: &[char]) -> usize {
    let mut at = 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The length of a raw string with a prefix of that length; 0 if it is a raw identifier.
fn raw_string_len(chars: &[char], prefix_len: usize) -> usize {
    let hashes = chars[prefix_len..].iter().take_while(|&&c| c == '#').count();
    let opening = prefix_len + hashes;
    if chars.get(opening) != Some(&'"') {
        return 0;
    }
    let mut closing = vec!['"'];
    closing.resize(1 + hashes, '#');
    let inside = &chars[opening + 1..];
    let len = inside.windows(closing.len()).position(|window| window == closing);
    len.map_or(chars.len(), |len| opening + 1 + len + closing.len())
}

/// `'\''`, `'\n'`, `'\u{1b}'`: up to the first quote after the escaped character.
fn escaped_char_len(chars: &[char]) -> usize {
    let closing = chars.iter().skip(3).position(|&c| c == '\'');
    closing.map_or(chars.len(), |len| 3 + len + 1)
}
