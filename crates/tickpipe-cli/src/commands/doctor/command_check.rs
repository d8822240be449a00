//! Whether a handler's command can be started and answers a line.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::escaped;

use crate::commands::doctor::finding::{Finding, State};
use crate::commands::doctor::topic::Topic;
use crate::commands::doctor::{CommandMode, limited, session_check};
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
    /// No answer in time, but one when its input had ended.
    Kept(String),
    Late,
    /// An answer, and a line that nobody asked for.
    Surplus(String, String),
}

/// Starts a command, gives it a line or a session, tells what it answers, and ends it. Nothing is
/// found about a command that is empty.
pub(crate) fn check(
    command: &[OsString],
    mode: Option<CommandMode>,
    interrupt: &Interrupt,
) -> Vec<Finding> {
    let [program, arguments @ ..] = command else { return Vec::new() };
    let shown = program.display();
    // Found as `serve exec` finds it.
    let found = match which::which(program) {
        Ok(found) => found,
        Err(error) => {
            let found = format!("`{shown}` cannot be found: {error}");
            let mend = if Path::new(program).is_file() {
                "make it executable, or name its interpreter before it"
            } else {
                "check how it is spelled, or give its full path"
            };
            return vec![Finding::problem(Topic::CommandMissing, found, mend)];
        }
    };
    if mode == Some(CommandMode::Session) {
        let start = Finding::ok("command", format!("`{shown}` was found: {}", found.display()));
        let session = session_check::check(program, arguments, interrupt);
        return [vec![start], session].concat();
    }
    let lines = try_lines(program, &found, arguments, interrupt);
    let is_answered = lines.iter().all(|finding| finding.state != State::Problem);
    if mode == Some(CommandMode::Line) || is_answered || interrupt.is_set() {
        return lines;
    }
    // Perhaps it is no handler of lines.
    let session = session_check::check(program, arguments, interrupt);
    if session.iter().any(|finding| finding.state == State::Problem) {
        return lines;
    }
    let as_note = |mut finding: Finding| {
        if finding.state == State::Problem {
            (finding.state, finding.mend) = (State::Note, None);
            finding.found = format!("lines: {}", finding.found);
        }
        finding
    };
    lines.into_iter().map(as_note).chain(session).collect()
}

/// Gives a command a line.
fn try_lines(
    program: &OsString,
    found: &Path,
    arguments: &[OsString],
    interrupt: &Interrupt,
) -> Vec<Finding> {
    let shown = program.display();
    let begun_at = Instant::now();
    let mut command = Command::new(found);
    apart(&mut command);
    let started = command
        .args(arguments)
        .envs([("TICKPIPE_PIPE", "doctor"), ("TICKPIPE_PEER", "doctor")])
        .envs([("PYTHONUNBUFFERED", "1"), ("PYTHONUTF8", "1")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match started {
        Ok(child) => {
            let found = format!("`{shown}` was started: {}", found.display());
            vec![Finding::ok("command", found), exchange(child, begun_at, interrupt)]
        }
        Err(error) => {
            let found = format!("`{shown}` cannot be started: {error}");
            let mend = "see that it is a program of this system, with its interpreter in place";
            vec![Finding::problem(Topic::CommandUnstartable, found, mend)]
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

/// Ends what a command has started and left behind; on Windows it is left to itself.
fn end_group(child: &Child) {
    #[cfg(unix)]
    {
        let group = rustix::process::Pid::from_child(child);
        if let Err(error) =
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL)
        {
            // Mostly there is nobody left in it.
            tracing::debug!(%error, "cannot end what the command left behind");
        }
    }
    #[cfg(windows)]
    let _ = child;
}

/// Gives a started command the line and waits for its answer and its end.
fn exchange(mut child: Child, begun_at: Instant, interrupt: &Interrupt) -> Finding {
    let answers = child.stdout.take().map(two_lines);
    let words = child.stderr.take().map(last_words);
    let mut stdin = child.stdin.take();
    // A command that has ended takes nothing; its output tells.
    let sent = stdin.as_mut().map(|stdin| writeln!(stdin, "{LINE}").and_then(|()| stdin.flush()));
    drop(sent);
    let wait_for = |answers| wait_for(answers, begun_at, interrupt);
    let mut answer = answers.as_ref().map_or(Answer::Late, wait_for);
    let elapsed = begun_at.elapsed();
    if let (Answer::Line(line), Some(answers)) = (&answer, &answers)
        && let Ok(Answer::Line(more)) = answers.recv_timeout(STAY_LIMIT)
    {
        answer = Answer::Surplus(line.clone(), more);
    }
    let has_left = matches!(limited::wait(&mut child, STAY_LIMIT), Ok(Some(_)));
    // Only now: at its end a program writes out what it kept back.
    drop(stdin);
    let limit = if interrupt.is_set() { Duration::ZERO } else { END_LIMIT };
    let end = match limited::end(&mut child, limit) {
        Ok(Some(status)) => format!("it ended with {status}"),
        Ok(None) => "it did not end with its input and was killed".to_owned(),
        Err(error) => format!("it could not be ended: {error}"),
    };
    end_group(&child);
    if let (Answer::Late, Some(answers)) = (&answer, answers)
        && let Ok(Answer::Line(line)) = answers.recv_timeout(STAY_LIMIT)
    {
        answer = Answer::Kept(line);
    }
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
                return Finding::note(
                    Topic::CommandLeaves,
                    format!("{found} before its input did"),
                )
                .with_mend(mend);
            }
            Finding::ok("answer", found)
        }
        Answer::End(rest) if rest.is_empty() => Finding::problem(
            Topic::CommandEnds,
            format!("it ended before it answered `{LINE}`: {end}"),
            "let it read lines until its input ends, and write one line for each",
        ),
        Answer::End(rest) => Finding::problem(
            Topic::CommandNoLineEnd,
            format!("it wrote `{}` without a line's end; {end}", escaped(rest, 80)),
            "write a line feed after each answer, and stay for the next line",
        ),
        Answer::Kept(line) => Finding::problem(
            Topic::CommandKeepsBack,
            format!(
                "no answer to `{LINE}` within {} s; `{}` came when its input had ended, {end}",
                ANSWER_LIMIT.as_secs(),
                escaped(line, 80)
            ),
            "read line by line, and flush the output after each: `fflush(stdout)`, `$| = 1`",
        ),
        Answer::Surplus(line, more) => Finding::problem(
            Topic::CommandSaysMore,
            format!(
                "it writes `{}` and then `{}`, which nobody asked for; {end}",
                escaped(line, 80),
                escaped(more, 80)
            ),
            "let it write one line for each that it reads, and anything else to stderr",
        ),
        Answer::Late => Finding::problem(
            Topic::CommandLate,
            format!("no answer to `{LINE}` within {} s; {end}", ANSWER_LIMIT.as_secs()),
            "let it write one line for each that it reads, and flush it",
        ),
    }
}

/// Reads the first two lines that a command writes, on a thread that a grandchild may hold up.
fn two_lines(stdout: impl Read + Send + 'static) -> Receiver<Answer> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        for _ in 0..2 {
            let mut line = Vec::new();
            let read = stdout.by_ref().take(ANSWER_LEN_MAX).read_until(b'\n', &mut line);
            let text = String::from_utf8_lossy(&line);
            let answer = match text.strip_suffix('\n') {
                Some(line) if read.is_ok() => Answer::Line(line.trim_end_matches('\r').to_owned()),
                _ => Answer::End(text.into_owned()),
            };
            // Nobody waits any more if it was late.
            drop(sender.send(answer));
        }
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
