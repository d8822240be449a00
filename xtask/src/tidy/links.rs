//! Links from one document of the project to another.

use std::path::{Path, PathBuf};

use super::{File, Finding, join};

/// Checks that every relative link in a Markdown file leads to something that exists.
pub(crate) fn check(file: File<'_>, exists: impl Fn(&Path) -> bool, findings: &mut Vec<Finding>) {
    if !file.has_extension(&["md"]) {
        return;
    }
    let directory = Path::new(file.path).parent().unwrap_or(Path::new(""));
    for (line, target) in targets(file.text) {
        if !is_relative(&target) {
            continue;
        }
        let resolved: Option<PathBuf> = join(directory, without_fragment(&target));
        if !resolved.is_some_and(|path| exists(&path)) {
            findings.push(Finding {
                path: file.path.to_owned(),
                line,
                found: format!("a link to `{target}`"),
                allowed: "links to files that exist",
            });
        }
    }
}

/// All link targets with their line numbers, those in code left out.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut targets = Vec::new();
    let mut fence: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        match fence {
            Some(closing) if trimmed.trim_end() == closing => fence = None,
            Some(_) => {}
            None if trimmed.starts_with("```") => {
                let len = trimmed.bytes().take_while(|&byte| byte == b'`').count();
                fence = Some(&trimmed[..len]);
            }
            None => {
                let line = without_inline_code(line);
                targets.extend(line_targets(&line).map(|target| (index + 1, target)));
            }
        }
    }
    targets
}

/// Blanks out what stands between backticks.
fn without_inline_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { part } else { " " }).collect()
}

/// `[text](target "title")` anywhere in the line, or `[name]: target` as its beginning.
fn line_targets(line: &str) -> impl Iterator<Item = String> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let inline = inline.map(|(target, _)| target);
    let definition = line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    let definition = definition.filter(|(name, _)| !name.contains(']')).map(|(_, target)| target);
    let first_word = |target: &str| target.split_whitespace().next().map(str::to_owned);
    inline.chain(definition).filter_map(first_word).collect::<Vec<_>>().into_iter()
}

fn is_relative(target: &str) -> bool {
    !target.starts_with('#') && !target.contains("://") && !target.starts_with("mailto:")
}

fn without_fragment(target: &str) -> &str {
    target.split_once('#').map_or(target, |(path, _)| path)
}
