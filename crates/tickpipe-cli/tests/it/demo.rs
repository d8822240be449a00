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

#[test]
fn a_strategy_that_nobody_watches_is_lines_and_a_summary() {
    let demo = run(&["demo", "--strategy", "cross"], "");
    assert_eq!(demo.code, Some(0), "{}", demo.err);
    assert!(!demo.out.contains('\u{1b}'), "a terminal is driven: {}", demo.out);
    let lines: Vec<_> = demo.out.lines().collect();
    assert_eq!(lines[0], "14:15:00.204  buy  0.10 at 1.14375  opens");
    let shown = |what: &str| lines.iter().filter(|line| line.contains(what)).count();
    assert_eq!((shown("  opens"), shown("  closes, ")), (6, 6), "{}", demo.out);
    assert!(demo.out.contains("net profit            1.10 USD"), "{}", demo.out);
    for said in ["averages of 3 and 8 minutes", "backtest FILE --out result cross"] {
        assert!(demo.err.contains(said), "{said}: {}", demo.err);
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

/// Whatever ends it, no socket and no lock file stays behind.
#[cfg(unix)]
#[test]
fn a_demo_leaves_nothing_behind() {
    use crate::host::{Directory, is_wine, tickpipe};
    if is_wine() {
        eprintln!("NOT RUN under Wine: a pipe has no file");
        return;
    }
    let folder = Directory::new();
    let demo = || {
        let mut command = tickpipe(&["demo"]);
        command.env("TMPDIR", &folder.0).env("XDG_RUNTIME_DIR", &folder.0);
        command
    };
    let output = demo().output().expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(folder.names(), [""; 0]);

    let (console, stdout) = std::io::pipe().expect("a pipe");
    drop(console);
    let status = demo().stdout(stdout).status().expect("it runs");
    assert_eq!(status.code(), Some(0), "whoever closed stdout has seen enough");
    assert_eq!(folder.names(), [""; 0]);

    if cfg!(target_os = "linux") {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("it is there");
        let status = demo().stdout(full).status().expect("it runs");
        assert_eq!(status.code(), Some(1));
        assert_eq!(folder.names(), [""; 0]);
    }

    let long = folder.0.join("x".repeat(100));
    std::fs::create_dir(&long).expect("a new directory");
    let output = demo().env("TMPDIR", &long).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot make a private directory") && said.contains("TMPDIR"), "{said}");
    assert_eq!(std::fs::read_dir(&long).expect("it is there").count(), 0);
}

/// A umask that takes all rights away takes none of ours.
#[cfg(unix)]
#[test]
fn any_umask_will_do() {
    use crate::host::{Directory, is_wine};
    if is_wine() {
        eprintln!("NOT RUN under Wine: a pipe has no file");
        return;
    }
    let folder = Directory::new();
    for (umask, args) in
        [("0777", "demo"), ("0177", "demo"), ("0777", "bench --seconds 1"), ("0777", "doctor")]
    {
        let program = env!("CARGO_BIN_EXE_tickpipe");
        let script = format!("umask {umask}; exec '{program}' {args}");
        let mut command = std::process::Command::new("sh");
        let output = command.args(["-c", &script]).env("TMPDIR", &folder.0).output();
        let output = output.expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains("private directory") && !said.contains("denied"), "{said}");
        assert!(args == "doctor" || output.status.success(), "{umask} {args}: {said}");
        // Such as tickpipe-doctor-1234-0; tickpipe-1000 is where plain names stay.
        let names = folder.names();
        let mut private = names.iter().filter(|name| name.split('-').count() > 2);
        assert_eq!(private.next(), None, "{umask} {args}");
    }
}
