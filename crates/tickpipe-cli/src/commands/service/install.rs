//! `tickpipe service install`, `start`, `stop` and `remove`.

use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::control::{self, LOOK};
use super::folders;
use super::manager::Manager;
use super::name::ServiceName;
use super::place::Place;
use super::{InstallOptions, RemoveOptions, WhichOption, settings};
use crate::config;
use crate::print::{self, harmless};
use crate::report::{Failure, HINT, tell};

/// From a start until the server listens, on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);

pub(super) fn install(options: &InstallOptions) -> Result<ExitCode, Failure> {
    let manager = Manager::of(&options.which)?;
    let mut place = Place::find(&options.which, &options.files)?;
    if options.which.system {
        for_all_users(&mut place, options.user.as_deref())?;
    }
    // Refuses what the server would refuse, too.
    let log = match settings::log(&place) {
        Ok(log) => log,
        Err(code) => return Ok(ExitCode::from(code)),
    };
    check_config(&place)?;
    let doubt = folders::doubt(&place.program);
    if let Some(doubt) = doubt {
        let program = harmless(&place.program.display().to_string());
        if options.which.system && !options.dry_run {
            return Err(Failure::Setup {
                text: format!("`{program}` is no program for a service: {doubt}"),
                hint: "put it where only administrators may write, such as C:\\Program \
                       Files\\tickpipe, and install it from there"
                    .to_owned(),
            });
        }
        tell(&format!("{HINT}note:{HINT:#} the service is `{program}`; {doubt}"));
    }
    if options.dry_run {
        print::to_stdout(manager.plan(&place)?.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    manager.install(&place)?;
    let made = manager.made(&place.name)?;
    let mut text = format!("installed   {made}\n");
    text.push_str(&format!("config      {}\n", harmless(&place.config.display().to_string())));
    let log_file = log.log_file.unwrap_or_default();
    text.push_str(&format!("log         {}\n", harmless(&log_file.display().to_string())));
    if let Some(user) = &options.user {
        text.push_str(&format!(
            "who         only the service itself, SYSTEM and {} may connect to its pipe\n",
            harmless(user)
        ));
    }
    print::to_stdout(text.as_bytes())?;
    if let Some(advice) = manager.advice() {
        tell(&format!("{HINT}note:{HINT:#} {advice}"));
    }
    let next = if control::status(&place.name)?.is_some() {
        "it runs with what it had before, until it is stopped and started again"
    } else {
        "`tickpipe service start` starts it now"
    };
    tell(&format!("{HINT}note:{HINT:#} {next}"));
    Ok(ExitCode::SUCCESS)
}

/// Settles what a service of the whole machine has otherwise.
fn for_all_users(place: &mut Place, user: Option<&str>) -> Result<(), Failure> {
    let Some(user) = user else {
        return Err(Failure::Usage(
            "`--system` needs `--user NAME`: the user whose terminals may connect to the pipe"
                .to_owned(),
        ));
    };
    let sid = tickpipe::machine::user_sid(user).map_err(|error| {
        Failure::Io(format!("there is no user `{}` on this machine", harmless(user)), error)
    })?;
    if is_of_many(&sid) {
        return Err(Failure::Usage(format!(
            "`{}` ({sid}) is a group of many; `--user` names the one user whose terminals may \
             connect",
            harmless(user)
        )));
    }
    place.allow = Some(sid);
    if place.log_file.is_none() {
        place.log_file = Some(super::place::of_all_users("tickpipe.log")?);
    }
    Ok(())
}

/// Returns whether a SID is that of everybody, or of everybody who is somehow here.
///
/// # Source
///
/// Windows: "Well-known SIDs".
fn is_of_many(sid: &str) -> bool {
    // Everyone, Network, Interactive, Anonymous, Authenticated Users, This Organization.
    let is_everybody =
        ["S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7", "S-1-5-11", "S-1-5-15"].contains(&sid);
    // Those who are logged on here; the machine's own groups; all users or guests of a domain.
    let is_group = ["S-1-2-", "S-1-5-32-"].iter().any(|begin| sid.starts_with(begin));
    let is_of_domain =
        sid.starts_with("S-1-5-21-") && ["-513", "-514"].iter().any(|end| sid.ends_with(end));
    is_everybody || is_group || is_of_domain
}

/// Refuses a configuration that is sound by itself, and could not be served here and now.
fn check_config(place: &Place) -> Result<(), Failure> {
    let mut command = Command::new(&place.program);
    command.args(["config", "check"]).arg(&place.config).stdin(Stdio::null());
    let checked = command.output().map_err(|error| {
        Failure::Io("cannot start the check of the configuration".to_owned(), error)
    })?;
    if checked.status.success() {
        return Ok(());
    }
    let said = [checked.stdout, checked.stderr].concat();
    tell(String::from_utf8_lossy(&said).trim_end());
    Err(Failure::Usage("this configuration cannot be served; nothing was installed".to_owned()))
}

pub(super) fn start(which: &WhichOption) -> Result<ExitCode, Failure> {
    let manager = Manager::of(which)?;
    let name = &which.name;
    if control::status(name)?.is_some() {
        tell("it runs already");
        return Ok(ExitCode::SUCCESS);
    }
    if !manager.known(name)?.is_installed {
        return Err(Failure::Setup {
            text: format!("the service `{name}` is not installed"),
            hint: "install it with `tickpipe service install`, or run it here with `tickpipe \
                   service run`"
                .to_owned(),
        });
    }
    manager.start(name)?;
    if which.system {
        tell("started");
        return Ok(ExitCode::SUCCESS);
    }
    let status = wait_for_listening(name)?;
    let pipe = status["pipe"].as_str().unwrap_or_default();
    tell(&format!("started, listening on {}", harmless(pipe)));
    Ok(ExitCode::SUCCESS)
}

/// Waits until the service's server listens.
fn wait_for_listening(name: &ServiceName) -> Result<Value, Failure> {
    let until = Instant::now() + START_LIMIT;
    loop {
        let status = control::status(name)?;
        match &status {
            Some(status) if status["state"] == "listening" => return Ok(status.clone()),
            _ if Instant::now() < until => thread::sleep(LOOK),
            found => {
                let found = found.as_ref().and_then(|status| status["last_death"]["how"].as_str());
                let found = found.map_or_else(String::new, |how| format!(": the server {how}"));
                return Err(Failure::Setup {
                    text: format!(
                        "the service does not listen after {} s{found}",
                        START_LIMIT.as_secs()
                    ),
                    hint: "look into its log, or run it here with `tickpipe service run`"
                        .to_owned(),
                });
            }
        }
    }
}

pub(super) fn stop(which: &WhichOption) -> Result<ExitCode, Failure> {
    let manager = Manager::of(which)?;
    tell(if end(manager, which)? { "stopped" } else { "it does not run" });
    Ok(ExitCode::SUCCESS)
}

/// Ends the service; whether it ran.
fn end(manager: Manager, which: &WhichOption) -> Result<bool, Failure> {
    // Who is started by Windows' services is stopped by them: its pipe is not this user's.
    if !which.system && control::stop(&which.name)? {
        return Ok(true);
    }
    let is_running = manager.known(&which.name)?.is_running;
    if is_running {
        manager.stop(&which.name)?;
    }
    Ok(is_running)
}

pub(super) fn remove(options: &RemoveOptions) -> Result<ExitCode, Failure> {
    let which = &options.which;
    let manager = Manager::of(which)?;
    let name = &which.name;
    let known = manager.known(name)?;
    let status = if which.system { None } else { control::status(name)? };
    if options.dry_run {
        let ends = if status.is_some() || known.is_running { "be stopped, and " } else { "" };
        let text = if known.is_installed {
            format!("would {ends}remove {}\n", manager.made(name)?)
        } else {
            format!("the service `{name}` is not installed\n")
        };
        print::to_stdout(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if end(manager, which)? {
        tell("stopped");
    }
    let text = if manager.remove(name)? {
        format!("removed     {}\n", manager.made(name)?)
    } else {
        format!("the service `{name}` is not installed\n")
    };
    print::to_stdout(text.as_bytes())?;
    let kept = |key: &str, default: Option<std::path::PathBuf>| {
        let told = status.as_ref().and_then(|status| status[key].as_str()).map(str::to_owned);
        told.or_else(|| default.map(|path| path.display().to_string())).unwrap_or_default()
    };
    let config = kept("config", config::default_path());
    let log_file = kept("log_file", folders::log_file());
    tell(&format!(
        "configuration and logs stay: {} and {}",
        harmless(&config),
        harmless(&log_file)
    ));
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_may_connect_and_no_group() {
        for one in ["S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-500", "S-1-5-18", "S-1-12-1-2-3-4-5"] {
            assert!(!is_of_many(one), "{one}");
        }
        for many in ["S-1-1-0", "S-1-5-11", "S-1-5-32-545", "S-1-5-21-1-2-3-513", "S-1-2-0"] {
            assert!(is_of_many(many), "{many}");
        }
    }
}
