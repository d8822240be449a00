//! The project's Wine prefix: made once, made again when it is broken or of another Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::Wine;
use crate::paths::Paths;
use crate::{programs, run};

/// How long Wine may take to make a prefix; it takes ten seconds on a small machine.
const CREATE_LIMIT: Duration = Duration::from_secs(300);
/// Written last, with the version of the Wine that made the prefix.
const MARKER: &str = "tickpipe-prefix";
const SHIM: &str = "bcryptprimitives.dll";
/// Beside the shim, to tell it from a DLL of Wine's own.
const SHIM_MARKER: &str = "bcryptprimitives.tickpipe";

/// Where the prefix is.
pub(crate) fn path(paths: &Paths) -> PathBuf {
    paths.target.join("wine/prefix")
}

/// Adds what every Wine program of ours is given.
pub(crate) fn environment<'a>(command: &'a mut Command, prefix: &Path) -> &'a mut Command {
    command
        .env("WINEPREFIX", prefix)
        .env("WINEARCH", "win64")
        .env("WINEDEBUG", "-all")
        // No offers to download a browser or a .NET.
        .env("WINEDLLOVERRIDES", "mscoree=;mshtml=")
}

/// Whether the prefix is whole and of this Wine.
pub(crate) fn is_sound(prefix: &Path, version: &str) -> bool {
    let marker = fs::read_to_string(prefix.join(MARKER)).unwrap_or_default();
    marker.trim() == version
        && prefix.join("system.reg").is_file()
        && system32(prefix).join("kernel32.dll").is_file()
        && system32(prefix).join(SHIM).is_file()
}

/// Makes the prefix unless it is sound. The caller keeps all others out meanwhile.
pub(crate) fn ensure(paths: &Paths, wine: &Wine) -> anyhow::Result<PathBuf> {
    let prefix = path(paths);
    let version = wine.version()?;
    if is_sound(&prefix, &version) {
        update_shim(paths, &prefix)?;
        return Ok(prefix);
    }
    if prefix.exists() {
        stop_server(wine, &prefix);
        fs::remove_dir_all(&prefix)
            .with_context(|| format!("cannot remove the broken {}", prefix.display()))?;
    }
    create(wine, &prefix).with_context(|| format!("cannot make {}", prefix.display()))?;
    update_shim(paths, &prefix)?;
    fs::write(prefix.join(MARKER), version).context("cannot mark the prefix as whole")?;
    Ok(prefix)
}

/// Ends the prefix's wineserver and with it all programs in the prefix.
pub(crate) fn stop_server(wine: &Wine, prefix: &Path) {
    let mut command = Command::new(&wine.server);
    // Fails if there is none, which is as good.
    quiet(environment(command.arg("-k"), prefix)).status().ok();
    let mut command = Command::new(&wine.server);
    quiet(environment(command.arg("-w"), prefix)).status().ok();
}

/// Gives a command nothing to read or print to: Wine's services would keep our streams open.
pub(crate) fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// Makes a prefix where there is none.
pub(super) fn create(wine: &Wine, prefix: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(prefix)?;
    eprintln!("making a Wine prefix");
    let started = Instant::now();
    let log = prefix.with_extension("log");
    let file = fs::File::create(&log)?;
    let mut command = Command::new(&wine.loader);
    environment(command.args(["wineboot", "-i"]), prefix)
        .env("WINEDEBUG", "err+all,fixme-all")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    let mut child = run::Owned(command.spawn()?);
    let status = run::wait(&mut child.0, CREATE_LIMIT)?;
    let text = fs::read_to_string(&log).unwrap_or_default();
    match status {
        None => bail!("`wineboot -i` took longer than {} s: {text}", CREATE_LIMIT.as_secs()),
        Some(status) if !status.success() => bail!("`wineboot -i` ended with {status}: {text}"),
        Some(_) => {}
    }
    // The registry is on disk only once the server has ended.
    stop_server(wine, prefix);
    if !prefix.join("system.reg").is_file() {
        bail!("`wineboot -i` made no registry: {text}");
    }
    eprintln!("made in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Puts the shim in, or a newer one, unless this Wine has a DLL of its own.
pub(super) fn update_shim(paths: &Paths, prefix: &Path) -> anyhow::Result<()> {
    let installed = system32(prefix).join(SHIM);
    let marker = system32(prefix).join(SHIM_MARKER);
    if installed.exists() && !marker.exists() {
        return Ok(());
    }
    let built = programs::build_shim(paths)?;
    let bytes = fs::read(&built).context("cannot read the shim")?;
    if fs::read(&installed).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(&marker, "")?;
    fs::write(&installed, bytes).context("cannot put the shim into the prefix")
}

fn system32(prefix: &Path) -> PathBuf {
    prefix.join("drive_c/windows/system32")
}
