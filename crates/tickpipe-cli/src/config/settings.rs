//! Settings as defaults of the options of `serve`.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, Command, FromArgMatches as _};

use super::keys::LEVELS;
use super::{ConfigFile, Fault, KEYS, Key, Kind};
use crate::args::Args;
use crate::commands::serve::ServeOptions;

/// What a file says of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: &'static Key,
    /// As they would be typed.
    pub(crate) values: Vec<OsString>,
    /// Line and column of the value.
    pub(crate) place: Option<(usize, usize)>,
}

impl Setting {
    /// Returns whether the file says what would be so without it.
    pub(super) fn is_default(&self) -> bool {
        let shown = shown(self.key, &self.values);
        match self.key.default {
            "" => false,
            "[]" => shown.is_empty(),
            default => shown == [default.trim_matches('"')],
        }
    }
}

/// A setting that is not a default.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InForce {
    pub(crate) key: &'static Key,
    pub(crate) values: Vec<String>,
    /// `file`, or the variable's name.
    pub(crate) source: String,
}

/// Returns what a `serve` that was typed with nothing behind it has from its environment and a file.
pub(crate) fn in_force(serve: &ArgMatches, file: Option<&ConfigFile>) -> Vec<InForce> {
    let command = Args::command_line();
    let options = command.find_subcommand("serve").map(Command::get_arguments);
    let variables: Vec<_> = options.into_iter().flatten().collect();
    let variable = |key: &Key| {
        let option = variables.iter().find(|option| option.get_id() == key.option);
        option.and_then(|option| option.get_env()).unwrap_or_default().to_string_lossy()
    };
    let of = |key: &'static Key| {
        if serve.value_source(key.option) == Some(ValueSource::EnvVariable) {
            let values: Vec<_> = serve.get_raw(key.option)?.map(ToOwned::to_owned).collect();
            let source = variable(key).into_owned();
            return Some(InForce { key, values: shown(key, &values), source });
        }
        let setting = file?.settings.iter().find(|setting| setting.key == key)?;
        let values = shown(key, &setting.values);
        (!setting.is_default()).then(|| InForce { key, values, source: "file".to_owned() })
    };
    KEYS.iter().filter_map(of).collect()
}

/// Returns values as people write them.
fn shown(key: &Key, values: &[OsString]) -> Vec<String> {
    let shown = |value: &OsString| {
        let text = value.to_string_lossy();
        let level = text.parse::<usize>().ok().and_then(|level| LEVELS.get(level));
        let level = level.filter(|_| key.kind == Kind::Level);
        level.map_or_else(|| text.to_string(), |level| (*level).to_owned())
    };
    values.iter().map(shown).collect()
}

/// Makes settings the defaults of a command's options.
pub(crate) fn add_to<'a>(
    command: Command,
    settings: impl IntoIterator<Item = &'a Setting>,
) -> Command {
    settings.into_iter().fold(command, |command, Setting { key, values, .. }| {
        command.mut_arg(key.option, |option| option.default_values(values))
    })
}

/// Returns what is wrong with values by themselves.
pub(super) fn faults_of_values(settings: &[Setting]) -> Vec<Fault> {
    settings.iter().filter_map(fault_of_value).collect()
}

/// Returns why no server could be made of settings whose values are sound, whatever else is typed.
pub(super) fn fault_of_all(settings: &[Setting]) -> Option<Fault> {
    if let Some(fault) = fault_of_handler(settings) {
        return Some(fault);
    }
    let text = limits(settings).err()?;
    // Which of them it is: the one that is refused by itself, for the same reason.
    let is_culprit = |setting: &&Setting| {
        limits(std::slice::from_ref(*setting)).is_err_and(|alone| alone == text)
    };
    let place = settings.iter().find(is_culprit).and_then(|setting| setting.place);
    Some(Fault { place, text })
}

/// Has the command line's own parser look at one setting, with nothing of the environment.
fn parsed(settings: &[Setting]) -> Result<ServeOptions, clap::Error> {
    let command = ServeOptions::augment_args(Command::new("serve")).no_binary_name(true);
    let command = command.mut_args(|option| option.env(None::<&str>));
    let settings = settings.iter().filter(|setting| setting.key.kind != Kind::Level);
    let matches = add_to(command, settings).try_get_matches_from([""; 0])?;
    ServeOptions::from_arg_matches(&matches)
}

fn fault_of_value(setting: &Setting) -> Option<Fault> {
    let error = parsed(std::slice::from_ref(setting)).err()?;
    let found =
        setting.values.iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let mut text =
        format!("`{}` cannot be `{}`", setting.key.path(), tickpipe::escaped(&found, 80));
    if setting.key.allowed.is_empty()
        && let Some(why) = std::error::Error::source(&error)
    {
        text.push_str(&format!(": {why}"));
    }
    if !setting.key.allowed.is_empty() {
        text.push_str(&format!(", allowed are {}", setting.key.allowed));
    }
    if let Some(ContextValue::Strings(meant)) = error.get(ContextKind::SuggestedValue)
        && let Some(meant) = meant.first()
    {
        text.push_str(&format!("; did you mean `{meant}`?"));
    }
    Some(Fault { place: setting.place, text })
}

/// Tells what belongs to another handler.
fn fault_of_handler(settings: &[Setting]) -> Option<Fault> {
    let of = |name| {
        settings.iter().find(|setting| setting.key.table == "handler" && setting.key.name == name)
    };
    let name = of("name").and_then(|setting| setting.values.first());
    let mut wrong =
        [("command", "exec"), ("address", "forward")].into_iter().filter_map(|(key, handler)| {
            let setting = of(key).filter(|_| name.is_none_or(|name| name != handler))?;
            let text =
                format!("`handler.{key}` is for `name = \"{handler}\"` alone, in the same table");
            Some(Fault { place: setting.place, text })
        });
    wrong.next()
}

/// Says what is wrong with the settings as a whole.
fn limits(settings: &[Setting]) -> Result<(), String> {
    let options = parsed(settings).map_err(|error| error.to_string())?;
    let config = options.limits.config(None).map_err(|error| error.to_string())?;
    config.check().map_err(|error| error.to_string())
}
