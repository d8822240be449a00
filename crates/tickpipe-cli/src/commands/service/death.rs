//! How a server's process ended, in words.

use std::fmt;
use std::process::ExitStatus;

/// How a server's process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Death {
    Code(i32),
    /// With exit code 0, but not a word that it was meant to: somebody ended the process so, and Wine
    /// says it of every process that a signal killed.
    Killed,
    /// It never ran, and why.
    NotStarted(String),
    #[cfg(unix)]
    Signal(i32),
}

impl Death {
    /// Returns the exit code, if it is one that our programs end with.
    pub(super) fn code(&self) -> Option<u8> {
        match self {
            Self::Code(code) => u8::try_from(*code).ok(),
            Self::Killed | Self::NotStarted(_) => None,
            #[cfg(unix)]
            Self::Signal(_) => None,
        }
    }
}

impl From<ExitStatus> for Death {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        // Only a signal leaves no code.
        Self::Code(status.code().unwrap_or(1))
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => match meaning(*code) {
                Some(meaning) => write!(f, "ended with exit code {}: {meaning}", Code(*code)),
                None => write!(f, "ended with exit code {}", Code(*code)),
            },
            Self::Killed => f.write_str("was killed (exit code 0, without a last word)"),
            Self::NotStarted(error) => write!(f, "could not be started: {error}"),
            #[cfg(unix)]
            Self::Signal(signal) => match signal_name(*signal) {
                Some(name) => write!(f, "was killed by signal {signal} ({name})"),
                None => write!(f, "was killed by signal {signal}"),
            },
        }
    }
}

/// A code as people know it: Windows' own are known by their bits.
struct Code(i32);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (-255..=255).contains(&self.0) {
            write!(f, "{}", self.0)
        } else {
            write!(f, "0x{:08x}", self.0)
        }
    }
}

/// # Source
///
/// Windows: "NTSTATUS Values".
fn meaning(code: i32) -> Option<&'static str> {
    Some(match code.cast_unsigned() {
        0 => "done",
        1 => "failed, or killed",
        2 => "usage or configuration",
        3 => "name taken",
        4 => "security",
        101 => "panic",
        130 => "interrupted",
        0xc000_0005 => "access violation",
        0xc000_0017 => "out of memory",
        0xc000_00fd => "stack overflow",
        0xc000_013a => "interrupted",
        0xc000_0142 => "a DLL could not be initialized",
        0xc000_0374 => "heap corruption",
        0xc000_0409 => "abort",
        _ => return None,
    })
}

/// Signals that have the same number on every Unix.
#[cfg(unix)]
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
