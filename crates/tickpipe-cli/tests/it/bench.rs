//! What `tickpipe bench` prints, and what it leaves behind. Its figures are nobody's business here.

use serde_json::Value;

use crate::host::{Directory, Lines, interrupt, is_wine, run, tickpipe, wait};

#[test]
fn each_row_compares_both_servers_and_the_last_line_sums_up() {
    let bench = run(&["bench", "--seconds", "1", "--json"], "");
    assert_eq!((bench.code, bench.err.as_str()), (Some(0), ""), "{}", bench.out);
    let objects: Vec<Value> =
        bench.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (summary, rows) = objects.split_last().expect("a summary");
    let loads: Vec<_> = rows
        .iter()
        .map(|row| {
            (row["reads"].as_str().expect("a word"), row["clients"].as_u64().expect("a count"))
        })
        .collect();
    assert_eq!(
        loads,
        [
            ("byte", 1),
            ("byte", 4),
            ("byte", 16),
            ("line", 1),
            ("line", 4),
            ("line", 16),
            ("stream", 1)
        ]
    );
    for row in rows {
        assert_eq!(row["event"], "row");
        let is_stream = row["reads"] == "stream";
        for server in ["tickpipe", "minimal"] {
            let figures = &row[server];
            assert!(figures["per_second"].as_f64().is_some_and(|rate| rate > 0.0), "{row}");
            assert_eq!(figures["samples"] == 0, is_stream, "{row}");
            let [p50, p99] = ["p50_us", "p99_us"].map(|name| figures[name].as_f64());
            assert_eq!(p50.is_none(), is_stream, "{row}");
            assert!(p50 <= p99, "{row}");
            let is_known = figures["samples"].as_u64().expect("a count") >= 1000;
            assert_eq!(figures["p999_us"].is_number(), is_known, "{row}");
        }
        assert!(row["ratio"].as_f64().is_some_and(|ratio| ratio > 0.0), "{row}");
    }
    assert_eq!(summary["event"], "summary");
    assert_eq!(summary["rows"], 7);
    assert_eq!(summary["ticks_per_second"], rows[0]["tickpipe"]["per_second"]);
    assert_eq!(summary["ratio"], rows[0]["ratio"]);
}

#[test]
fn people_get_a_table_and_one_sentence() {
    let bench = run(&["bench", "--seconds", "1"], "");
    assert_eq!((bench.code, bench.err.as_str()), (Some(0), ""), "{}", bench.out);
    assert!(bench.out.lines().all(|line| line.chars().count() <= 80), "{}", bench.out);
    assert!(bench.out.starts_with("reads   clients  server "), "{}", bench.out);
    assert_eq!(bench.out.matches("  tickpipe  ").count(), 7, "{}", bench.out);
    assert_eq!(bench.out.matches("  minimal   ").count(), 7, "{}", bench.out);
    let meaning = bench.out.rsplit("\n\n").next().expect("a last paragraph");
    assert!(meaning.starts_with("tickpipe answers "), "{meaning}");
    assert_eq!(meaning.matches(". ").count(), 0, "one sentence: {meaning}");
}

#[test]
fn an_interrupted_one_ends_in_order_and_leaves_nothing() {
    let directory = Directory::new();
    let mut command = tickpipe(&["bench", "--seconds", "20", "--json"]);
    // Nothing of a pipe is on a disk; and Wine would look for its own server there.
    let has_sockets = cfg!(unix) && !is_wine();
    if has_sockets {
        command.env("TMPDIR", &directory.0);
    }
    let mut child = command.spawn().expect("the program starts");
    let mut out = Lines::of(child.stdout.take().expect("stdout is piped"));
    let err = Lines::of(child.stderr.take().expect("stderr is piped"));
    let first = out.wait_for("\"row\"").expect("a first row");
    assert!(first.contains("\"byte\""), "{first}");
    let names = directory.names();
    assert_eq!(names.len(), if has_sockets { 2 } else { 0 }, "a directory a server: {names:?}");
    interrupt(&child);
    assert_eq!(wait(&mut child).code(), Some(130));
    assert_eq!(err.rest(), [""; 0]);
    let rest = out.rest().join("\n");
    assert!(!rest.contains("summary"), "{rest}");
    assert_eq!(directory.names(), [""; 0]);
}

#[test]
fn a_length_out_of_range_is_refused() {
    for seconds in ["0", "3601", "x"] {
        let refused = run(&["bench", "--seconds", seconds], "");
        assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
        assert!(refused.err.contains("--seconds <COUNT>"), "{}", refused.err);
    }
}
