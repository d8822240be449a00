//! What a release is called, and when it was made.

use std::env;
use std::process::Command;

use anyhow::{Context as _, bail};
use jiff::Timestamp;

use crate::paths::Paths;
use crate::run;

/// Seconds since 1970, for who builds without git: <https://reproducible-builds.org/specs/source-date-epoch/>.
pub(crate) const EPOCH_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// A version and its time; everything with a date in it has this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    /// The workspace's: every crate has the same.
    pub(crate) version: &'static str,
    pub(crate) time: Timestamp,
}

impl Release {
    /// The version of this working copy, at the time of its commit.
    pub(crate) fn of(paths: &Paths) -> anyhow::Result<Self> {
        let seconds = match env::var(EPOCH_VARIABLE) {
            Ok(text) => text,
            Err(_) => run::output(git(paths).args(["log", "-1", "--format=%ct"]))
                .with_context(|| format!("no commit to take a time from; set {EPOCH_VARIABLE}"))?,
        };
        Ok(Self { version: env!("CARGO_PKG_VERSION"), time: parse(seconds.trim())? })
    }

    /// `tickpipe-0.1.0`, what every name begins with.
    pub(crate) fn stem(&self) -> String {
        format!("tickpipe-{}", self.version)
    }
}

/// git at the workspace's root.
pub(crate) fn git(paths: &Paths) -> Command {
    let mut command = Command::new("git");
    command.current_dir(&paths.root);
    command
}

fn parse(seconds: &str) -> anyhow::Result<Timestamp> {
    let time = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let Some(time) = time else {
        bail!("the time `{seconds}` is not a number of seconds since 1970 ({EPOCH_VARIABLE})");
    };
    Ok(time)
}
