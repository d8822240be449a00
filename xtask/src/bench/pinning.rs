//! One core at real-time priority for all that is measured.
//!
//! That sums up all work on the way of a round trip, whoever does it, and keeps other programs of
//! the machine out. Nothing measured may spin: it would keep its own peer from the core.

use std::ffi::OsStr;
use std::fmt;
use std::process::Command;
use std::thread;

use crate::run;

const PRIORITY: &str = "50";

/// How measured programs are started.
#[derive(Debug)]
pub(crate) struct Pinning {
    core: Option<String>,
    is_realtime: bool,
}

impl Pinning {
    /// Finds out how much of it this machine permits.
    pub(crate) fn find() -> Self {
        let last = thread::available_parallelism().map_or(0, |count| count.get() - 1).to_string();
        let works = |pinning: &Self| run::output(&mut pinning.command("true")).is_ok();
        let none = Self { core: None, is_realtime: false };
        let core = Self { core: Some(last.clone()), is_realtime: false };
        let both = Self { core: Some(last), is_realtime: true };
        [both, core].into_iter().find(works).unwrap_or(none)
    }

    /// A program started so.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let Some(core) = &self.core else { return Command::new(program) };
        let mut command = Command::new("taskset");
        command.args(["-c", core]);
        if self.is_realtime {
            command.args(["chrt", "-f", PRIORITY]);
        }
        command.arg(program);
        command
    }

    /// Puts the start of a ready command under it, environment kept.
    pub(crate) fn wrap(&self, command: &Command) -> Command {
        let mut wrapped = self.command(command.get_program());
        wrapped.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => wrapped.env(name, value),
                None => wrapped.env_remove(name),
            };
        }
        wrapped
    }
}

impl fmt::Display for Pinning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.core, self.is_realtime) {
            (Some(core), true) => write!(f, "core {core} at real-time priority {PRIORITY}"),
            (Some(core), false) => {
                write!(f, "core {core}, WITHOUT real-time priority (not permitted)")
            }
            (None, _) => f.write_str("NOT PINNED (not permitted)"),
        }
    }
}
