//! `tickpipe conformance`: the protocol's rules, played against a server or an EA.

mod report;
mod served;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use tickpipe::on_signal;
use tickpipe::raw::RawListener;

use self::report::Report;
use self::served::{Served, Started};
use crate::args::PipeOption;
use crate::exit;
use crate::report::Failure;
use crate::rules::{Outcome, Player, Role, Script, Settings, Split, Target, all};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A script is a rule of docs/PROTOCOL.md; conformance/README.md says how to read one.
A server runs already, or is started for each way of serving by the command behind
`--`, in which `{serve}` becomes its arguments. An EA comes to the pipe by itself.
Exit codes: 0 no script failed, 1 one did or none was played, 2 usage, 3 name taken.
Examples:
  tickpipe conformance -- tickpipe serve --quiet {serve}
  tickpipe conformance --try ea --only 17-")]
pub(crate) struct ConformanceOptions {
    #[command(flatten)]
    pipe: PipeOption,

    /// What is tried; tickpipe plays the other side
    #[arg(long = "try", alias = "as", value_name = "WHAT", default_value = "server")]
    role: Role,

    /// Only the scripts whose name contains this
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,

    /// Not the scripts whose name contains this
    #[arg(long, value_name = "PATTERN")]
    except: Option<String>,

    /// Print the scripts and their rules, and play none
    #[arg(long)]
    list: bool,

    /// Print one JSON object for each script, and a last one that counts
    #[arg(long)]
    json: bool,

    /// How what is sent is split into writes
    #[arg(long, default_value = "whole")]
    split: Split,

    #[command(flatten)]
    limits: LimitOptions,

    #[command(flatten)]
    ea: EaOptions,

    /// Starts the server, or the EA
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
struct LimitOptions {
    /// What a message may take where its script does not say
    #[arg(long, value_name = "MS", default_value_t = 5000)]
    within_ms: u64,

    /// What a connection may take: the server's, or an EA that comes again
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    connect_within_ms: u64,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "For an EA")]
struct EaOptions {
    /// What a tick or an event may take; scripts that need one are left out if none comes
    #[arg(long, value_name = "MS", default_value_t = 10_000)]
    tick_within_ms: u64,

    /// Play the scripts that trade too, for demo accounts
    #[arg(long)]
    trade: bool,

    /// Lots of an order
    #[arg(long, default_value = "0.01", value_parser = lots)]
    volume: String,
}

pub(crate) fn run(options: ConformanceOptions) -> Result<ExitCode, Failure> {
    let scripts = all().map_err(Failure::Usage)?;
    let is_wanted = |script: &&Script| {
        script.role == options.role
            && options.only.as_ref().is_none_or(|only| script.name.contains(only))
            && options.except.as_ref().is_none_or(|except| !script.name.contains(except))
    };
    let scripts: Vec<&Script> = scripts.iter().filter(is_wanted).collect();
    if scripts.is_empty() {
        let named = [("contains", options.only), ("lacks", options.except)]
            .into_iter()
            .filter_map(|(word, pattern)| Some(format!("{word} `{}`", pattern?)))
            .collect::<Vec<_>>()
            .join(" and ");
        return Err(Failure::Usage(format!(
            "no script's name {named}; see `tickpipe conformance --list`"
        )));
    }
    let mut report = Report::new(options.json);
    if options.list {
        scripts.iter().try_for_each(|script| report.list(script))?;
        return Ok(ExitCode::SUCCESS);
    }
    on_signal(|_| interrupted())
        .map_err(|error| Failure::Stream("cannot listen for signals", error))?;
    match options.role {
        Role::Server => try_server(&options, &scripts, &mut report)?,
        Role::Ea => try_ea(&options, &scripts, &mut report)?,
    }
    report.end()
}

impl ConformanceOptions {
    fn settings(&self) -> Settings {
        Settings {
            split: self.split,
            within: Duration::from_millis(self.limits.within_ms),
            connect_within: Duration::from_millis(self.limits.connect_within_ms),
            tick_within: Duration::from_millis(self.ea.tick_within_ms),
            volume: self.ea.volume.clone(),
            may_trade: self.ea.trade,
        }
    }
}

/// Plays scripts against what serves the pipe, or against a server for each way of serving.
fn try_server(
    options: &ConformanceOptions,
    scripts: &[&Script],
    report: &mut Report,
) -> Result<(), Failure> {
    let pipe = options.pipe.pipe.as_str();
    let settings = options.settings();
    let mut wants_command = false;
    for (serve, scripts) in ways(scripts) {
        let served = Served::find(pipe, &options.command, &serve, &settings)?;
        let player = Player::new(Target::Server(pipe), &settings);
        for script in scripts {
            let outcome = match served.reason_to_leave_out(script) {
                Some(reason) => {
                    wants_command |= options.command.is_empty();
                    Outcome::LeftOut(reason)
                }
                None => player.play(script),
            };
            report.played(script, &outcome)?;
        }
    }
    if wants_command {
        let whole = served::whole_command(pipe);
        report.hint(&format!("to play what was left out, have servers started: `{whole}`"));
    }
    Ok(())
}

/// Returns the scripts by how their server is started. Those for any server come with those for the
/// handler `conformance`.
fn ways<'a>(scripts: &[&'a Script]) -> Vec<(Vec<String>, Vec<&'a Script>)> {
    let mut ways: Vec<(Vec<String>, Vec<&Script>)> = Vec::new();
    for script in scripts {
        let serve = match script.serve.as_slice() {
            [word] if word == "any" => vec!["conformance".to_owned()],
            words => words.to_vec(),
        };
        match ways.iter_mut().find(|(known, _)| *known == serve) {
            Some((_, scripts)) => scripts.push(script),
            None => ways.push((serve, vec![script])),
        }
    }
    // There it is found out whether the server holds sessions at all.
    ways.sort_by_key(|(serve, _)| *serve != ["conformance"]);
    ways
}

/// Plays scripts against the EA that comes to the pipe.
fn try_ea(
    options: &ConformanceOptions,
    scripts: &[&Script],
    report: &mut Report,
) -> Result<(), Failure> {
    let pipe = options.pipe.pipe.as_str();
    let listener = RawListener::bind(pipe).map_err(Failure::library(pipe))?;
    let settings = options.settings();
    let _ea = Started::start(&options.command)?;
    let player = Player::new(Target::Ea(&listener), &settings);
    for (at, script) in scripts.iter().enumerate() {
        let outcome = player.play(script);
        if let Outcome::NotThere(found) = &outcome {
            if at == 0 {
                return Err(nobody_came(pipe, found));
            }
            let rest = scripts.len() - at;
            report.hint(&format!("{found} again, so {rest} scripts were not played"));
            report.played(script, &outcome)?;
            break;
        }
        report.played(script, &outcome)?;
    }
    Ok(())
}

fn nobody_came(pipe: &str, found: &str) -> Failure {
    Failure::Setup {
        text: format!("{found} to `{pipe}`, so nothing was played"),
        hint: format!(
            "put the EA on a chart with the pipe `{pipe}`, start it with a command behind `--`, or \
             wait longer with `--connect-within-ms`; a server is tried with `--try server`"
        ),
    }
}

/// Reads a number of lots, which stays as it is written.
fn lots(text: &str) -> Result<String, String> {
    match text.parse::<f64>() {
        Ok(lots)
            if lots > 0.0 && text.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("expected lots such as 0.01".to_owned()),
    }
}

#[expect(clippy::exit, reason = "an interrupted command ends where it is")]
fn interrupted() {
    std::process::exit(i32::from(exit::INTERRUPTED))
}
