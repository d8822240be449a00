//! What a running service knows of itself, for who asks.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::journal::now;

/// What a service is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The server listens.
    Listening,
    Starting,
    Stopping,
    /// The server died, and the pause before the next start is not over.
    Waiting,
}

impl Phase {
    const fn word(self) -> &'static str {
        match self {
            Self::Listening => "listening",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Waiting => "waiting",
        }
    }
}

/// What a running service knows of itself.
#[derive(Debug)]
pub(super) struct Status {
    name: String,
    since: String,
    config: PathBuf,
    log_file: PathBuf,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    phase: Phase,
    /// The server's process, and since when it runs.
    server: Option<(u32, String)>,
    pipe: Option<String>,
    starts: u64,
    /// When, and how.
    last_death: Option<(String, String)>,
}

impl Status {
    pub(super) fn new(name: String, config: PathBuf, log_file: PathBuf) -> Self {
        let state =
            Now { phase: Phase::Starting, server: None, pipe: None, starts: 0, last_death: None };
        Self { name, since: now(), config, log_file, now: Mutex::new(state) }
    }

    pub(super) fn starts(&self) {
        let mut now = self.now();
        now.starts = now.starts.saturating_add(1);
        now.phase = Phase::Starting;
    }

    pub(super) fn started(&self, process: u32) {
        self.now().server = Some((process, now()));
    }

    pub(super) fn listens(&self, pipe: &str) {
        let mut now = self.now();
        now.pipe = Some(pipe.to_owned());
        if now.phase == Phase::Starting {
            now.phase = Phase::Listening;
        }
    }

    pub(super) fn died(&self, how: String) {
        let mut state = self.now();
        state.server = None;
        state.last_death = Some((now(), how));
        if state.phase != Phase::Stopping {
            state.phase = Phase::Waiting;
        }
    }

    pub(super) fn stops(&self) {
        self.now().phase = Phase::Stopping;
    }

    pub(super) fn json(&self) -> Value {
        let now = self.now();
        let server = now.server.as_ref();
        let death = now.last_death.as_ref();
        json!({
            "running": true,
            "name": self.name,
            "state": now.phase.word(),
            "pid": std::process::id(),
            "since": self.since,
            "server": server.map(|(pid, since)| json!({"pid": pid, "since": since})),
            "pipe": now.pipe,
            "restarts": now.starts.saturating_sub(1),
            "last_death": death.map(|(at, how)| json!({"at": at, "how": how})),
            "config": self.config.display().to_string(),
            "log_file": self.log_file.display().to_string(),
        })
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_as_it_goes() {
        let status = Status::new("x".to_owned(), "c.toml".into(), "l.log".into());
        let is = |state: &str, server: Value, restarts: u64| {
            let json = status.json();
            assert_eq!(json["state"], state);
            assert_eq!(json["server"]["pid"], server);
            assert_eq!(json["restarts"], restarts);
        };
        is("starting", Value::Null, 0);
        status.starts();
        status.started(7);
        is("starting", json!(7), 0);
        status.listens("/x.sock");
        is("listening", json!(7), 0);
        status.died("was killed".to_owned());
        is("waiting", Value::Null, 0);
        status.starts();
        status.started(8);
        is("starting", json!(8), 1);
        status.stops();
        status.listens("/x.sock");
        status.died("ended".to_owned());
        is("stopping", Value::Null, 1);
        assert_eq!(status.json()["last_death"]["how"], "ended");
    }
}
