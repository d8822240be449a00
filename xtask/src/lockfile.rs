//! What Cargo.lock says: where each package comes from, and its sum.

#[cfg(test)]
mod tests;

use std::fs;

use anyhow::{Context as _, bail};

use crate::paths::Paths;

/// A package of Cargo.lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) version: String,
    /// `None` for our own.
    pub(crate) source: Option<String>,
    /// SHA-256 of the archive that the registry serves.
    pub(crate) checksum: Option<String>,
}

/// Reads the workspace's Cargo.lock.
pub(crate) fn read(paths: &Paths) -> anyhow::Result<Vec<Locked>> {
    let path = paths.root.join("Cargo.lock");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("cannot understand {}", path.display()))
}

/// Cargo writes a member a line, and no escapes in those that matter here.
fn parse(text: &str) -> anyhow::Result<Vec<Locked>> {
    let mut packages: Vec<Locked> = Vec::new();
    for line in text.lines() {
        if line == "[[package]]" {
            packages.push(Locked::default());
            continue;
        }
        let (Some(package), Some((member, value))) = (packages.last_mut(), line.split_once(" = "))
        else {
            continue;
        };
        let Some(value) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
            continue;
        };
        match member {
            "checksum" => package.checksum = Some(value.to_owned()),
            "name" => value.clone_into(&mut package.name),
            "source" => package.source = Some(value.to_owned()),
            "version" => value.clone_into(&mut package.version),
            _ => {}
        }
    }
    if packages.is_empty() {
        bail!("it lists no package");
    }
    Ok(packages)
}
