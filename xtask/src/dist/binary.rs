//! What must be true of a program before it is packed.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use super::build::Folders;
use super::contents::System;
use super::release::Release;
use crate::run;

/// 10 MB.
const LEN_MAX: usize = 10_000_000;
/// What every Windows has; anything else would have to be handed out with the program.
const SYSTEM_DLLS: &[&str] = &[
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcryptprimitives.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "userenv.dll",
    "ws2_32.dll",
];
const OBJDUMP: &str = "x86_64-w64-mingw32-objdump";
const WINDRES: &str = "x86_64-w64-mingw32-windres";
/// A shorter path is no folder of a machine's own: `/`.
const FOLDER_LEN_MIN: usize = 4;

/// Checks a program that is to be handed out, and says what was seen.
///
/// # Errors
///
/// Fails with the first thing that is not as it must be.
pub(crate) fn check(
    program: &Path,
    folders: &Folders,
    release: &Release,
    system: System,
) -> anyhow::Result<()> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    if LEN_MAX < bytes.len() {
        bail!("{} has {} bytes; allowed are {LEN_MAX}", program.display(), bytes.len());
    }
    if let Some(folder) = folder_in(&bytes, &machine_folders(folders)) {
        bail!("{} names the folder {folder} of this machine", program.display());
    }
    match system {
        System::Linux => static_only(program)?,
        System::Windows => {
            imports(program)?;
            resources(program, release)?;
        }
    }
    eprintln!("{}: {} bytes, of {LEN_MAX} at most", program.display(), bytes.len());
    Ok(())
}

fn machine_folders(folders: &Folders) -> Vec<PathBuf> {
    let Folders { workspace, cargo_home, sysroot } = folders.clone();
    let mut all = vec![workspace, cargo_home, sysroot];
    all.extend(env::home_dir());
    all
}

/// The first of the folders that a program's bytes name.
fn folder_in(bytes: &[u8], folders: &[PathBuf]) -> Option<String> {
    let name = |folder: &PathBuf| folder.to_string_lossy().trim_end_matches('/').to_owned();
    let mut names = folders.iter().map(name).filter(|name| FOLDER_LEN_MIN <= name.len());
    names.find(|name| {
        let begin = format!("{name}/");
        bytes.windows(begin.len()).any(|window| window == begin.as_bytes())
    })
}

/// Fails if a Linux program needs a library or a loader.
fn static_only(program: &Path) -> anyhow::Result<()> {
    let headers = run::output(Command::new("objdump").arg("-p").arg(program))?;
    if !headers.contains("Program Header") {
        bail!("the check is broken: objdump shows no headers of {}", program.display());
    }
    for part in ["INTERP", "NEEDED"] {
        if let Some(line) = headers.lines().find(|line| line.trim_start().starts_with(part)) {
            bail!("{} is not static: {}", program.display(), line.trim());
        }
    }
    eprintln!("{}: static", program.display());
    Ok(())
}

/// Fails if a Windows program imports a DLL that not every Windows has.
fn imports(program: &Path) -> anyhow::Result<()> {
    let headers = run::output(Command::new(OBJDUMP).arg("-p").arg(program))?;
    let dlls = imported(&headers);
    if !dlls.contains("kernel32.dll") {
        bail!("the check is broken: objdump shows no import of {}", program.display());
    }
    if let Some(foreign) = dlls.iter().find(|dll| !SYSTEM_DLLS.contains(&dll.as_str())) {
        let allowed = SYSTEM_DLLS.join(", ");
        bail!("{} imports {foreign}; allowed are {allowed}", program.display());
    }
    let dlls: Vec<&str> = dlls.iter().map(String::as_str).collect();
    eprintln!("{}: imports {}", program.display(), dlls.join(", "));
    Ok(())
}

/// The DLLs in objdump's list of headers, in lower case.
fn imported(headers: &str) -> BTreeSet<String> {
    let name = |line: &str| Some(line.trim().strip_prefix("DLL Name: ")?.to_lowercase());
    headers.lines().filter_map(name).collect()
}

/// Fails if a Windows program has no version information of this release, or no manifest.
fn resources(program: &Path, release: &Release) -> anyhow::Result<()> {
    let mut windres = Command::new(WINDRES);
    windres.args(["--input-format", "coff", "--output-format", "rc"]).arg(program);
    let listed = run::output(&mut windres).context("the program has no resources")?;
    check_resources(&listed, release.version)
        .with_context(|| format!("{} lacks a resource", program.display()))
}

fn check_resources(listed: &str, version: &str) -> anyhow::Result<()> {
    let version = format!("VALUE \"FileVersion\", \"{version}\"");
    for part in [version.as_str(), "RT_MANIFEST", "asInvoker", "longPathAware"] {
        if !listed.contains(part) {
            bail!("there is no `{part}` among its resources; is windres there when it is built?");
        }
    }
    // Why not: build.rs of tickpipe-cli.
    if listed.contains("activeCodePage") {
        bail!("its manifest sets a code page, and may not");
    }
    Ok(())
}
