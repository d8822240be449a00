//! Running other programs.

use std::env;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::paths::Paths;

/// How often a waited-for program is looked at. A wait is not a measurement: nothing is timed by it.
const POLL: Duration = Duration::from_millis(5);

/// Cargo, as the toolchain that runs us has it, at the workspace's root.
pub(crate) fn cargo(paths: &Paths, args: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&paths.root).args(args);
    command
}

/// Returns the first program of this name on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

/// Runs a command with our streams and fails if it does.
pub(crate) fn check(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command without input and returns its stdout; fails with its stderr if it does.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("{} ended with {}: {stderr}", shown(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, shows what it prints as it comes, and returns that too: stdout, then stderr.
pub(crate) fn tee(command: &mut Command) -> anyhow::Result<(ExitStatus, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let stdout = child.stdout.take().context("a child without stdout")?;
    let stderr = child.stderr.take().context("a child without stderr")?;
    let (mut all, errors) = thread::scope(|scope| {
        let errors = scope.spawn(|| copy(stderr, std::io::stderr()));
        let all = copy(stdout, std::io::stdout());
        (all, errors.join().unwrap_or_default())
    });
    all.extend(errors);
    let status = child.wait().context("cannot wait for a child")?;
    Ok((status, String::from_utf8_lossy(&all).into_owned()))
}

/// Copies until the end and returns all that came; an output that is gone does not stop the reading.
fn copy(mut from: impl Read, mut to: impl Write) -> Vec<u8> {
    let mut all = Vec::new();
    let mut chunk = [0; 8192];
    while let Ok(count @ 1..) = from.read(&mut chunk) {
        to.write_all(&chunk[..count]).and_then(|()| to.flush()).ok();
        all.extend_from_slice(&chunk[..count]);
    }
    all
}

/// Waits for a child, at most `limit`; `None` if it is still running then.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a child")? {
            return Ok(Some(status));
        }
        if deadline <= Instant::now() {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// A child that does not outlive its owner.
#[derive(Debug)]
pub(crate) struct Owned(pub(crate) Child);

impl Drop for Owned {
    fn drop(&mut self) {
        // Both fail only for a child that is gone already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A command as a person would type it, more or less.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut text = format!("`{}", program.to_string_lossy());
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text.push('`');
    text
}

/// Whether this is a run of the checks on a machine, by the environment variable `CI`.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
