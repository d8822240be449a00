//! The service as a task of Windows that is started when this user logs on.
//!
//! A Windows service would run in a session of its own and as another user; a task is this user's.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tickpipe::wine_version;

use super::manager::Known;
use super::name::ServiceName;
use super::place::Place;
use crate::print::harmless;
use crate::report::Failure;

/// Returns the task as the Task Scheduler reads it.
///
/// # Source
///
/// Windows: "Task Scheduler Schema".
pub(super) fn xml(place: &Place, user: &str) -> Result<String, Failure> {
    let mut words = place.words()?;
    if let Some(word) = words.iter().find(|word| word.contains('%') || word.contains("$(")) {
        return Err(Failure::Usage(format!(
            "`{word}` cannot stand in a task, which would replace its `%` or `$(`; rename it"
        )));
    }
    let program = words.remove(0);
    words.push("--windowless".to_owned());
    let arguments: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    let folder = place.config.parent().map(|folder| folder.display().to_string());
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Serves a pipe to MetaTrader. Written by "tickpipe service install".</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>{user}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"#,
        user = escaped(user),
        program = escaped(&quoted(&program)),
        arguments = escaped(&arguments.join(" ")),
        folder = escaped(&folder.unwrap_or_default()),
    ))
}

/// Returns a text as XML has it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns a word as a Windows program takes it out of its command line.
///
/// # Source
///
/// Windows: `CommandLineToArgvW`.
fn quoted(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '\t', '"']) {
        return word.to_owned();
    }
    let mut text = String::from("\"");
    let mut backslashes = 0;
    for c in word.chars() {
        if c == '"' {
            text.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        text.push(c);
    }
    text.extend(std::iter::repeat_n('\\', backslashes));
    text.push('"');
    text
}

/// Returns this user as tasks name users.
pub(super) fn user() -> Result<String, Failure> {
    let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let name = variable("USERNAME").ok_or_else(|| Failure::Setup {
        text: "the environment does not name this user: USERNAME is not set".to_owned(),
        hint: "set USERNAME to your user's name, and try again".to_owned(),
    })?;
    Ok(variable("USERDOMAIN").map_or_else(|| name.clone(), |domain| format!(r"{domain}\{name}")))
}

/// Makes the task, or replaces it.
pub(super) fn install(place: &Place) -> Result<(), Failure> {
    let xml = xml(place, &user()?)?;
    let file = env::temp_dir().join(format!("{}-{}.xml", place.name, std::process::id()));
    let utf16 = [0xfeff].into_iter().chain(xml.encode_utf16());
    let bytes: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    let fail = |error| Failure::Io(format!("cannot write `{}`", file.display()), error);
    fs::write(&file, bytes).map_err(fail)?;
    let shown = file.display().to_string();
    let made = schtasks(&["/Create", "/TN", place.name.as_str(), "/XML", &shown, "/F"]);
    // It stays in the folder for temporary files then.
    fs::remove_file(&file).unwrap_or_default();
    made
}

pub(super) fn start(name: &ServiceName) -> Result<(), Failure> {
    schtasks(&["/Run", "/TN", name.as_str()])
}

pub(super) fn stop(name: &ServiceName) -> Result<(), Failure> {
    schtasks(&["/End", "/TN", name.as_str()])
}

/// Removes the task; whether there was one.
pub(super) fn remove(name: &ServiceName) -> Result<bool, Failure> {
    if !known(name)?.is_installed {
        return Ok(false);
    }
    schtasks(&["/Delete", "/TN", name.as_str(), "/F"]).map(|()| true)
}

/// Returns what the Task Scheduler knows of the task.
pub(super) fn known(name: &ServiceName) -> Result<Known, Failure> {
    let is_installed = if wine_version().is_some() {
        // Its `schtasks` takes a question, and answers every one with a yes.
        system_folder().join("Tasks").join(name.as_str()).exists()
    } else {
        run(&["/Query", "/TN", name.as_str()]).map_err(cannot_start)?.status.success()
    };
    if !is_installed {
        return Ok(Known::not_installed());
    }
    // Its words are those of the system's language: who asks gets no more than that it is there.
    let words = "task at this user's logon".to_owned();
    Ok(Known { is_installed: true, is_running: false, words })
}

fn run(args: &[&str]) -> io::Result<Output> {
    // By its whole path: a program of that name could stand anywhere.
    Command::new(system_folder().join("schtasks.exe")).args(args).stdin(Stdio::null()).output()
}

fn system_folder() -> PathBuf {
    let root = env::var_os("SystemRoot").map_or_else(|| PathBuf::from(r"C:\Windows"), Into::into);
    root.join("System32")
}

fn cannot_start(error: io::Error) -> Failure {
    Failure::Io("cannot start `schtasks`, which makes tasks".to_owned(), error)
}

fn schtasks(args: &[&str]) -> Result<(), Failure> {
    let output = run(args).map_err(cannot_start)?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = harmless(String::from_utf8_lossy(&said).trim());
    Err(Failure::Setup {
        text: format!("`schtasks {}` failed: {said}", args.join(" ")),
        hint: "look whether the Task Scheduler lets this user make tasks; or put a shortcut to \
               `tickpipe service run` into the folder that `shell:startup` opens"
            .to_owned(),
    })
}

#[cfg(test)]
mod tests;
