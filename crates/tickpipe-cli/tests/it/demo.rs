//! The demo, where nobody watches.

use crate::host::run;

const TICKS: usize = 200;

#[test]
fn a_demo_that_nobody_watches_is_lines_and_answers_every_tick() {
    let demo = run(&["demo"], "");
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    assert!(!demo.out.contains('\u{1b}'), "a terminal is driven: {}", demo.out);
    let lines: Vec<_> = demo.out.lines().collect();
    assert!(lines[0].starts_with("tickpipe demo: "), "{}", lines[0]);
    let ticks = &lines[1..=2 * TICKS];
    assert_eq!(
        &ticks[..2],
        [
            "program   #1  1.14329000 -> 2.287",
            "terminal  2019.02.04 14:50:48.207 TestPipe EURUSD,M1: 2.287",
        ]
    );
    for pair in ticks.chunks(2) {
        let bid: f64 = pair[0].split_whitespace().nth(2).expect("a bid").parse().expect("a number");
        let answer = format!("{:.3}", bid * 2.0);
        assert!(pair[0].ends_with(&format!(" -> {answer}")), "{pair:?}");
        assert!(pair[1].ends_with(&format!(" TestPipe EURUSD,M1: {answer}")), "{pair:?}");
    }
    let end = lines[1 + 2 * TICKS..].join("\n");
    for said in
        ["as shown          200       0 ", "at full speed    5000       0 ", "tickpipe replay"]
    {
        let is_said = end.contains(said) || end.contains(&said.replace("tickpipe ", ".exe "));
        assert!(is_said, "{said} is not in {end}");
    }
}

/// Two people may try it at once.
#[test]
fn two_demos_do_not_meet() {
    let demos = [(); 2].map(|()| std::thread::spawn(|| run(&["demo"], "")));
    for demo in demos {
        let demo = demo.join().expect("no panic");
        assert_eq!(demo.code, Some(0), "{}", demo.err);
    }
}
