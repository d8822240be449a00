//! What a line that begins with `!` asks for.

use std::fmt;
use std::time::Duration;

use tickpipe_proto::escaped;

use super::manner::Manner;

/// Milliseconds of any pause.
pub(super) const MS_MAX: u32 = 60_000;

/// Bytes of anything that is written.
const BYTES_MAX: u32 = 1024 * 1024;

/// Lines that are pushed by one command.
const PUSHES_MAX: u32 = 10_000;

/// Characters of a line that an error repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// What an EA can ask for; each name is a line's first word, after the `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Write so many bytes without a line end.
    Bytes(usize),
    /// Read nothing for so long; zero is until the peer leaves.
    Deaf(Duration),
    /// Show in hex what comes within so long.
    Dump(Duration),
    /// Write so many bytes and end the connection.
    End(End, usize),
    /// Answer from now on in another manner.
    Manner(Manner),
    /// Write so many lines, each so long after the one before was sent back.
    Push(u32, Duration),
    /// Write some bytes, and some more later.
    Two(usize, Duration, usize),
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The handle is closed.
    Close,
    /// The whole program is killed.
    Die,
    /// The peer is disconnected first.
    Disconnect,
}

/// A line that begins with `!` and is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found `{found}`, expected {expected}")]
pub struct CommandError {
    found: String,
    expected: String,
}

/// What a command takes.
#[derive(Clone, Copy, Debug)]
struct Argument {
    name: &'static str,
    min: u32,
    max: u32,
}

const MS: Argument = Argument { name: "MS", min: 0, max: MS_MAX };
const N: Argument = Argument { name: "N", min: 0, max: BYTES_MAX };
const M: Argument = Argument { name: "M", min: 0, max: BYTES_MAX };
const PUSHES: Argument = Argument { name: "N", min: 1, max: PUSHES_MAX };

/// Every command, and what it takes.
const FORMS: [(&str, &[Argument]); 17] = [
    ("bytes", &[N]),
    ("close", &[N]),
    ("deaf", &[MS]),
    ("die", &[N]),
    ("disconnect", &[N]),
    ("dump", &[MS]),
    ("garbage", &[]),
    ("half", &[MS]),
    ("late", &[MS]),
    ("long", &[N]),
    ("normal", &[]),
    ("nul", &[]),
    ("push", &[PUSHES, MS]),
    ("silent", &[]),
    ("split", &[]),
    ("twice", &[]),
    ("two", &[N, MS, M]),
];

impl Command {
    /// Reads what stands after the `!` of a line.
    ///
    /// # Errors
    ///
    /// Says what was found and what is expected.
    pub fn parse(text: &str) -> Result<Self, CommandError> {
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let name = words.next().unwrap_or_default();
        let error = |expected| {
            let found = escaped(&format!("!{text}"), SHOWN_CHARS_MAX);
            Err(CommandError { found, expected })
        };
        let Some((name, arguments)) = FORMS.into_iter().find(|(known, _)| *known == name) else {
            let names = FORMS.map(|(name, _)| format!("!{name}"));
            return error(format!("one of {}", names.join(" ")));
        };
        let words: Vec<&str> = words.collect();
        let is_as_expected = words.len() == arguments.len();
        let numbers: Option<Vec<u32>> =
            words.iter().zip(arguments).map(|(word, argument)| argument.read(word)).collect();
        match numbers.filter(|_| is_as_expected).and_then(|numbers| Self::of(name, &numbers)) {
            Some(command) => Ok(command),
            None => error(form(name, arguments)),
        }
    }

    fn of(name: &str, numbers: &[u32]) -> Option<Self> {
        let ms = |ms: &u32| Duration::from_millis((*ms).into());
        let len = |len: &u32| usize::try_from(*len).unwrap_or(usize::MAX);
        Some(match (name, numbers) {
            ("bytes", [n]) => Self::Bytes(len(n)),
            ("close", [n]) => Self::End(End::Close, len(n)),
            ("deaf", [pause]) => Self::Deaf(ms(pause)),
            ("die", [n]) => Self::End(End::Die, len(n)),
            ("disconnect", [n]) => Self::End(End::Disconnect, len(n)),
            ("dump", [time]) => Self::Dump(ms(time)),
            ("garbage", []) => Self::Manner(Manner::Garbage),
            ("half", [pause]) => Self::Manner(Manner::Half(ms(pause))),
            ("late", [pause]) => Self::Manner(Manner::Late(ms(pause))),
            ("long", [n]) => Self::Manner(Manner::Long(len(n))),
            ("normal", []) => Self::Manner(Manner::Normal),
            ("nul", []) => Self::Manner(Manner::Nul),
            ("push", [count, pause]) => Self::Push(*count, ms(pause)),
            ("silent", []) => Self::Manner(Manner::Silent),
            ("split", []) => Self::Manner(Manner::Split),
            ("twice", []) => Self::Manner(Manner::Twice),
            ("two", [first, pause, second]) => Self::Two(len(first), ms(pause), len(second)),
            _ => return None,
        })
    }

