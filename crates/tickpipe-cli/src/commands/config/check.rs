//! `tickpipe config check`.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};
use serde_json::{Value, json};
use tickpipe::{ErrorKind, PipeName, Token};

use super::CheckOptions;
use crate::args::{Args, Stop};
use crate::commands::doctor::finding::{Finding, Report};
use crate::commands::doctor::topic::Topic;
use crate::commands::serve::ServeOptions;
use crate::config::{self, Broken, ConfigFile, Fault, InForce, Kind};
use crate::exit;
use crate::print;
use crate::report::Failure;

pub(super) fn run(options: CheckOptions) -> Result<ExitCode, Failure> {
    let CheckOptions { file, json } = options;
    let mut report = Report::new(json);
    match as_served(file) {
        Ok(Served { file, options, in_force }) => {
            report.add(read(file.as_ref()))?;
            in_force.iter().try_for_each(|setting| show(setting, json))?;
            examine(options).into_iter().try_for_each(|finding| report.add(finding))?;
        }
        // A variable of the environment, for nothing else was typed.
        Err(Stop::Typed(error)) => {
            let text = error.to_string();
            let found = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let mend = "correct the variable `TICKPIPE_…` of that name";
            report.add(Finding::problem(Topic::ConfigVariable, found, mend))?;
        }
        Err(Stop::Config(broken)) => {
            faults(&broken).into_iter().try_for_each(|finding| report.add(finding))?;
        }
    }
    Ok(if report.end()? { ExitCode::from(exit::USAGE) } else { ExitCode::SUCCESS })
}

/// What a `tickpipe serve` with nothing behind it would have.
struct Served {
    file: Option<ConfigFile>,
    options: ServeOptions,
    in_force: Vec<InForce>,
}

fn as_served(named: Option<PathBuf>) -> Result<Served, Stop> {
    let serve = |matches: &ArgMatches| {
        matches.subcommand_matches("serve").expect("invariant: it is typed below").clone()
    };
    let typed: Vec<OsString> = ["tickpipe", "serve"].map(Into::into).to_vec();
    let matches = Args::command_line().try_get_matches_from(&typed).map_err(Stop::Typed)?;
    let file = match named {
        Some(path) => ConfigFile::read(&path).map(Some),
        None => config::read_for(&serve(&matches)),
    };
    let file = file.map_err(Stop::Config)?;
    let (_, matches) = Args::with_file(typed, matches, file.as_ref())?;
    let serve = serve(&matches);
    let mut options = ServeOptions::from_arg_matches(&serve).map_err(Stop::Typed)?;
    options.handler.directory = file.as_ref().map(|file| file.folder().to_owned());
    let in_force = config::in_force(&serve, file.as_ref());
    Ok(Served { file, options, in_force })
}

fn faults(broken: &Broken) -> Vec<Finding> {
    let finding = |Fault { place, text }| {
        let mend = match place {
            Some(_) => "`tickpipe config example` shows every key",
            None => {
                "see that this is the file you mean; `tickpipe config example` prints a whole one"
            }
        };
        Finding::problem(Topic::ConfigBroken, text, mend).at(place)
    };
    broken.told().into_iter().map(finding).collect()
}

fn read(file: Option<&ConfigFile>) -> Finding {
    if let Some(file) = file {
        return Finding::ok("file", file.path.display().to_string());
    }
    match config::default_path() {
        Some(path) => Finding::note(
            Topic::ConfigNoFile,
            format!("none is read; its place is {}", path.display()),
        )
        .with_mend("`tickpipe config example` prints one, if you want one"),
        None => Finding::note(Topic::ConfigNoFile, "the environment names no folder for it")
            .with_mend("name the file"),
    }
}

fn show(setting: &InForce, is_json: bool) -> Result<(), Failure> {
    let InForce { key, values, source } = setting;
    let line = if is_json {
        let value = match values.as_slice() {
            [value] if !key.kind.is_list() => json_of(key.kind, value),
            values => Value::from(values),
        };
        json!({"event": "setting", "key": key.path(), "value": value, "source": source}).to_string()
    } else {
        let value = print::harmless(&values.join(" "));
        format!("setting  {:<24} {value}  ({source})", key.path())
    };
    print::to_stdout(format!("{line}\n").as_bytes())
}

