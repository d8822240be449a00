//! Every scenario of mql/harness/scenarios, and what a trader saw in it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::player::play;
use crate::script::parse;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mql/harness/scenarios")
}

/// Plays a scenario in its dialects; all must see what stands in its `.out` file.
#[track_caller]
fn check(name: &str) {
    let file = directory().join(format!("{name}.txt"));
    let script = parse(&fs::read_to_string(&file).expect("the scenario is there"))
        .unwrap_or_else(|what| panic!("{}: {what}", file.display()));
    let expected = file.with_extension("out");
    for (index, &dialect) in script.dialects.iter().enumerate() {
        let transcript = play(&script, dialect, None).join("\n") + "\n";
        if std::env::var_os("TICKPIPE_MQL_BLESS").is_some() && index == 0 {
            fs::write(&expected, &transcript).expect("the expected transcript can be written");
        }
        let want = fs::read_to_string(&expected).expect("the expected transcript is there");
        compare(&format!("MQL{dialect}"), name, &transcript, &want);
    }
    let want = fs::read_to_string(&expected).expect("the expected transcript is there");
    for switch in &script.also {
        let dialect = *script.dialects.last().expect("a dialect");
        let transcript = play(&script, dialect, Some(switch)).join("\n") + "\n";
        compare(&format!("MQL{dialect} with `{switch}`"), name, &transcript, &want);
    }
}

#[track_caller]
fn compare(who: &str, name: &str, transcript: &str, want: &str) {
    if let Some((saw, says)) = first_difference(transcript, want) {
        panic!("{who} saw `{saw}` where {name}.out says `{says}`:\n{transcript}");
    }
}

/// The first line in which two transcripts differ.
fn first_difference<'a>(saw: &'a str, says: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut saw, mut says) = (saw.lines(), says.lines());
    loop {
        match (saw.next(), says.next()) {
            (None, None) => return None,
            (saw, says) if saw == says => {}
            (saw, says) => return Some((saw.unwrap_or("nothing"), says.unwrap_or("nothing"))),
        }
    }
}

/// Makes a test of each scenario, so that one that fails has a name; and one that sees that none is left
/// out.
macro_rules! scenarios {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { check($name); })*

        #[test]
        fn every_scenario_is_played() {
            let mut found: Vec<String> = fs::read_dir(directory())
                .expect("the directory is there")
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
                .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
                .collect();
            found.sort();
            assert_eq!(found, [$($name),*], "a scenario is not in the list, or not in its order");
        }
    };
}

scenarios! {
    the_published_example_is_answered: "article",
    ours_outlives_the_server_that_the_published_example_hangs_on: "article-and-double",
    the_published_example_with_a_flush_is_answered: "article-with-flush",
    a_read_while_bytes_are_unsent_is_seen: "article-without-flush",
    a_wait_over_the_wrap_of_the_clock_has_its_length: "clock-wraps",
    a_server_that_reads_nothing_holds_nobody_up: "deaf",
    a_bid_comes_back_doubled: "double",
    what_we_take_for_facts_of_mql_holds_here: "facts",
    a_flood_holds_nobody_up: "flood",
    a_flush_that_waits_is_the_one_wait_without_a_bound: "flush-waits",
    a_stopped_server_holds_nobody_up: "frozen",
    no_more_lines_wait_than_there_is_room_for: "full",
    garbage_ends_the_connection: "garbage",
    an_answer_in_pieces_is_one_answer: "half",
    a_killed_server_is_noticed_and_the_next_one_found: "kill",
    a_killed_server_is_noticed_by_the_next_tick: "kill-silent",
    a_server_that_dies_unseen_costs_two_ticks: "killed-mute",
    a_server_that_dies_meanwhile_leaves_an_unknown_outcome: "killed-while-asked",
    an_answer_3_s_late_costs_the_connection: "late",
    late_answers_apart_do_not_cost_the_connection: "late-between",
    a_late_answer_is_thrown_away: "late-once",
    limits_are_where_they_are_said_to_be: "limits",
    a_line_is_made_after_its_template: "line",
    a_megabyte_of_replies_is_taken_in_time: "long-replies",
    bytes_without_a_line_end_are_no_answer: "no-line-end",
    what_is_owed_for_too_long_is_seen_without_a_timer: "nobody-polls",
    an_optimizing_tester_needs_leave: "optimization",
    the_parts_hold: "parts",
    lines_that_are_none_are_refused: "refused-lines",
    the_same_error_is_logged_once: "same-error",
    a_second_connect_begins_anew: "second-connect",
    a_second_wrong_name_is_told_too: "second-name",
    replies_to_sent_lines_come_to_the_timer: "send",
    an_asked_line_behind_a_sent_one_gets_its_own_answer: "send-and-ask",
    what_came_before_a_line_is_not_its_answer: "sent-and-asked-together",
    each_sent_line_gets_one_reply: "sent-lines-are-told",
    a_reply_to_a_sent_line_is_given_up_too: "sent-overdue",
    several_eas_share_a_server: "several",
    a_reply_that_never_comes_is_given_up: "silent",
    a_removed_ea_returns_at_once: "stopped",
    errors_that_working_calls_leave_behind_are_no_trouble: "stray-errors",
    in_the_tester_each_tick_is_answered: "tester",
    in_the_tester_without_a_server_nothing_hangs: "tester-alone",
    a_refused_timer_is_set_later: "timer-refused",
    a_full_server_is_understood: "unasked-error",
    what_nobody_knows_is_told_from_what_passes: "unknown",
    inputs_that_make_no_sense_are_refused: "wrong-inputs",
}
