//! `tickpipe serve`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use tickpipe::{Server, Tap, TapEvent, double, echo, on_signal};

use crate::args::PipeOption;
use crate::limits::Limits;
use crate::print::Dropped;
use crate::report::{Failure, tell};
use crate::{exit, log, print};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends in good order at Ctrl-C; a second Ctrl-C ends it at once.
Exit codes: 0 done, 1 failed, 2 usage, 3 name taken, 4 security, 130 second signal.")]
pub(crate) struct ServeOptions {
    /// What answers the lines
    pub(crate) handler: Handler,

    #[command(flatten)]
    pub(crate) pipe: PipeOption,

    /// Print no exchanges
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Handler {
    /// Twice the number, with three decimals
    Double,
    /// The line as it came
    Echo,
}

/// Events that wait for a slow console before further ones are dropped.
const TAP_CAPACITY: usize = 1024;

/// From the first signal to the end, whatever hangs.
const STOP_LIMIT: Duration = Duration::from_millis(4900);

/// What the console gets to catch up at the end.
const PRINT_LIMIT: Duration = Duration::from_millis(500);

pub(crate) fn run(options: ServeOptions) -> Result<ExitCode, Failure> {
    let ServeOptions { handler, pipe: PipeOption { pipe }, quiet, json, limits } = options;
    let mut config = limits.config().map_err(|error| Failure::Usage(error.to_string()))?;
    let observed = (!quiet).then(|| Tap::new(TAP_CAPACITY));
    if let Some((tap, _)) = &observed {
        config = config.with_tap(tap.clone());
    }
    let server = Server::bind_with(&pipe, config).map_err(Failure::library(&pipe))?;
    stop_on_signals(&server)?;
    tell(&format!("listening on {}, Ctrl-C ends it", server.address()));
    let printer = observed.map(|observed| start_printer(Some(observed), json)).transpose()?;
    let served = match handler {
        Handler::Double => server.serve_fn(double),
        Handler::Echo => server.serve_fn(echo),
    };
    let summary = served.map_err(Failure::library(&pipe))?;
    let dropped = Dropped {
        events: printer.as_ref().map_or(0, |printer| printer.tap.dropped()),
        log_lines: log::flush(),
    };
    let printed = if json {
        let line = print::summary_json(&summary, &dropped).to_string();
        printer.map_or_else(|| start_printer(None, json), Ok)?.end(Some(line))
    } else {
        let printed = printer.map_or(Ok(()), |printer| printer.end(None));
        log::tell(&print::summary(&summary, &dropped));
        printed
    };
    printed.map_err(|error| Failure::Stream("cannot print", error))?;
    Ok(ExitCode::SUCCESS)
}

/// Has the first signal stop the server in good order and the second end the program.
fn stop_on_signals(server: &Server) -> Result<(), Failure> {
    let stopper = server.stopper();
    on_signal(move |count| {
        if count > 1 {
            end(exit::INTERRUPTED);
        }
        stopper.stop();
        // However a handler or the console hangs, the program ends.
        let watch = thread::Builder::new().name("tickpipe-end".to_owned()).spawn(|| {
            thread::sleep(STOP_LIMIT);
            end(exit::FAILED);
        });
        if let Err(error) = watch {
            tracing::error!(%error, "cannot start a thread that limits the stop");
        }
    })
    .map_err(|error| Failure::Stream("cannot listen for signals", error))
}

#[expect(clippy::exit, reason = "the second signal, or a stop that hangs, ends it here and now")]
fn end(code: u8) -> ! {
    std::process::exit(i32::from(code))
}

/// Prints events on a thread of its own, which a paused console may hold up.
struct Printer {
    tap: Tap,
    last: Sender<String>,
    done: Receiver<io::Result<()>>,
}

/// Starts to print what is observed, if anything is.
fn start_printer(
    observed: Option<(Tap, Receiver<TapEvent>)>,
    json: bool,
) -> Result<Printer, Failure> {
    let (tap, events) = observed.unwrap_or_else(|| Tap::new(0));
    let (last, last_line) = channel();
    let (result, done) = channel();
    thread::Builder::new()
        .name("tickpipe-printer".to_owned())
        .spawn(move || {
            let mut printed = print_all(&events, json);
            if let Err(error) = &printed
                && !is_closed(error)
            {
                tracing::error!(%error, "cannot print, exchanges go on unseen");
            }
            drop(events);
            if let (Ok(()), Ok(line)) = (&printed, last_line.recv()) {
                printed = writeln!(io::stdout(), "{line}");
            }
            // Nobody waits for it any more: the program is at its end.
            drop(result.send(printed));
        })
        .map_err(|error| Failure::Stream("cannot start the printer's thread", error))?;
    Ok(Printer { tap, last, done })
}

impl Printer {
    /// Prints the last line, if there is one, and waits a moment for the console to catch up.
    ///
    /// Whoever closed stdout does not want the rest.
    fn end(self, last_line: Option<String>) -> io::Result<()> {
        let Self { tap, last, done } = self;
        drop(tap);
        if let Some(line) = last_line {
            // Where the printer has failed already, its error is waited for below.
            drop(last.send(line));
        }
        drop(last);
        match done.recv_timeout(PRINT_LIMIT) {
            Ok(Err(error)) if !is_closed(&error) => Err(error),
            Ok(_) => Ok(()),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                tracing::warn!("the console is too slow, the rest is not printed");
                Ok(())
            }
        }
    }
}

/// Returns whether an error says that nobody reads any more.
fn is_closed(error: &io::Error) -> bool {
    /// Windows: `ERROR_PIPE_NOT_CONNECTED`.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == io::ErrorKind::BrokenPipe
        || (cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED))
}

fn print_all(events: &Receiver<TapEvent>, json: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout());
    while let Ok(event) = events.recv() {
        print(&mut out, &event, json)?;
        // What is there is printed at once, and flushed before it waits.
        while let Ok(event) = events.try_recv() {
            print(&mut out, &event, json)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn print(out: &mut impl Write, event: &TapEvent, json: bool) -> io::Result<()> {
    if json {
        if let Some(object) = print::event_json(event) {
            writeln!(out, "{object}")?;
        }
    } else if let TapEvent::Exchange { connection, request, reply, .. } = event {
        writeln!(out, "{}", print::exchange(*connection, request, reply))?;
    }
    Ok(())
}
