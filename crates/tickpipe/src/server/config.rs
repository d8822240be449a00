//! A server's settings.

use std::num::NonZeroU32;
use std::time::Duration;

use tickpipe_proto::{CodePage, LineConfig, NulPadding, TextEncoding};

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::tap::Tap;
use crate::token::Token;

/// Which of the two ways to talk a connection has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Its first line decides, as far as the server has handlers for both.
    #[default]
    Auto,
    /// Lines, whatever comes first.
    Line,
    /// A session, whatever comes first.
    Session,
}

/// How a [`Server`](crate::Server) behaves.
///
/// # Defaults
///
/// | setting | default |
/// | --- | --- |
/// | longest line | 4,096 bytes |
/// | half-line deadline | 5 s |
/// | handler deadline | 1 s |
/// | write deadline | 10 s |
/// | stop deadline | 4 s |
/// | connections served at once | 1,024 |
/// | idle pipe instances (Windows) | 32 |
/// | encoding | UTF-8, else the system's code page (windows-1252 but on Windows) |
/// | NUL characters around a line | an error |
/// | lines a second of one connection | no limit |
/// | who may connect | this user |
/// | TCP | not listened on |
/// | line or session | the first line decides |
/// | heartbeat of a session | 5 s, and 15 s of silence |
/// | tap | none |
#[derive(Clone, Debug)]
#[must_use]
pub struct ServerConfig {
    pub(crate) line: LineConfig,
    pub(crate) handler_deadline: Option<Duration>,
    pub(crate) write_deadline: Duration,
    pub(crate) stop_deadline: Duration,
    pub(crate) connections_max: usize,
    pub(crate) idle_instances: usize,
    pub(crate) allowed_users: Vec<String>,
    pub(crate) listen: Option<(Endpoint, Token)>,
    pub(crate) mode: Mode,
    pub(crate) heartbeat: Duration,
    pub(crate) silence: Duration,
    pub(crate) tap: Option<Tap>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let mut line = LineConfig::default();
        line.encoding = TextEncoding::Auto(system_code_page());
        Self {
            line,
            handler_deadline: Some(Duration::from_secs(1)),
            write_deadline: Duration::from_secs(10),
            stop_deadline: Duration::from_secs(4),
            connections_max: 1024,
            idle_instances: 32,
            allowed_users: Vec::new(),
            listen: None,
            mode: Mode::Auto,
            heartbeat: Duration::from_secs(5),
            silence: Duration::from_secs(15),
            tap: None,
        }
    }
}

impl ServerConfig {
    /// Sets the bytes that a line may have, its end not counted: 16 to 65,536. A longer line is
    /// answered `too_long`.
    pub fn with_line_len_max(mut self, line_len_max: usize) -> Self {
        self.line.frame.line_len_max = line_len_max;
        self
    }

    /// Sets the time from a line's first byte to its end, after which it is answered
    /// `line_timeout`.
    pub fn with_line_deadline(mut self, line_deadline: Duration) -> Self {
        self.line.frame.line_deadline = line_deadline;
        self
    }

    /// Sets the time that a handler has for a line, after which it is answered `handler_timeout`.
    pub fn with_handler_deadline(mut self, handler_deadline: Duration) -> Self {
        self.handler_deadline = Some(handler_deadline);
        self
    }

    /// Gives handlers all the time they take.
    ///
    /// Unsafe for a terminal: a handler that hangs hangs the EA that waits for it.
    pub fn without_handler_deadline(mut self) -> Self {
        self.handler_deadline = None;
        self
    }

    /// Sets the time that a peer has to take a reply, after which its connection is closed.
    pub fn with_write_deadline(mut self, write_deadline: Duration) -> Self {
        self.write_deadline = write_deadline;
        self
    }

    /// Sets the time that a stop may take.
    pub fn with_stop_deadline(mut self, stop_deadline: Duration) -> Self {
        self.stop_deadline = stop_deadline;
        self
    }

    /// Sets how many connections are served at once. The lines of further ones are answered
    /// `busy`.
    pub fn with_connections_max(mut self, connections_max: usize) -> Self {
        self.connections_max = connections_max;
        self
    }

