//! Which of the terminals are meant by `--terminal`.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::find::{IsData, Terminal, terminals_at};
use super::origin::Origin;
use crate::print::harmless;
use crate::report::Failure;

/// Returns the terminals that are named by the beginnings of their ids, or by paths; each of them once.
///
/// # Errors
///
/// Names the first that is none, or not only one.
pub(super) fn choose(found: &[Terminal], named: &[String]) -> Result<Vec<Terminal>, Failure> {
    let mut chosen: Vec<Terminal> = Vec::new();
    for name in named {
        let terminals = match by_id(found, name)? {
            terminals if terminals.is_empty() => by_path(found, name)?,
            terminals => terminals,
        };
        for terminal in terminals {
            let same = |other: &Terminal| {
                (other.platform, &other.path) == (terminal.platform, &terminal.path)
            };
            if !chosen.iter().any(same) {
                chosen.push(terminal);
            }
        }
    }
    Ok(chosen)
}

fn by_id(found: &[Terminal], name: &str) -> Result<Vec<Terminal>, Failure> {
    let wanted = name.to_ascii_uppercase();
    let is_meant = |terminal: &&Terminal| {
        let id = terminal.id.as_deref().unwrap_or_default().to_ascii_uppercase();
        !wanted.is_empty() && id.starts_with(&wanted)
    };
    let terminals: Vec<_> = found.iter().filter(is_meant).cloned().collect();
    let Some(first) = terminals.first() else { return Ok(terminals) };
    if terminals.iter().all(|terminal| terminal.path == first.path) {
        return Ok(terminals);
    }
    let paths: Vec<_> = terminals.iter().map(|terminal| shown(&terminal.path)).collect();
    Err(Failure::Usage(format!(
        "`--terminal {}` is more than one terminal; name one by its path: {}",
        harmless(name),
        paths.join(", ")
    )))
}

fn by_path(found: &[Terminal], name: &str) -> Result<Vec<Terminal>, Failure> {
    let path = std::path::absolute(name).unwrap_or_else(|_| name.into());
    let canonical = |path: &Path| path.canonicalize().ok();
    let known = |terminal: &&Terminal| {
        canonical(&terminal.path).is_some_and(|known| Some(known) == canonical(&path))
    };
    let known: Vec<_> = found.iter().filter(known).cloned().collect();
    if !known.is_empty() {
        return Ok(known);
    }
    // Where a terminal was installed. It may have an MQL4 or MQL5 there too, which it uses only if it is
    // started as portable; then it makes no data folder.
    let installed_in = |terminal: &&Terminal| match &terminal.origin {
        Origin::At(origin) => plain(origin) == plain(name),
        Origin::Broken { .. } | Origin::Missing => false,
    };
    let installed: Vec<_> = found.iter().filter(installed_in).cloned().collect();
    if !installed.is_empty() {
        return Ok(installed);
    }
    let there = terminals_at(&path, IsData::No);
    if !there.is_empty() {
        return Ok(there);
    }
    Err(if path.is_dir() {
        Failure::Setup {
            text: format!(
                "`{}` is no terminal's data folder: it has no MQL4 and no MQL5",
                shown(&path)
            ),
            hint: "in the terminal click File, Open Data Folder, and give that folder's path; a \
                   terminal makes it when it is first started"
                .to_owned(),
        }
    } else {
        Failure::Setup {
            text: format!("there is no terminal `{}`", harmless(name)),
            hint: "`tickpipe install --list` shows those that can be found, each with the id that \
                   names it; any other is named by its folder, as in `--terminal \"D:\\My MT4\"`"
                .to_owned(),
        }
    })
}

/// Returns a path in Windows' form as it is compared.
fn plain(path: &str) -> String {
    path.replace('/', "\\").trim_end_matches('\\').to_lowercase()
}

fn shown(path: &Path) -> String {
    harmless(&path.display().to_string())
}
