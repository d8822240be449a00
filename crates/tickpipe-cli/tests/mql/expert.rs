//! A built EA under Wine, and the commands it takes.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::host::{Directory, LIMIT, wait};

/// A running EA; ended with its owner.
pub(crate) struct Expert {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    /// Lines of the transcript that came and were not taken yet.
    transcript: VecDeque<String>,
    /// The terminal's folder for files.
    files: Directory,
}

/// What a command came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was done; with a value, or an empty text.
    Done(String),
    /// It made no sense, or what it waited for did not come.
    Failed(String),
    /// The EA's program ended, with a code.
    Ended(Option<i32>),
    /// It is still at it.
    Hangs,
}

/// Returns where the program of a source file is.
fn path(name: &str) -> PathBuf {
    let directory = env::var_os("TICKPIPE_MQL_PROGRAMS")
        .expect("TICKPIPE_MQL_PROGRAMS is not set; run the tests with `cargo xtask mql test`");
    let path = PathBuf::from(directory).join(format!("{name}.exe"));
    assert!(path.is_file(), "{} does not exist; run `cargo xtask mql test`", path.display());
    path
}

/// Returns a path as a Windows program has it: Wine shows the root directory as drive Z.
pub(crate) fn shown(path: &std::path::Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

impl Expert {
    /// Starts the program of a source file, such as `TickPipeDouble.mq4`, with its inputs set.
    pub(crate) fn start(name: &str, inputs: &[(&str, &str)]) -> Self {
        // About one start in 3,000 fails under Wine, with status 1 and not a word.
        for _ in 0..3 {
            let mut expert = Self::spawn(name);
            if expert.ask("quiet off") == Answer::Done(String::new()) {
                for (input, value) in inputs {
                    expert.check(&format!("input {input}={value}"));
                }
                return expert;
            }
        }
        panic!("{name} did not start three times, without a word");
    }

    fn spawn(name: &str) -> Self {
        let files = Directory::new();
        let mut child = Command::new("wine")
            .arg(path(name))
            .env("MQL_FILES", shown(&files.0))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("Wine starts");
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line.trim_end().to_owned()).is_err() {
                    break;
                }
            }
        });
        Self { child, stdin, lines, transcript: VecDeque::new(), files }
    }

    /// Gives a command without waiting for what comes of it.
    pub(crate) fn begin(&mut self, command: &str) {
        let stdin = self.stdin.as_mut().expect("the EA is not ended");
        // If it has died, the missing result tells.
        drop(writeln!(stdin, "{command}").and_then(|()| stdin.flush()));
    }

    /// Waits for what comes of the command that was given, at most `limit`.
    pub(crate) fn result(&mut self, limit: Duration) -> Answer {
        let until = Instant::now() + limit;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = match self.lines.recv_timeout(left) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => return Answer::Hangs,
                Err(RecvTimeoutError::Disconnected) => {
                    return Answer::Ended(wait(&mut self.child).code());
                }
            };
            match line.split_once(' ').unwrap_or((&line, "")) {
                ("ok", value) => return Answer::Done(value.to_owned()),
                ("error", text) => return Answer::Failed(text.to_owned()),
                _ => self.transcript.push_back(line),
            }
        }
    }

    /// Gives a command and returns what came of it.
    pub(crate) fn ask(&mut self, command: &str) -> Answer {
        self.begin(command);
        self.result(LIMIT)
    }

    /// Gives a command that must be done, and returns its value.
    #[track_caller]
    pub(crate) fn check(&mut self, command: &str) -> String {
        match self.ask(command) {
            Answer::Done(value) => value,
            other => {
                panic!("`{command}` came to {other:?}; the transcript: {:#?}", self.transcript)
            }
        }
    }

    /// Returns the lines of the transcript since the last call.
    pub(crate) fn transcript(&mut self) -> Vec<String> {
        self.transcript.drain(..).collect()
    }

    /// Returns what the EA wrote to a file of its own.
    #[track_caller]
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.files.0.join(name)).expect("a file of that name")
    }

    /// Returns what the EA counted and measured.
    #[track_caller]
    pub(crate) fn stats(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.check("stats")).expect("stats are JSON")
    }

    /// Returns the longest that a handler took, in milliseconds.
    #[track_caller]
    pub(crate) fn longest_ms(&mut self, handler: &str) -> f64 {
        let stats = self.stats();
        stats["longest_us"][handler].as_f64().expect("a handler's longest time") / 1000.0
    }
}

impl Drop for Expert {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It may be waiting in a read for ever, which some tests are about.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