    /// Sets how many pipe instances wait for a client: 2 to 60. On Unix it has no effect.
    ///
    /// Twenty charts may open at once when a terminal starts, faster than one instance is replaced;
    /// an EA that meets none fails as if there were no server.
    pub fn with_idle_instances(mut self, idle_instances: usize) -> Self {
        self.idle_instances = idle_instances;
        self
    }

    /// Sets how 8-bit lines are read.
    pub fn with_encoding(mut self, encoding: TextEncoding) -> Self {
        self.line.encoding = encoding;
        self
    }

    /// Sets what happens to NUL characters around a line.
    pub fn with_nul_padding(mut self, nul_padding: NulPadding) -> Self {
        self.line.frame.nul_padding = nul_padding;
        self
    }

    /// Sets how many lines a second one connection may send. Further ones are answered `rate`.
    pub fn with_rate_max(mut self, rate_max: NonZeroU32) -> Self {
        self.line.rate_max = Some(rate_max);
        self
    }

    /// Lets another Windows user connect, by SID. On Unix it has no effect.
    pub fn with_allowed_user(mut self, sid: impl Into<String>) -> Self {
        self.allowed_users.push(sid.into());
        self
    }

    /// Listens on TCP as well: who shows `token` in its first line is served as on the pipe.
    ///
    /// Nothing is encrypted. It is the way from a terminal under Wine to a program outside of it,
    /// see [`Forward`](crate::Forward).
    pub fn with_listen(mut self, endpoint: Endpoint, token: Token) -> Self {
        self.listen = Some((endpoint, token));
        self
    }

    /// Sets which way connections talk.
    pub fn with_mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets after how much silence of its own a session's side sends a `ping`, and after how much
    /// of the other's the session ends.
    pub fn with_heartbeat(mut self, heartbeat: Duration, silence: Duration) -> Self {
        self.heartbeat = heartbeat;
        self.silence = silence;
        self
    }

    /// Tells `tap` what happens.
    pub fn with_tap(mut self, tap: Tap) -> Self {
        self.tap = Some(tap);
        self
    }

    /// Checks every setting, as a server does before it takes its name.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidConfig`](ErrorKind::InvalidConfig) that says which setting is
    /// out of range, and what is allowed.
    pub fn check(&self) -> Result<(), Error> {
        let in_range = |name: &str, value: usize, min: usize, max: usize| {
            if (min..=max).contains(&value) {
                return Ok(());
            }
            Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("{name} of {value} is out of range, allowed are {min} to {max}"),
            ))
        };
        in_range("longest line", self.line.frame.line_len_max, 16, 65_536)?;
        in_range("number of idle pipe instances", self.idle_instances, 2, 60)?;
        in_range("number of connections", self.connections_max, 1, 100_000)?;
        for (name, deadline) in [
            ("half-line deadline", Some(self.line.frame.line_deadline)),
            ("handler deadline", self.handler_deadline),
            ("write deadline", Some(self.write_deadline)),
            ("stop deadline", Some(self.stop_deadline)),
            ("heartbeat", Some(self.heartbeat)),
            ("silence", Some(self.silence)),
        ] {
            let Some(deadline) = deadline else { continue };
            let ms = usize::try_from(deadline.as_millis()).unwrap_or(usize::MAX);
            in_range(&format!("{name} in ms"), ms, 1, 86_400_000)?;
        }
        if self.silence <= self.heartbeat {
            let (silence, heartbeat) = (self.silence.as_millis(), self.heartbeat.as_millis());
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                format!(
                    "silence of {silence} ms is no longer than the heartbeat of {heartbeat} ms, \
                     which would end every session that is idle"
                ),
            ));
        }
        for sid in &self.allowed_users {
            let is_sid = sid.strip_prefix("S-1-").is_some_and(|rest| {
                rest.split('-')
                    .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            });
            if !is_sid {
                let found = tickpipe_proto::escaped(sid, 80);
                return Err(Error::new(
                    ErrorKind::InvalidConfig,
                    format!("`{found}` is no SID, allowed is one such as S-1-5-21-1-2-3-1001"),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(windows)]
fn system_code_page() -> CodePage {
    let number = crate::sys::windows::ansi_code_page();
    CodePage::from_windows(number).unwrap_or_else(|| {
        tracing::warn!(number, "unknown system code page, windows-1252 stands in");
        CodePage::WINDOWS_1252
    })
}

#[cfg(not(windows))]
const fn system_code_page() -> CodePage {
    CodePage::WINDOWS_1252
}
