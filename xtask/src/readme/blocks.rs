//! Finds the blocks of a Markdown text that are meant to be run.

use anyhow::bail;

pub(crate) const RUN: &str = "<!-- ci: run -->";
const RUN_AND_COMPARE: &str = "<!-- ci: run with expected output -->";
/// How every such comment begins: a misspelt one is an error, not a comment.
const PREFIX: &str = "<!-- ci:";

/// Commands to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The number of the line with the comment.
    pub(crate) line: usize,
    pub(crate) script: String,
    /// What they must print on stdout, if that is stated.
    pub(crate) expected: Option<String>,
}

/// Returns the marked blocks in order.
pub(crate) fn parse(markdown: &str) -> anyhow::Result<Vec<Block>> {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        if line.starts_with("```") {
            // An ordinary block; what looks like a comment inside is none.
            at = fenced(&lines, at, "")?.1;
        } else if line.starts_with(PREFIX) {
            let (block, end) = marked(&lines, at)?;
            blocks.push(block);
            at = end;
        } else {
            at += 1;
        }
    }
    Ok(blocks)
}

/// Reads the marked block whose comment is at line index `at`; returns it and the index behind it.
fn marked(lines: &[&str], at: usize) -> anyhow::Result<(Block, usize)> {
    let line = at + 1;
    let compares = match lines[at].trim_end() {
        RUN => false,
        RUN_AND_COMPARE => true,
        unknown => bail!("line {line}: `{unknown}` is neither `{RUN}` nor `{RUN_AND_COMPARE}`"),
    };
    let (script, mut end) = fenced(lines, at + 1, "sh")?;
    let expected = if compares {
        while lines.get(end).is_some_and(|line| !line.starts_with("```")) {
            end += 1;
        }
        let (text, behind) = fenced(lines, end, "text")?;
        end = behind;
        Some(text)
    } else {
        None
    };
    Ok((Block { line, script, expected }, end))
}

/// Reads the fenced block that opens at line index `at`, of a language unless that is empty; returns
/// its text and the index behind it.
fn fenced(lines: &[&str], at: usize, language: &str) -> anyhow::Result<(String, usize)> {
    let opening = lines.get(at).copied().unwrap_or_default().trim_end();
    let fence_len = opening.chars().take_while(|&c| c == '`').count();
    let (fence, info) = opening.split_at(fence_len);
    if fence_len < 3 || (!language.is_empty() && info != language) {
        bail!("line {}: found `{opening}`, where a ```{language} block must begin", at + 1);
    }
    let Some(len) = lines[at + 1..].iter().position(|line| line.trim_end() == fence) else {
        bail!("line {}: this block has no end", at + 1);
    };
    let end = at + 1 + len;
    let text = lines[at + 1..end].iter().flat_map(|line| [*line, "\n"]).collect();
    Ok((text, end + 1))
}
