//! What the configuration says of the log, as the server itself would read it.

use std::ffi::OsString;

use super::folders;
use super::place::Place;
use crate::args::{Args, Stop};
use crate::log::LogOptions;
use crate::{exit, report};

/// Returns where the log of a service goes, and how much of it is kept; or the exit code for what is
/// wrong with the configuration, which people were told.
pub(super) fn log(place: &Place) -> Result<LogOptions, u8> {
    let mut typed: Vec<OsString> = vec!["tickpipe".into(), "serve".into()];
    typed.extend(["--config".into(), place.config.clone().into()]);
    if let Some(log_file) = &place.log_file {
        typed.extend(["--log-file".into(), log_file.clone().into()]);
    }
    let (args, _) = Args::read(typed).map_err(|stop| {
        match stop {
            Stop::Config(broken) => report::broken(&broken),
            Stop::Typed(error) => report::usage(&error),
        };
        exit::USAGE
    })?;
    let mut log = args.log().ok_or(exit::USAGE)?;
    log.log_file = log.log_file.or_else(folders::log_file);
    Ok(log)
}
