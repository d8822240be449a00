//! Programs of a few lines, and servers that have them.

use std::time::Duration;

use tickpipe::testing::{EaDouble, Script};
use tickpipe::{Client, Exec, ExecSummary, ServerConfig, Summary};

use crate::support::{LIMIT, Running, start_server};

/// What each of them begins with.
const PRELUDE: &str = r#"
import json, os, sys, time
from collections import deque
from decimal import Decimal
later, last_id = deque(), [1000]

def send(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)

def receive():
    if later:
        return later.popleft()
    line = sys.stdin.readline()
    return json.loads(line, parse_float=Decimal) if line else sys.exit()

def receive_answer():
    while True:
        line = sys.stdin.readline()
        message = json.loads(line, parse_float=Decimal) if line else sys.exit()
        if "method" not in message:
            return message
        later.append(message)

def ask(method, **params):
    last_id[0] += 1
    send(id=last_id[0], method=method, params=params)
    while True:
        found = receive_answer()
        if found["id"] == last_id[0]:
            return found

def say(*words):
    ask("comment", text=" ".join(map(str, words)))

def messages():
    while True:
        message = receive()
        if "method" in message and message["method"] != "hello":
            yield message

def messages_forever():
    for message in messages():
        pass

def answer(message):
    if "id" in message:
        send(id=message["id"], result={})
"#;

/// How a rig's programs are judged.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    handler_deadline: Duration,
    start_limit: Duration,
}

/// A program's time where its answer is waited for, however busy the machine is.
const ENOUGH: Times = Times { handler_deadline: LIMIT, start_limit: LIMIT };

/// A program's time where its answer is to be missed, once it has answered.
pub(crate) const SHORT: Times =
    Times { handler_deadline: Duration::from_millis(300), start_limit: LIMIT };

impl Times {
    pub(crate) fn with_start_limit(self, start_limit: Duration) -> Self {
        Self { start_limit, ..self }
    }
}

/// A server that has a program of a test's for each session.
pub(crate) struct Rig {
    server: Running,
    exec: Exec,
}

/// Starts a server whose program is this text of Python.
pub(crate) fn rig(text: &str) -> Rig {
    rig_with(ENOUGH, text)
}

pub(crate) fn rig_with(times: Times, text: &str) -> Rig {
    let config = ServerConfig::default().with_handler_deadline(times.handler_deadline);
    let exec = Exec::new("python3", ["-c".to_owned(), format!("{PRELUDE}\n{text}")]);
    Rig::start(exec.with_start_limit(times.start_limit), config)
}

impl Rig {
    pub(crate) fn of(program: &str, config: ServerConfig) -> Self {
        Self::start(Exec::new(program, [""; 0]), config)
    }

    pub(crate) fn with_config(text: &str, config: ServerConfig) -> Self {
        let exec = Exec::new("python3", ["-c".to_owned(), format!("{PRELUDE}\n{text}")]);
        Self::start(exec, config)
    }

    fn start(exec: Exec, config: ServerConfig) -> Self {
        let serving = exec.clone();
        let server = start_server(config, move |server| server.serve_exec(&serving));
        Self { server, exec }
    }

    pub(crate) fn name(&self) -> &str {
        &self.server.name
    }

    pub(crate) fn connect(&self, script: Script) -> EaDouble {
        script.connect(&self.server.name).unwrap()
    }

    pub(crate) fn client(&self) -> Client {
        self.server.client()
    }

    pub(crate) fn begin_stop(&self) {
        self.server.begin_stop();
    }

    /// Stops the server and returns what it and its programs did.
    pub(crate) fn stop(self) -> (Summary, ExecSummary) {
        (self.server.stop(), self.exec.summary())
    }
}
