//! `cargo xtask dist`: what is handed to users, in `target/dist`.

mod archive;
mod binary;
mod build;
mod contents;
mod licences;
mod manifests;
mod metadata;
mod release;
mod sbom;
mod sums;
#[cfg(test)]
mod tests;
mod text;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use self::build::Folders;
use self::contents::System;
use self::metadata::Shipped;
use self::release::{Release, git};
use crate::paths::Paths;
use crate::setup::{self, Need};
use crate::{Usage, lockfile, run};

/// What is asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Packs this program and builds none.
    exe: Option<PathBuf>,
    out: Option<PathBuf>,
    /// Where the files will be served; without it there are no manifests.
    base_url: Option<String>,
    /// Builds once more in another folder, and compares.
    verify: bool,
}

/// The files of a release by their names, with their sums.
pub(crate) type Sums = BTreeMap<String, String>;

/// `cargo xtask dist`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let options = parse(args)?;
    let out = options.out.clone().unwrap_or_else(|| paths.target.join("dist"));
    if let Some(exe) = &options.exe {
        println!("{}", pack_one(paths, exe, &out)?.display());
        return Ok(ExitCode::SUCCESS);
    }
    let base_url = options.base_url.as_deref().map(manifests::base_url).transpose()?;
    if cfg!(windows) {
        bail!("a release is built on Linux, where both programs can be; `--exe` packs one here");
    }
    for need in [Need::Windows, Need::Release] {
        setup::require(&setup::ensure_for(need)?, need)?;
    }
    let is_clean = run::output(git(paths).args(["status", "--porcelain"]))?.is_empty();
    if options.verify && !is_clean {
        bail!("there are changes without a commit, and only a commit can be built elsewhere");
    }
    if options.out.is_none() && out.exists() {
        // Nothing of another release stands beside the sums of this one.
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    let sums = make(paths, &Folders::of(paths)?, &out)?;
    if options.verify {
        verify::verify(paths, &sums)?;
    }
    write_manifests(paths, &out, &sums, base_url.as_deref())?;
    if !is_clean {
        eprintln!(
            "warning: there are changes without a commit: nobody can build these files again"
        );
    }
    print!("{}", sums::list(&sums));
    Ok(ExitCode::SUCCESS)
}

/// Builds, checks and packs everything that is the same wherever it is built.
fn make(paths: &Paths, folders: &Folders, out: &Path) -> anyhow::Result<Sums> {
    let release = Release::of(paths)?;
    let mut linked = Vec::new();
    for system in System::ALL {
        linked.push((system, metadata::shipped(paths, &[system.target()])?));
    }
    let third_party = third_party(paths)?;
    let mut sums = Sums::new();
    let mut keep = |name: String, bytes: &[u8]| {
        write(out, &name, bytes)?;
        sums.insert(name, sums::sha256(bytes));
        anyhow::Ok(())
    };
    for system in System::ALL {
        let program = build::program(paths, folders, system)?;
        binary::check(&program, folders, &release, system)?;
        let (name, bytes) = pack(paths, &release, system, &program, &third_party)?;
        keep(name, &bytes)?;
    }
    let rustc = rustc_version()?;
    let bill = sbom::write(&release, &linked, &lockfile::read(paths)?, &rustc)?;
    keep(format!("{}.cdx.json", release.stem()), bill.as_bytes())?;
    write(out, sums::FILE, sums::list(&sums).as_bytes())?;
    Ok(sums)
}

/// Packs the archive around a program, however that was built, and returns where it is. An `.exe` is for
/// Windows.
pub(crate) fn pack_one(paths: &Paths, exe: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let is_windows = exe.extension().is_some_and(|extension| extension == "exe");
    let system = if is_windows { System::Windows } else { System::Linux };
    let release = Release::of(paths)?;
    let (name, bytes) = pack(paths, &release, system, exe, &third_party(paths)?)?;
    write(out, &name, &bytes)
}

/// Returns an archive's name and bytes.
fn pack(
    paths: &Paths,
    release: &Release,
    system: System,
    program: &Path,
    third_party: &str,
) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let entries = contents::entries(paths, release, system, bytes, third_party)?;
    let bytes = match system {
        System::Linux => archive::tar_gz(entries, release.time)?,
        System::Windows => archive::zip(entries, release.time)?,
    };
    Ok((format!("{}-{}", release.stem(), system.archive()), bytes))
}

/// One text for both archives.
fn third_party(paths: &Paths) -> anyhow::Result<String> {
    let targets = System::ALL.map(System::target);
    let shipped: Shipped = metadata::shipped(paths, &targets)?;
    licences::third_party(paths, &shipped)
}

fn write_manifests(
    paths: &Paths,
    out: &Path,
    sums: &Sums,
    base_url: Option<&str>,
) -> anyhow::Result<()> {
    let Some(base_url) = base_url else {
        eprintln!(
            "note: no manifests for scoop and winget; `--base-url https://…` says where the files \
             will be served"
        );
        return Ok(());
    };
    let release = Release::of(paths)?;
    let archive = format!("{}-{}", release.stem(), System::Windows.archive());
    let sha256 = sums.get(&archive).context("an archive without a sum")?;
    let download = manifests::Download { base_url, archive: &archive, sha256 };
    for (name, text) in manifests::all(&release, download)? {
        write(out, &name, text.as_bytes())?;
    }
    Ok(())
}

fn rustc_version() -> anyhow::Result<String> {
    let text = run::output(Command::new("rustc").arg("--version"))?;
    let version = text.split_whitespace().nth(1);
    Ok(version.with_context(|| format!("`rustc --version` says `{text}`"))?.to_owned())
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
            "--base-url" => options.base_url = Some(value()?),
            "--exe" => options.exe = Some(value()?.into()),
            "--out" => options.out = Some(value()?.into()),
            "--verify" => options.verify = true,
            unknown => return Err(Usage(format!("unexpected argument `{unknown}`")).into()),
        }
    }
    if options.exe.is_some() && (options.verify || options.base_url.is_some()) {
        let text = "`--exe` packs one archive, without manifests and comparison";
        return Err(Usage(text.to_owned()).into());
    }
    Ok(options)
}
