//! The configuration file: what it says becomes the default of the options of `serve`, so that a flag
//! and a variable of the environment go over it.

mod broken;
mod keys;
mod parse;
mod settings;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use tickpipe::default_token_path;

use crate::args::Args;

pub(crate) use self::broken::{Broken, Fault};
pub(crate) use self::keys::{KEYS, Key, Kind};
pub(crate) use self::settings::{InForce, Setting, add_to, in_force};

/// A whole file, with every key at its default.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// Bytes that a file may have; all keys with all their comments have a tenth of it. What is found
/// wrong takes time with the square of it.
const LEN_MAX: u64 = 64 * 1024;

/// A file that was read, and is sound by itself.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    pub(crate) path: PathBuf,
    pub(crate) settings: Vec<Setting>,
}

impl ConfigFile {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Broken> {
        let unreadable = |error: io::Error| Broken::unreadable(path, &error);
        let path = std::path::absolute(path).map_err(unreadable)?;
        let text = text_of(&path)?;
        let folder = path.parent().unwrap_or(&path).to_owned();
        let (settings, mut faults) = parse::settings(&text, &folder);
        faults.extend(settings::faults_of_values(&settings));
        if faults.is_empty() {
            faults.extend(settings::fault_of_all(&settings));
        }
        if !faults.is_empty() {
            return Err(Broken::new(&path, faults));
        }
        Ok(Self { path, settings })
    }

    /// Returns the command line with what the file says for defaults.
    ///
    /// Who types a handler means that one, with nothing of the file's.
    pub(crate) fn command_for(&self, typed: &ArgMatches) -> Command {
        let serve = typed.subcommand_matches("serve");
        let has_handler = serve.is_some_and(|serve| serve.contains_id("handler"));
        let settings = || {
            let settings = self.settings.iter();
            settings.filter(move |setting| !(has_handler && setting.key.table == "handler"))
        };
        // Its option is there for every command.
        let is_of_all = |setting: &&Setting| setting.key.kind == Kind::Level;
        add_to(Args::command_line(), settings().filter(is_of_all))
            .mut_subcommand("serve", |serve| {
                add_to(serve, settings().filter(|setting| !is_of_all(setting)))
            })
    }

    /// Returns whether the program that is to answer is the file's.
    pub(crate) fn has_command_of(&self, matches: &ArgMatches) -> bool {
        let source = matches.subcommand_matches("serve").map(|serve| serve.value_source("command"));
        source == Some(Some(ValueSource::DefaultValue))
    }

    /// Returns the folder that relative paths start from.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// Returns where the file is if nobody names another: beside the token.
pub(crate) fn default_path() -> Option<PathBuf> {
    Some(default_token_path()?.with_file_name("tickpipe.toml"))
}

/// Reads the file that the options of `serve` name, or the one at the default place, if there is one.
pub(crate) fn read_for(serve: &ArgMatches) -> Result<Option<ConfigFile>, Broken> {
    let typed = |option| serve.value_source(option) == Some(ValueSource::CommandLine);
    let named = serve.get_one::<PathBuf>("config");
    // A file that was typed goes over a variable that wants none.
    let is_unwanted = serve.get_flag("no_config") && (typed("no_config") || !typed("config"));
    match named {
        _ if is_unwanted => Ok(None),
        Some(path) => ConfigFile::read(path).map(Some),
        None => read_default(),
    }
}

/// Reads the file at the default place, if there is one.
fn read_default() -> Result<Option<ConfigFile>, Broken> {
    let Some(path) = default_path() else { return Ok(None) };
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => ConfigFile::read(&path).map(Some),
    }
}

/// Reads UTF-16 with its byte order mark, which the `>` of Windows PowerShell writes; `None` within for
/// what is not whole.
fn of_utf16(bytes: &[u8]) -> Option<Option<String>> {
    let (bytes, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return Some(None) };
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    Some(String::from_utf16(&units).ok())
}

fn text_of(path: &Path) -> Result<String, Broken> {
    let unreadable = |error: io::Error| Broken::unreadable(path, &error);
    let whole = |text: String| Broken::whole(path, text);
    let metadata = path.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(whole("this is no file, name the file itself".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LEN_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LEN_MAX {
        return Err(whole(format!(
            "this has more than {LEN_MAX} bytes, no configuration file has"
        )));
    }
    // Windows' editors write one.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    if let Some(text) = of_utf16(bytes) {
        return text
            .ok_or_else(|| whole("this is not whole UTF-16, save the file as UTF-8".to_owned()));
    }
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let fault =
                Fault::new("this is not UTF-8, save the file as UTF-8").at(&before, before.len());
            Err(Broken::new(path, vec![fault]))
        }
    }
}
