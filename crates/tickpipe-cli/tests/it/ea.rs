//! The EA in C, and the script language it follows.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::host::{LIMIT, program, wait};

/// A running EA.
pub(crate) struct Ea {
    child: Child,
    stdin: Option<ChildStdin>,
    results: Receiver<String>,
}

impl Ea {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// Starts an EA after `prepare` has changed its command.
    pub(crate) fn start_with(prepare: impl Fn(&mut std::process::Command)) -> Self {
        // About one start in 3,000 fails under Wine, with status 1 and not a word.
        for _ in 0..3 {
            let mut command = program("TICKPIPE_E2E_EA", None);
            command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::inherit());
            prepare(&mut command);
            let mut child = command.spawn().expect("the EA's program starts");
            let stdin = child.stdin.take();
            let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
            let (sender, results) = channel();
            thread::spawn(move || {
                for line in stdout.lines().map_while(Result::ok) {
                    if sender.send(line.trim_end().to_owned()).is_err() {
                        break;
                    }
                }
            });
            let mut ea = Self { child, stdin, results };
            ea.begin("sleep 0");
            if ea.results.recv_timeout(LIMIT).is_ok() {
                return ea;
            }
        }
        panic!("the EA did not start three times, without a word");
    }

    /// Starts an EA that has `path` open in slot 0.
    pub(crate) fn connected(path: &str) -> Self {
        let mut ea = Self::start();
        ea.open(0, path);
        ea
    }

    /// Gives a command without waiting for its result.
    pub(crate) fn begin(&mut self, command: &str) {
        let stdin = self.stdin.as_mut().expect("the EA is not ended");
        // If it has died, the missing result tells.
        drop(writeln!(stdin, "{command}").and_then(|()| stdin.flush()));
    }

    /// Waits for the result of the oldest command that waits for one.
    pub(crate) fn result(&mut self) -> String {
        self.results.recv_timeout(LIMIT).expect("the EA gets its result in bounded time")
    }

    /// Gives a command and returns its result.
    pub(crate) fn ask(&mut self, command: &str) -> String {
        self.begin(command);
        self.result()
    }

    #[track_caller]
    pub(crate) fn check(&mut self, command: &str, want: &str) {
        let got = self.ask(command);
        assert_eq!(got, want, "`{command}`");
    }

    #[track_caller]
    pub(crate) fn open(&mut self, slot: u32, path: &str) {
        self.check(&format!("openwait {slot} {path} 5000"), "ok");
    }

    /// Sends one line and checks what comes back.
    #[track_caller]
    pub(crate) fn exchange(&mut self, slot: u32, request: &str, reply: &str) {
        self.check(&format!("write {slot} {request}"), "ok");
        self.check(&format!("line {slot}"), &format!("line {reply}"));
    }

    /// Has many round trips of the article's line; returns the median, p99 and longest, in µs.
    #[track_caller]
    pub(crate) fn round_trips(&mut self, slot: u32, count: u32) -> [f64; 3] {
        let result = self.ask(&format!(r"exchange {slot} {count} 1.10000000\r\n|2.200\r\n"));
        let mut words = result.split(' ');
        assert_eq!(words.next(), Some("ok"), "{result}");
        assert_eq!(words.next(), Some(count.to_string().as_str()), "{result}");
        let figures: Vec<f64> = words.map(|word| word.parse().expect("a figure")).collect();
        figures.try_into().expect("three figures")
    }

    /// Comes and goes; returns how often the pipe was busy and missing.
    #[track_caller]
    pub(crate) fn churn(&mut self, count: u32, path: &str, moment: &str) -> [u32; 2] {
        let result = self.ask(&format!("churn {count} {path} {moment}"));
        let words: Vec<_> = result.split(' ').collect();
        let [ok, _, busy, busy_count, missing, missing_count] = words[..] else {
            panic!("`churn {moment}`: {result}")
        };
        assert_eq!([ok, busy, missing], ["ok", "busy", "missing"], "{result}");
        [busy_count, missing_count].map(|word| word.parse().expect("a count"))
    }
}

impl Drop for Ea {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if thread::panicking() {
            drop(self.child.kill());
        }
        wait(&mut self.child);
    }
}
