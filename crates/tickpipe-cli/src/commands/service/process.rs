//! The server's process: started, listened to, ended.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::death::Death;
use super::journal;
use super::state::Status;
use super::supervisor::Event;
use crate::commands::serve::LEAVE;

/// Bytes of a line on the server's stderr; a longer one is cut into several.
const LINE_LEN_MAX: u64 = 16 * 1024;

/// What stands before the address in the line that says that a server listens.
const LISTENING: &str = "listening on ";

/// What a dead server's last words get to come, should what it started keep its stderr open.
const LAST_WORDS_LIMIT: Duration = Duration::from_millis(500);

/// How the server is started.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) args: Vec<OsString>,
}

/// Whom the server's life is told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) status: Arc<Status>,
    pub(super) events: Sender<Event>,
}

/// A server that was started.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// The server ends when this does: by our will, or with us.
    stdin: Option<ChildStdin>,
    /// Ends when nothing more will come from it.
    words: Receiver<()>,
    has_taken_leave: Arc<AtomicBool>,
}

impl Program {
    /// Starts the server; [`Event::Quiet`] comes with its number when nothing more will come from it.
    pub(super) fn start(&self, number: u64, told: &Told) -> io::Result<Process> {
        let mut command = Command::new(&self.path);
        command.args(&self.args);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        // What a person types at our terminal is for us alone: we end the server in good order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        #[cfg(windows)]
        std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
        let mut child = command.spawn()?;
        let stdin = child.stdin.take();
        let stderr = child.stderr.take();
        let (has_more, words) = channel();
        let leave = Arc::new(AtomicBool::new(false));
        let mut process = Process { child, stdin, words, has_taken_leave: Arc::clone(&leave) };
        let reader = thread::Builder::new().name("tickpipe-server".to_owned());
        let told = told.clone();
        let reading = reader.spawn(move || {
            if let Some(stderr) = stderr {
                relay(BufReader::new(stderr), &told, &leave);
            }
            drop(has_more);
            // Nobody waits for it any more: the end of the service.
            told.events.send(Event::Quiet(number)).unwrap_or_default();
        });
        if let Err(error) = reading {
            process.kill();
            return Err(error);
        }
        Ok(process)
    }
}

/// Windows: `CREATE_NO_WINDOW`.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

impl Process {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to end in good order.
    pub(super) fn stop(&mut self) {
        self.stdin = None;
    }

    /// Returns how the server ended, if it has; what it said last was handed on then.
    pub(super) fn death(&mut self) -> Option<Death> {
        let death = match self.child.try_wait() {
            Ok(status) => status.map(Death::from),
            // Whoever started us ignores the ends of children, and so nobody can ask.
            Err(_) => Some(Death::Code(1)),
        }?;
        // Nothing is ever sent: it waits for the end, and no longer than for its limit.
        self.words.recv_timeout(LAST_WORDS_LIMIT).unwrap_or_default();
        if death == Death::Code(0) && !self.has_taken_leave.load(Ordering::Acquire) {
            return Some(Death::Killed);
        }
        Some(death)
    }

    /// Ends the server at once.
    pub(super) fn kill(&mut self) {
        // It has ended already, or goes on without us: there is nothing more to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Hands on what the server says, up to its end.
fn relay(mut stream: impl BufRead, told: &Told, has_taken_leave: &AtomicBool) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match stream.by_ref().take(LINE_LEN_MAX).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if let Some(address) = text.strip_prefix(LISTENING) {
            told.status.listens(address);
        }
        if text == LEAVE {
            has_taken_leave.store(true, Ordering::Release);
        }
        journal::of_server(text);
    }
}
