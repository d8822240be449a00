//! A program as the strategy: a server of its own on a private name, and the terminal at its pipe.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tickpipe::{Exec, Mode, ServerConfig, escaped};
use tickpipe_sim::terminal::wire::WireConfig;

use crate::interrupt::Interrupt;
use crate::log;
use crate::own_server::OwnServer;
use crate::play::Speed;
use crate::print::SHOWN_CHARS_MAX;
use crate::report::Failure;
use crate::simulation::{self, Made, Outcome, play, words};

/// Time for a tick, beside what the program asks meanwhile: nobody's money waits.
const HANDLER_DEADLINE: Duration = Duration::from_secs(10);

/// Characters of a line on stderr: as many as one has.
const STDERR_CHARS_MAX: usize = 1000;

#[derive(Debug, clap::Args)]
pub(crate) struct ExecOptions {
    /// The program and its arguments, best after `--`
    #[arg(trailing_var_arg = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

impl ExecOptions {
    /// Returns the program as a report shows it.
    pub(super) fn describe(&self) -> String {
        words::command(&self.command)
    }

    /// Finds the program, as a shell does.
    pub(super) fn find(self) -> Result<Exec, Failure> {
        let mut command = self.command.into_iter();
        let program = command.next().unwrap_or_default();
        let path = which::which(&program).map_err(|_| {
            let program = program.to_string_lossy();
            let program = escaped(&program, SHOWN_CHARS_MAX);
            Failure::Usage(format!(
                "cannot find the program `{program}`; give its full path, or one in a folder of PATH"
            ))
        })?;
        Ok(Exec::new(path, command))
    }
}

/// The program at work, for who ends this one here and now.
static AT_WORK: Mutex<Option<Exec>> = Mutex::new(None);

/// Ends the program at work, if there is one.
pub(super) fn end_program() {
    if let Some(exec) = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner).take() {
        exec.end_all();
    }
}

/// Shows what the program writes on stderr: whoever tries it reads all of it, as it is.
fn show(line: &str) {
    log::tell(&escaped(line, STDERR_CHARS_MAX));
}

/// Has a program trade in a terminal, to the end.
pub(super) fn run(exec: Exec, made: Made, interrupt: &Interrupt) -> Result<Outcome, Failure> {
    let config = ServerConfig::default()
        .with_mode(Mode::Session)
        .with_handler_deadline(HANDLER_DEADLINE)
        .with_idle_instances(2);
    let server = OwnServer::bind("backtest", config)?;
    let exec = exec.with_pipe(server.address()).with_stderr(show);
    let handlers = exec.clone();
    *AT_WORK.lock().unwrap_or_else(PoisonError::into_inner) = Some(exec.clone());
    let serving = server.serve(move |server| server.serve_exec(&handlers))?;
    let config = WireConfig::new(serving.address());
    let outcome = play(made, &config, simulation::Server::Own, Speed::Max, interrupt);
    let stopped = serving.stop();
    exec.end_all();
    stopped?;
    // What the program said last comes before what is said of it.
    log::flush();
    Ok(outcome)
}
