//! What goes on is printed on a thread of its own, which a paused console may hold up.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tickpipe::{Tap, TapEvent};

use crate::print::{self, is_closed};
use crate::report::Failure;

/// What the console gets to catch up at the end.
const PRINT_LIMIT: Duration = Duration::from_millis(500);

/// Prints events; dropped at the latest with the program.
pub(super) struct Printer {
    pub(super) tap: Tap,
    last: Sender<String>,
    done: Receiver<io::Result<()>>,
    thread: JoinHandle<()>,
}

/// Starts to print what is observed, if anything is.
pub(super) fn start(
    observed: Option<(Tap, Receiver<TapEvent>)>,
    json: bool,
) -> Result<Printer, Failure> {
    let (tap, events) = observed.unwrap_or_else(|| Tap::new(0));
    let (last, last_line) = channel();
    let (result, done) = channel();
    let thread = thread::Builder::new()
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
            // Nobody waits for it if it is late: the program is at its end.
            drop(result.send(printed));
        })
        .map_err(|error| Failure::Stream("cannot start the printer's thread", error))?;
    Ok(Printer { tap, last, done, thread })
}

impl Printer {
    /// Prints the last line, if there is one, and waits a moment for the console to catch up.
    ///
    /// Whoever closed stdout does not want the rest.
    pub(super) fn end(self, last_line: Option<String>) -> io::Result<()> {
        let Self { tap, last, done, thread } = self;
        drop(tap);
        if let Some(line) = last_line {
            // Where the printer has failed already, its error is waited for below.
            drop(last.send(line));
        }
        drop(last);
        let printed = match done.recv_timeout(PRINT_LIMIT) {
            // The console holds it up, and would hold up whoever joins it.
            Err(RecvTimeoutError::Timeout) => None,
            told => {
                // It is past its last write, so this takes no time. Wine 8 now and then crashes
                // where a thread ends while the program does. A panic has been reported already.
                drop(thread.join());
                told.ok()
            }
        };
        match printed {
            Some(Err(error)) if !is_closed(&error) => Err(error),
            Some(_) => Ok(()),
            None => {
                tracing::warn!("the console is too slow, the rest is not printed");
                Ok(())
            }
        }
    }
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
        return Ok(());
    }
    match event {
        TapEvent::Exchange { connection, request, reply, .. } => {
            writeln!(out, "{}", print::exchange(*connection, request, reply))
        }
        TapEvent::Session { connection, event } => {
            writeln!(out, "{}", print::session::line(*connection, event))
        }
        TapEvent::Closed { .. } | TapEvent::Opened { .. } | _ => Ok(()),
    }
}
