//! Whether a line that a document shows is one that was printed.
//!
//! What differs from run to run is left out on both sides: how long something took, numbers of processes
//! and connections, and how columns are padded. All else is as it is shown, up to the end of what is
//! shown: the rest of a line may say more.

#[cfg(test)]
mod tests;

/// Stands for lines that are left out.
const GAP: &str = "…";
const UNITS: &[&str] = &["ns", "µs", "ms", "s"];

/// What is shown, to be compared; nothing for a gap or an empty line.
pub(crate) fn wanted(shown: &str) -> Option<String> {
    let shown = shown.trim();
    (!shown.is_empty() && shown != GAP).then(|| plain(shown))
}

/// Whether a printed line is the wanted one.
pub(crate) fn is_met(wanted: &str, printed: &str) -> bool {
    plain(printed).starts_with(wanted)
}

/// A text without what differs from run to run.
fn plain(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches([',', ';']);
        let before = words.last().map(String::as_str).unwrap_or_default();
        if UNITS.contains(&bare) && is_number(before) {
            words.pop();
            words.push("TIME".to_owned());
        } else if before == "process" && is_number(bare) {
            words.push("NUMBER".to_owned());
        } else if bare.strip_prefix('#').is_some_and(is_number) {
            words.push("#".to_owned());
        } else {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}
