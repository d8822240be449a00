//! `cargo xtask readme`: what README.md tells people to type is typed.
//!
//! A block of shell commands is run if the line directly above its fence is one of two comments:
//!
//! - `<!-- ci: run -->`: the commands must succeed;
//! - `<!-- ci: run with expected output -->`: and print on stdout exactly what the `text` block that
//!   follows shows.

mod blocks;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::paths::Paths;
use crate::{no_arguments, run};
use blocks::Block;

/// How long one block may take, a first build included.
const BLOCK_LIMIT: Duration = Duration::from_secs(300);

/// `cargo xtask readme`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    check(paths)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs README's marked blocks; fails if there is none.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    if run::find_program("bash").is_none() {
        bail!("there is no bash to run README's commands");
    }
    let readme = fs::read_to_string(paths.root.join("README.md")).context("cannot read README")?;
    let blocks = blocks::parse(&readme)?;
    if blocks.is_empty() {
        bail!("README.md has no block after `{}`: nothing would be checked", blocks::RUN);
    }
    for block in &blocks {
        println!("README.md:{}:\n{}", block.line, block.script.trim_end());
        run_block(paths, block).with_context(|| format!("README.md:{}", block.line))?;
    }
    println!("README.md: {} blocks run", blocks.len());
    Ok(())
}

fn run_block(paths: &Paths, block: &Block) -> anyhow::Result<()> {
    let stdout = run_script(paths, &block.script, BLOCK_LIMIT)?;
    match &block.expected {
        Some(expected) if stdout != *expected => {
            bail!("it prints\n{stdout}\ninstead of\n{expected}")
        }
        Some(_) => {}
        None => print!("{stdout}"),
    }
    Ok(())
}

/// Runs a script from the root and returns its stdout.
fn run_script(paths: &Paths, script: &str, limit: Duration) -> anyhow::Result<String> {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", script]).current_dir(&paths.root);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    // What it starts in the background must not stay behind.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = Group(command.spawn().context("cannot start bash")?);
    let mut from = child.0.stdout.take().context("a child without stdout")?;
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map(|_| bytes)
    });
    let status = run::wait(&mut child.0, limit)?;
    drop(child);
    let bytes = reader.join().unwrap_or_else(|_| Ok(Vec::new())).context("cannot read stdout")?;
    let stdout = String::from_utf8_lossy(&bytes).into_owned();
    match status {
        None => bail!("it takes longer than {} s; it printed\n{stdout}", limit.as_secs()),
        Some(status) if !status.success() => bail!("it ended with {status} and printed\n{stdout}"),
        Some(_) => Ok(stdout),
    }
}

/// A process group that does not outlive its owner.
#[derive(Debug)]
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if cfg!(unix) {
            let group = format!("-{}", self.0.id());
            let mut kill = Command::new("kill");
            // It complains if the group is gone already.
            kill.args(["-KILL", "--", &group]).stderr(Stdio::null()).status().ok();
        }
        // Both fail only for a child that is gone already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
