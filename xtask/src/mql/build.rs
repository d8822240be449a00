//! EAs made into Windows programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use tickpipe_mql::Dialect;

use super::sources;
use crate::paths::Paths;

const RUNTIME: &str = "mql/harness/runtime";

/// Where built EAs are.
pub(crate) fn directory(paths: &Paths) -> PathBuf {
    paths.target.join("mql")
}

/// Where the program of a source is, by the source's file name.
pub(crate) fn program(paths: &Paths, name: &str) -> PathBuf {
    directory(paths).join(format!("{name}.exe"))
}

/// Builds every program that is older than what it is made of, two at a time.
pub(crate) fn all(paths: &Paths) -> anyhow::Result<()> {
    fs::create_dir_all(directory(paths)).context("cannot create target/mql")?;
    let both = [Dialect::Mql4, Dialect::Mql5];
    for dialect in both {
        runtime(paths, dialect)?;
    }
    let sources = sources::built(paths)?;
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || -> anyhow::Result<()> {
        while let Some(source) =
            sources.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
        {
            one(paths, source)?;
        }
        Ok(())
    };
    let failed = thread::scope(|scope| {
        let threads = both.map(|_| scope.spawn(work));
        threads.map(|thread| thread.join().unwrap_or_else(|_| bail!("a build panicked")))
    });
    failed.into_iter().collect::<anyhow::Result<Vec<()>>>()?;
    println!("{} MQL programs are built", sources.len());
    Ok(())
}

/// The runtime's object files of a dialect.
fn objects(paths: &Paths, dialect: Dialect) -> anyhow::Result<Vec<(PathBuf, PathBuf)>> {
    let mut found = Vec::new();
    let directory_of_objects = directory(paths).join(format!("runtime-{}", dialect.extension()));
    for entry in fs::read_dir(paths.root.join(RUNTIME)).context("cannot list the runtime")? {
        let source = entry.context("cannot list the runtime")?.path();
        if source.extension().is_some_and(|extension| extension == "cpp") {
            let name = source.file_stem().context("a source without a name")?;
            let object = directory_of_objects.join(name).with_extension("o");
            found.push((source, object));
        }
    }
    found.sort();
    Ok(found)
}

fn runtime(paths: &Paths, dialect: Dialect) -> anyhow::Result<()> {
    let headers = newest(&paths.root.join(RUNTIME))?;
    for (source, object) in objects(paths, dialect)? {
        if is_current(&object, headers) {
            continue;
        }
        let parent = object.parent().context("an object without a directory")?;
        fs::create_dir_all(parent).context("cannot create target/mql")?;
        let mut command = compiler(paths, dialect);
        compile(command.arg("-c").arg(&source), &object)?;
    }
    Ok(())
}

fn one(paths: &Paths, source: &Path) -> anyhow::Result<()> {
    let dialect = Dialect::of(source).context("a program that is neither .mq4 nor .mq5")?;
    let name = source.file_name().context("a program without a name")?.to_string_lossy();
    let include = paths.root.join(sources::INCLUDE);
    let program = tickpipe_mql::load(source, &include, &paths.root).map_err(|findings| {
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", findings.join("\n"))
    })?;
    let text = tickpipe_mql::translate(&program);
    let translated = directory(paths).join(format!("{name}.cpp"));
    let output = self::program(paths, &name);
    let is_same = fs::read_to_string(&translated).is_ok_and(|old| old == text);
    if is_same && is_current(&output, newest(&paths.root.join(RUNTIME))?) {
        return Ok(());
    }
    // Last, so that a build that failed is made again.
    fs::write(&translated, &text).context("cannot write a translated EA")?;
    let mut command = compiler(paths, dialect);
    command.arg(&translated);
    command.args(objects(paths, dialect)?.into_iter().map(|(_, object)| object));
    compile(command.args(["-static", "-s", "-lntdll"]), &output)
}

/// g++ with the flags of a dialect, run where the paths in its messages are short.
fn compiler(paths: &Paths, dialect: Dialect) -> Command {
    let mut command = tickpipe_mql::compiler(dialect, Path::new(RUNTIME));
    command.current_dir(&paths.root);
    command
}

/// Compiles under another name first: a run beside this one must not use half a file.
fn compile(command: &mut Command, output: &Path) -> anyhow::Result<()> {
    let partial = output.with_extension(format!("partial-{}", std::process::id()));
    let status = command.arg("-o").arg(&partial).status().context("cannot start g++")?;
    if !status.success() {
        // It has said why, with the lines of the MQL source; its command line would bury that.
        let name = output.file_stem().unwrap_or(output.as_os_str());
        bail!("g++ refuses {}", name.to_string_lossy());
    }
    fs::rename(&partial, output).with_context(|| format!("cannot write {}", output.display()))
}

fn is_current(output: &Path, newest: SystemTime) -> bool {
    fs::metadata(output).and_then(|data| data.modified()).is_ok_and(|built| newest <= built)
}

/// When a file of a directory was changed last.
fn newest(directory: &Path) -> anyhow::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let list = || format!("cannot list {}", directory.display());
    for entry in fs::read_dir(directory).with_context(list)? {
        let changed = entry.with_context(list)?.metadata()?.modified()?;
        newest = newest.max(changed);
    }
    Ok(newest)
}
