//! What `docs/quickstart.md` has people do, and what it shows them, in its order.

#[cfg(test)]
mod tests;

use anyhow::bail;

/// What a sentence says that has the reader end the program.
const STOP: &str = "press Ctrl+C";

/// One thing that the document says; with the number of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Lines to paste.
    Commands(usize, Vec<String>),
    /// What is seen then.
    Shown(usize, Vec<String>),
    /// The program that runs is ended.
    Stop(usize),
}

/// Returns the parts of a document.
///
/// # Errors
///
/// Fails for a fenced block that is neither `powershell` nor `text`: nobody would try it.
pub(crate) fn parse(markdown: &str) -> anyhow::Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut lines = markdown.lines().enumerate().map(|(at, line)| (at + 1, line));
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            if line.contains(STOP) {
                parts.push(Part::Stop(number));
            }
            continue;
        };
        let block =
            lines.by_ref().map(|(_, line)| line).take_while(|line| !line.starts_with("```"));
        let block: Vec<_> = block.map(str::to_owned).collect();
        parts.push(match language {
            "powershell" => Part::Commands(number, block),
            "text" => Part::Shown(number, block),
            unknown => bail!("line {number}: a block of `{unknown}`, which nobody tries"),
        });
    }
    Ok(parts)
}
