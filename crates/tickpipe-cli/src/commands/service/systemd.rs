//! The service as a systemd unit of this user.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::folders;
use super::manager::Known;
use super::name::ServiceName;
use super::place::{Place, no_folder};
use crate::report::Failure;

/// What a unit of ours begins with.
const HEADER: &str = "# Written by `tickpipe service install`";

const HINT: &str = "if no systemd runs for this user, run `tickpipe service run` instead, under whatever \
                    starts programs here";

/// Returns the unit's text.
pub(super) fn unit(place: &Place) -> Result<String, Failure> {
    let words = place.words()?;
    if let Some(program) = words.first().filter(|program| program.contains(['"', '\'', '\\'])) {
        return Err(Failure::Usage(format!(
            "systemd starts no program with a quote or a backslash in its path, such as \
             `{program}`; put it elsewhere"
        )));
    }
    let command: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    let command = command.join(" ");
    Ok(format!(
        "\
{HEADER}, which writes it anew.
[Unit]
Description=tickpipe, which serves a pipe to MetaTrader
StartLimitIntervalSec=60
StartLimitBurst=4

[Service]
Type=exec
# The colon: nothing in it is a variable.
ExecStart=:{command}
# The server is kept alive by what is started here. That ends with a code when it has decided so,
# and is started again only if it was killed.
Restart=on-failure
RestartSec=1
RestartPreventExitStatus=1 2 3 4
# The stop is told to it alone; it ends its server in good order.
KillMode=mixed
TimeoutStopSec=15
# A strategy's program may need anything else.
NoNewPrivileges=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=default.target
"
    ))
}

/// Returns a word as `ExecStart=` reads it.
///
/// # Source
///
/// systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting".
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '%' => text.push_str("%%"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// Returns where the unit stands.
pub(super) fn path(name: &ServiceName) -> Result<PathBuf, Failure> {
    let units = folders::units().ok_or_else(|| no_folder("HOME"))?;
    Ok(units.join(unit_name(name)))
}

fn unit_name(name: &ServiceName) -> String {
    format!("{name}.service")
}

/// Writes the unit and has it started at every logon.
pub(super) fn install(place: &Place) -> Result<(), Failure> {
    let text = unit(place)?;
    let path = path(&place.name)?;
    is_ours(&path)?;
    // Before anything is written: whether somebody is there who would read it.
    systemctl(&["show", "--property=Version"])?;
    write(&path, &text).map_err(|error| {
        Failure::Io(format!("cannot write the unit `{}`", path.display()), error)
    })?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", &unit_name(&place.name)])
}

/// Returns whether there is a unit; one that somebody else wrote is not ours to change.
fn is_ours(path: &Path) -> Result<bool, Failure> {
    match fs::read(path) {
        Ok(text) if text.starts_with(HEADER.as_bytes()) => Ok(true),
        Ok(_) => Err(Failure::Setup {
            text: format!("the unit `{}` is none that tickpipe wrote", path.display()),
            hint: "choose another `--name`, or look after that unit yourself with `systemctl`"
                .to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::Io(format!("cannot read the unit `{}`", path.display()), error)),
    }
}

/// Writes a file that is there as a whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    fs::rename(&new, path)
}

pub(super) fn start(name: &ServiceName) -> Result<(), Failure> {
    // Who stopped after four crashes may be started by hand.
    systemctl(&["reset-failed", &unit_name(name)]).unwrap_or_default();
    systemctl(&["start", &unit_name(name)])
}

pub(super) fn stop(name: &ServiceName) -> Result<(), Failure> {
    systemctl(&["stop", &unit_name(name)])
}

/// Has the unit started no more, and removes it; whether there was one.
pub(super) fn remove(name: &ServiceName) -> Result<bool, Failure> {
    let path = path(name)?;
    if !is_ours(&path)? {
        return Ok(false);
    }
    // Without systemd, the file is all there is.
    let disabled = systemctl(&["disable", &unit_name(name)]);
    fs::remove_file(&path).map_err(|error| {
        Failure::Io(format!("cannot remove the unit `{}`", path.display()), error)
    })?;
    if disabled.is_ok() {
        systemctl(&["daemon-reload"])?;
    }
    Ok(true)
}

/// Returns what systemd knows of the unit.
pub(super) fn known(name: &ServiceName) -> Result<Known, Failure> {
    match is_ours(&path(name)?) {
        Ok(true) => {}
        Ok(false) => return Ok(Known::not_installed()),
        Err(_) => {
            let words = "not installed; a unit of that name is none of ours".to_owned();
            return Ok(Known { words, ..Known::not_installed() });
        }
    }
    let state = |what: &str| {
        let output = run(&[what, &unit_name(name)]).ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let (enabled, active) = (state("is-enabled"), state("is-active"));
    // Between a death of the supervisor and its next start it is `activating`.
    let ends = ["failed", "inactive", "unknown"];
    let is_running = active.as_deref().is_some_and(|active| !ends.contains(&active));
    let words = match (enabled, active) {
        (Some(enabled), Some(active)) => format!("systemd unit, {enabled}, {active}"),
        _ => "systemd unit; systemd does not answer".to_owned(),
    };
    Ok(Known { is_installed: true, is_running, words })
}

/// Returns whether this user's services end when the user leaves, as far as the system tells.
pub(super) fn ends_at_logout() -> bool {
    let mut command = Command::new("loginctl");
    command.args(["show-user", "--property=Linger", "--value"]);
    command.args(std::env::var_os("USER")).stdin(Stdio::null());
    command.output().is_ok_and(|output| output.stdout.trim_ascii() == b"no")
}

fn run(args: &[&str]) -> io::Result<Output> {
    Command::new("systemctl").arg("--user").args(args).stdin(Stdio::null()).output()
}

fn systemctl(args: &[&str]) -> Result<(), Failure> {
    let output = run(args).map_err(|error| Failure::Setup {
        text: format!("systemd cannot be asked: cannot start `systemctl`: {error}"),
        hint: HINT.to_owned(),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = crate::print::harmless(said.trim());
    Err(Failure::Setup {
        text: format!("`systemctl --user {}` failed: {said}", args.join(" ")),
        hint: HINT.to_owned(),
    })
}

#[cfg(test)]
mod tests;
