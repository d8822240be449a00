//! What would be done to a terminal's files. Nothing is done here.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::folder;
use super::ours::{OurFile, Ours, State};
use super::platform::Platform;
use super::record::{RECORD, Record, hash};

/// How many copies of a file that was changed by hand are kept.
const BACKUPS_MAX: u32 = 1000;

/// A file that is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Write<'a> {
    pub(super) path: &'a str,
    pub(super) bytes: &'static [u8],
    /// What is there was changed by hand, and is to be kept.
    pub(super) keeps: bool,
}

/// What is to be done, in paths from `MQL4` or `MQL5`.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) writes: Vec<Write<'a>>,
    pub(super) removes: Vec<String>,
    /// Changed by hand, and left where they are.
    pub(super) left: Vec<&'a str>,
    /// Files that are as they should be.
    pub(super) same: usize,
    /// The list of what is there afterwards; none if it is to go.
    pub(super) record: Option<Record>,
    /// The list has to be written, or removed.
    pub(super) is_record_new: bool,
}

impl Plan<'_> {
    pub(super) fn is_nothing(&self) -> bool {
        self.writes.is_empty() && self.removes.is_empty() && !self.is_record_new
    }
}

/// Plans what makes a terminal's files as this program has them.
pub(super) fn install(ours: &Ours) -> Plan<'_> {
    let mut plan = Plan::default();
    let mut record = Record::default();
    for OurFile { path, source, state } in &ours.files {
        let Some(source) = source else {
            match state {
                State::Changed => plan.left.push(path),
                State::Earlier => plan.removes.push(path.clone()),
                State::Missing | State::Same => {}
            }
            continue;
        };
        record.add(path, &hash(source.bytes));
        match state {
            State::Same => plan.same += 1,
            State::Changed | State::Earlier | State::Missing => plan.writes.push(Write {
                path,
                bytes: source.bytes,
                keeps: *state == State::Changed,
            }),
        }
    }
    plan.is_record_new = record != ours.record;
    plan.record = Some(record);
    plan
}

/// Plans what takes our files away, with what was compiled of them. `mql` is looked at for that.
pub(super) fn remove<'a>(ours: &'a Ours, platform: Platform, mql: &Path) -> Plan<'a> {
    let is_there = |path: &String| folder::below(mql, path).is_file();
    let mut plan = Plan::default();
    for OurFile { path, state, .. } in &ours.files {
        match state {
            State::Changed => plan.left.push(path),
            State::Earlier | State::Same => {
                let compiled = compiled(path, platform).filter(is_there);
                plan.removes.extend([path.clone()].into_iter().chain(compiled));
            }
            State::Missing => {}
        }
    }
    plan.is_record_new = is_there(&RECORD.to_owned());
    plan
}

/// Returns where the terminal's editor puts what it compiled of a main file.
fn compiled(path: &str, platform: Platform) -> Option<String> {
    let (name, extension) = path.rsplit_once('.')?;
    (extension == platform.extension()).then(|| format!("{name}.{}", platform.compiled()))
}

/// Returns the name under which a file is kept: the first of `.bak`, `.bak2` … that is free.
pub(super) fn backup_name(mql: &Path, path: &str) -> Option<String> {
    let names = (1..=BACKUPS_MAX).map(|number| match number {
        1 => format!("{path}.bak"),
        _ => format!("{path}.bak{number}"),
    });
    let is_free = |name: &String| folder::below(mql, name).symlink_metadata().is_err();
    names.into_iter().find(is_free)
}
