//! Faults as a person writes them.

use std::ops::RangeInclusive;

use thiserror::Error;
use tickpipe_proto::escaped;
use tickpipe_proto::message::retcode::outcome_of;
use tickpipe_proto::message::{Outcome, Terminal};
use tickpipe_proto::types::Decimal;

use super::kind::Kind;
use super::{Chance, FAULTS_MAX, Fault, Rule, When};

/// Milliseconds of a delay or a silence: up to ten minutes.
const MS: RangeInclusive<u32> = 1..=600_000;
/// Seconds by which the clock may jump: a year.
const CLOCK_S_MAX: i64 = 31_536_000;
const DELAY_MS: u32 = 500;
const FREEZE_MS: u32 = 20_000;
const CLOCK_S: i64 = 3600;
const REJECT_RETCODE: u64 = 10_006;
/// Characters of a text that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

/// Why a text gives no fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidFault {
    /// The same fault has this moment already.
    #[error("fault `{text}`: `{name}` is given for this moment already")]
    Again {
        /// The text.
        text: String,
        /// The fault.
        name: &'static str,
    },
    /// It is not said when it happens, or in a way that is not known.
    #[error("fault `{text}` says {found}; {allowed}", allowed = allowed_moments(name))]
    Moment {
        /// The text.
        text: String,
        /// The fault.
        name: &'static str,
        /// What was found.
        found: String,
    },
    /// No fault has this name.
    #[error("fault `{text}`: there is no `{name}`{near}; there are {all}", near = near_text(*near), all = all_names())]
    Name {
        /// The text.
        text: String,
        /// The name that was found.
        name: String,
        /// The name that may be meant.
        near: Option<&'static str>,
    },
    /// The probability is none.
    #[error(
        "fault `{text}`: found the probability `{found}`, allowed is one from 0 to 1 with at most 8 \
         decimals, such as 0.05"
    )]
    Probability {
        /// The text.
        text: String,
        /// What was found.
        found: String,
    },
    /// There are more than can be.
    #[error("fault `{text}` is one too many, allowed are {FAULTS_MAX}")]
    TooMany {
        /// The text.
        text: String,
    },
    /// The value is none of the fault's.
    #[error("fault `{text}`: found the value `{found}`, {allowed}")]
    Value {
        /// The text.
        text: String,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
    },
}

/// Reads one fault.
pub(super) fn rule(text: &str, seed: u64) -> Result<Rule, InvalidFault> {
    let head_len = text.find(['@', '=']).unwrap_or(text.len());
    let (head, moment) = text.split_at(head_len);
    let (name, value) = match head.split_once(':') {
        Some((name, value)) => (name, Some(value)),
        None => (head, None),
    };
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) else {
        return Err(InvalidFault::Name {
            text: shown(text),
            name: shown(name),
            near: near_name(name),
        });
    };
    let fault = fault(kind, value).map_err(|allowed| InvalidFault::Value {
        text: shown(text),
        found: shown(value.unwrap_or_default()),
        allowed,
    })?;
    Ok(Rule { fault, when: when(text, kind, moment, seed)? })
}

/// Reads the value; an error says what is allowed.
fn fault(kind: Kind, value: Option<&str>) -> Result<Fault, String> {
    let without = |fault| match value {
        None => Ok(fault),
        Some(_) => Err(format!("allowed is none for `{}`", kind.name())),
    };
    match kind {
        Kind::Clock => clock(value).map(|seconds| Fault::Clock { seconds }),
        Kind::Delay => millis(value, DELAY_MS).map(|ms| Fault::Delay { ms }),
        Kind::Die => without(Fault::Die),
        Kind::Drop => without(Fault::Drop),
        Kind::Freeze => millis(value, FREEZE_MS).map(|ms| Fault::Freeze { ms }),
        Kind::Garbage => without(Fault::Garbage),
        Kind::Reject => retcode(value).map(|retcode| Fault::Reject { retcode }),
        Kind::Requote => without(Fault::Requote),
        Kind::Unknown => without(Fault::Unknown),
    }
}

fn millis(value: Option<&str>, default: u32) -> Result<u32, String> {
    let Some(value) = value else { return Ok(default) };
    let ms = number(value).and_then(|ms| u32::try_from(ms).ok()).filter(|ms| MS.contains(ms));
    ms.ok_or_else(|| format!("allowed are {} to {} milliseconds", MS.start(), MS.end()))
}

