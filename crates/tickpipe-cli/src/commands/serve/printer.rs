//! What goes on is printed on a thread of its own, which a paused console may hold up.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tickpipe::{Tap, TapEvent};

use super::table;
use crate::log;
use crate::print::{self, is_closed};
use crate::report::Failure;
use crate::screen::{self, Screen};

/// What the console gets to catch up at the end.
const PRINT_LIMIT: Duration = Duration::from_millis(500);

/// How it is printed.
#[derive(Debug)]
pub(super) enum Way {
    /// One JSON object a line.
    Json,
    /// A line for each event.
    Lines,
    /// A table of sessions that is drawn over itself.
    Table(Screen),
}

/// Prints events; dropped at the latest with the program.
pub(super) struct Printer {
    pub(super) tap: Arc<Tap>,
    last: Sender<String>,
    done: Receiver<io::Result<()>>,
    thread: JoinHandle<()>,
}

/// Starts to print what is observed, if anything is.
pub(super) fn start(
    observed: Option<(Tap, Receiver<TapEvent>)>,
    way: Way,
) -> Result<Printer, Failure> {
    let (tap, events) = observed.unwrap_or_else(|| Tap::new(0));
    let tap = Arc::new(tap);
    // A tap of its own would keep it waiting for ever.
    let to_count = Arc::downgrade(&tap);
    let (last, last_line) = channel();
    let (result, done) = channel();
    let thread = thread::Builder::new()
        .name("tickpipe-printer".to_owned())
        .spawn(move || {
            let mut printed = match way {
                Way::Json => print_all(&events, print_json),
                Way::Lines => print_all(&events, print_line),
                Way::Table(screen) => table::show(screen, &events, &to_count),
            };
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
            Err(RecvTimeoutError::Timeout) => {
                log::restore();
                screen::leave();
                None
            }
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

/// Prints an event to where the output is gathered.
type Print = fn(&mut io::BufWriter<io::Stdout>, &TapEvent) -> io::Result<()>;

fn print_all(events: &Receiver<TapEvent>, print: Print) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout());
    while let Ok(event) = events.recv() {
        print(&mut out, &event)?;
        // What is there is printed at once, and flushed before it waits.
        while let Ok(event) = events.try_recv() {
            print(&mut out, &event)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn print_json(out: &mut io::BufWriter<io::Stdout>, event: &TapEvent) -> io::Result<()> {
    match print::event_json(event) {
        Some(object) => writeln!(out, "{object}"),
        None => Ok(()),
    }
}

fn print_line(out: &mut io::BufWriter<io::Stdout>, event: &TapEvent) -> io::Result<()> {
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
