//! `tickpipe service run`: the supervisor, in the foreground.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tickpipe::on_signal;

use super::control::Control;
use super::place::Place;
use super::process::{Program, Told};
use super::state::Status;
use super::supervisor::{End, Event, supervise};
use super::{RunOptions, journal, settings};
use crate::log;
use crate::report::Failure;

pub(super) fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    #[cfg(windows)]
    if options.which.system
        && let Some(code) = super::windows::dispatch(options)?
    {
        return Ok(code);
    }
    if options.windowless {
        tickpipe::machine::leave_console();
    }
    let (events, to_hear) = channel();
    let heard = events.clone();
    on_signal(move |count| {
        let event = if count > 1 { Event::Kill } else { Event::Stop };
        // Who hears it ends the service, or has ended it already.
        heard.send(event).unwrap_or_default();
    })
    .map_err(|error| Failure::Stream("cannot listen for signals", error))?;
    Ok(ExitCode::from(serve(options, events, &to_hear)?.code()))
}

/// Writes into the log of Windows that the service has given up: nobody looks at its console.
fn tell_administrators(place: &Place) {
    if !cfg!(windows) {
        return;
    }
    let text = format!("the service `{}` has given up; its log says why", place.name);
    if let Err(error) = tickpipe::machine::report_error_event("tickpipe", &text) {
        journal::warn(&format!("cannot write into the log of Windows: {error}"));
    }
}

/// Keeps a server alive until the end of the service.
pub(super) fn serve(
    options: &RunOptions,
    events: Sender<Event>,
    to_hear: &Receiver<Event>,
) -> Result<End, Failure> {
    let mut place = Place::find(&options.which, &options.files)?;
    place.allow.clone_from(&options.allow);
    let log = match settings::log(&place) {
        Ok(log) => log,
        Err(code) => return Ok(End::Code(code)),
    };
    let log_file = log.log_file.clone().unwrap_or_default();
    let status = Status::new(place.name.to_string(), place.config.clone(), log_file);
    let status = Arc::new(status);
    // First of all, so that of two services of a name one does nothing.
    let control = Control::serve(&place.name, Arc::clone(&status), events.clone())?;
    log::start_file(log)?;
    let (version, process) = (env!("CARGO_PKG_VERSION"), std::process::id());
    journal::info(&format!("service starts, tickpipe {version}, process {process}"));
    let program = Program { path: place.program.clone(), args: place.serve_args() };
    let end = supervise(&program, &Told { status, events }, to_hear);
    if matches!(end, End::GaveUp | End::Code(1..)) {
        tell_administrators(&place);
    }
    // Before the name is free: who takes it next wants the file too.
    log::end_file();
    control.end();
    Ok(end)
}
