//! Builds the programs so that the folders they are built in leave no trace.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::contents::System;
use super::metadata::PROGRAM;
use crate::paths::{LINUX_TARGET, Paths, WINDOWS_TARGET};
use crate::run;

const PROFILE: &str = "dist";
/// Between flags, which may hold blanks: a folder's name can.
const SEPARATOR: &str = "\x1f";

impl System {
    pub(crate) const ALL: [Self; 2] = [Self::Linux, Self::Windows];

    pub(crate) fn target(self) -> &'static str {
        match self {
            Self::Linux => LINUX_TARGET,
            Self::Windows => WINDOWS_TARGET,
        }
    }

    /// What the linker would write that is of one build alone: its time, and a hash of what is stripped later.
    fn linker_flags(self) -> &'static [&'static str] {
        match self {
            Self::Linux => &["-Clink-arg=-Wl,--build-id=none"],
            Self::Windows => &["-Clink-arg=-Wl,--no-insert-timestamp"],
        }
    }
}

/// Folders of this machine that a compiler sees.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    pub(crate) workspace: PathBuf,
    pub(crate) cargo_home: PathBuf,
    pub(crate) sysroot: PathBuf,
}

impl Folders {
    /// Those of a build in this working copy.
    pub(crate) fn of(paths: &Paths) -> anyhow::Result<Self> {
        let cargo_home = match env::var_os("CARGO_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => env::home_dir().context("no home folder, and no CARGO_HOME")?.join(".cargo"),
        };
        let sysroot = run::output(Command::new("rustc").args(["--print", "sysroot"]))?;
        Ok(Self { workspace: paths.root.clone(), cargo_home, sysroot: sysroot.trim().into() })
    }

    /// rustc takes the last rule that fits; each folder gets a name that says what it was.
    fn flags(&self) -> anyhow::Result<Vec<String>> {
        let folders = [
            (&self.sysroot, "/rust"),
            (&self.cargo_home, "/cargo"),
            (&self.workspace, "/tickpipe"),
        ];
        let flag = |(folder, name): (&PathBuf, &str)| {
            let folder = folder.to_str().context("a folder whose name is not UTF-8")?;
            Ok(format!("--remap-path-prefix={folder}={name}"))
        };
        folders.map(flag).into_iter().collect()
    }
}

/// Builds the program for a system and returns where it is.
///
/// # Errors
///
/// Fails if Rust's target or a linker is missing.
pub(crate) fn program(paths: &Paths, folders: &Folders, system: System) -> anyhow::Result<PathBuf> {
    let target_folder = paths.target.join("dist-build");
    let mut flags = folders.flags()?;
    flags.extend(system.linker_flags().iter().map(|&flag| flag.to_owned()));
    let mut cargo = run::cargo(paths, &["auditable", "build", "--locked", "--profile", PROFILE]);
    cargo.args(["--package", PROGRAM, "--target", system.target()]);
    cargo.arg("--target-dir").arg(&target_folder);
    cargo.env("CARGO_HOME", &folders.cargo_home);
    // Stands above every other place that sets flags.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR));
    for name in foreign_settings(env::vars_os().map(|(name, _)| name)) {
        cargo.env_remove(name);
    }
    run::check(&mut cargo)?;
    let program = target_folder.join(system.target()).join(PROFILE).join(system.program());
    if !program.is_file() {
        bail!("Cargo built no {}", program.display());
    }
    Ok(program)
}

/// Variables of this machine that would change what is built.
fn foreign_settings(names: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let is_foreign = |name: &OsString| {
        let name = name.to_string_lossy();
        name == "CARGO_INCREMENTAL" || name.starts_with("CARGO_PROFILE_")
    };
    names.filter(is_foreign).collect()
}
