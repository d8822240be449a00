//! Whether a handler's command can be started and answers a line.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::escaped;

use crate::commands::doctor::finding::Finding;
use crate::commands::doctor::limited;
use crate::interrupt::Interrupt;
use crate::print;

const LINE: &str = "1.10000000";
/// From the start to the answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How often it is looked whether Ctrl-C came.
const INTERRUPT_LOOK: Duration = Duration::from_millis(50);
/// How long a command that has answered is watched, whether it stays for the next line.
const STAY_LIMIT: Duration = Duration::from_millis(100);
/// From the end of its input to its own end.
const END_LIMIT: Duration = Duration::from_secs(1);
/// Bytes of an answer that are read.
const ANSWER_LEN_MAX: u64 = 65_536;
/// Bytes and lines of its last words that are told.
const WORDS_LEN_MAX: usize = 2048;
const WORDS_LINES_MAX: usize = 5;

/// What came of the line.
enum Answer {
    Line(String),
    /// Its output ended, with this rest.
    End(String),
    Late,
}

/// Starts a command, gives it a line, tells what it answers, and ends it. Nothing is found about a
/// command that is empty.
pub(crate) fn check(command: &[OsString], interrupt: &Interrupt) -> Vec<Finding> {
    let [program, arguments @ ..] = command else { return Vec::new() };
    let shown = program.display();
    let begun_at = Instant::now();
    let mut command = Command::new(program);
    apart(&mut command);
    let started = command
        .args(arguments)
        .envs([("TICKPIPE_PIPE", "doctor"), ("TICKPIPE_PEER", "doctor")])
        .env("PYTHONUNBUFFERED", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match started {
        Ok(child) => {
            let at = resolve(program).map_or_else(String::new, |at| format!(": {}", at.display()));
            let found = format!("`{shown}` was started{at}");
            vec![Finding::ok("command", found), exchange(child, begun_at, interrupt)]
        }
        Err(error) => {
            let found = format!("`{shown}` cannot be started: {error}");
            let mend = if error.kind() == io::ErrorKind::PermissionDenied {
                "make it executable: `chmod +x FILE`"
            } else {
                "check how it is spelled, or give its full path"
            };
            vec![Finding::problem("command", found, mend)]
        }
    }
}

/// Keeps our Ctrl-C from a command: it would look as if it had ended by itself.
fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
    }
}

/// Gives a started command the line and waits for its answer and its end.
fn exchange(mut child: Child, begun_at: Instant, interrupt: &Interrupt) -> Finding {
    let answers = child.stdout.take().map(first_line);
    let words = child.stderr.take().map(last_words);
    let mut stdin = child.stdin.take();
    // A command that has ended takes nothing; its output tells.
    let sent = stdin.as_mut().map(|stdin| writeln!(stdin, "{LINE}").and_then(|()| stdin.flush()));
    drop(sent);
    let answer = answers.map_or(Answer::Late, |answers| wait_for(&answers, begun_at, interrupt));
    let elapsed = begun_at.elapsed();
    let has_left = matches!(limited::wait(&mut child, STAY_LIMIT), Ok(Some(_)));
    // Only now: at its end a program writes out what it kept back, which an EA would never get.
    drop(stdin);
    let limit = if interrupt.is_set() { Duration::ZERO } else { END_LIMIT };
    let end = match limited::end(&mut child, limit) {
        Ok(Some(status)) => format!("it ended with {status}"),
        Ok(None) => "it did not end with its input and was killed".to_owned(),
        Err(error) => format!("it could not be ended: {error}"),
    };
    let last = words.map_or_else(String::new, |words| words.told());
    told(&answer, has_left, &print::duration(elapsed), &format!("{end}{last}"))
}

/// Waits for the answer, until it is late or nobody wants to know it any more.
fn wait_for(answers: &Receiver<Answer>, begun_at: Instant, interrupt: &Interrupt) -> Answer {
    while begun_at.elapsed() < ANSWER_LIMIT && !interrupt.is_set() {
        match answers.recv_timeout(INTERRUPT_LOOK) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    Answer::Late
}

/// Says what came of the line, how long it took, and how the command ended.
fn told(answer: &Answer, has_left: bool, took: &str, end: &str) -> Finding {
    match answer {
        Answer::Line(line) => {
            let line = escaped(line, 80);
            let found = format!("it answers `{LINE}` with `{line}` in {took}; {end}");
            if has_left {
                let mend = "let it read lines until its input ends; now each line costs a start";
                return Finding::note("answer", format!("{found} before its input did"))
                    .with_mend(mend);
            }
            Finding::ok("answer", found)
        }
        Answer::End(rest) if rest.is_empty() => Finding::problem(
            "answer",
            format!("it ended before it answered `{LINE}`: {end}"),
            "let it read lines until its input ends, and write one line for each",
        ),
        Answer::End(rest) => Finding::problem(
            "answer",
            format!("it wrote `{}` without a line's end; {end}", escaped(rest, 80)),
            "write a line feed after each answer, and stay for the next line",
        ),
        Answer::Late => Finding::problem(
            "answer",
            format!("no answer to `{LINE}` within {} s; {end}", ANSWER_LIMIT.as_secs()),
            "flush the output after each line: `print(…, flush=True)`, `fflush(stdout)`",
        ),
    }
}

/// Reads the first line that a command writes, on a thread that a grandchild may hold up.
fn first_line(stdout: impl Read + Send + 'static) -> Receiver<Answer> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut line = Vec::new();
        let read = BufReader::new(stdout).take(ANSWER_LEN_MAX).read_until(b'\n', &mut line);
        let text = String::from_utf8_lossy(&line);
        let answer = match text.strip_suffix('\n') {
            Some(line) if read.is_ok() => Answer::Line(line.trim_end_matches('\r').to_owned()),
            _ => Answer::End(text.into_owned()),
        };
        // Nobody waits any more if it was late.
        drop(sender.send(answer));
    });
    receiver
}

/// The end of what a command says on stderr.
#[derive(Clone, Default)]
struct LastWords(Arc<Mutex<Vec<u8>>>);

fn last_words(mut stderr: impl Read + Send + 'static) -> LastWords {
    let words = LastWords::default();
    let kept = words.clone();
    thread::spawn(move || {
        let mut buf = [0; 1024];
        while let Ok(count @ 1..) = stderr.read(&mut buf) {
            let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend_from_slice(&buf[..count]);
            let surplus = kept.len().saturating_sub(WORDS_LEN_MAX);
            kept.drain(..surplus);
        }
    });
    words
}

impl LastWords {
    /// Returns the last lines, with what leads in to them, or nothing.
    fn told(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let last = lines.iter().skip(lines.len().saturating_sub(WORDS_LINES_MAX));
        let last: Vec<_> = last.map(|line| format!("`{}`", escaped(line.trim(), 200))).collect();
        if last.is_empty() { String::new() } else { format!("; on stderr: {}", last.join(", ")) }
    }
}

/// Returns where the system finds a program, as far as we can tell.
fn resolve(program: &OsStr) -> Option<PathBuf> {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return std::path::absolute(path).ok();
    }
    let suffixes: &[&str] = if cfg!(windows) { &["", ".exe"] } else { &[""] };
    env::split_paths(&env::var_os("PATH")?)
        .flat_map(|directory| {
            suffixes.iter().map(move |suffix| {
                let mut name = program.to_owned();
                name.push(suffix);
                directory.join(name)
            })
        })
        .find(|candidate| candidate.is_file())
}
