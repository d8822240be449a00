//! A prefix of its own, as empty as Wine makes it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::{LINGER, Wine, prefix};
use crate::paths::Paths;

/// An empty prefix with a running wineserver, gone with its owner.
#[derive(Debug)]
pub(crate) struct Scratch {
    wine: Wine,
    prefix: PathBuf,
}

impl Scratch {
    /// Makes the prefix of a name; one that is left of an ended run is removed.
    ///
    /// # Errors
    ///
    /// Fails if Wine is missing or cannot make a prefix.
    pub(crate) fn open(paths: &Paths, name: &str) -> anyhow::Result<Self> {
        let wine = Wine::find()?;
        let prefix = paths.target.join("wine").join(format!("{name}-{}", std::process::id()));
        let scratch = Self { wine, prefix };
        scratch.remove().context("cannot remove an old Wine prefix")?;
        prefix::create(&scratch.wine, &scratch.prefix)?;
        prefix::update_shim(paths, &scratch.prefix)?;
        let mut server = Command::new(&scratch.wine.server);
        let server = prefix::environment(server.arg(LINGER), &scratch.prefix);
        let status = prefix::quiet(server).status().context("cannot start a wineserver")?;
        if !status.success() {
            bail!("cannot start a wineserver: {status}");
        }
        // The first program of a prefix starts Wine's services, and they keep its streams.
        let mut first = scratch.command("cmd.exe");
        let status = prefix::quiet(first.args(["/c", "exit 0"])).status();
        let status = status.context("cannot start Wine")?;
        if !status.success() {
            bail!("Wine cannot run a program in {}: {status}", scratch.prefix.display());
        }
        Ok(scratch)
    }

    /// Where it is.
    pub(crate) fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// A Windows program in this prefix, without input.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(&self.wine.loader);
        command.arg(program).stdin(Stdio::null());
        prefix::environment(&mut command, &self.prefix);
        command
    }

    fn remove(&self) -> std::io::Result<()> {
        prefix::stop_server(&self.wine, &self.prefix);
        match fs::remove_dir_all(&self.prefix) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            eprintln!("note: {} stays: {error}", self.prefix.display());
        }
    }
}
