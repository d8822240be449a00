//! The C programs under `testing/`: an EA's own calls, the yardstick of the benchmarks, and what trades through
//! the C interface of the simulated broker.

mod simulation;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context as _;

pub(crate) use self::simulation::build_simulation;
use crate::paths::Paths;
use crate::run;

/// The programs, each one source file beside the header they share.
const PROGRAMS: &[&str] = &["ea", "bench_client", "bench_server", "handler", "metaeditor"];
const SHIM: &str = "bcryptprimitives";

/// Where a C program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Native,
    /// Windows, built with mingw-w64 on another system.
    Windows,
}

impl Platform {
    fn directory(self, paths: &Paths) -> PathBuf {
        let name = match self {
            Self::Native => "native",
            Self::Windows => "windows",
        };
        paths.target.join("testing").join(name)
    }

    /// Where a program of `testing/` is once built.
    pub(crate) fn program(self, paths: &Paths, name: &str) -> PathBuf {
        let suffix = match self {
            Self::Native => std::env::consts::EXE_SUFFIX,
            Self::Windows => ".exe",
        };
        self.directory(paths).join(format!("{name}{suffix}"))
    }

    fn compiler(self) -> Command {
        let (name, link) = match self {
            Self::Native if cfg!(windows) => ("gcc", "-static"),
            Self::Native => ("gcc", "-pthread"),
            Self::Windows => ("x86_64-w64-mingw32-gcc", "-static"),
        };
        let mut command = Command::new(name);
        command.args(["-O2", "-Wall", "-Wextra", "-Werror", link]);
        command
    }
}

/// Builds those programs that are older than any source.
pub(crate) fn build(paths: &Paths, platform: Platform) -> anyhow::Result<()> {
    for name in PROGRAMS {
        let output = platform.program(paths, name);
        compile(paths, (&source(paths, name), &[]), &output, platform.compiler(), &[])?;
    }
    Ok(())
}

/// Builds the stand-in for the DLL an old Wine lacks, and returns where it is.
pub(crate) fn build_shim(paths: &Paths) -> anyhow::Result<PathBuf> {
    let output = Platform::Windows.directory(paths).join(format!("{SHIM}.dll"));
    let mut compiler = Platform::Windows.compiler();
    compiler.arg("-shared");
    compile(paths, (&source(paths, SHIM), &[]), &output, compiler, &["-ladvapi32"])?;
    Ok(output)
}

fn source(paths: &Paths, name: &str) -> PathBuf {
    paths.root.join("testing").join(format!("{name}.c"))
}

/// Compiles a source, if its program is older than that or than anything else it is made of.
fn compile(
    paths: &Paths,
    (source, others): (&Path, &[PathBuf]),
    output: &Path,
    mut compiler: Command,
    libraries: &[&str],
) -> anyhow::Result<()> {
    if !is_stale(paths, (source, others), output)? {
        return Ok(());
    }
    let directory = output.parent().context("a program without a directory")?;
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot create {}", directory.display()))?;
    // Under another name first: a run beside this one must not start half a program.
    let partial = output.with_extension(format!("partial-{}", std::process::id()));
    compiler.arg("-o").arg(&partial).arg(source);
    // A header is looked at for its age alone.
    let is_linked = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "a");
    run::check(compiler.args(others.iter().filter(is_linked)).args(libraries))?;
    fs::rename(&partial, output).with_context(|| format!("cannot write {}", output.display()))
}

/// Whether a program is missing, or older than its source, what else it is made of, or a header.
fn is_stale(
    paths: &Paths,
    (source, others): (&Path, &[PathBuf]),
    output: &Path,
) -> anyhow::Result<bool> {
    let Ok(built) = fs::metadata(output).and_then(|data| data.modified()) else { return Ok(true) };
    let mut newest = modified(source)?;
    for other in others {
        newest = newest.max(modified(other)?);
    }
    for entry in fs::read_dir(paths.root.join("testing")).context("cannot list testing/")? {
        let path = entry.context("cannot list testing/")?.path();
        if path.extension().is_some_and(|extension| extension == "h") {
            newest = newest.max(modified(&path)?);
        }
    }
    Ok(built < newest)
}

fn modified(path: &Path) -> anyhow::Result<SystemTime> {
    fs::metadata(path)
        .and_then(|data| data.modified())
        .with_context(|| format!("cannot read {}", path.display()))
}
