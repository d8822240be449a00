//! Strategies on recorded ticks: the trades are the same whichever way a strategy runs, faults are
//! told, and what cannot be played is refused before anything is.

use std::fs;

#[cfg(unix)]
use crate::host::new_name;
use crate::host::{Directory, Output, is_wine, run};

/// Ways to run the hour, and whether chance has a say in them.
pub(crate) const SETTINGS: [&[&str]; 4] = [
    &[],
    &["--latency", "80"],
    &["--slippage", "0..5", "--seed", "7"],
    &["--latency", "50..400", "--slippage", "0..5", "--seed", "18446744073709551615"],
];

/// The path of a file of this repository, as the program under test has it.
pub(crate) fn file(name: &str) -> String {
    let drive = if is_wine() { "Z:" } else { "" };
    format!("{drive}{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// An hour of EURUSD, 9,986 ticks.
pub(crate) fn hour() -> String {
    file("data/EURUSD/2019/01/04/14h_ticks.bi5")
}

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) output: Output,
    pub(crate) trades: String,
}

impl Ran {
    /// Runs a command that writes its trades.
    pub(crate) fn of(args: &[&str], then: &[&str]) -> Self {
        let out = Directory::new();
        let shown = out.shown();
        let output = run(&[args, &["--out", &shown], then].concat(), "");
        let trades = fs::read_to_string(out.0.join("trades.csv")).unwrap_or_default();
        Self { output, trades }
    }

    /// Runs the hour with a strategy, to a good end.
    #[track_caller]
    pub(crate) fn hour(args: &[&str], strategy: &[&str]) -> Self {
        let this = Self::of(&[&["backtest", &hour()], args].concat(), strategy);
        assert_eq!(this.output.code, Some(0), "{args:?} {strategy:?}: {}", this.output.err);
        this
    }

    /// Returns a figure of the summary.
    #[track_caller]
    pub(crate) fn figure(&self, name: &str) -> &str {
        let line = self.output.out.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.output.out)).trim()
    }

    /// Checks that the trades are what the account has gained.
    #[track_caller]
    pub(crate) fn check_books(&self) {
        let nets = self.trades.lines().skip(1).map(|row| {
            let net = row.split(',').nth(13).expect("a column of net profits");
            cents(net)
        });
        let net: i64 = nets.sum();
        assert_eq!(cents(self.figure("net profit")), net, "{}", self.output.out);
        let end = cents(self.figure("balance at the end"));
        assert_eq!(end, 1_000_000 + net, "{}", self.output.out);
        assert_eq!(cents(self.figure("equity at the end")), end);
    }
}

fn cents(text: &str) -> i64 {
    let digits = text.replace([',', '.'], "").replace(" USD", "");
    digits.parse().unwrap_or_else(|_| panic!("{text} is no money"))
}

/// A file of ticks with a bid and the same ask, in the bundled hour.
fn ticks_csv(folder: &Directory, name: &str, bids: &[&str]) -> String {
    let mut text = "Gmt time,Ask,Bid,AskVolume,BidVolume\n".to_owned();
    for (index, bid) in bids.iter().enumerate() {
        text += &format!("04.02.2019 14:{index:02}:00.000,{bid},{bid},1,1\n");
    }
    fs::write(folder.0.join(name), text).expect("it can be written");
    format!("{}/{name}", folder.shown())
}

#[test]
fn the_hour_has_its_trades_and_one_number_changes_them() {
    let ran = Ran::hour(&[], &["cross"]);
    ran.check_books();
    assert_eq!(ran.trades.lines().count(), 1 + 6);
    assert!(
        ran.trades.lines().nth(1).is_some_and(|row| row.contains("EURUSD,buy,0.10,")),
        "{}",
        ran.trades
    );
    assert_eq!(ran.figure("ticks"), "9,986");
    assert!(ran.output.err.contains("report.html"), "{}", ran.output.err);
    let other = Ran::hour(&[], &["cross", "--fast", "5"]);
    other.check_books();
    assert_ne!(other.trades, ran.trades);
    let open = Ran::hour(&["--keep-open"], &["cross"]);
    assert_eq!(open.trades.lines().count(), 1 + 5);
    assert!(open.output.err.contains("1 position is open still"), "{}", open.output.err);
    // An option may stand behind the strategy's name too.
    let none = Ran::of(&["backtest", &hour(), "cross", "--volume", "200"], &[]);
    assert_eq!(none.output.code, Some(0), "{}", none.output.err);
    assert!(none.output.out.starts_with("no trades\n"), "{}", none.output.out);
}

