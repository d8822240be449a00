//! Which MQL programs there are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::paths::Paths;

/// Where programs stand that must lint and build.
const SOUND: &[&str] =
    &["mql/Experts/TickPipe", "mql/harness/accepted", "mql/harness/facts", "mql/harness/programs"];
/// Where programs stand that build, and whose run is stopped.
const REFUSED_AT_RUN: &str = "mql/harness/refused/run";
/// Where `<…>` includes are looked for.
pub(crate) const INCLUDE: &str = "mql/Include";

/// The programs that must lint, sorted.
pub(crate) fn sound(paths: &Paths) -> anyhow::Result<Vec<PathBuf>> {
    programs_in(paths, SOUND)
}

/// The programs that are built, sorted.
pub(crate) fn built(paths: &Paths) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = sound(paths)?;
    all.extend(programs_in(paths, &[REFUSED_AT_RUN])?);
    Ok(all)
}

/// The shipped headers, sorted.
pub(crate) fn headers(paths: &Paths) -> anyhow::Result<Vec<PathBuf>> {
    files(&paths.root.join(INCLUDE).join("TickPipe"), &["mqh"])
}

fn programs_in(paths: &Paths, directories: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for directory in directories {
        all.extend(files(&paths.root.join(directory), &["mq4", "mq5"])?);
    }
    Ok(all)
}

fn files(directory: &Path, extensions: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let list = || format!("cannot list {}", directory.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).with_context(list)? {
        let path = entry.with_context(list)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extensions.contains(&extension)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
