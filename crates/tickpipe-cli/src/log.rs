//! The log on stderr and in a file, on threads of their own: a console that is paused, or a disk that is
//! full, must not stop an EA.

mod file;
mod rotating;

use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use std::{panic, thread};

use indicatif::ProgressBar;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub(crate) use self::file::{
    LogOptions, add as add_to_file, end as end_file, flush as flush_file, is_held,
    start as start_file,
};
use crate::report::Failure;

/// Lines that wait for a slow console before further ones are dropped.
const CAPACITY: usize = 4096;

/// What the console gets to catch up at the end.
const FLUSH_LIMIT: Duration = Duration::from_millis(500);

/// Lines that wait for who shows them in the log's place.
const DIVERTED_MAX: usize = 256;

static LOG: OnceLock<Log> = OnceLock::new();

/// Who shows the log in its place, if anybody does.
static DIVERTED: Mutex<Option<SyncSender<Vec<u8>>>> = Mutex::new(None);

/// The bar that stands below the log, if there is one: without it a line would tear it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Where lines go.
#[derive(Clone)]
struct Log {
    lines: SyncSender<Line>,
    dropped: Arc<AtomicU64>,
}

enum Line {
    Text(Vec<u8>),
    /// Everything before this is written: tell so.
    Flush(SyncSender<()>),
    /// So it is, and nothing more will be: tell so when the file is closed.
    End(SyncSender<()>),
}

/// Characters of a panic that the file has.
const PANIC_CHARS_MAX: usize = 1000;

/// What people are told of a server beside its log; the file has it, stderr has it anyway.
const TOLD: &str = "tickpipe::told";

/// Starts the log: warnings, and more for each `-v`; a file has life events at least.
pub(crate) fn start(verbose: u8, options: Option<LogOptions>) -> Result<(), Failure> {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let file = options.map_or(Ok(None), file::open)?;
    if file.is_some() {
        have_panics_noted();
    }
    let (log, receiver) = Log::new();
    thread::Builder::new()
        .name("tickpipe-log".to_owned())
        .spawn(move || write_all(&receiver))
        .map_err(|error| Failure::Stream("cannot start the log's thread", error))?;
    let writer = LOG.get_or_init(|| log).clone();
    let console = tracing_subscriber::fmt::layer()
        .with_writer(move || writer.clone())
        .with_ansi(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_target(verbose > 1)
        .with_filter(Targets::new().with_default(level).with_target(TOLD, LevelFilter::OFF));
    let file = file.map(|file| {
        tracing_subscriber::fmt::layer()
            .with_writer(move || file.clone())
            .with_ansi(false)
            .with_target(verbose > 1)
            .with_filter(level.max(LevelFilter::INFO))
    });
    tracing_subscriber::registry().with(console).with(file).init();
    Ok(())
}

/// Has the log's file, if there is one, say what people are told.
pub(crate) fn note(text: &str) {
    let text = anstream::adapter::strip_str(text).to_string();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        tracing::info!(target: TOLD, "{line}");
    }
}

/// Has the log's file, if there is one, say why the program ends.
pub(crate) fn note_failure(text: &str, cause: Option<&str>) {
    tracing::error!(target: TOLD, cause, "{text}");
}

/// Has the log's file say what a panic says on stderr.
fn have_panics_noted() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        note_failure(&tickpipe::escaped(&info.to_string(), PANIC_CHARS_MAX), None);
        previous(info);
    }));
}

/// Says something to people, after what was logged, and without waiting for a console that takes
/// nothing.
pub(crate) fn tell(text: &str) {
    note(text);
    let Some(log) = LOG.get() else { return };
    log.send_within_limit(Line::Text(format!("{text}\n").into_bytes()));
}

/// Shows a line of somebody else's log, if the console takes it.
pub(crate) fn show(line: &str) {
    let Some(log) = LOG.get() else { return };
    log.offer(format!("{line}\n").into_bytes());
}

/// Waits until what was logged is written, but not for a console that takes nothing; returns how
/// many lines were dropped.
pub(crate) fn flush() -> u64 {
    let Some(log) = LOG.get() else { return 0 };
    log.within_limit(Line::Flush);
    log.dropped.load(Ordering::Relaxed)
}

/// Has somebody else show what is logged from now on, if it would come to a terminal: a picture
/// there may be that of stdout, and would be torn. Until [`restore`], which who asks for this owes.
pub(crate) fn divert() -> Receiver<Vec<u8>> {
    let (sender, lines) = sync_channel(DIVERTED_MAX);
    if io::stderr().is_terminal() {
        *diverted() = Some(sender);
    }
    lines
}

/// Has the log come to stderr again.
pub(crate) fn restore() {
    *diverted() = None;
}

/// Has the log's lines written above a progress bar, until [`keep_above_nothing`].
pub(crate) fn keep_above(bar: &ProgressBar) {
    *below() = Some(bar.clone());
}

/// Has the log's lines written where they come again.
pub(crate) fn keep_above_nothing() {
    *below() = None;
}

fn below() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_above(text: &[u8]) {
    let bar = below().clone();
    let write = || drop(io::stderr().write_all(text));
    bar.map_or_else(write, |bar| bar.suspend(write));
}

/// Hands a text to who shows it; returns it if nobody does.
fn divert_text(text: Vec<u8>) -> Option<Vec<u8>> {
    let diverted = diverted();
    let Some(sender) = diverted.as_ref() else { return Some(text) };
    match sender.try_send(text) {
        Ok(()) => None,
        Err(TrySendError::Full(_)) => {
            if let Some(log) = LOG.get() {
                log.dropped.fetch_add(1, Ordering::Relaxed);
            }
            None
        }
        // Nobody looks any more.
        Err(TrySendError::Disconnected(text)) => Some(text),
    }
}

fn diverted() -> MutexGuard<'static, Option<SyncSender<Vec<u8>>>> {
    DIVERTED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(lines: &Receiver<Line>) {
    while let Ok(line) = lines.recv() {
        match line {
            // A log that nobody can read is no reason to end.
            Line::Text(text) => {
                if let Some(text) = divert_text(text) {
                    write_above(&text);
                }
            }
            Line::Flush(done) | Line::End(done) => drop(done.send(())),
        }
    }
}

impl Log {
    fn new() -> (Self, Receiver<Line>) {
        let (lines, receiver) = sync_channel(CAPACITY);
        (Self { lines, dropped: Arc::default() }, receiver)
    }

    /// Queues a line if there is room.
    fn offer(&self, text: Vec<u8>) {
        if self.lines.try_send(Line::Text(text)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all is written, but not for who takes nothing.
    fn within_limit(&self, line: impl FnOnce(SyncSender<()>) -> Line) {
        let (done, written) = sync_channel(1);
        if self.send_within_limit(line(done)) {
            // Either it is written by then, or nobody looks.
            written.recv_timeout(FLUSH_LIMIT).unwrap_or_default();
        }
    }

    /// Queues a line, waiting a moment for room; whether there was some.
    fn send_within_limit(&self, mut line: Line) -> bool {
        let until = Instant::now() + FLUSH_LIMIT;
        loop {
            line = match self.lines.try_send(line) {
                Ok(()) => return true,
                Err(TrySendError::Full(line)) if Instant::now() < until => line,
                Err(_) => return false,
            };
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.offer(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