#[test]
fn a_seed_repeats_and_another_one_differs() {
    let run = |seed| Ran::hour(&["--slippage", "0..5", "--seed", seed], &["cross"]);
    let (one, again, two) = (run("1"), run("1"), run("2"));
    assert_eq!(one.trades, again.trades);
    assert_ne!(one.trades, two.trades);
    let slipped = Ran::hour(&["--slippage", "5"], &["cross"]);
    assert_ne!(slipped.trades, Ran::hour(&[], &["cross"]).trades);
    one.check_books();
    slipped.check_books();
}

/// Python, Node and Rust, over a pipe and in process: the same bytes.
#[cfg(unix)]
#[test]
fn a_program_trades_what_the_strategy_in_process_does() {
    if is_wine() {
        eprintln!("NOT RUN under Wine: there is no interpreter");
        return;
    }
    let script = |name| file(&format!("../../examples/handlers/{name}"));
    let (python, node) = (script("cross.py"), script("cross.mjs"));
    for args in SETTINGS {
        let want = Ran::hour(args, &["cross"]);
        let got = Ran::hour(args, &["exec", "--", "python3", &python]);
        assert_eq!(got.trades, want.trades, "{args:?}");
        assert_eq!(got.output.out, want.output.out, "{args:?}");
    }
    let has_node = std::process::Command::new("node").arg("--version").output().is_ok();
    if !has_node {
        eprintln!("NOT RUN: there is no Node");
        return;
    }
    let args = SETTINGS[3];
    let want = Ran::hour(args, &["cross"]);
    assert_eq!(Ran::hour(args, &["exec", "--", "node", &node]).trades, want.trades);
}

/// A report is shown around: it has words, and no folder of this machine.
#[test]
fn a_report_has_words_and_no_folders() {
    let out = Directory::new();
    let (shown, hour) = (out.shown(), hour());
    let args = ["backtest", &hour, "--latency", "50..200", "--account", "leverage=30"];
    let then = ["--fault", "requote@order=2", "--out", &shown, "cross", "--stop-points", "0"];
    let ran = run(&[&args[..], &then].concat(), "");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(out.names(), ["equity.csv", "report.html", "trades.csv"]);
    let page = fs::read_to_string(out.0.join("report.html")).expect("it is there");
    for words in [
        "14h_ticks.bi5",
        "50 to 200 ms, each as likely",
        "requote@order=2",
        "10000 USD, 1:30, hedging",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains(env!("CARGO_MANIFEST_DIR")), "a folder is told");
}

#[test]
fn every_fault_is_told_and_leaves_the_books_in_order() {
    for (fault, told) in [
        ("requote@order=2", "requote"),
        ("reject:10019@order=1", "reject"),
        ("delay:3000@order=3", "delay"),
        ("unknown@order=4", "unknown"),
        ("drop@order=5", "drop"),
        ("die@order=3", "die"),
        ("die@tick=5000", "die"),
        ("freeze@tick=4000", "freeze"),
        ("garbage@tick=10", "garbage"),
        ("clock:-7200@tick=3000", "clock"),
        ("clock@tick=3000", "clock"),
    ] {
        let ran = Ran::of(&["backtest", &hour(), "--fault", fault], &["cross"]);
        let said = &ran.output.err;
        assert_eq!(ran.output.code, Some(0), "{fault}: {said}");
        assert!(said.contains(&format!("faults: 1 {told}\n")), "{fault}: {said}");
        ran.check_books();
    }
}

