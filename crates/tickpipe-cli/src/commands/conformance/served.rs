//! The program that is tried, if it is started here.

use std::ffi::OsString;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tickpipe::raw::RawConnection;
use tickpipe::{ErrorKind, escaped};

use crate::report::Failure;
use crate::rules::{
    Arrival, Names, Outcome, Player, Script, Settings, Split, Target, Wire, hello, left,
};

/// The pipe without `--pipe`.
const DEFAULT_PIPE: &str = "TestPipe";

/// The word in a command that becomes the arguments of `serve`.
const PLACE: &str = "{serve}";

/// Times that let the scripts about them end soon.
const SHORT_TIMES: [&str; 4] = ["--heartbeat-ms", "400", "--silence-ms", "1200"];

/// How long a server may take until its pipe is there.
const START_LIMIT: Duration = Duration::from_secs(20);
const START_RETRY: Duration = Duration::from_millis(20);

/// What a server without the handler `conformance` may take to show that it has none.
const PROBE_WITHIN: Duration = Duration::from_secs(2);

/// Asks for the handler `conformance`.
const PROBE: &str = "\
# A tick of the symbol `comment.hello` makes the handler tell `hello`.
serve any
hello
< {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tick\",\"params\":{\"symbol\":\"comment.hello\",\
\"time_msc\":1,\"bid\":1,\"ask\":1}}
> {\"id\":\"$count=told\",\"method\":\"comment\",\"params\":{\"text\":\"hello\"}}
< {\"jsonrpc\":\"2.0\",\"id\":\"$told\",\"result\":{}}
> {\"id\":1,\"result\":{}}
";

/// A program that is ended with this value.
#[derive(Debug)]
pub(super) struct Started(Option<Child>);

impl Started {
    /// Starts a program; nothing if there is no command.
    pub(super) fn start(command: &[OsString]) -> Result<Self, Failure> {
        let [program, args @ ..] = command else { return Ok(Self(None)) };
        let child = Command::new(program)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| {
                Failure::Io(format!("cannot start `{}`", program.to_string_lossy()), error)
            })?;
        Ok(Self(Some(child)))
    }

    /// Whether the program has ended by itself.
    fn has_ended(&mut self) -> bool {
        self.0.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            // One that has ended already is as good.
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// A server that is tried.
#[derive(Debug)]
pub(super) struct Served {
    /// The arguments that it was started with; `None` if it was there before.
    serve: Option<Vec<String>>,
    has_handler: bool,
    _program: Started,
}

impl Served {
    /// Starts a server, or finds the one that is there.
    pub(super) fn find(
        pipe: &str,
        command: &[OsString],
        serve: &[String],
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let is_usual = serve == ["conformance"];
        if command.is_empty() {
            check_speaks(pipe, settings)?;
            let has_handler = is_usual && has_handler(pipe, settings)?;
            return Ok(Self { serve: None, has_handler, _program: Started(None) });
        }
        let mut program = Started::start(&put_in(command, serve, is_usual)?)?;
        let begun_at = Instant::now();
        while let Err(error) = RawConnection::connect(pipe, START_LIMIT) {
            if START_LIMIT < begun_at.elapsed() || program.has_ended() {
                return Err(Failure::library(pipe)(error));
            }
            std::thread::sleep(START_RETRY);
        }
        if is_usual {
            check_speaks(pipe, settings)?;
        }
        let has_handler = is_usual && has_handler(pipe, settings)?;
        Ok(Self { serve: Some(serve.to_vec()), has_handler, _program: program })
    }

    /// Returns why a script cannot be played here.
    pub(super) fn reason_to_leave_out(&self, script: &Script) -> Option<String> {
        let words: Vec<&str> = script.serve.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["any"] => None,
            ["conformance"] if self.has_handler => None,
            ["conformance"] => Some("the server has no handler `conformance`".to_owned()),
            _ if self.serve.as_ref() == Some(&script.serve) => None,
            words => {
                let words = words.join(" ");
                Some(format!("it needs a server started with `{words}`, by a command behind `--`"))
            }
        }
    }
}

/// Returns the command that plays every script.
pub(super) fn whole_command(pipe: &str) -> String {
    let pipe = if pipe == DEFAULT_PIPE { String::new() } else { format!(" --pipe {pipe}") };
    format!("tickpipe conformance{pipe} -- tickpipe serve --quiet{pipe} {PLACE}")
}

/// Finds out whether a server holds sessions at all: else every script would fail.
fn check_speaks(pipe: &str, settings: &Settings) -> Result<(), Failure> {
    let mend = |text: String| Failure::Setup {
        text: format!("{text}, so nothing was played"),
        hint: format!(
            "serve sessions on `{pipe}`, such as with `tickpipe serve watch`; or have the servers \
             started that the scripts need: `{}`",
            whole_command(pipe)
        ),
    };
    let connection = RawConnection::connect(pipe, settings.connect_within).map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            return mend(error.to_string());
        }
        Failure::library(pipe)(error)
    })?;
    let failed = |error: String| Failure::Usage(error);
    let mut names = Names::default();
    names.set_text("unique", "speaking");
    let hello = hello::request("").and_then(|text| names.message(&text)).map_err(failed)?;
    let mut wire = Wire::new(connection, Split::Whole);
    let io = |error| Failure::Io(format!("cannot say `hello` to `{pipe}`"), error);
    wire.write(format!("{hello}\n").as_bytes()).map_err(io)?;
    let until = Instant::now() + settings.within;
    while wire.inbox.is_empty() && !left(until).is_zero() {
        wire.pump(left(until)).map_err(io)?;
    }
    match wire.inbox.pop_front() {
        Some(Arrival::Line(line)) if is_message(&line) && line != hello.as_bytes() => Ok(()),
        Some(Arrival::Line(line)) => {
            let found = escaped(&String::from_utf8_lossy(&line), 80);
            Err(mend(format!("the server of `{pipe}` knows lines only: it answers `{found}`")))
        }
        Some(Arrival::End(_)) => {
            Err(mend(format!("the server of `{pipe}` closes when it is told `hello`")))
        }
        None => {
            let limit = settings.within.as_millis();
            Err(mend(format!("the server of `{pipe}` did not answer `hello` within {limit} ms")))
        }
    }
}

fn is_message(line: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(line).is_ok_and(|line| line["jsonrpc"] == "2.0")
}

/// Puts the arguments of `serve` into a command.
fn put_in(
    command: &[OsString],
    serve: &[String],
    is_usual: bool,
) -> Result<Vec<OsString>, Failure> {
    let times = if is_usual { SHORT_TIMES.as_slice() } else { &[] };
    let mut whole = Vec::new();
    for word in command {
        if word == PLACE {
            whole.extend(times.iter().map(OsString::from));
            whole.extend(serve.iter().map(OsString::from));
        } else {
            whole.push(word.clone());
        }
    }
    if !command.iter().any(|word| word == PLACE) {
        return Err(Failure::Usage(format!(
            "the command behind `--` has no word `{PLACE}`, which becomes what is served, as in \
             `tickpipe serve --quiet {PLACE}`"
        )));
    }
    Ok(whole)
}

fn has_handler(pipe: &str, settings: &Settings) -> Result<bool, Failure> {
    let mut settings = settings.clone();
    settings.within = settings.within.min(PROBE_WITHIN);
    drop(RawConnection::connect(pipe, settings.connect_within).map_err(Failure::library(pipe))?);
    let probe = Script::parse("server/probe", PROBE).map_err(Failure::Usage)?;
    Ok(Player::new(Target::Server(pipe), &settings).play(&probe) == Outcome::Passed)
}
