//! How an ordinary line is answered.

use std::fmt;
use std::time::Duration;

use tickpipe_proto::number;

/// What ends an answer.
const END: &[u8] = b"\r\n";

/// Bytes that are no text: broken UTF-8, an escape and a bell, and a line end.
const GARBAGE: &[u8] = b"\x80\xff\xfe\xc3\x28\xa0\xa1\xe2\x28\xa1\xf0\x28\x8c\xbc\x1b\x07\x7f\n";

/// How answers are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Manner {
    /// Bytes that are no text.
    Garbage,
    /// Half of an answer, and the other so long after it.
    Half(Duration),
    /// So long after the line.
    Late(Duration),
    /// Lines of so many bytes, whatever was asked.
    Long(usize),
    /// As a server should.
    #[default]
    Normal,
    /// With a NUL inside.
    Nul,
    /// Not at all.
    Silent,
    /// Byte by byte.
    Split,
    /// Twice.
    Twice,
}

/// A part of an answer: a wait, and one write after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) pause: Duration,
    pub(super) bytes: Vec<u8>,
}

impl Part {
    const fn now(bytes: Vec<u8>) -> Self {
        Self { pause: Duration::ZERO, bytes }
    }
}

impl Manner {
    /// Returns what is written for a line.
    pub(super) fn answer(self, line: &[u8]) -> Vec<Part> {
        let mut answer = well_mannered(line);
        match self {
            Self::Garbage => vec![Part::now(GARBAGE.to_vec())],
            Self::Half(pause) => {
                let rest = answer.split_off(answer.len() / 2);
                vec![Part::now(answer), Part { pause, bytes: rest }]
            }
            Self::Late(pause) => vec![Part { pause, bytes: answer }],
            Self::Long(len) => vec![Part::now([&digits(len), END].concat())],
            Self::Normal => vec![Part::now(answer)],
            Self::Nul => {
                answer.insert((answer.len() - END.len()) / 2, 0);
                vec![Part::now(answer)]
            }
            Self::Silent => Vec::new(),
            Self::Split => answer.into_iter().map(|byte| Part::now(vec![byte])).collect(),
            Self::Twice => vec![Part::now(answer.repeat(2))],
        }
    }
}

/// Returns twice the number that a line is, or the line itself.
fn well_mannered(line: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(line).ok();
    let double = text.and_then(|text| number(text).ok()).map(|number| number * 2.0);
    match double.filter(|double| double.is_finite()) {
        Some(double) => format!("{double:.3}\r\n").into_bytes(),
        None => [line, END].concat(),
    }
}

/// Returns so many bytes in which every place can be told: `0123456789012…`.
pub(super) fn digits(len: usize) -> Vec<u8> {
    (b'0'..=b'9').cycle().take(len).collect()
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Garbage => f.write_str("answers with bytes that are no text"),
            Self::Half(pause) => {
                write!(f, "gives half of each answer, and the rest {} ms later", pause.as_millis())
            }
            Self::Late(pause) => write!(f, "answers {} ms late", pause.as_millis()),
            Self::Long(len) => write!(f, "answers with lines of {len} bytes"),
            Self::Normal => f.write_str("answers as it should"),
            Self::Nul => f.write_str("answers with a NUL inside"),
            Self::Silent => f.write_str("reads lines and answers none"),
            Self::Split => f.write_str("answers byte by byte"),
            Self::Twice => f.write_str("answers each line twice"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manner: Manner, line: &[u8], want: &[(u64, &[u8])]) {
        let part = |(ms, bytes): &(u64, &[u8])| Part {
            pause: Duration::from_millis(*ms),
            bytes: bytes.to_vec(),
        };
        assert_eq!(manner.answer(line), want.iter().map(part).collect::<Vec<_>>(), "{manner:?}");
    }

    #[test]
    fn a_number_is_doubled_and_any_other_line_comes_back() {
        for (line, want) in [
            (&b"1.10000000"[..], &b"2.200\r\n"[..]),
            (b"-2", b"-4.000\r\n"),
            (b"1e308", b"1e308\r\n"),
            (b"1e400", b"1e400\r\n"),
            (b"nan", b"nan\r\n"),
            (b"1 2", b"1 2\r\n"),
            (b"", b"\r\n"),
            (b"\xff\0x\ry", b"\xff\0x\ry\r\n"),
        ] {
            check(Manner::Normal, line, &[(0, want)]);
        }
    }

    #[test]
    fn each_manner_spoils_its_own_way() {
        let ms = Duration::from_millis;
        check(Manner::Late(ms(7)), b"1", &[(7, b"2.000\r\n")]);
        check(Manner::Half(ms(7)), b"1", &[(0, b"2.0"), (7, b"00\r\n")]);
        check(Manner::Half(ms(7)), b"", &[(0, b"\r"), (7, b"\n")]);
        check(Manner::Long(12), b"1", &[(0, b"012345678901\r\n")]);
        check(Manner::Nul, b"abcd", &[(0, b"ab\0cd\r\n")]);
        check(Manner::Nul, b"", &[(0, b"\0\r\n")]);
        check(Manner::Silent, b"1", &[]);
        check(Manner::Split, b"a", &[(0, b"a"), (0, b"\r"), (0, b"\n")]);
        check(Manner::Twice, b"1", &[(0, b"2.000\r\n2.000\r\n")]);
    }

    #[test]
    fn garbage_is_one_line_and_no_text() {
        let [part] = &Manner::Garbage.answer(b"1")[..] else { panic!("one write") };
        assert!(std::str::from_utf8(&part.bytes).is_err());
        assert_eq!(part.bytes.iter().position(|byte| *byte == b'\n'), Some(part.bytes.len() - 1));
    }
}