#[test]
fn files_may_be_of_bars_and_of_several_symbols() {
    let bars = file("../tickpipe-ticks/fixtures/bars/EURUSD_M1_202208151006_202208151505.csv");
    let ran = Ran::of(&["backtest", &bars, "--bar-spread", "3"], &["cross"]);
    assert_eq!(ran.output.code, Some(0), "{}", ran.output.err);
    ran.check_books();

    let folder = Directory::new();
    let pounds = ticks_csv(&folder, "pounds.csv", &["1.3", "1.30001", "1.30002"]);
    let pounds = format!("GBPUSD={pounds}");
    let alone = Ran::hour(&[], &["cross"]);
    let both = Ran::hour(&[&pounds], &["cross"]);
    assert_eq!(both.trades, alone.trades, "the chart is that of the first file");
    assert_eq!(both.figure("ticks"), "9,989");
    let other = Ran::hour(&[&pounds, "--chart", "GBPUSD"], &["cross"]);
    assert!(other.output.out.starts_with("no trades\n"), "{}", other.output.out);
}

/// Else it would look as if the strategy stood up to it.
#[test]
fn a_fault_that_never_happened_is_told() {
    let never = run(&["backtest", &hour(), "--fault", "freeze=0", "cross"], "");
    assert_eq!(never.code, Some(0), "{}", never.err);
    assert!(never.err.contains("freeze never happened"), "{}", never.err);
    assert!(never.err.contains("`freeze@tick=1`"), "{}", never.err);
}

/// What is wrong is named, with what is allowed or what mends it, before a tick is played.
#[test]
fn what_cannot_be_played_is_refused_by_name() {
    let folder = Directory::new();
    let text = folder.0.join("text");
    fs::write(&text, "no folder").expect("it can be written");
    let taken = format!("{}/text/result", folder.shown());
    let readme = file("../../README.md");
    let unnamed = ticks_csv(&folder, "some.csv", &["1.5"]);
    let (hour, index) = (hour(), format!("INDEX={unnamed}"));
    let yen = format!("EURJPY={unnamed}");
    let cases: [(i32, &[&str], &[&str]); 20] = [
        (2, &[&yen, "cross"], &["EURJPY: currency_", "`--rate JPY="]),
        (2, &["--account", "balance=much", &hour, "cross"], &["balance", "`much`", "a number"]),
        (2, &["--account", "balans=1", &hour, "cross"], &["balans=1", "balance, currency"]),
        (2, &["--symbol", "EURUSD:digits=9", &hour, "cross"], &["EURUSD: digits is 9", "0 to 8"]),
        (2, &["--slippage", "1..2", &hour, "cross"], &["slippage: found `1..2`", "0..5"]),
        (2, &["--latency=-1", &hour, "cross"], &["latency: found `-1`"]),
        (2, &["--rate", "yen=1", &hour, "cross"], &["yen=1", "JPY=0.0067"]),
        (2, &["--fault", "dye=1", &hour, "cross"], &["there is no `dye`", "`die`"]),
        (2, &["--fault", "die=1", "--fault", "die=1", &hour, "cross"], &["given", "already"]),
        (2, &["--chart", "GBPUSD", &hour, "cross"], &["GBPUSD", "--symbol"]),
        (2, &["--symbol", "GBPUSD", &hour, "cross"], &["no file has its ticks", "EURUSD"]),
        (2, &[&hour, "crss"], &["`crss` is neither a file nor a strategy", "`cross`"]),
        (2, &[&hour], &["after the files stands a strategy"]),
        (2, &[&hour, "cross", "--fast", "8"], &["slow: found 8", "more than the 8"]),
        (2, &[&hour, "exec", "--", "no-such-program"], &["`no-such-program`", "PATH"]),
        (2, &[&unnamed, "cross"], &["cannot tell whose ticks", "SYMBOL="]),
        (2, &[&index, "cross"], &["INDEX is not known", "--symbol INDEX:digits=2"]),
        (1, &[&readme, "cross"], &["holds no ticks that are known"]),
        (1, &["no-such-file.csv", "cross"], &["cannot read `no-such-file.csv`"]),
        (1, &["--out", &taken, &hour, "cross"], &["cannot write into", "--out"]),
    ];
    for (code, args, said) in cases {
        let refused = run(&[&["backtest"], args].concat(), "");
        assert_eq!(refused.code, Some(code), "{args:?}: {}", refused.err);
        assert_eq!(refused.out, "", "{args:?}");
        for said in said {
            assert!(refused.err.contains(said), "{args:?}: {} lacks {said}", refused.err);
        }
    }
    assert_eq!(folder.names(), ["some.csv", "text"]);
}