    /// Returns whether `OK` is answered before anything is done.
    pub(super) const fn is_confirmed(&self) -> bool {
        match self {
            Self::Bytes(_) | Self::Dump(_) | Self::Two(..) => false,
            Self::Deaf(_) | Self::End(..) | Self::Manner(_) | Self::Push(..) => true,
        }
    }
}

impl Argument {
    /// Reads a number of the allowed range, written in digits alone.
    fn read(self, word: &str) -> Option<u32> {
        if !word.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        word.parse().ok().filter(|number| (self.min..=self.max).contains(number))
    }
}

/// Writes what a command looks like: `!late MS, MS from 0 to 60000`.
fn form(name: &str, arguments: &[Argument]) -> String {
    let mut form = format!("!{name}");
    let mut ranges = String::new();
    for Argument { name, min, max } in arguments {
        form.push_str(&format!(" {name}"));
        ranges.push_str(&format!(", {name} from {min} to {max}"));
    }
    form + &ranges
}

impl fmt::Display for Command {
    /// Says in plain words what the server does from then on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(n) => write!(f, "writes {n} bytes without a line end"),
            Self::Deaf(Duration::ZERO) => f.write_str("reads nothing until the EA leaves"),
            Self::Deaf(pause) => write!(f, "reads nothing for {} ms", pause.as_millis()),
            Self::Dump(time) => {
                write!(f, "shows in hex what comes within {} ms", time.as_millis())
            }
            Self::End(end, 0) => end.fmt(f),
            Self::End(end, n) => write!(f, "writes {n} bytes, then {end}"),
            Self::Manner(manner) => manner.fmt(f),
            Self::Push(count, pause) => {
                let ms = pause.as_millis();
                write!(f, "pushes {count} lines, each {ms} ms after the one before was sent back")
            }
            Self::Two(first, pause, second) => {
                let ms = pause.as_millis();
                write!(f, "writes {first} bytes, and {second} more {ms} ms later")
            }
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Close => "closes the connection",
            Self::Die => "dies, and is started again",
            Self::Disconnect => "disconnects the EA",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, want: Command) {
        assert_eq!(Command::parse(line), Ok(want), "{line}");
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn every_command_is_understood() {
        check("normal", Command::Manner(Manner::Normal));
        check("late 60000", Command::Manner(Manner::Late(ms(60_000))));
        check("silent", Command::Manner(Manner::Silent));
        check("deaf 0", Command::Deaf(Duration::ZERO));
        check("half 5", Command::Manner(Manner::Half(ms(5))));
        check("garbage", Command::Manner(Manner::Garbage));
        check("long 1048576", Command::Manner(Manner::Long(1 << 20)));
        check("nul", Command::Manner(Manner::Nul));
        check("twice", Command::Manner(Manner::Twice));
        check("split", Command::Manner(Manner::Split));
        check("bytes 20", Command::Bytes(20));
        check("two 1 2 3", Command::Two(1, ms(2), 3));
        check("dump 100", Command::Dump(ms(100)));
        check("close 0", Command::End(End::Close, 0));
        check("disconnect 1", Command::End(End::Disconnect, 1));
        check("die 2", Command::End(End::Die, 2));
        check("push 10000 0", Command::Push(10_000, Duration::ZERO));
        check("  late  7 ", Command::Manner(Manner::Late(ms(7))));
    }

    #[test]
    fn every_form_has_its_command() {
        for (name, arguments) in FORMS {
            let least: Vec<u32> = arguments.iter().map(|argument| argument.min).collect();
            assert!(Command::of(name, &least).is_some(), "{name}");
        }
        assert!(FORMS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn what_is_no_command_says_what_is_one() {
        for (line, want) in [
            ("late", "found `!late`, expected !late MS, MS from 0 to 60000"),
            ("late 60001", "found `!late 60001`, expected !late MS, MS from 0 to 60000"),
            ("late +1", "found `!late +1`, expected !late MS, MS from 0 to 60000"),
            ("late -1", "found `!late -1`, expected !late MS, MS from 0 to 60000"),
            ("late 1 2", "found `!late 1 2`, expected !late MS, MS from 0 to 60000"),
            ("normal 1", "found `!normal 1`, expected !normal"),
            (
                "two 1 2 1048577",
                "found `!two 1 2 1048577`, expected !two N MS M, N from 0 to 1048576, \
                 MS from 0 to 60000, M from 0 to 1048576",
            ),
            (
                "push 0 1",
                "found `!push 0 1`, expected !push N MS, N from 1 to 10000, MS from 0 to 60000",
            ),
        ] {
            assert_eq!(Command::parse(line).unwrap_err().to_string(), want);
        }
        for line in ["", " ", "Late 1", "nonsense", "\u{1b}[31m"] {
            let text = Command::parse(line).unwrap_err().to_string();
            assert!(text.contains("expected one of !bytes !close "), "{text}");
            assert!(!text.contains('\u{1b}'), "{text}");
        }
    }
}