fn json_of(kind: Kind, value: &str) -> Value {
    let number = || value.parse::<u64>().ok().map(Value::from);
    let flag = || value.parse::<bool>().ok().map(Value::from);
    let value_of_kind = match kind {
        Kind::Count => number(),
        Kind::Flag => flag(),
        Kind::Command | Kind::Level | Kind::Path | Kind::Text | Kind::Texts => None,
    };
    value_of_kind.unwrap_or_else(|| Value::from(value))
}

/// Looks at what the settings name.
fn examine(options: ServeOptions) -> Vec<Finding> {
    let ServeOptions { handler, pipe, mode, tcp, limits, log, .. } = options;
    let mut findings = vec![match PipeName::new(&pipe.pipe) {
        Ok(_) => Finding::ok("pipe", pipe.pipe.as_str()),
        Err(error) => Finding::problem(Topic::ConfigPipe, error.to_string(), "choose another name"),
    }];
    let mut handler_deadline = None;
    if handler.is_named() {
        let made = handler.choose(&tcp).and_then(|chosen| chosen.check_mode(mode).map(|()| chosen));
        findings
            .extend(made.as_ref().ok().and_then(|chosen| chosen.missing_script()).map(no_script));
        findings.push(match made {
            Ok(chosen) => {
                handler_deadline = chosen.handler_deadline();
                match chosen.described() {
                    Ok(described) => Finding::ok("handler", described),
                    Err((found, mend)) => Finding::problem(Topic::ConfigHandler, found, mend),
                }
            }
            Err(failure) => problem(Topic::ConfigHandler, &failure),
        });
    } else {
        let found = "none is named, so `tickpipe serve` needs one on its command line";
        findings.push(Finding::note(Topic::ConfigNoHandler, found));
    }
    let limits = limits.config(handler_deadline).map_err(|error| error.to_string());
    findings.push(
        match limits.and_then(|config| config.check().map_err(|error| error.to_string())) {
            Ok(()) => Finding::ok("limits", "within their ranges"),
            Err(text) => {
                Finding::problem(Topic::ConfigLimits, text, "choose a value that is allowed")
            }
        },
    );
    if let Some(listen) = tcp.listens() {
        findings.push(match listen {
            Ok((address, path)) => token(address, &path),
            Err(failure) => problem(Topic::ConfigTcp, &failure),
        });
    }
    if let Some(path) = &log.log_file {
        findings.push(log_file(path));
    }
    findings
}

fn no_script(path: PathBuf) -> Finding {
    let found = format!("there is no script `{}`", path.display());
    Finding::note(Topic::ConfigHandler, found)
        .with_mend("see how it is spelled; the program will not find it")
}

fn problem(topic: Topic, failure: &Failure) -> Finding {
    Finding::problem(topic, failure.text(), "see `tickpipe serve --help`")
}

/// Looks at the token of a server that will listen.
fn token(address: &str, path: &Path) -> Finding {
    let shown = path.display();
    match Token::read(path) {
        Ok(_) => Finding::ok("tcp", format!("{address}, with the token in {shown}")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Finding::ok("tcp", format!("{address}; the token will be made as {shown}"))
        }
        Err(error) => {
            Finding::problem(Topic::ConfigTcp, error.to_string(), "mend the file, or name another")
        }
    }
}

/// Looks whether a log can be written, without making its file or its folder.
fn log_file(path: &Path) -> Finding {
    let mend = "name a file that you may write";
    match try_log_file(path) {
        Ok(()) => Finding::ok("log", path.display().to_string()),
        Err(error) => Finding::problem(
            Topic::ConfigLog,
            format!("cannot write `{}`: {error}", path.display()),
            mend,
        ),
    }
}

fn try_log_file(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => return Err(io::Error::other("it is no file")),
        Ok(_) => {
            return match OpenOptions::new().append(true).open(&path) {
                // A server at work keeps others from writing there on Windows.
                Err(error) if !crate::log::is_held(&error) => Err(error),
                _ => Ok(()),
            };
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    let folders = path.ancestors().skip(1);
    let folder = folders.into_iter().find(|folder| folder.exists()).unwrap_or(&path);
    let probe = folder.join(format!("tickpipe-{}.check", std::process::id()));
    OpenOptions::new().write(true).create_new(true).open(&probe)?;
    fs::remove_file(&probe)
}
