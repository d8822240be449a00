//! What a service is made of: its program and its files, each by its whole path.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::folders;
use super::name::ServiceName;
use super::{FileOptions, WhichOption};
use crate::config;
use crate::print::harmless;
use crate::report::Failure;

/// What a service is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: ServiceName,
    pub(super) program: PathBuf,
    pub(super) config: PathBuf,
    /// `None` for where it is by itself.
    pub(super) log_file: Option<PathBuf>,
    /// The SID of another Windows user who may connect.
    pub(super) allow: Option<String>,
}

impl Place {
    /// Finds out where everything is; the configuration must be there.
    pub(super) fn find(which: &WhichOption, files: &FileOptions) -> Result<Self, Failure> {
        let program = env::current_exe().map_err(|error| {
            Failure::Io("cannot find out where this program is".to_owned(), error)
        })?;
        let config = match &files.config {
            Some(config) => whole(config)?,
            None if which.system => of_all_users("tickpipe.toml")?,
            None => config::default_path().ok_or_else(|| no_folder("--config"))?,
        };
        if !config.is_file() {
            let at = harmless(&config.display().to_string());
            return Err(Failure::Setup {
                text: format!("there is no configuration `{at}`"),
                hint: "write one, beginning with what `tickpipe config example` prints, or name \
                       another with `--config`"
                    .to_owned(),
            });
        }
        let log_file = match &files.log_file {
            Some(log_file) => Some(whole(log_file)?),
            None => None,
        };
        Ok(Self { name: which.name.clone(), program, config, log_file, allow: None })
    }

    /// Returns the arguments with which the program is the service.
    pub(super) fn run_args(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> = vec!["service".into(), "run".into()];
        args.extend(["--name".into(), self.name.as_str().into()]);
        args.extend(["--config".into(), self.config.clone().into()]);
        if let Some(log_file) = &self.log_file {
            args.extend(["--log-file".into(), log_file.clone().into()]);
        }
        if let Some(allow) = &self.allow {
            args.extend(["--allow".into(), allow.into()]);
        }
        args
    }

    /// Returns the arguments with which the program is the service's server.
    pub(super) fn serve_args(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> = vec!["serve".into(), "--supervised".into(), "--quiet".into()];
        args.extend(["--config".into(), self.config.clone().into()]);
        if let Some(allow) = &self.allow {
            args.extend(["--allow".into(), allow.into()]);
        }
        args
    }

    /// Returns the program and its arguments as text.
    ///
    /// # Errors
    ///
    /// Names the path that no unit and no task can hold.
    pub(super) fn words(&self) -> Result<Vec<String>, Failure> {
        let program = self.program.clone().into_os_string();
        [program].into_iter().chain(self.run_args()).map(word).collect()
    }
}

fn word(word: OsString) -> Result<String, Failure> {
    let found = match word.into_string() {
        Ok(text) if text.chars().any(char::is_control) => harmless(&text),
        Ok(text) => return Ok(text),
        Err(word) => word.to_string_lossy().into_owned(),
    };
    Err(Failure::Usage(format!(
        "`{found}` cannot stand in a service: it holds a control character, or is no Unicode; \
         rename it"
    )))
}

/// Returns a path from the root of the file system.
fn whole(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        Failure::Io(format!("cannot find out where `{}` is", path.display()), error)
    })
}

/// Returns a file of the service of the whole machine.
pub(super) fn of_all_users(file: &str) -> Result<PathBuf, Failure> {
    Ok(folders::of_all_users().ok_or_else(|| no_folder("--config and --log-file"))?.join(file))
}

pub(super) fn no_folder(option: &str) -> Failure {
    Failure::Setup {
        text: "the environment names no folder for this user's files".to_owned(),
        hint: format!("name the file with {option}"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_no_unit_can_hold_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        assert_eq!(word("/a b%\"$\\".into()).unwrap(), "/a b%\"$\\");
        for bytes in [b"/a\nb".to_vec(), b"/a\x1bb".to_vec(), vec![b'/', 0xff]] {
            assert!(word(OsString::from_vec(bytes)).is_err());
        }
    }
}
