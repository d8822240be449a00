//! The facts about a machine without which a figure says nothing.

use std::fs;
use std::process::Command;
use std::thread;

use super::pinning::Pinning;
use crate::paths::Paths;
use crate::run;

/// Names and values; what cannot be found out is said to be unknown.
pub(crate) fn facts(
    paths: &Paths,
    pinning: &Pinning,
    wine_version: Option<&str>,
) -> Vec<(&'static str, String)> {
    let mut facts = common_facts(paths);
    facts.extend([
        ("C compiler", first_line(Command::new("gcc").arg("--version"))),
        ("client and servers on", pinning.to_string()),
        ("real-time share of a core", realtime_share()),
    ]);
    if let Some(version) = wine_version {
        facts.push(("Wine", version.to_owned()));
    }
    facts
}

/// The facts that matter for any figure.
pub(crate) fn common_facts(paths: &Paths) -> Vec<(&'static str, String)> {
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    vec![
        ("processor", processor()),
        ("cores", cores.to_string()),
        ("kernel", first_line(Command::new("uname").arg("-srm"))),
        ("Rust", first_line(Command::new("rustc").arg("--version"))),
        ("revision", revision(paths)),
    ]
}

fn first_line(command: &mut Command) -> String {
    let text = run::output(command).unwrap_or_default();
    text.lines().next().map_or_else(unknown, str::to_owned)
}

fn unknown() -> String {
    "unknown".to_owned()
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    let name = model.and_then(|line| line.split_once(": "));
    name.map_or_else(unknown, |(_, name)| name.to_owned())
}

/// The kernel takes the core away from real-time programs for the rest of each period.
fn realtime_share() -> String {
    let value = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/kernel/sched_rt_{name}_us")).ok()?;
        text.trim().parse::<i64>().ok()
    };
    match (value("runtime"), value("period")) {
        (Some(-1), Some(_)) => "all".to_owned(),
        (Some(runtime), Some(period)) => format!("{runtime} of {period} µs"),
        _ => unknown(),
    }
}

fn revision(paths: &Paths) -> String {
    let git = |args: &[&str]| run::output(Command::new("git").current_dir(&paths.root).args(args));
    let Ok(revision) = git(&["rev-parse", "--short", "HEAD"]) else { return unknown() };
    let is_changed = git(&["status", "--porcelain"]).is_ok_and(|status| !status.is_empty());
    format!("{}{}", revision.trim(), if is_changed { ", with changes" } else { "" })
}
