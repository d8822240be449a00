//! What would be done to a terminal's files. Nothing is done here.

#[cfg(test)]
mod tests;

use std::path::Path;

use super::folder;
use super::ours::{OurFile, Ours, State};
use super::platform::Platform;
use super::record::{self, RECORD, Record, hash};

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
    /// Compiled of something else than our sources; the editor would write over them.
    pub(super) keeps: Vec<String>,
    /// What a run that was killed had begun; it goes.
    pub(super) leftovers: Vec<&'a str>,
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
        self.writes.is_empty()
            && self.removes.is_empty()
            && self.leftovers.is_empty()
            && !self.is_record_new
    }
}

/// Plans what makes a terminal's files as this program has them. `mql` is looked at for what was compiled.
pub(super) fn install<'a>(ours: &'a Ours, platform: Platform, mql: &Path) -> Plan<'a> {
    let compiled = |path: &str| compiled(path, platform).filter(|path| is_there(mql, path));
    let mut plan = Plan { leftovers: leftovers(ours), ..Plan::default() };
    let mut record = Record::folders_of(&ours.record);
    for OurFile { path, source, state } in &ours.files {
        let Some(source) = source else {
            match state {
                State::Changed => plan.left.push(path),
                State::Earlier => {
                    plan.removes.extend([path.clone()].into_iter().chain(compiled(path)));
                }
                State::Missing | State::Same => {}
            }
            continue;
        };
        record.add(path, &hash(source.bytes));
        if *state == State::Same {
            plan.same += 1;
            continue;
        }
        plan.writes.push(Write { path, bytes: source.bytes, keeps: *state == State::Changed });
        if *state != State::Earlier {
            plan.keeps.extend(compiled(path));
        }
    }
    plan.is_record_new = record != ours.record;
    plan.record = Some(record);
    plan
}

/// Plans what takes our files away, with what was compiled of them. `mql` is looked at for that.
pub(super) fn remove<'a>(ours: &'a Ours, platform: Platform, mql: &Path) -> Plan<'a> {
    let mut plan = Plan { leftovers: leftovers(ours), ..Plan::default() };
    for OurFile { path, state, .. } in &ours.files {
        match state {
            State::Changed => plan.left.push(path),
            State::Earlier | State::Same => {
                let compiled = compiled(path, platform).filter(|path| is_there(mql, path));
                plan.removes.extend([path.clone()].into_iter().chain(compiled));
            }
            State::Missing => {}
        }
    }
    plan.is_record_new = is_there(mql, RECORD);
    plan
}

fn leftovers(ours: &Ours) -> Vec<&str> {
    ours.leftovers.iter().map(String::as_str).collect()
}

fn is_there(mql: &Path, path: &str) -> bool {
    folder::below(mql, path).is_file()
}

/// Returns where the terminal's editor puts what it compiled of a main file.
pub(super) fn compiled(path: &str, platform: Platform) -> Option<String> {
    let (name, extension) = path.rsplit_once('.')?;
    (extension == platform.extension()).then(|| format!("{name}.{}", platform.compiled()))
}

/// Where a file that was changed by hand is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Backup {
    pub(super) name: String,
    /// There is a copy already, made by a run that came no further.
    pub(super) is_made: bool,
}

/// Returns the name under which a file is kept: the first of `.bak`, `.bak2` … that is free, or the same.
pub(super) fn backup(mql: &Path, path: &str) -> Option<Backup> {
    let bytes = |path: &str| record::read(&folder::below(mql, path)).ok().flatten();
    let kept = bytes(path);
    let names = (1..=BACKUPS_MAX).map(|number| match number {
        1 => format!("{path}.bak"),
        _ => format!("{path}.bak{number}"),
    });
    let backup = |name: String| {
        if folder::below(mql, &name).symlink_metadata().is_err() {
            return Some(Backup { name, is_made: false });
        }
        let is_same = kept.is_some() && bytes(&name) == kept;
        is_same.then_some(Backup { name, is_made: true })
    };
    names.into_iter().find_map(backup)
}