/// Settings go first, then faults, symbols, the strategy, files, and the folder for the result.
#[test]
fn of_several_mistakes_the_first_is_told() {
    let mistakes: [(&[&str], &str); 5] = [
        (&["--slippage", "x"], "slippage"),
        (&["--fault", "die=1", "--fault", "die=1"], "already"),
        (&["--symbol", "EURUSD:digits=9"], "digits is 9"),
        (&["cross", "--fast", "0"], "fast"),
        (&["--out", "/dev/null/x"], "no-such-file.csv"),
    ];
    for first in 0..mistakes.len() {
        let mut args = vec!["backtest", "no-such-file.csv"];
        let (named, rest): (Vec<_>, Vec<_>) =
            mistakes[first..].iter().partition(|(args, _)| args[0] == "cross");
        args.extend(rest.iter().flat_map(|(args, _)| *args));
        args.extend(named.first().map_or(&["cross"][..], |(args, _)| *args));
        let refused = run(&args, "");
        let (_, said) = mistakes[first];
        assert!(refused.err.contains(said), "{args:?}: {}", refused.err);
    }
}

/// The symbol, and the setting that mends it.
#[test]
fn prices_with_more_decimals_than_their_symbol_say_what_to_set() {
    let folder = Directory::new();
    let bids = ["1.1", "1.12", "1.123456"];
    let path = ticks_csv(&folder, "EURUSD.csv", &bids);
    let failed = Ran::of(&["backtest", &path], &["cross"]);
    assert_eq!(failed.output.code, Some(1));
    assert_eq!(failed.figure("ticks"), "2", "what was played is told");
    for said in ["1.123456 for EURUSD", "5 decimals", "--symbol EURUSD:digits=6"] {
        assert!(failed.output.err.contains(said), "{}", failed.output.err);
    }
    let mended = Ran::of(&["backtest", &path, "--symbol", "EURUSD:digits=6"], &["cross"]);
    assert_eq!(mended.output.code, Some(0), "{}", mended.output.err);
}

#[test]
fn a_broken_row_ends_a_run_or_is_left_out() {
    let folder = Directory::new();
    let path = ticks_csv(&folder, "EURUSD.csv", &["1.1", "1.2x", "1.3"]);
    let failed = Ran::of(&["backtest", &path], &["cross"]);
    assert_eq!(failed.output.code, Some(1));
    for said in ["EURUSD", "line 3", "--skip-bad"] {
        assert!(failed.output.err.contains(said), "{said}: {}", failed.output.err);
    }
    let skipped = Ran::of(&["backtest", &path, "--skip-bad"], &["cross"]);
    assert_eq!(skipped.output.code, Some(0), "{}", skipped.output.err);
    assert_eq!(skipped.figure("ticks"), "2");
}

/// Programs that take no part end the run soon, with their last words and what to do.
#[cfg(unix)]
#[test]
fn a_program_that_takes_no_part_ends_the_run() {
    if is_wine() {
        eprintln!("NOT RUN under Wine: there is no interpreter");
        return;
    }
    let dies_later = "\
import sys, json
for number, line in enumerate(sys.stdin):
    if number == 100: raise ValueError('boom')
    message = json.loads(line)
    if 'id' in message: print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': {}}))
";
    for (script, said, is_told) in [
        (
            "raise ValueError('boom')",
            &["ValueError: boom", "answered no tick: it ended"][..],
            false,
        ),
        (dies_later, &["ValueError: boom", "the program failed after ", "it ended"], true),
        ("import time; time.sleep(600)", &["answered no tick: it gave no answer in time"], false),
        ("import sys\nfor line in sys.stdin: print(line)", &["every tick failed"], false),
    ] {
        let ran = Ran::of(&["backtest", &hour()], &["exec", "--", "python3", "-c", script]);
        assert_eq!(ran.output.code, Some(1), "{script}: {}", ran.output.err);
        for said in said.iter().chain(&["hint: ", "doctor --mode session"]) {
            assert!(ran.output.err.contains(said), "{script}: {} lacks {said}", ran.output.err);
        }
        assert_eq!(!ran.output.out.is_empty(), is_told, "{script}: {}", ran.output.out);
        assert_eq!(!ran.trades.is_empty(), is_told, "{script}");
    }
}

