//! Wine's own programs on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::run;

/// Where Wine's programs are.
#[derive(Clone, Debug)]
pub(crate) struct Wine {
    pub(crate) loader: PathBuf,
    pub(crate) server: PathBuf,
}

impl Wine {
    /// Finds Wine, its 64-bit loader first: the `wine` of some systems is a script that talks on
    /// stderr when the 32-bit half is not installed, which nobody needs here.
    ///
    /// # Errors
    ///
    /// Fails if there is no loader or no wineserver.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let at = |path: &str| Some(PathBuf::from(path)).filter(|path| Path::is_file(path));
        let loader = run::find_program("wine64")
            .or_else(|| at("/usr/lib/wine/wine64"))
            .or_else(|| run::find_program("wine"))
            .context("there is no Wine on this machine; `cargo xtask setup` says how to get it")?;
        let server = run::find_program("wineserver")
            .or_else(|| at("/usr/lib/wine/wineserver"))
            .context("there is a Wine on this machine, but no wineserver")?;
        Ok(Self { loader, server })
    }

    /// `wine-8.0 (Debian 8.0~repack-4)`, or the like.
    pub(crate) fn version(&self) -> anyhow::Result<String> {
        Ok(run::output(Command::new(&self.loader).arg("--version"))?.trim().to_owned())
    }
}
