//! `cargo xtask tidy`: rules about the text of the project that no lint covers, and tables in documents
//! that are written from the code.

pub(crate) mod code;
mod links;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use crate::paths::Paths;
use crate::{no_arguments, protocol, run};

/// One file of the project.
#[derive(Clone, Copy, Debug)]
struct File<'a> {
    /// From the root, with `/` on every system.
    path: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(self.path).extension();
        extension.is_some_and(|found| extensions.iter().any(|allowed| found == *allowed))
    }
}

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    found: String,
    allowed: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, found, allowed } = self;
        match line {
            0 => write!(f, "{path}: found {found}; allowed: {allowed}"),
            _ => write!(f, "{path}:{line}: found {found}; allowed: {allowed}"),
        }
    }
}

/// `cargo xtask tidy`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    check(paths)?;
    Ok(ExitCode::SUCCESS)
}

/// Checks all files that are, or would be, in the repository.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    let files = files(&paths.root)?;
    let mut findings = Vec::new();
    let mut count = 0_usize;
    for path in &files {
        let full = paths.root.join(path);
        // Listed, but removed in the working copy, or a link to a directory.
        if !full.is_file() {
            continue;
        }
        let bytes = std::fs::read(&full).with_context(|| format!("cannot read {path}"))?;
        rules::check_name(path, &mut findings);
        count += 1;
        // Anything else is data, about which there is no rule.
        if let Ok(text) = String::from_utf8(bytes) {
            let file = File { path, text: &text };
            rules::check_text(file, &mut findings);
            links::check(file, |target| exists(&paths.root, target), &mut findings);
        }
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    if count == 0 {
        bail!("the check is broken: it sees no file");
    }
    if !findings.is_empty() {
        bail!("{} places in {count} files break a rule", findings.len());
    }
    println!("{count} files are tidy");
    protocol::check(paths)
}

/// Whether a path from the root is a file or a directory of the project.
fn exists(root: &Path, target: &Path) -> bool {
    root.join(target).exists()
}

/// Tracked files and new ones, without the ignored.
fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = run::output(&mut git).context("cannot list the files of the repository")?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Joins a relative path to a directory, without looking at the disk; `None` above the root.
fn join(directory: &Path, relative: &str) -> Option<PathBuf> {
    let mut path = directory.to_owned();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if !path.pop() {
                    return None;
                }
            }
            name => path.push(name),
        }
    }
    Some(path)
}