/// All that a program writes on stderr is shown as it is, and however much it is.
#[cfg(unix)]
#[test]
fn what_a_program_says_on_stderr_is_shown() {
    if is_wine() {
        eprintln!("NOT RUN under Wine: there is no interpreter");
        return;
    }
    let talks = "\
import sys, json
for line in sys.stdin:
    message = json.loads(line)
    if 'id' in message: print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': {}}))
    if message['method'] == 'hello':
        for number in range(500): print('  said', number, file=sys.stderr)
";
    let ran = Ran::hour(&[], &["exec", "--", "python3", "-uc", talks]);
    let said = ran.output.err.lines().filter(|line| line.contains("said"));
    assert!(said.eq((0..500).map(|number| format!("  said {number}"))), "{}", ran.output.err);
}

/// The first signal ends a run whose program hangs, with what there is up to there.
#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_whose_program_hangs() {
    use crate::host::{Lines, interrupt, tickpipe, wait};
    if is_wine() {
        eprintln!("NOT RUN under Wine: there is no interpreter");
        return;
    }
    let hangs = "\
import sys, json, time
for number, line in enumerate(sys.stdin):
    message = json.loads(line)
    if number == 50: print('it hangs', file=sys.stderr); time.sleep(600)
    if 'id' in message: print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': {}}))
";
    let hour = hour();
    let mark = new_name();
    let args = ["backtest", &hour, "exec", "--", "python3", "-c", hangs, &mark];
    let mut child = tickpipe(&args).spawn().expect("it starts");
    let out = Lines::of(child.stdout.take().expect("stdout is piped"));
    let mut err = Lines::of(child.stderr.take().expect("stderr is piped"));
    assert!(err.wait_for("it hangs").is_some(), "the program is at work");
    interrupt(&child);
    assert_eq!(wait(&mut child).code(), Some(130), "{:?}", err.rest());
    let out = out.rest().join("\n");
    assert!(out.contains("net profit"), "{out}");
    crate::exec::wait_until_none_runs(&mark);
}

/// A disk that is full at the end: the trades are on the screen all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure_after_the_trades() {
    use std::path::Path;
    if is_wine() {
        eprintln!("NOT RUN under Wine: it is the same system's disk");
        return;
    }
    let folder = Directory::new();
    let program = env!("CARGO_BIN_EXE_tickpipe");
    let script = "mount -t tmpfs -o size=16k none \"$0\" 2>/dev/null || exit 99
        \"$1\" backtest \"$2\" --out \"$0\" cross; code=$?
        ls \"$0\" >&2; exit $code";
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "sh", "-c", script]).args([&folder.shown(), program, &hour()]);
    let Some(output) = command.output().ok().filter(|output| {
        // That of `unshare` itself, where it may not.
        output.status.code() != Some(99) && !output.stderr.starts_with(b"unshare")
    }) else {
        eprintln!("NOT RUN: this user may not mount a small disk");
        return;
    };
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(out.contains("net profit"), "{out}");
    assert!(err.contains("cannot write") && err.contains("room"), "{err}");
    assert!(
        !err.lines().any(|name| Path::new(name).extension().is_some_and(|it| it == "csv")),
        "{err}"
    );
}

/// The bar is drawn on a terminal, and gone at the end; Ctrl-C tells what there is up to there.
#[cfg(unix)]
#[test]
fn progress_is_shown_and_a_signal_ends_a_run_with_its_report() {
    use crate::host::tickpipe;
    use crate::terminal::Terminal;
    if is_wine() {
        eprintln!("NOT RUN under Wine: there is no terminal");
        return;
    }
    let hour = hour();
    let mut args = vec!["backtest"];
    args.extend([hour.as_str(); 400]);
    args.push("cross");
    let mut terminal = Terminal::start(tickpipe(&args), 80, 24);
    terminal.wait_for(" ticks, at 2019-02-04 14:");
    assert!(terminal.screen.text().contains('%'), "{}", terminal.screen.text());
    terminal.signal(rustix::process::Signal::INT);
    let status = terminal.ended();
    assert_eq!(status.code(), Some(130));
    let text = terminal.screen.text();
    assert!(text.contains("net profit") && !text.contains("ticks, at"), "{text}");
}