fn clock(value: Option<&str>) -> Result<i64, String> {
    let Some(value) = value else { return Ok(CLOCK_S) };
    let (sign, digits) = match value.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, value),
    };
    let seconds = number(digits).and_then(|seconds| i64::try_from(seconds).ok());
    let seconds = seconds.filter(|seconds| (1..=CLOCK_S_MAX).contains(seconds));
    seconds
        .map(|seconds| sign * seconds)
        .ok_or_else(|| format!("allowed are -{CLOCK_S_MAX} to {CLOCK_S_MAX} seconds, but not 0"))
}

fn retcode(value: Option<&str>) -> Result<u64, String> {
    let Some(value) = value else { return Ok(REJECT_RETCODE) };
    let is_rejection = |code: &u64| outcome_of(Terminal::Mt5, *code).0 == Outcome::Rejected;
    number(value).filter(is_rejection).ok_or_else(|| {
        "allowed is a code of MT5's trade server that means a rejection, such as 10006 or 10018"
            .to_owned()
    })
}

/// Reads when it happens.
fn when(text: &str, kind: Kind, moment: &str, seed: u64) -> Result<When, InvalidFault> {
    let wrong =
        |found: String| InvalidFault::Moment { text: shown(text), name: kind.name(), found };
    if let Some(probability) = moment.strip_prefix('=') {
        let threshold = threshold(probability).ok_or_else(|| InvalidFault::Probability {
            text: shown(text),
            found: shown(probability),
        })?;
        return Ok(When::Chance(Chance::new(threshold, seed, kind.name())));
    }
    let Some(moment) = moment.strip_prefix('@') else {
        return Err(wrong("not when it happens".to_owned()));
    };
    let count = |text: &str| number(text).filter(|count| 0 < *count);
    let found = match moment.split_once('=') {
        Some(("tick", at)) if kind.is_at_tick() => count(at).map(When::Tick),
        Some(("order", at)) if kind.can_be_at_order() => count(at).map(When::Order),
        _ => None,
    };
    found.ok_or_else(|| wrong(format!("`@{}`", shown(moment))))
}

/// Makes a probability of how many of 2^64 numbers mean that it happens.
fn threshold(text: &str) -> Option<u128> {
    let probability = Decimal::from_unsigned(text.as_bytes()).ok()?;
    let units = u128::try_from(probability.units()).ok()?;
    let one = 10_u128.pow(probability.digits().into());
    // A number has at most 18 digits, so 2^64 times as much fits.
    (units <= one).then(|| (units << 64) / one)
}

/// Reads digits and nothing else.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A text as an error shows it.
pub(super) fn shown(text: &str) -> String {
    escaped(text, SHOWN_CHARS_MAX)
}

fn allowed_moments(name: &str) -> String {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    let mut allowed = format!("allowed are `{name}=PROBABILITY`");
    if kind.is_some_and(Kind::is_at_tick) {
        allowed += &format!(", `{name}@tick=N`");
    }
    if kind.is_some_and(Kind::can_be_at_order) {
        allowed += &format!(", `{name}@order=N`");
    }
    allowed + ", N counted from 1"
}

fn near_text(near: Option<&str>) -> String {
    near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

fn all_names() -> String {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}

/// Finds the name that may be meant: one that two slips of the keyboard or fewer, or its case, lead to.
fn near_name(found: &str) -> Option<&'static str> {
    const SLIPS_MAX: usize = 2;
    if found.len() > 2 * "requote".len() {
        return None;
    }
    let found = found.to_lowercase();
    let names = Kind::ALL.into_iter().map(Kind::name);
    let (slips, name) = names.map(|name| (slips(&found, name), name)).min()?;
    // Of three letters two are no likeness.
    (slips <= SLIPS_MAX && slips + 1 < name.len()).then_some(name)
}

/// How many letters have to be put in, left out or changed to make one word of the other.
fn slips(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut above_left = index;
        let mut left = index + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&two) {
            let changed = above_left + usize::from(letter != *other);
            above_left = *cell;
            left = changed.min(left + 1).min(above_left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
