//! Recorded ticks, played as the article's EA would.

#[cfg(unix)]
use std::io::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::Child;
#[cfg(unix)]
use std::process::Stdio;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::host::{Directory, is_wine};
use crate::host::{Output, Server, interrupt, new_name, run, tickpipe, wait};

const HEADER: &str = "Gmt time,Ask,Bid,AskVolume,BidVolume\n";

/// A file that is there as long as this is.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(new_name());
        std::fs::write(&path, text).expect("the file can be written");
        Self(path)
    }

    /// Ticks of these bids, `pause_ms` apart, as Dukascopy writes them.
    fn of_bids(bids: &[&str], pause_ms: usize) -> Self {
        let mut text = HEADER.to_owned();
        for (index, bid) in bids.iter().enumerate() {
            let (second, millisecond) = (index * pause_ms / 1000, index * pause_ms % 1000);
            text += &format!("04.02.2019 00:00:{second:02}.{millisecond:03},{bid},{bid},1,1\n");
        }
        Self::new(&text)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("it is UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // It may be open still, on Windows.
        drop(std::fs::remove_file(&self.0));
    }
}

fn replay(server: &Server, file: &File, args: &[&str]) -> Output {
    run(&[&["replay", file.path(), "--pipe", &server.name], args].concat(), "")
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| panic!("it is no JSON: {line}"))
}

#[test]
fn each_bid_is_sent_as_double_to_string_prints_it() {
    let server = Server::start(&["--json", "echo"]);
    let file = File::of_bids(&["1.14543", "1.1", "110.5", "0.00001234", "1"], 100);
    let played = replay(&server, &file, &["--print"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    let lines: Vec<_> = played.out.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "2019-02-04 00:00:00.000  1.14543000 -> 1.14543000",
            "2019-02-04 00:00:00.100  1.10000000 -> 1.10000000",
            "2019-02-04 00:00:00.200  110.50000000 -> 110.50000000",
            "2019-02-04 00:00:00.300  0.00001234 -> 0.00001234",
            "2019-02-04 00:00:00.400  1.00000000 -> 1.00000000",
        ]
    );
    assert!(lines[5].starts_with("5 ticks sent, 5 answered in "), "{}", lines[5]);
    assert!(lines[5].ends_with(", 0 errors"), "{}", lines[5]);
    assert!(lines[6].starts_with("time to answer: p50 "), "{}", lines[6]);
    let ended = server.stop();
    let requests: Vec<_> = ended.out.iter().map(|line| parsed(line)["request"].clone()).collect();
    assert_eq!(
        requests.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        ["1.14543000", "1.10000000", "110.50000000", "0.00001234", "1.00000000"]
    );
}

#[test]
fn json_is_one_object_and_one_for_each_printed_tick() {
    let server = Server::start(&["--quiet", "--line-len-max", "16", "double"]);
    let file = File::of_bids(&["1.14543", "12345678901.5", "1.1"], 100);
    let played = replay(&server, &file, &["--json"]);
    assert_eq!(played.code, Some(1), "an ERR is a failure");
    assert_eq!(played.err, "", "the summary says it");
    let summary = parsed(&played.out);
    assert_eq!([&summary["event"], &summary["ticks"]], [&json!("summary"), &json!(3)]);
    assert_eq!(summary["errors"], json!({"too_long": 1}));
    for key in ["seconds", "ticks_per_second", "p50_us", "p99_us", "max_us"] {
        assert!(summary[key].as_f64().is_some_and(|value| 0.0 < value), "{key} in {summary}");
    }
    let played = replay(&server, &file, &["--json", "--print"]);
    let lines: Vec<_> = played.out.lines().map(parsed).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!([&lines[0]["reply"], &lines[2]["reply"]], ["2.291", "2.200"]);
    assert_eq!(lines[0]["time_msc"], 1_549_238_400_000_u64);
    assert_eq!(lines[1]["error"]["code"], "too_long");
}

