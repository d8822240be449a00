//! The packages that a program is made of, from what Cargo says.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::paths::Paths;
use crate::run;

/// The package that is shipped.
pub(crate) const PROGRAM: &str = "tickpipe-cli";

/// A package, as `cargo metadata` has it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    /// An SPDX expression; old crates write `/` for `OR`.
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    /// `None` for our own.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
}

impl Package {
    /// Whether it is of this workspace.
    pub(crate) fn is_ours(&self) -> bool {
        self.source.is_none()
    }

    /// `memchr 2.8.3`.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    /// `dev`, `build`, or nothing for what ends up in the program.
    kind: Option<String>,
}

/// What is linked into the program for a target: neither build scripts and macros, nor what only those use.
#[derive(Debug)]
pub(crate) struct Shipped {
    /// In the order of names and versions.
    pub(crate) packages: Vec<Package>,
    /// Which package depends on which, by their ids.
    pub(crate) dependencies: Vec<(String, String)>,
}

/// Asks Cargo what is linked into the program for any of the targets.
pub(crate) fn shipped(paths: &Paths, targets: &[&str]) -> anyhow::Result<Shipped> {
    let mut names = BTreeSet::new();
    for target in targets {
        names.extend(linked(paths, target)?);
    }
    let mut command = run::cargo(paths, &["metadata", "--format-version", "1", "--locked"]);
    for target in targets {
        command.args(["--filter-platform", target]);
    }
    let text = run::output(&mut command)?;
    let metadata = serde_json::from_str(&text).context("cannot read `cargo metadata`")?;
    select(metadata, &names)
}

/// The packages of Cargo's tree, which knows the features of this one program; `cargo metadata` knows only
/// those of the workspace as a whole.
fn linked(paths: &Paths, target: &str) -> anyhow::Result<BTreeSet<(String, String)>> {
    let mut tree =
        run::cargo(paths, &["tree", "--locked", "--package", PROGRAM, "--target", target]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
    Ok(names(&run::output(&mut tree)?))
}

/// Names and versions in Cargo's list: `memchr v2.8.3`, `tickpipe v0.1.0 (PATH) (*)`.
fn names(tree: &str) -> BTreeSet<(String, String)> {
    let name = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        Some((name.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    tree.lines().filter_map(name).collect()
}

fn select(metadata: Metadata, names: &BTreeSet<(String, String)>) -> anyhow::Result<Shipped> {
    let is_shipped =
        |package: &Package| names.contains(&(package.name.clone(), package.version.clone()));
    let mut packages = metadata.packages;
    packages.retain(is_shipped);
    packages.sort_by(|left, right| (&left.name, &left.version).cmp(&(&right.name, &right.version)));
    if packages.len() != names.len() {
        bail!(
            "`cargo tree` lists {} packages, `cargo metadata` knows {} of them",
            names.len(),
            packages.len()
        );
    }
    let ids: BTreeSet<&str> = packages.iter().map(|package| package.id.as_str()).collect();
    let mut dependencies = Vec::new();
    for Node { id, deps } in metadata.resolve.nodes {
        for Dependency { pkg, dep_kinds } in deps {
            let is_normal = dep_kinds.iter().any(|kind| kind.kind.is_none());
            if is_normal && ids.contains(id.as_str()) && ids.contains(pkg.as_str()) {
                dependencies.push((id.clone(), pkg));
            }
        }
    }
    dependencies.sort();
    Ok(Shipped { packages, dependencies })
}
