//! Whether a program can hold a session: it is told `hello` and a tick.

use std::ffi::OsString;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::session::{AccountState, AskKind, Money, Symbol, TerminalInfo};
use tickpipe::testing::{Answer, EaDouble, Script};
use tickpipe::{Error, ErrorCode, ErrorKind, Exec, ExecSummary, Server, ServerConfig, Stopper};

use crate::commands::doctor::finding::Finding;
use crate::commands::doctor::topic::Topic;
use crate::interrupt::Interrupt;
use crate::print;
use crate::private::PrivateName;

/// From the tick to its answer, with the program's start.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// What the session may take beside that.
const MARGIN: Duration = Duration::from_secs(3);
/// How often it is looked whether Ctrl-C came.
const INTERRUPT_LOOK: Duration = Duration::from_millis(50);

const MEND: &str = "let it answer each `tick` that has an `id` with a line such as \
                    `{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}`, and flush it";

/// What came of the tick.
struct Tried {
    answer: Result<(), Error>,
    took: Duration,
    /// What the program asked the EA for.
    asked: Vec<AskKind>,
    programs: ExecSummary,
}

/// Starts a program as `serve exec` does, has an EA that is none tell it `hello` and a tick, and
/// says what it made of them. Nothing that it orders leaves this process.
pub(super) fn check(program: &OsString, args: &[OsString], interrupt: &Interrupt) -> Vec<Finding> {
    match attempt(program, args, interrupt) {
        Ok(Some(tried)) => told(&tried),
        Ok(None) => Vec::new(),
        Err(found) => {
            let mend = "run `tickpipe serve exec --`, the program behind it, and read what it says";
            vec![Finding::problem(Topic::SessionUntried, found, mend)]
        }
    }
}

/// Returns nothing once nobody wants to know it any more.
fn attempt(
    program: &OsString,
    args: &[OsString],
    interrupt: &Interrupt,
) -> Result<Option<Tried>, String> {
    let told = |error: Error| error.to_string();
    let name = PrivateName::new("doctor-session")
        .map_err(|error| format!("cannot make a private directory: {error}"))?;
    let config = ServerConfig::default().with_handler_deadline(ANSWER_LIMIT);
    let server = Server::bind_with(name.as_str(), config).map_err(told)?;
    let exec = Exec::new(program, args).with_pipe("doctor");
    let stopper = server.stopper();
    thread::scope(|scope| {
        let serving = scope.spawn(|| server.serve_exec(&exec));
        let (tell, heard) = channel();
        let (pipe, programs) = (name.as_str(), &exec);
        // Nobody waits any more after Ctrl-C.
        scope.spawn(move || drop(tell.send(play(pipe, programs))));
        let tried = wait_for(&heard, interrupt);
        end(&stopper, &exec, tried.is_none());
        let served = serving.join().map_err(|_| "the server panicked".to_owned())?;
        served.map_err(told)?;
        tried.transpose()
    })
}

fn end(stopper: &Stopper, exec: &Exec, is_interrupted: bool) {
    stopper.stop();
    if is_interrupted {
        exec.end_all();
    }
}

fn wait_for<T>(heard: &Receiver<T>, interrupt: &Interrupt) -> Option<T> {
    while !interrupt.is_set() {
        match heard.recv_timeout(INTERRUPT_LOOK) {
            Ok(tried) => return Some(tried),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    None
}

/// Plays the EA.
fn play(pipe: &str, exec: &Exec) -> Result<Tried, String> {
    let told = |error: Error| error.to_string();
    let mut ea: EaDouble = script()?.connect(pipe).map_err(told)?;
    let begun_at = Instant::now();
    let answer = ea.prices("1.10000", "1.10012");
    let took = begun_at.elapsed();
    let mut asked: Vec<AskKind> = ea.asked().iter().map(|ask| ask.kind()).collect();
    asked.sort();
    asked.dedup();
    // One whose session ended before is gone already.
    drop(ea.leave());
    Ok(Tried { answer, took, asked, programs: exec.summary() })
}

/// An EA of EURUSD that has what a program may ask for, and a demo account with some money.
fn script() -> Result<Script, String> {
    let symbol = Symbol::new("EURUSD").map_err(|error| error.to_string())?;
    let mut account = None;
    let script = Script::new(&symbol, 5)
        .hello(|hello| account = Some(hello.account.clone()))
        .fill_market_orders()
        .lenient()
        .limit(ANSWER_LIMIT + MARGIN);
    let account = account.ok_or("the EA has no account")?;
    let money = Money::new(1_000_000, 2).map_err(|error| error.to_string())?;
    let state = AccountState::new(money, money, Money::ZERO, money);
    Ok(script
        .answer(AskKind::AccountInfo, move |_| {
            Answer::AccountInfo { account: account.clone(), state: state.clone() }.into()
        })
        .answer(AskKind::TerminalInfo, |_| {
            Answer::TerminalInfo(Box::new(TerminalInfo::new())).into()
        }))
}

fn told(tried: &Tried) -> Vec<Finding> {
    let took = print::duration(tried.took);
    let asked: Vec<&str> = tried.asked.iter().map(|kind| kind.as_str()).collect();
    let asked = if asked.is_empty() {
        String::new()
    } else {
        format!("; it asked for {}", asked.join(", "))
    };
    let mut findings = vec![match &tried.answer {
        Ok(()) => Finding::ok("session", format!("it answers a tick in {took}{asked}")),
        Err(error) => failed(error, &took, &asked),
    }];
    let unasked = tried.programs.unasked_lines;
    if unasked > 0 {
        let found = format!("lines that are no message, or answer nothing: {unasked}");
        let mend = "print anything but messages to stderr";
        findings.push(Finding::problem(Topic::SessionNoise, found, mend));
    }
    findings
}

fn failed(error: &Error, took: &str, asked: &str) -> Finding {
    let kind = error.kind();
    if kind == ErrorKind::Ask(ErrorCode::HandlerFailed) {
        let found = format!("it answers a tick with an error in {took}: {error}{asked}");
        return Finding::note(Topic::SessionError, found)
            .with_mend("see that this is what it is meant to say");
    }
    if kind == ErrorKind::TimedOut || kind == ErrorKind::Ask(ErrorCode::HandlerTimeout) {
        let found = format!("no answer to a tick within {} s{asked}", ANSWER_LIMIT.as_secs());
        return Finding::problem(Topic::SessionLate, found, MEND);
    }
    if kind == ErrorKind::Ask(ErrorCode::HandlerEnded) {
        let found = format!("it ended, or was ended, before it answered a tick: {error}{asked}");
        let mend = "let it read messages until its input ends, and answer each tick; what it says \
                    on stderr is in the log above";
        return Finding::problem(Topic::SessionEnded, found, mend);
    }
    Finding::problem(
        Topic::SessionUnanswered,
        format!("a tick was not answered: {error}{asked}"),
        MEND,
    )
}
