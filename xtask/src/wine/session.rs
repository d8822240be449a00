//! One wineserver for the length of a run.
//!
//! Runs beside each other in one working copy share the prefix and its server: each holds a shared
//! lock, makes the prefix under an exclusive one, and the last to go ends the server.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::{Wine, prefix};
use crate::paths::Paths;

/// Set for programs inside a session to its prefix: an inner `xtask wine` then has nothing to do.
const READY_VARIABLE: &str = "TICKPIPE_WINE_READY";
/// How long the server stays without programs. It is ended before, but not if we are killed.
pub(crate) const LINGER: &str = "-p600";

/// A prefix with a running wineserver; the last session on it ends the server.
#[derive(Debug)]
pub(crate) struct Session {
    wine: Wine,
    prefix: PathBuf,
    /// `None` inside another session, which looks after the server.
    lock: Option<File>,
}

impl Session {
    /// Makes the prefix if need be and starts its server.
    ///
    /// # Errors
    ///
    /// Fails if Wine is missing or cannot make a prefix.
    pub(crate) fn open(paths: &Paths) -> anyhow::Result<Self> {
        let wine = Wine::find()?;
        let path = prefix::path(paths);
        if env::var_os(READY_VARIABLE).is_some_and(|ready| ready == *path) {
            return Ok(Self { wine, prefix: path, lock: None });
        }
        let lock = lock_file(paths)?;
        // Without it, other sessions are open, and so the prefix was whole a moment ago.
        if lock.try_lock().is_ok() {
            prefix::ensure(paths, &wine)?;
            lock.unlock().context("cannot give back the lock on the Wine prefix")?;
        }
        lock.lock_shared().context("cannot lock the Wine prefix")?;
        if !prefix::is_sound(&path, &wine.version()?) {
            bail!("{} is broken and in use by another run; try again after it", path.display());
        }
        let session = Self { wine, prefix: path, lock: Some(lock) };
        let mut server = Command::new(&session.wine.server);
        session.start_server(server.arg(LINGER).stderr(Stdio::null()))?;
        Ok(session)
    }

    /// As [`open`](Self::open), alone, and with the wineserver that `server` makes.
    ///
    /// # Errors
    ///
    /// Fails also if another session is open.
    pub(crate) fn open_alone(
        paths: &Paths,
        server: impl FnOnce(&Wine) -> anyhow::Result<Command>,
    ) -> anyhow::Result<Self> {
        let wine = Wine::find()?;
        let lock = lock_file(paths)?;
        if lock.try_lock().is_err() {
            bail!("another run uses the Wine prefix; try again after it");
        }
        let path = prefix::ensure(paths, &wine)?;
        prefix::stop_server(&wine, &path);
        let mut server = server(&wine)?;
        let session = Self { wine, prefix: path, lock: Some(lock) };
        session.start_server(&mut server)?;
        Ok(session)
    }

    /// A Windows program in this prefix.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(&self.wine.loader);
        command.arg(program);
        self.environment(&mut command);
        command
    }

    /// Lets a program, and what it starts, use this prefix.
    pub(crate) fn environment<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        prefix::environment(command, &self.prefix).env(READY_VARIABLE, &self.prefix)
    }

    /// Wine's programs.
    pub(crate) fn wine(&self) -> &Wine {
        &self.wine
    }

    /// Starts the server, which goes into the background by itself, and Wine's services.
    fn start_server(&self, server: &mut Command) -> anyhow::Result<()> {
        // Fails if another session has one running, which is as good: what comes next needs one.
        let environment = prefix::environment(server, &self.prefix);
        environment.stdin(Stdio::null()).stdout(Stdio::null()).status().ok();
        // The first program of a prefix starts Wine's services, and they keep its streams.
        let mut first = self.command("cmd.exe");
        let status = prefix::quiet(first.args(["/c", "exit 0"])).status();
        let status = status.context("cannot start Wine")?;
        if !status.success() {
            bail!("Wine cannot run a program in {}: {status}", self.prefix.display());
        }
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(lock) = &self.lock else { return };
        let is_last = lock.unlock().is_ok() && lock.try_lock().is_ok();
        if is_last {
            prefix::stop_server(&self.wine, &self.prefix);
        }
    }
}

fn lock_file(paths: &Paths) -> anyhow::Result<File> {
    let directory = paths.target.join("wine");
    fs::create_dir_all(&directory)
        .with_context(|| format!("cannot create {}", directory.display()))?;
    File::create(directory.join("lock")).context("cannot open the Wine prefix's lock")
}
