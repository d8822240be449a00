use super::*;

const AGAIN: Next = Next::StartAgain(PAUSE);

/// Deaths at made-up seconds, each with what must come of it.
fn check(deaths: &[(u64, Death, Next)]) {
    let mut restarts = Restarts::default();
    for (index, (at, death, next)) in deaths.iter().enumerate() {
        assert_eq!(restarts.after(death, Duration::from_secs(*at)), *next, "death {index}");
    }
}

fn code(code: i32) -> Death {
    Death::Code(code)
}

#[test]
fn the_fourth_crash_in_a_minute_ends_it() {
    let deaths = [code(1), Death::Killed, code(101)];
    let starts = deaths.clone().into_iter().zip([0, 20, 40]);
    let mut all: Vec<_> = starts.map(|(death, at)| (at, death, AGAIN)).collect();
    all.push((59, code(1), Next::GiveUp));
    check(&all);
    if let Some(last) = all.last_mut() {
        *last = (60, code(1), AGAIN);
    }
    check(&all);
}

#[test]
fn a_crash_now_and_then_is_borne_for_ever() {
    let deaths: Vec<_> = (0..1000).map(|n| (n * 21, code(0x4000_0015), AGAIN)).collect();
    check(&deaths);
}

#[test]
fn who_was_meant_to_end_stays_ended() {
    for end in [0, 2, 4] {
        let next = Next::End(u8::try_from(end).unwrap());
        check(&[(0, code(end), next)]);
        check(&[(0, code(1), AGAIN), (5, code(end), next)]);
    }
}

#[test]
fn a_name_that_is_held_is_waited_for_and_for_ever_after_a_crash() {
    let held = |at, pause| (at, code(3), Next::StartAgain(Duration::from_secs(pause)));
    check(&[held(0, 1), held(1, 2), held(3, 4), (7, code(3), Next::End(3))]);
    check(&[held(0, 1), held(1, 2), held(3, 4), (99, code(1), AGAIN), held(100, 1)]);
    check(&[
        (0, code(1), AGAIN),
        held(1, 1),
        held(2, 2),
        held(4, 4),
        held(8, 8),
        held(16, 16),
        held(32, 30),
        held(62, 30),
        (63, code(1), AGAIN),
        held(64, 1),
    ]);
}

#[test]
fn a_name_that_is_held_is_no_crash() {
    let held = (3, code(3), AGAIN);
    let crash = |at| (at, code(1), AGAIN);
    check(&[crash(0), held.clone(), crash(4), held, crash(6), (8, code(1), Next::GiveUp)]);
}

#[test]
fn a_program_that_cannot_be_started_counts_as_crashed() {
    let lost = || Death::NotStarted("no such file".to_owned());
    check(&[(0, lost(), AGAIN), (1, lost(), AGAIN), (2, lost(), AGAIN), (3, lost(), Next::GiveUp)]);
}
