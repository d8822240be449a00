//! The pipe or socket: whether it can be made, who holds it, and who may connect.

use std::error::Error as _;
use std::time::{Duration, Instant};

use tickpipe::{Access, Client, Error, ErrorKind, PipeName, Server, escaped};

#[cfg(unix)]
use crate::commands::doctor::directory;
use crate::commands::doctor::finding::Finding;
#[cfg(unix)]
use crate::commands::doctor::finding::State;
use crate::commands::doctor::topic::Topic;
use crate::print;
use crate::report::is_held;

/// What a server of somebody's is sent: a price, which the published example answers as well. An
/// empty line would reach no handler of ours, but ends that program.
const LINE: &str = "1.10000000";

/// How long a server may take to answer; its handler has 1 s by default.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Looks at the name that a server is to have.
pub(crate) fn check(pipe: &str, name: &PipeName) -> Vec<Finding> {
    let address = match name.address() {
        Ok(address) => address,
        Err(error) => {
            let mend = "choose a shorter name with `--pipe` and in the EA";
            return vec![Finding::problem(Topic::PipeNameLong, error.to_string(), mend)];
        }
    };
    let mut findings = Vec::new();
    #[cfg(unix)]
    {
        findings.extend(directory::check(&address, pipe));
        if findings.iter().any(|finding| finding.state == State::Problem) {
            // All that follows would say it again, in other words.
            return findings;
        }
    }
    match Server::bind(pipe) {
        Ok(server) => {
            findings.push(Finding::ok("pipe", format!("`{address}` is free and can be created")));
            findings.push(access(server.access()));
        }
        Err(error) if is_held(&error) => {
            let mend = "take that EA off its chart, or restart its terminal";
            findings.push(Finding::problem(Topic::PipeHeld, told(&error), mend));
        }
        Err(error) if error.kind() == ErrorKind::NameTaken => {
            findings.push(Finding::note(Topic::PipeServed, error.to_string()));
            findings.push(access(Access::of(pipe)));
            findings.push(answer(pipe));
        }
        Err(error) => findings.push(cannot_be_made(&error)),
    }
    findings
}

fn cannot_be_made(error: &Error) -> Finding {
    let mend = if error.kind() == ErrorKind::Security {
        "do what this says, or choose another name with `--pipe`"
    } else {
        "see that this user may write there, or choose another name with `--pipe`"
    };
    Finding::problem(Topic::PipeRefused, told(error), mend)
}

/// Says who may connect, and whether that is somebody else.
fn access(access: Result<Access, Error>) -> Finding {
    match access {
        Ok(access) => {
            let mut found = access.to_string();
            if let Access::Pipe { sddl, .. } = &access {
                found.push_str(&format!(" ({sddl})"));
            }
            if access.is_private() {
                return Finding::ok("access", found);
            }
            let found = format!("others may connect: {found}");
            if let Access::Pipe { .. } = access {
                let mend = "if that is not wanted, start the server without `--allow`";
                return Finding::note(Topic::AccessOthers, found).with_mend(mend);
            }
            Finding::problem(Topic::AccessOthers, found, "stop the server and start it again")
        }
        Err(error) => Finding::note(Topic::AccessUnknown, told(&error)),
    }
}

/// Asks whoever holds the name.
fn answer(pipe: &str) -> Finding {
    let begun_at = Instant::now();
    let asked = Client::connect_with(pipe, ANSWER_LIMIT).and_then(|mut client| client.ask(LINE));
    let elapsed = print::duration(begun_at.elapsed());
    match asked {
        Ok(Ok(answer)) => {
            let answer = escaped(&answer, 80);
            Finding::ok("answer", format!("it answers `{LINE}` with `{answer}` in {elapsed}"))
        }
        Ok(Err(error)) if error.code.starts_with("handler_") => Finding::problem(
            Topic::AnswerError,
            format!("its handler does not answer `{LINE}`: {}", escaped(&error.to_string(), 200)),
            "look at that server's log (`-v`), or try its command with `tickpipe doctor -- CMD`",
        ),
        Ok(Err(error)) => Finding::note(
            Topic::AnswerRefused,
            format!("it refuses `{LINE}`: {}", escaped(&error.to_string(), 200)),
        ),
        Err(error) if error.kind() == ErrorKind::Security => Finding::problem(
            Topic::AnswerStranger,
            told(&error),
            "see who started it, or choose another name with `--pipe` and in the EA",
        ),
        Err(error) => Finding::problem(
            Topic::AnswerNone,
            format!("it does not answer `{LINE}`: {}", told(&error)),
            "stop that process and start the server again",
        ),
    }
}

/// Returns an error with its cause.
fn told(error: &Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
