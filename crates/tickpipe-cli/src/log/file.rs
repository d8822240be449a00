//! The log in a file.

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use clap::value_parser;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use super::rotating::Rotating;
use super::{LOG, Line, Log};
use crate::print;
use crate::report::{self, Failure};

/// Where a file's disk is asleep, or does not answer, the server begins without it.
const OPEN_LIMIT: Duration = Duration::from_secs(3);

static FILE: OnceLock<Log> = OnceLock::new();

/// Where the log goes beside stderr.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LogOptions {
    /// Log to FILE too, life events at least; FILE.1 is what came before
    #[arg(long, value_name = "FILE", env = "TICKPIPE_LOG_FILE", hide_env = true)]
    pub(crate) log_file: Option<PathBuf>,

    /// Bytes of the log's file before a new one is begun
    #[arg(
        long,
        value_name = "BYTES",
        env = "TICKPIPE_LOG_FILE_BYTES_MAX",
        hide_env = true,
        hide_short_help = true,
        value_parser = value_parser!(u64).range(65_536..=1_073_741_824),
        default_value_t = 10_485_760
    )]
    log_file_bytes_max: u64,

    /// Files of the log that are kept, FILE counted
    #[arg(
        long,
        value_name = "COUNT",
        env = "TICKPIPE_LOG_FILES_MAX",
        hide_env = true,
        hide_short_help = true,
        value_parser = value_parser!(u32).range(1..=100),
        default_value_t = 10
    )]
    log_files_max: u32,
}

/// Where lines are written in the end.
trait Sink {
    fn write(&mut self, now: Instant, line: &[u8]) -> io::Result<()>;
}

impl Sink for Rotating {
    fn write(&mut self, now: Instant, line: &[u8]) -> io::Result<()> {
        Self::write(self, now, line)
    }
}

/// Opens the file for who adds its lines by [`add`].
pub(crate) fn start(options: LogOptions) -> Result<(), Failure> {
    open(options).map(drop)
}

/// Adds a line to the file, without waiting for its disk.
pub(crate) fn add(line: &str) {
    if let Some(log) = FILE.get() {
        log.offer(format!("{line}\n").into_bytes());
    }
}

/// Opens the file, if one is named, and writes it from now on.
pub(super) fn open(options: LogOptions) -> Result<Option<Log>, Failure> {
    let LogOptions { log_file, log_file_bytes_max, log_files_max } = options;
    let Some(path) = log_file else { return Ok(None) };
    let shown = print::harmless(&path.display().to_string());
    let (log, lines) = Log::new();
    let (opened, result) = channel();
    let (name, dropped) = (shown.clone(), log.dropped.clone());
    thread::Builder::new()
        .name("tickpipe-log-file".to_owned())
        .spawn(move || match Rotating::open(&path, log_file_bytes_max, log_files_max) {
            Ok(file) => {
                // Nobody waits any more if that took long.
                drop(opened.send(Ok(())));
                write_all(file, &lines, &dropped, &name);
            }
            Err(error) => {
                let text = format!("cannot write the log to {name}: {error}");
                // Late, the server runs already.
                if opened.send(Err(error)).is_err() {
                    tell(&text);
                }
            }
        })
        .map_err(|error| Failure::Stream("cannot start the thread of the log's file", error))?;
    if let Ok(Err(error)) = result.recv_timeout(OPEN_LIMIT) {
        let hint = if is_held(&error) {
            "another program writes it, maybe another server; name another file with `--log-file`"
        } else {
            "name a file that you may write with `--log-file`"
        };
        return Err(Failure::Folder {
            text: format!("cannot write the log to `{shown}`"),
            cause: error.to_string(),
            hint,
        });
    }
    Ok(Some(FILE.get_or_init(|| log).clone()))
}

/// Returns whether a file cannot be opened because another program writes it.
pub(crate) fn is_held(error: &io::Error) -> bool {
    /// Windows: `ERROR_SHARING_VIOLATION`.
    const SHARING_VIOLATION: i32 = 32;
    error.kind() == io::ErrorKind::ResourceBusy
        || (cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION))
}

/// Closes the file, so that another program may have it, but does not wait for a disk that does not
/// answer.
pub(crate) fn end() {
    if let Some(log) = FILE.get() {
        log.within_limit(Line::End);
    }
}

/// Waits until the file has what was logged, but not for a disk that does not answer; says so if lines
/// are missing in it.
pub(crate) fn flush() {
    let Some(log) = FILE.get() else { return };
    log.within_limit(Line::Flush);
    let lost = log.dropped.load(Ordering::Relaxed);
    if lost > 0 {
        report::tell(&format!("{} missing in the log's file", print::count(lost, "line")));
    }
}

/// Writes lines, and after those that could not be written how many they were.
fn write_all(sink: impl Sink, lines: &Receiver<Line>, dropped: &AtomicU64, name: &str) {
    let mut writer = Writing { sink, dropped, is_failing: false };
    while let Ok(line) = lines.recv() {
        let now = Instant::now();
        let written = match line {
            Line::Text(text) => writer.write(now, &text),
            Line::Flush(done) => {
                let written = writer.write_gap(now);
                // Whoever asked may have given up.
                done.send(()).unwrap_or_default();
                written
            }
            Line::End(done) => {
                // It fails as the line before it did, which was told.
                drop(writer.write_gap(now));
                drop(writer);
                return done.send(()).unwrap_or_default();
            }
        };
        if let Err(error) = &written
            && !writer.is_failing
        {
            tell(&format!("cannot write the log to {name}, lines are lost: {error}"));
        }
        writer.is_failing = written.is_err();
    }
}

struct Writing<'a, S> {
    sink: S,
    dropped: &'a AtomicU64,
    is_failing: bool,
}

impl<S: Sink> Writing<'_, S> {
    fn write(&mut self, now: Instant, text: &[u8]) -> io::Result<()> {
        let written = self.write_gap(now).and_then(|()| self.sink.write(now, text));
        if written.is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        written
    }

    fn write_gap(&mut self, now: Instant) -> io::Result<()> {
        let lost = self.dropped.swap(0, Ordering::Relaxed);
        if lost == 0 {
            return Ok(());
        }
        let written = self.sink.write(now, gap(lost).as_bytes());
        if written.is_err() {
            self.dropped.fetch_add(lost, Ordering::Relaxed);
        }
        written
    }
}

/// Says what is missing, as a line of the log.
fn gap(lost: u64) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    SystemTime.format_time(&mut Writer::new(&mut text)).unwrap_or_default();
    text.push_str(&format!("  WARN {} could not be written\n", print::count(lost, "log line")));
    text
}

/// Says on stderr what the file cannot.
fn tell(text: &str) {
    if let Some(log) = LOG.get() {
        log.send_within_limit(Line::Text(format!("{text}\n").into_bytes()));
    }
}
