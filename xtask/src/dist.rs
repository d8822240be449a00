//! `cargo xtask dist`: what is handed to users, in `target/dist`.

mod archive;
mod contents;
mod licences;
mod metadata;
mod release;
#[cfg(test)]
mod tests;
mod text;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use self::contents::System;
use self::release::Release;
use crate::Usage;
use crate::paths::{Paths, WINDOWS_TARGET};

/// The Linux program is linked statically, so that it runs on every distribution.
const LINUX_TARGET: &str = "x86_64-unknown-linux-musl";

/// What is asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Packs this program and builds none.
    exe: Option<PathBuf>,
    out: Option<PathBuf>,
}

/// `cargo xtask dist`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let options = parse(args)?;
    let out = options.out.unwrap_or_else(|| paths.target.join("dist"));
    if let Some(exe) = options.exe {
        println!("{}", pack(paths, &exe, &out)?.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Packs the archive around a program, however that was built, and returns where it is. An `.exe` is for
/// Windows.
///
/// # Errors
///
/// Fails if anything that belongs into it is missing.
pub(crate) fn pack(paths: &Paths, exe: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let is_windows = exe.extension().is_some_and(|extension| extension == "exe");
    let system = if is_windows { System::Windows } else { System::Linux };
    let release = Release::of(paths)?;
    let program = fs::read(exe).with_context(|| format!("cannot read {}", exe.display()))?;
    let shipped = metadata::shipped(paths, &[WINDOWS_TARGET, LINUX_TARGET])?;
    let third_party = licences::third_party(paths, &shipped)?;
    let entries = contents::entries(paths, &release, system, program, &third_party)?;
    let stem = release.stem();
    match system {
        System::Linux => {
            let bytes = archive::tar_gz(entries, release.time)?;
            write(out, &format!("{stem}-linux-x86_64.tar.gz"), &bytes)
        }
        System::Windows => {
            let bytes = archive::zip(entries, release.time)?;
            write(out, &format!("{stem}-windows-x86_64.zip"), &bytes)
        }
    }
}

/// Writes a file of the release; whole, or not at all.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    let parent = path.parent().context("a file without a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    let partial = parent.join(format!(".partial-{}", std::process::id()));
    fs::write(&partial, bytes).with_context(|| format!("cannot write {}", partial.display()))?;
    fs::rename(&partial, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn parse(args: &[String]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || match args.next() {
            Some(value) => Ok(value.clone()),
            None => Err(Usage(format!("`{arg}` needs a value"))),
        };
        match arg.as_str() {
            "--exe" => options.exe = Some(value()?.into()),
            "--out" => options.out = Some(value()?.into()),
            unknown => return Err(Usage(format!("unexpected argument `{unknown}`")).into()),
        }
    }
    Ok(options)
}
