//! The lint of all MQL sources.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};

use super::sources;
use crate::paths::Paths;

/// Fails if a program does not keep to the subset, or a shipped header is in no program.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    let api = tickpipe_mql::Api::built_in();
    let include = paths.root.join(sources::INCLUDE);
    let mut findings = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let programs = sources::sound(paths)?;
    for main in &programs {
        match tickpipe_mql::load(main, &include, &paths.root) {
            Ok(program) => {
                seen.extend(program.files().map(str::to_owned));
                let found = tickpipe_mql::lint(&program, &api);
                findings.extend(found.iter().map(ToString::to_string));
            }
            Err(found) => findings.extend(found.iter().map(ToString::to_string)),
        }
    }
    for header in sources::headers(paths)? {
        let path = header.strip_prefix(&paths.root).context("a header outside the project")?;
        let path = path.to_string_lossy().replace('\\', "/");
        if findings.is_empty() && !seen.contains(&path) {
            findings.insert(format!("{path}: no program includes it"));
        }
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings in {} MQL programs", findings.len(), programs.len());
    }
    println!("{} MQL programs and {} files: nothing found", programs.len(), seen.len());
    Ok(())
}
