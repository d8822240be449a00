//! The licences of everything in the programs that others wrote, as one text.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::metadata::{Package, Shipped};
use crate::paths::Paths;

const HEAD: &str = "\
Software and data of others in tickpipe
=======================================

tickpipe itself is licensed under MIT or Apache-2.0, as you choose: see
LICENSE-MIT.txt and LICENSE-APACHE.txt. Its programs contain what is listed here.
";
/// What no crate stands for: the languages' own runtimes.
const RUNTIMES: &str = include_str!("runtime-licences.txt");
/// What is built in and is no crate: title, and the file with its licence.
const BUILT_IN: &[(&str, &str)] = &[
    (
        "uPlot, the charts of reports: MIT\nhttps://github.com/leeoniya/uPlot",
        "crates/tickpipe-sim/assets/uplot/LICENSE",
    ),
    (
        "The EURUSD ticks of 2019-02-04 that `tickpipe demo` plays, from Dukascopy by way of the\n\
         test data of dukascopy-node: MIT\nhttps://github.com/Leo4815162342/dukascopy-node",
        "crates/tickpipe-cli/data/LICENSE.dukascopy-node.txt",
    ),
];
/// How the names of files with a licence begin, in lower case.
const FILES: &[&str] =
    &["copying", "copyright", "licence", "license", "notice", "patents", "unlicense"];
const RULE_COLUMNS: usize = 78;

/// Writes the file of third-party licences.
///
/// # Errors
///
/// Fails if a package has no file with its licence, or one cannot be read.
pub(crate) fn third_party(paths: &Paths, shipped: &Shipped) -> anyhow::Result<String> {
    let mut out = HEAD.to_owned();
    // Many packages have the very same text: it stands once, below all their names.
    let mut texts: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for package in shipped.packages.iter().filter(|package| !package.is_ours()) {
        texts.entry(text_of(package)?).or_default().push(package);
    }
    let mut groups: Vec<(Vec<&Package>, String)> =
        texts.into_iter().map(|(text, packages)| (packages, text)).collect();
    groups.sort_by(|left, right| left.0[0].name.cmp(&right.0[0].name));

    for (title, file) in BUILT_IN {
        section(&mut out, title, &read(&paths.root.join(file))?);
    }
    write!(out, "\n{RUNTIMES}").context("cannot write to memory")?;
    for (packages, text) in groups {
        let titles: Vec<String> = packages.iter().map(|package| title(package)).collect();
        section(&mut out, &titles.join("\n"), &text);
    }
    Ok(out)
}

fn section(out: &mut String, title: &str, text: &str) {
    let rule = "-".repeat(RULE_COLUMNS);
    for part in ["\n", &rule, "\n", title, "\n\n", text.trim_matches('\n'), "\n"] {
        out.push_str(part);
    }
}

/// `memchr 2.8.3: Unlicense OR MIT (https://github.com/BurntSushi/memchr)`.
fn title(package: &Package) -> String {
    let mut title = package.shown();
    for (before, part, after) in [(": ", &package.license, ""), (" (", &package.repository, ")")] {
        if let Some(part) = part {
            title.push_str(&format!("{before}{part}{after}"));
        }
    }
    title
}

fn text_of(package: &Package) -> anyhow::Result<String> {
    let folder = package.manifest_path.parent().context("a manifest without a folder")?;
    let mut names = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let name = entry.with_context(|| format!("cannot list {}", folder.display()))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    let chosen = choose(package.license.as_deref().unwrap_or_default(), names);
    if chosen.is_empty() {
        bail!(
            "{} has no file with its licence; leave the package out, or add its text to the release",
            package.shown()
        );
    }
    let texts: anyhow::Result<Vec<String>> =
        chosen.iter().map(|name| read(&folder.join(name))).collect();
    Ok(texts?.join("\n\n"))
}

/// The files to hand on. Where MIT is one of the licences to choose from, it is chosen: its text alone, and
/// notices. Else all of them.
fn choose(license: &str, mut names: Vec<String>) -> Vec<String> {
    let is_licence = |name: &str| {
        let name = name.to_lowercase();
        FILES.iter().any(|file| name.starts_with(file))
    };
    let is_mit = |name: &str| name.to_lowercase().ends_with("-mit");
    names.retain(|name| is_licence(name));
    names.sort();
    let alternatives = license.replace('/', " OR ");
    let is_simple = !alternatives.contains(['(', ')']) && !alternatives.contains(" AND ");
    let may_choose_mit = alternatives.split(" OR ").any(|part| part.trim() == "MIT");
    if is_simple && may_choose_mit && names.iter().any(|name| is_mit(name)) {
        let is_notice = |name: &str| {
            let name = name.to_lowercase();
            name.starts_with("notice") || name.starts_with("copyright")
        };
        names.retain(|name| is_mit(name) || is_notice(name));
    }
    names
}

/// Reads a text with line feeds, without blanks at its lines' ends.
fn read(path: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}
