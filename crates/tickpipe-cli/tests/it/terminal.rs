//! A terminal that a program draws on, and what a person would see there.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::host::{LIMIT, signal, wait};

/// A program with a terminal as stdout and stderr.
pub(crate) struct Terminal {
    child: Child,
    size: OwnedFd,
    bytes: Receiver<Vec<u8>>,
    pub(crate) screen: Screen,
}

impl Terminal {
    /// Starts a program on a new terminal of so many columns and rows.
    pub(crate) fn start(mut command: Command, columns: u16, rows: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it can be used");
        let name = ptsname(&ours, Vec::new()).expect("its name");
        let theirs = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("it opens");
        tcsetwinsize(&ours, winsize(columns, rows)).expect("it has a size");
        command.stdout(theirs.try_clone().expect("a handle")).stderr(theirs);
        let child = command.env("TERM", "xterm").spawn().expect("the program starts");
        // While we had the other end too, ours would never end.
        drop(command);
        let size = ours.try_clone().expect("a handle");
        let (sender, bytes) = channel();
        thread::spawn(move || {
            let mut ours = File::from(ours);
            let mut chunk = [0; 4096];
            // Without anybody at the other end, Linux has an error for us.
            while let Ok(count @ 1..) = ours.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, size, bytes, screen: Screen::new(columns, rows) }
    }

    /// Waits until a text is to be seen.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + LIMIT;
        while !self.screen.text().contains(text) {
            let left = until.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.screen.write(&bytes),
                Err(error) => panic!("`{text}` is not seen ({error}):\n{}", self.screen.text()),
            }
        }
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        tcsetwinsize(&self.size, winsize(columns, rows)).expect("it has a size");
        self.screen.resize(columns, rows);
    }

    pub(crate) fn signal(&self, what: rustix::process::Signal) {
        signal(&self.child, what);
    }

    /// Waits for the program's end; what it leaves on the terminal stays in `screen`.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let status = wait(&mut self.child);
        loop {
            match self.bytes.recv_timeout(LIMIT) {
                Ok(bytes) => self.screen.write(&bytes),
                Err(RecvTimeoutError::Disconnected) => return status,
                Err(RecvTimeoutError::Timeout) => panic!("somebody else has the terminal"),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const fn winsize(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 }
}

/// What is on a terminal, lines that were scrolled away included. Letters are one column wide.
pub(crate) struct Screen {
    lines: Vec<Vec<char>>,
    /// The line in the first row.
    top: usize,
    line: usize,
    column: usize,
    columns: usize,
    rows: usize,
    pub(crate) has_cursor: bool,
    /// What came of a letter or of an escape whose rest is still to come.
    begun: Vec<u8>,
}

impl Screen {
    fn new(columns: u16, rows: u16) -> Self {
        let (columns, rows) = (columns.into(), rows.into());
        let lines = vec![Vec::new()];
        Self { lines, top: 0, line: 0, column: 0, columns, rows, has_cursor: true, begun: vec![] }
    }

    pub(crate) fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| line.iter().collect()).collect();
        lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
    }

    fn resize(&mut self, columns: u16, rows: u16) {
        (self.columns, self.rows) = (columns.into(), rows.into());
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.begun.push(*byte);
            if let [0x1b, b'[', parameters @ .., last @ (b'@'..=b'Z' | b'a'..=b'z')] =
                self.begun.as_slice()
            {
                let parameters = String::from_utf8_lossy(parameters).into_owned();
                self.obey(&parameters, char::from(*last));
                self.begun.clear();
            } else if self.begun[0] != 0x1b
                && let Ok(text) = std::str::from_utf8(&self.begun)
            {
                let letter = text.chars().next().expect("a byte was pushed");
                self.put(letter);
                self.begun.clear();
            }
        }
    }

    fn obey(&mut self, parameters: &str, command: char) {
        match (parameters, command) {
            (count, 'A') => {
                let count: usize = count.parse().expect("a count of lines");
                self.line = self.line.saturating_sub(count).max(self.top);
            }
            ("" | "0", 'J') => {
                self.lines[self.line].truncate(self.column);
                self.lines.truncate(self.line + 1);
            }
            ("2", 'J') => self.lines[self.top..].fill(Vec::new()),
            ("2", 'K') => self.lines[self.line].clear(),
            ("" | "1;1", 'H') => (self.line, self.column) = (self.top, 0),
            ("?25", 'h') => self.has_cursor = true,
            ("?25", 'l') => self.has_cursor = false,
            (_, 'm') => {}
            _ => panic!("`{parameters}{command}` is no escape that this terminal knows"),
        }
    }

    fn put(&mut self, letter: char) {
        match letter {
            '\r' => self.column = 0,
            '\n' => {
                self.line += 1;
                self.top = self.top.max((self.line + 1).saturating_sub(self.rows));
                self.lines.resize(self.lines.len().max(self.line + 1), Vec::new());
            }
            _ => {
                if self.column == self.columns {
                    self.put('\r');
                    self.put('\n');
                }
                let line = &mut self.lines[self.line];
                line.resize(line.len().max(self.column + 1), ' ');
                line[self.column] = letter;
                self.column += 1;
            }
        }
    }
}
