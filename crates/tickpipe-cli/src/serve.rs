//! `tickpipe serve`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use tickpipe::{Server, Tap, TapEvent, double, echo, on_signal};

use crate::args::{Handler, ServeOptions};
use crate::print::Dropped;
use crate::report::{Failure, tell};
use crate::{exit, log, print};

/// Events that wait for a slow console before further ones are dropped.
const TAP_CAPACITY: usize = 4096;

/// From the first signal to the end, whatever hangs.
const STOP_LIMIT: Duration = Duration::from_millis(4900);

/// What the console gets to catch up at the end.
const PRINT_LIMIT: Duration = Duration::from_millis(500);

pub(crate) fn run(options: ServeOptions) -> Result<ExitCode, Failure> {
    let ServeOptions { handler, pipe, quiet, json, limits } = options;
    let mut config = limits.config().map_err(|error| Failure::Usage(error.to_string()))?;
    let mut printing = None;
    if !quiet {
        let (tap, events) = Tap::new(TAP_CAPACITY);
        config = config.with_tap(tap.clone());
        printing = Some((tap, events));
    }
    let server = Server::bind_with(&pipe, config).map_err(Failure::library(&pipe))?;
    stop_on_signals(&server)?;
    tell(&format!("listening on {}, Ctrl-C ends it", server.address()));
    let printer = match printing {
        None => None,
        Some((tap, events)) => Some((tap, start_printer(events, json)?)),
    };
    let served = match handler {
        Handler::Double => server.serve_fn(double),
        Handler::Echo => server.serve_fn(echo),
    };
    let summary = served.map_err(Failure::library(&pipe))?;
    let mut dropped = 0;
    if let Some((tap, done)) = printer {
        dropped = tap.dropped();
        drop(tap);
        match done.recv_timeout(PRINT_LIMIT) {
            Ok(Ok(())) => {}
            Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Ok(Err(error)) => return Err(Failure::Stream("cannot print", error)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                tracing::warn!("the console is too slow, the rest is not printed");
            }
        }
    }
    let dropped = Dropped { events: dropped, log_lines: log::flush() };
    if json {
        let line = format!("{}\n", print::summary_json(&summary, &dropped));
        io::stdout()
            .write_all(line.as_bytes())
            .map_err(|error| Failure::Stream("cannot print", error))?;
    } else {
        tell(&print::summary(&summary, &dropped));
    }
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

/// Prints events on a thread of their own, and says how that went once they end.
fn start_printer(
    events: Receiver<TapEvent>,
    json: bool,
) -> Result<Receiver<io::Result<()>>, Failure> {
    let (done, result) = channel();
    thread::Builder::new()
        .name("tickpipe-printer".to_owned())
        .spawn(move || {
            // Nobody waits for it any more: the program is at its end.
            drop(done.send(print_all(&events, json)));
        })
        .map_err(|error| Failure::Stream("cannot start the printer's thread", error))?;
    Ok(result)
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