#[test]
fn times_are_shown_with_their_clock_and_no_date_that_nobody_stated() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::new("754994,1.1,1.2\n");
    let played = replay(&server, &file, &["--print"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    let lines: Vec<_> = played.out.lines().collect();
    assert_eq!(lines[0], "00:12:34.994  1.10000000 -> 2.200");
    let clock = "UTC, from midnight of an unknown day";
    assert_eq!(lines.last(), Some(&&*format!("LEAN, times in {clock}")));
    let played = replay(&server, &file, &["--print", "--json"]);
    let lines: Vec<_> = played.out.lines().map(parsed).collect();
    assert_eq!([&lines[0]["time_msc"], &lines[0]["clock"]], [&json!(754_994), &json!(clock)]);
    assert_eq!([&lines[1]["format"], &lines[1]["clock"]], ["lean", clock]);
    assert_eq!(lines[1]["symbol"], Value::Null);
}

#[test]
fn errors_are_counted_by_code() {
    let server = Server::start(&["--quiet", "--line-len-max", "16", "double"]);
    let file = File::of_bids(&["12345678901.5", "1.1", "12345678901.6"], 100);
    let played = replay(&server, &file, &[]);
    assert_eq!(played.code, Some(1));
    let lines: Vec<_> = played.out.lines().collect();
    assert!(lines[0].ends_with(" ticks/s, 2 errors"), "{}", lines[0]);
    assert_eq!(lines[1], "  too_long                   2");
}

#[test]
fn a_broken_row_ends_the_replay_after_the_rows_before_it() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::of_bids(&["1.14543", "1.14544", "1,14545", "1.14546"], 100);
    let played = replay(&server, &file, &["--print"]);
    assert_eq!(played.code, Some(1));
    let lines: Vec<_> = played.out.lines().collect();
    assert!(lines[1].ends_with("1.14544000 -> 2.291"), "{lines:?}");
    assert!(lines[2].starts_with("2 ticks sent, 2 answered in "), "{lines:?}");
    let file_name = file.0.file_name().and_then(|name| name.to_str()).expect("a name");
    for said in [file_name, "line 4", "column", "found", "allowed is", "--skip-bad"] {
        assert!(played.err.contains(said), "`{said}` is not in {}", played.err);
    }
    let played = replay(&server, &file, &["--skip-bad", "--json"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    let summary = parsed(&played.out);
    assert_eq!([&summary["ticks"], &summary["rows_skipped"]], [3, 1]);
}

#[test]
fn a_tick_without_a_bid_is_not_sent_and_counted() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::new(
        "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n\
         2019.02.04\t00:00:00.994\t\t1.14545\t\t\t4\n\
         2019.02.04\t00:00:01.271\t1.14544\t\t\t\t2\n\
         2019.02.04\t00:00:01.464\t\t1.14546\t\t\t4\n",
    );
    let played = replay(&server, &file, &["--print"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    let lines: Vec<_> = played.out.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "2019-02-04 00:00:01.271  1.14544000 -> 2.291",
            "2019-02-04 00:00:01.464  1.14544000 -> 2.291",
        ]
    );
    let [.., unsent, source] = lines[..] else { panic!("{lines:?}") };
    assert_eq!(unsent, "1 tick not sent, for there was no bid yet");
    assert_eq!(source, "MT5 export, times in the trade server's time");
}

#[test]
fn a_limit_ends_the_replay_in_good_order() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::of_bids(&["1.1", "1.2", "no price"], 100);
    let played = replay(&server, &file, &["--limit", "2", "--json"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    assert_eq!(parsed(&played.out)["ticks"], 2);
}

/// A replay that has played its first tick and waits for the second.
fn begun(server: &Server, file: &File) -> (Child, BufReader<std::process::ChildStdout>) {
    let args = ["replay", file.path(), "--pipe", &server.name, "--speed", "1x", "--print"];
    let mut child = tickpipe(&args).spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("it prints");
    assert!(first.trim_end().ends_with("1.10000000 -> 2.200"), "{first}");
    (child, out)
}

/// What a program printed up to its end, and its exit code.
fn rest(mut child: Child, mut out: impl std::io::Read) -> (Option<i32>, String, String) {
    let (mut printed, mut said) = (String::new(), String::new());
    out.read_to_string(&mut printed).expect("it prints text");
    let mut err = child.stderr.take().expect("stderr is piped");
    err.read_to_string(&mut said).expect("it says text");
    (wait(&mut child).code(), printed, said)
}

#[test]
fn a_server_that_dies_in_the_middle_is_told_with_what_was_played() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::of_bids(&["1.1"; 30], 400);
    let (child, out) = begun(&server, &file);
    drop(server);
    let (code, printed, said) = rest(child, out);
    assert_eq!(code, Some(1), "{said}");
    assert!(printed.contains(" answered in "), "{printed}");
    assert!(!printed.contains("30 ticks"), "{printed}");
    assert!(said.contains("error: "), "{said}");
    assert!(said.contains("hint: the server was stopped; start it and try again"), "{said}");
}

#[test]
fn ctrl_c_ends_a_replay_with_what_was_played() {
    let server = Server::start(&["--quiet", "double"]);
    let file = File::of_bids(&["1.1", "1.2"], 59_000);
    let (child, out) = begun(&server, &file);
    interrupt(&child);
    let (code, printed, said) = rest(child, out);
    assert_eq!(code, Some(130), "{said}");
    assert!(printed.contains("1 tick sent, 1 answered in "), "{printed}");
    assert_eq!(said, "");
}

/// A server that adds a line: each answer after it is that of another tick.
#[cfg(unix)]
#[test]
fn a_server_that_adds_a_line_is_no_good_end() {
    if is_wine() {
        // A native server's socket is not in the prefix.
        return a_server_that_dies_in_the_middle_is_told_with_what_was_played();
    }
    let directory = Directory::new();
    let path = directory.0.join("pipe.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut lines = BufReader::new(stream.try_clone().expect("the same")).lines();
        while let Some(Ok(line)) = lines.next() {
            // Whoever has seen enough takes no more.
            if stream.write_all(format!("{line}\r\nhello\r\n").as_bytes()).is_err() {
                break;
            }
        }
    });
    let file = File::of_bids(&["1.1"], 0);
    let played = run(&["replay", file.path(), "--pipe", path.to_str().expect("it is UTF-8")], "");
    assert_eq!(played.code, Some(1), "{}", played.out);
    assert!(played.out.contains("1 tick sent"), "{}", played.out);
    assert!(played.err.contains("a line that nobody asked for"), "{}", played.err);
    assert!(played.err.contains("hint: mend what serves"), "{}", played.err);
    serving.join().expect("it ended");
}

