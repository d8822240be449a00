//! Whether a build in another folder, with another home of Cargo, gives the same bytes.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::build::Folders;
use super::release::git;
use super::{Sums, make};
use crate::paths::Paths;
use crate::run;

/// Builds the commit once more, in a clone, and compares.
///
/// # Errors
///
/// Fails if a file differs; then both folders are kept.
pub(crate) fn verify(paths: &Paths, sums: &Sums) -> anyhow::Result<()> {
    let folder = paths.target.join("dist-verify");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    // Neither as deep as the working copy, nor of the same length; without a blank, which dlltool cannot bear.
    let clone = folder.join("a-clone/tickpipe");
    run::check(git(paths).args(["clone", "--quiet", "--no-hardlinks", "."]).arg(&clone))?;
    let folders = Folders { workspace: clone.clone(), ..Folders::of(paths)? };
    let folders = with_other_home(folders, &folder.join("cargo-home"))?;
    let other =
        Paths { root: clone.clone(), target: clone.join("target"), xtask: paths.xtask.clone() };
    let found = make(&other, &folders, &folder.join("dist"))?;
    let differing = differing(sums, &found);
    if !differing.is_empty() {
        bail!(
            "a build in {} gives other bytes: {}; both are kept, and `diffoscope` shows where",
            clone.display(),
            differing.join(", ")
        );
    }
    eprintln!("a build in {} gives the same {} files", clone.display(), found.len());
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))
}

/// Another home with the same downloads: a path that is as different as anybody's, and nothing to fetch.
fn with_other_home(folders: Folders, home: &Path) -> anyhow::Result<Folders> {
    fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
    for name in ["bin", "registry"] {
        link(&folders.cargo_home.join(name), &home.join(name))
            .with_context(|| format!("cannot link {name} into {}", home.display()))?;
    }
    Ok(Folders { cargo_home: home.to_owned(), ..folders })
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

/// The names of files that are not the same in both.
fn differing(left: &Sums, right: &Sums) -> Vec<String> {
    let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
    names.filter(|name| left.get(*name) != right.get(*name)).cloned().collect()
}
