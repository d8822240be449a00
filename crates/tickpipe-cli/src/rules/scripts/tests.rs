use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;
use crate::rules::names::Names;
use crate::rules::script::{Role, Step, bytes};

#[test]
fn the_program_has_every_script_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/session");
    let mut files = BTreeSet::new();
    for role in ["ea", "server"] {
        for entry in fs::read_dir(folder.join(role)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            files.insert(format!("{role}/{}", name.strip_suffix(".txt").unwrap()));
        }
    }
    let names: BTreeSet<_> = SCRIPTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, files, "the list in scripts.rs and conformance/session differ");
    assert!(SCRIPTS.is_sorted_by_key(|(name, _)| *name), "scripts.rs is in the order of names");
}

#[test]
fn every_script_can_be_read_and_states_one_rule_of_a_chapter() {
    let mut rules = BTreeSet::new();
    for script in all().unwrap() {
        let name = &script.name;
        assert!((10..=21).contains(&script.chapter()), "{name}");
        assert!(script.rule.ends_with('.'), "{name}: a rule is a sentence");
        assert!(
            rules.insert((script.role == Role::Ea, script.rule)),
            "{name}: a rule stands twice"
        );
    }
    assert!(rules.len() >= 60);
}

/// Every name that a script uses is there when it does, and what is expected is JSON.
#[test]
fn every_step_can_be_played() {
    for script in all().unwrap() {
        let mut names = Names::default();
        for name in ["n", "now_ms", "tick_within_ms", "unique", "volume"] {
            names.set_number(name, 1000);
        }
        for line in &script.lines {
            let place = format!("{}:{}: {}", script.name, line.number, line.source);
            match &line.step {
                Step::Send(text) => drop(names.message(text).expect(&place)),
                Step::SendBytes(text) => {
                    drop(bytes(&names.expand(text).expect(&place)).expect(&place));
                }
                Step::Expect(text) => {
                    let text = names.expand(text).expect(&place);
                    serde_json::from_str::<serde_json::Value>(&text).expect(&place);
                    set_all(&mut names, &text);
                }
                Step::Hello { members, .. } => {
                    crate::rules::hello::request(members).expect(&place);
                    set_all(&mut names, crate::rules::hello::WELCOME);
                    set_all(&mut names, crate::rules::hello::INTRODUCTION);
                }
                Step::Wait(time) | Step::Within(time) | Step::Quiet { time, .. } => {
                    assert!(names.number(time).expect(&place) > 0, "{place}");
                }
                Step::Close
                | Step::Closed { .. }
                | Step::DropNulls
                | Step::ExpectText(_)
                | Step::Open
                | Step::Pings(_)
                | Step::Times(_) => {}
            }
        }
    }
}

/// Gives a value to every name that a pattern keeps.
fn set_all(names: &mut Names, pattern: &str) {
    for kept in pattern.split("\"$").skip(1).filter_map(|rest| rest.split_once('"')) {
        if let Some((_, name)) = kept.0.split_once('=') {
            names.set_number(name, 1000);
        }
    }
}