/// What gives ticks without an end, and for now none.
#[cfg(unix)]
#[test]
fn ctrl_c_is_seen_where_no_tick_comes() {
    if is_wine() {
        // There is no `/dev/stdin` to open.
        return ctrl_c_ends_a_replay_with_what_was_played();
    }
    let server = Server::start(&["--quiet", "double"]);
    for (more, args) in [("\n", &[][..]), ("x", &["--skip-bad"]), ("x\n", &["--skip-bad"])] {
        let args = [&["replay", "/dev/stdin", "--pipe", &server.name], args].concat();
        let mut child = tickpipe(&args).stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let begin = HEADER.to_owned() + "04.02.2019 00:00:00.994,1.1,1.1,1,1\n";
        stdin.write_all(begin.as_bytes()).expect("it reads");
        let more = more.repeat(1 << 16);
        // Far more than is read ahead: it is among these rows.
        for _ in 0..16 {
            stdin.write_all(more.as_bytes()).expect("it reads");
        }
        interrupt(&child);
        assert!((0..1 << 12).any(|_| stdin.write_all(more.as_bytes()).is_err()), "it reads on");
        let out = child.stdout.take().expect("stdout is piped");
        let (code, printed, said) = rest(child, out);
        assert_eq!(code, Some(130), "{said}");
        assert!(printed.contains("1 tick sent, 1 answered in "), "{printed}");
    }
}

/// A server that hangs as a whole: no reply, and no word of why.
#[cfg(unix)]
#[test]
fn a_server_that_hangs_is_waited_for_no_longer_than_allowed() {
    let server = Server::start(&["--quiet", "double"]);
    server.signal(rustix::process::Signal::STOP);
    let file = File::of_bids(&["1.1"], 0);
    let played = replay(&server, &file, &["--timeout-ms", "300"]);
    assert_eq!(played.code, Some(1), "{}", played.err);
    assert!(played.out.starts_with("0 ticks sent, 0 answered in "), "{}", played.out);
    assert!(played.err.contains("no reply within 300 ms"), "{}", played.err);
    assert!(played.err.contains("hint: "), "{}", played.err);
}

#[test]
fn no_hint_names_what_does_not_help() {
    let name = new_name();
    let header_alone = "time,ask,bid\n2019-02-04 00:00:00,1.1,1.2\n";
    for text in [header_alone.to_owned(), format!("time,ask,{}bid\n", " ".repeat(2000))] {
        let file = File::new(&text);
        let failed = run(&["replay", file.path(), "--pipe", &name], "");
        assert_eq!(failed.code, Some(1), "{}", failed.err);
        assert!(failed.err.contains("line "), "{}", failed.err);
        assert!(!failed.err.contains("--skip-bad"), "{}", failed.err);
    }
}

#[test]
fn a_bi5_file_of_an_unknown_symbol_is_played_with_its_digits() {
    let hour = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tickpipe-ticks/fixtures/dukascopy/EURUSD/2019/01/04/22h_ticks.bi5"
    );
    let file = File::new("");
    std::fs::copy(hour, &file.0).expect("the file can be written");
    let server = Server::start(&["--quiet", "double"]);
    let failed = replay(&server, &file, &[]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("hint: give the decimals with `--digits`"), "{}", failed.err);
    let played = replay(&server, &file, &["--digits", "3", "--limit", "1", "--print"]);
    assert_eq!(played.code, Some(0), "{}", played.err);
    let first = played.out.lines().next().expect("a tick");
    assert!(first.contains("  114."), "{first}");
    assert!(played.out.contains("UTC, from the beginning of an unknown hour"), "{}", played.out);
    let failed = replay(&server, &file, &["--digits", "9"]);
    assert_eq!(failed.code, Some(2), "{}", failed.err);
}

#[test]
fn what_cannot_be_played_says_what_to_do() {
    let file = File::of_bids(&["1.1"], 0);
    let name = new_name();
    let failed = run(&["replay", file.path(), "--pipe", &name], "");
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains(&format!("tickpipe serve --pipe {name} double")), "{}", failed.err);
    let failed = run(&["replay", "no such file", "--pipe", &name], "");
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("cannot read `no such file`"), "{}", failed.err);
    let failed = run(&["replay", file.path(), "--pipe", &name, "--speed", "fast"], "");
    assert_eq!(failed.code, Some(2));
    assert!(failed.err.contains("allowed are `max` and 0.001x to 1000000x"), "{}", failed.err);
}
