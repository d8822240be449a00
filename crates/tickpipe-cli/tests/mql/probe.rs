//! The probe, as a user would run it, and what its report says of this harness.

use crate::expert::{Answer, Expert};
use crate::host::{Server, new_name, tickpipe};

/// Runs the probe to its end, with switches set, and returns the lines of its report.
fn report(program: &str, switches: &[&str]) -> Vec<String> {
    let name = new_name();
    let args = ["probe", "--pipe", &name];
    let _server = Server::start_command(&name, || tickpipe(&args));
    let report = format!("{name}.txt");
    let mut expert = Expert::start(program, &[("InpPipe", &name), ("InpReport", &report)]);
    expert.check("switch strict off");
    for switch in switches {
        expert.check(&format!("switch {switch}"));
    }
    expert.check("start");
    expert.check("until 170000 end of the report");
    assert_eq!(expert.ask("wait 5000"), Answer::Ended(Some(0)), "it removes itself");
    let transcript = expert.transcript();
    assert!(transcript.iter().any(|line| line == "removed"), "it removes itself: {transcript:?}");
    let text = expert.file(&report);
    println!("{text}");
    assert!(text.ends_with("\r\n") && text.contains("end of the report"), "{text}");
    text.lines().filter(|line| line.starts_with('S')).map(str::to_owned).collect()
}

#[track_caller]
fn says(report: &[String], begins: &str, holds: &str) {
    let line = report.iter().find(|line| line.starts_with(begins));
    let line = line.unwrap_or_else(|| panic!("no line begins with `{begins}`: {report:#?}"));
    assert!(line.contains(holds), "`{line}` does not hold `{holds}`");
}

#[test]
fn the_report_says_what_this_terminal_does() {
    let report = report("TickPipeProbe.mq5", &["death fails", "flush returns", "push flush"]);
    says(&report, "S1 healthy FileSize", ": 0, error 0");
    says(&report, "S1 healthy FileReadArray", "7 bytes `3.000");
    says(&report, "S2 FileFlush", "done, error 0, 0 ms");
    says(&report, "S3 FileFlush after it", "error 0");
    says(&report, "S4 FileSize before", "20");
    says(&report, "S4 read of 4", "4 bytes `0123`");
    says(&report, "S4 FileSize after it", "16");
    says(&report, "S4 read of the rest", "16 bytes `456789");
    says(&report, "S6 flush and seek", "5 of 5 answered");
    says(&report, "S6 neither", "0 of 5 answered");
    says(&report, "S9 round trips", "200 of 200 answered");
    says(&report, "S9 server to OnTimer and back, timer of 10 ms", "pushed 50");
    for how in ["close", "die"] {
        says(&report, &format!("S1 after {how} with 0 bytes unread, FileSize"), ": 0, error 5015");
        says(&report, &format!("S1 after {how} with 10 bytes unread, FileSize"), ": 10, error 0");
    }
    says(&report, "S1 after disconnect with 0 bytes unread, FileFlush", "error 5026");
    // Wine takes no notice of who holds a name.
    says(&report, "S1 held: while", "can be reached");
    says(&report, "S1 held: once", "can be reached");
}

#[test]
fn the_report_tells_the_other_settings() {
    let report = report("TickPipeProbe.mq4", &["death silent", "flush waits", "push read"]);
    says(&report, "S1 after die with 0 bytes unread, FileSize", ": 0, error 0");
    let flush = report.iter().find(|line| line.starts_with("S2 FileFlush")).expect("S2");
    let took_ms: u32 = flush
        .rsplit(", ")
        .next()
        .and_then(|took| took.strip_suffix(" ms")?.parse().ok())
        .expect("a time");
    assert!(2000 < took_ms, "{flush}");
}
