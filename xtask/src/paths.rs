//! Where things are in the working copy.

use std::env;
use std::path::PathBuf;

use anyhow::Context as _;

/// The target for which the Windows program is built.
pub(crate) const WINDOWS_TARGET: &str = "x86_64-pc-windows-gnu";

/// The target of the Linux program that is handed out: linked statically, it runs on every distribution.
pub(crate) const LINUX_TARGET: &str = "x86_64-unknown-linux-musl";

/// The places every command needs.
#[derive(Debug)]
pub(crate) struct Paths {
    /// The root of the working copy; commands run there.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, absolute.
    pub(crate) target: PathBuf,
    /// This program's own file, by the name it was started under: a build may replace it meanwhile.
    pub(crate) xtask: PathBuf,
}

impl Paths {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .canonicalize()
            .context("cannot find the workspace")?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // Cargo takes a relative one from the directory it is called in.
            Some(target) => env::current_dir().context("no current directory")?.join(target),
            None => root.join("target"),
        };
        let xtask = env::current_exe().context("cannot find this program's own file")?;
        Ok(Self { root, target, xtask })
    }

    /// Where Windows builds go: apart, so that they and the native ones never wait for each other.
    pub(crate) fn windows_target(&self) -> PathBuf {
        self.target.join("windows")
    }

    /// The Windows program of a Cargo profile directory (`debug` or `release`).
    pub(crate) fn windows_exe(&self, profile: &str) -> PathBuf {
        self.windows_target().join(WINDOWS_TARGET).join(profile).join("tickpipe.exe")
    }

    /// The native program of a Cargo profile directory (`debug` or `release`).
    pub(crate) fn native_exe(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("tickpipe{}", env::consts::EXE_SUFFIX))
    }
}
