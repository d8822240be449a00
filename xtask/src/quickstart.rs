//! `cargo xtask quickstart`: `docs/quickstart.md` as a new user has it, in an empty Wine prefix.
//!
//! The zip is packed around a program that is built already, and unpacked in the folder of a user with
//! three terminals. Each line of the document that begins with `.\tickpipe.exe` is run as it is printed,
//! and must print what the document shows; an EA in C stands for the one on the chart, and `python` is a
//! program in C that does the same. What PowerShell itself does is done by this test.

mod chart;
mod document;
mod place;
mod running;
mod shown;
mod walk;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use self::chart::Chart;
use self::place::Place;
use self::walk::Walk;
use crate::paths::Paths;
use crate::programs::{self, Platform};
use crate::wine::Scratch;
use crate::{dist, no_arguments, run};

const DOCUMENT: &str = "docs/quickstart.md";
const SUMS: &str = "SHA256SUMS";

/// `cargo xtask quickstart`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    programs::build(paths, Platform::Windows)?;
    check(paths, &paths.windows_exe("debug"))?;
    Ok(ExitCode::SUCCESS)
}

/// Walks the document with a program.
///
/// # Errors
///
/// Fails if anything is not as the document says.
pub(crate) fn check(paths: &Paths, exe: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(paths.root.join(DOCUMENT)).context("cannot read the document")?;
    let parts = document::parse(&text)?;
    let out = paths.target.join("quickstart");
    fs::create_dir_all(&out).context("cannot make a folder")?;
    let archive = dist::pack_one(paths, &stripped(exe, &out)?, &out)?;
    let name = archive.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if !text.contains(&*name) {
        bail!("the release is {name}, and {DOCUMENT} does not name it");
    }
    let sums = out.join(SUMS);
    fs::write(&sums, format!("{}  {name}\n", "0".repeat(64))).context("cannot write the sums")?;
    let stand_ins = python(paths, &out)?;

    let scratch = Scratch::open(paths, "quickstart")?;
    let place = Place::new(scratch.prefix(), &[&archive, &sums])?;
    let before = place.files()?;
    let chart = Chart::start(paths, &scratch)?;
    Walk::new(&scratch, &place, chart, &stand_ins).go(&parts)?;
    let after = place.files()?;
    if before != after {
        let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        let gone: Vec<_> = before.keys().filter(|path| !after.contains_key(*path)).collect();
        bail!("at the end the user's folder is not as before: new {new:?}, gone {gone:?}");
    }
    Ok(())
}

/// A copy of a program without what only a debugger reads: a debug build is ten times as large with it.
fn stripped(exe: &Path, out: &Path) -> anyhow::Result<std::path::PathBuf> {
    let small = out.join("tickpipe.exe");
    let mut strip = Command::new("x86_64-w64-mingw32-strip");
    run::check(strip.arg("-o").arg(&small).arg(exe))?;
    Ok(small)
}

/// Makes the stand-in for Python, and returns its folder as Wine names it.
fn python(paths: &Paths, out: &Path) -> anyhow::Result<String> {
    let windows = |path: &Path| format!("Z:{}", path.display()).replace('/', "\\");
    let folder = out.join("python");
    fs::create_dir_all(&folder).context("cannot make a folder")?;
    let handler = windows(&Platform::Windows.program(paths, "handler"));
    let script = format!("@\"{handler}\" double\r\n");
    fs::write(folder.join("python.bat"), script).context("cannot write the stand-in")?;
    Ok(windows(&folder))
}
