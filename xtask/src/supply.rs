//! What the programs are made of: where it comes from, under which licences, how much of it there is, and
//! how much the compiler cannot check.

mod licence;
#[cfg(test)]
mod tests;
mod unchecked;

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::lockfile::{self, Locked};
use crate::paths::Paths;
use crate::{no_arguments, run};

/// The one place that packages come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// How many packages a package may be made of, itself included, on any target and with every feature.
const PACKAGES_MAX: &[(&str, usize)] = &[("tickpipe", 40), ("tickpipe-cli", 180)];
/// Lines within `unsafe` in what is linked into the program; where they may be is a rule of `tidy`.
const UNSAFE_LINES_MAX: usize = 400;

/// A package, as `cargo metadata` has it.
#[derive(Clone, Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    rust_version: Option<String>,
}

impl Package {
    fn shown(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// `cargo xtask supply`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    check(paths)?;
    Ok(ExitCode::SUCCESS)
}

/// Fails with the first thing that may not be.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    let mut git = std::process::Command::new("git");
    git.current_dir(&paths.root).args(["ls-files", "--error-unmatch", "Cargo.lock"]);
    run::output(&mut git).context("Cargo.lock is not in the repository, and must be")?;
    let locked = lockfile::read(paths)?;
    sources(&locked)?;

    let mut command = run::cargo(paths, &["metadata", "--format-version", "1", "--locked"]);
    let text = run::output(command.arg("--all-features"))?;
    let metadata: Metadata = serde_json::from_str(&text).context("cannot read `cargo metadata`")?;
    licences(&metadata.packages)?;
    rust_versions(&metadata.packages)?;
    println!(
        "Cargo.lock: {} packages, all of the official registry or ours, under allowed licences",
        locked.len()
    );
    for (name, max) in PACKAGES_MAX {
        let count = count(paths, name)?;
        if *max < count {
            bail!(
                "{name} is made of {count} packages; allowed are {max} (`cargo tree -p {name} -e normal`)"
            );
        }
        println!("{name}: {count} packages, of {max} at most");
    }
    let (lines, files) = unchecked::count(paths)?;
    if UNSAFE_LINES_MAX < lines {
        bail!("{lines} lines of `unsafe` in {files} files; allowed are {UNSAFE_LINES_MAX}");
    }
    println!("unsafe: {lines} lines in {files} files, of {UNSAFE_LINES_MAX} at most");
    Ok(())
}

/// Fails for a package of another place, or without the sum that tells it from a changed one.
fn sources(locked: &[Locked]) -> anyhow::Result<()> {
    for Locked { name, version, source, checksum } in locked {
        match (source.as_deref(), checksum) {
            (None, None) | (Some(REGISTRY), Some(_)) => {}
            (Some(REGISTRY), None) => bail!("Cargo.lock has no sum for {name} {version}"),
            (source, _) => {
                let source = source.unwrap_or("nowhere");
                bail!("{name} {version} comes from {source}; allowed is {REGISTRY}");
            }
        }
    }
    Ok(())
}

fn licences(packages: &[Package]) -> anyhow::Result<()> {
    for package in packages {
        let license = package.license.as_deref().unwrap_or_default();
        let is_allowed = licence::is_allowed(license)
            .with_context(|| format!("{} has a licence that is none", package.shown()))?;
        if !is_allowed {
            let allowed = licence::ALLOWED.join(", ");
            bail!("{} is licensed under {license}; allowed are {allowed}", package.shown());
        }
    }
    Ok(())
}

fn rust_versions(packages: &[Package]) -> anyhow::Result<()> {
    let ours = |package: &&Package| package.source.is_none();
    match packages.iter().filter(ours).find(|package| package.rust_version.is_none()) {
        Some(package) => bail!("{} states no rust-version", package.name),
        None => Ok(()),
    }
}

/// How many packages a package is made of; macros count, build scripts do not.
fn count(paths: &Paths, name: &str) -> anyhow::Result<usize> {
    let mut tree = run::cargo(paths, &["tree", "--locked", "--package", name, "--all-features"]);
    tree.args(["--edges", "normal", "--target", "all", "--prefix", "none", "--format", "{p}"]);
    Ok(distinct(&run::output(&mut tree)?))
}

/// Cargo marks what it shows again with `(*)`.
fn distinct(tree: &str) -> usize {
    let line = |line: &str| line.trim_end_matches(" (*)").to_owned();
    let lines: BTreeSet<String> = tree.lines().filter(|line| !line.is_empty()).map(line).collect();
    lines.len()
}
