//! Exchanges and summaries, as text and as JSON, and the way to stdout.

pub(crate) mod session;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use serde_json::{Value, json};
use tickpipe::{ExecSummary, ForwardSummary, Reply, Summary, TapEvent, escaped};

use crate::report::Failure;

/// Characters of a line that are printed.
pub(crate) const SHOWN_CHARS_MAX: usize = 200;

/// Writes to stdout.
pub(crate) fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    printed(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Judges what came of printing: whoever closed stdout does not want the rest.
pub(crate) fn printed(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if !is_closed(&error) => Err(Failure::Stream("cannot print", error)),
        _ => Ok(()),
    }
}

/// Returns whether an error says that nobody reads any more.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    /// Windows: `ERROR_PIPE_NOT_CONNECTED`.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == io::ErrorKind::BrokenPipe
        || (cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED))
}

/// Returns a text with its backslashes as they are, and all that drives a terminal escaped.
pub(crate) fn harmless(text: &str) -> String {
    let parts: Vec<_> = text.split('\\').map(|part| escaped(part, usize::MAX)).collect();
    parts.join("\\")
}

/// Returns a text as one word of a Unix shell's command; `None` if it cannot be shown as it is.
pub(crate) fn shell_word(text: &str) -> Option<String> {
    if harmless(text) != text {
        return None;
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Some(text.to_owned());
    }
    Some(format!("'{}'", text.replace('\'', r"'\''")))
}

/// Returns an exchange as the article's console shows it: what came, what went.
pub(crate) fn exchange(connection: u64, request: &str, reply: &Reply) -> String {
    let request = escaped(request, SHOWN_CHARS_MAX);
    match reply {
        Ok(reply) => format!("#{connection}  {request} -> {}", escaped(reply, SHOWN_CHARS_MAX)),
        Err(error) => format!(
            "#{connection}  {request} -> ERR {} {}",
            error.code(),
            escaped(error.text(), SHOWN_CHARS_MAX)
        ),
    }
}

/// Returns an event as a JSON object.
pub(crate) fn event_json(event: &TapEvent) -> Option<String> {
    let object = match event {
        TapEvent::Closed { connection } => json!({"event": "closed", "connection": connection}),
        TapEvent::Exchange { connection, request, reply, elapsed } => {
            let mut object = json!({
                "event": "exchange",
                "connection": connection,
                "request": **request,
                "elapsed_us": microseconds(*elapsed),
            });
            match reply {
                Ok(reply) => object["reply"] = json!(reply),
                Err(error) => {
                    object["error"] = json!({"code": error.code().as_str(), "text": error.text()});
                }
            }
            object
        }
        TapEvent::Opened { connection, peer } => json!({
            "event": "opened",
            "connection": connection,
            "process_id": peer.process_id,
            "session_id": peer.session_id,
            "program": peer.program,
            "user": peer.user,
            "address": peer.address.map(|address| address.to_string()),
        }),
        TapEvent::Session { connection, event } => {
            // Its numbers are exact, which those of a `Value` are not.
            let json = event.to_json();
            let members = json.strip_prefix('{')?;
            return Some(format!(r#"{{"connection":{connection},{members}"#));
        }
        _ => return None,
    };
    Some(object.to_string())
}

/// What a server did, with its programs or connections if it had some.
#[derive(Debug, Default)]
pub(crate) struct Served {
    pub(crate) summary: Summary,
    pub(crate) exec: Option<ExecSummary>,
    pub(crate) forward: Option<ForwardSummary>,
}

impl From<Summary> for Served {
    fn from(summary: Summary) -> Self {
        Self { summary, ..Self::default() }
    }
}

/// What a slow console missed.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) events: u64,
    pub(crate) log_lines: u64,
}

/// Returns the summary for people.
pub(crate) fn summary(served: &Served, dropped: &Dropped) -> String {
    let Served { summary, exec, forward } = served;
    let mut text = count(summary.connections, "connection");
    let errors = summary.errors.iter().map(|(_, n)| n).sum();
    // Sessions have none, and a line of their own.
    if summary.exchanges > 0 || summary.sessions == 0 {
        write!(text, ", {}", count(summary.exchanges, "exchange")).unwrap_or_default();
    }
    write!(text, ", {}", count(errors, "error")).unwrap_or_default();
    let mut line = |line: String| {
        // Writing to a string cannot fail.
        write!(text, "\n{line}").unwrap_or_default();
    };
    for (code, n) in &summary.errors {
        line(format!("  {:<20}{n:>8}", code.as_str()));
    }
    if summary.sessions > 0 {
        line(format!(
            "{}, {}, {} to EAs",
            count(summary.sessions, "session"),
            count(summary.ticks, "tick"),
            count(summary.requests, "request")
        ));
    }
    for (n, what) in [(summary.late_ticks, "answered too late"), (summary.ticks_dropped, "dropped")]
    {
        if n > 0 {
            line(format!("{} {what}", count(n, "tick")));
        }
    }
    if summary.tick_gaps > 0 {
        line(format!("{} in the ticks that came", count(summary.tick_gaps, "gap")));
    }
    if summary.exchanges > 0 || summary.ticks > 0 {
        line(format!(
            "time to answer: p50 {}, p99 {}, longest {}",
            duration(summary.p50),
            duration(summary.p99),
            duration(summary.max)
        ));
    }
    if let Some(exec) = exec {
        let ExecSummary { started, ended, replaced, .. } = exec;
        let started = count(*started, "program");
        line(format!("{started} started, {ended} ended early, {replaced} ended as stuck"));
    }
    if let Some(forward) = forward {
        let ForwardSummary { connected, lost, replaced, refused, .. } = forward;
        let connected = count(*connected, "TCP connection");
        line(format!("{connected} made, {lost} lost, {replaced} given up as stuck"));
        if *refused > 0 {
            line(format!("the token was refused {}", count(*refused, "time")));
        }
    }
    let exec = exec.clone().unwrap_or_default();
    let forward = forward.clone().unwrap_or_default();
    let unasked_lines = exec.unasked_lines + forward.unasked_lines;
    if unasked_lines > 0 {
        line(format!("{} unasked, dropped", count(unasked_lines, "printed line")));
    }
    let late_replies = summary.late_replies + exec.late_answers + forward.late_answers;
    if late_replies > 0 {
        line(format!("{} came too late, dropped", count(late_replies, "answer")));
    }
    if summary.abandoned > 0 {
        line(format!("{} had not returned, left behind", count(summary.abandoned, "handler")));
    }
    for (n, what) in [(dropped.events, "event"), (dropped.log_lines, "log line")] {
        if n > 0 {
            line(format!("{} not printed, for the console was too slow", count(n, what)));
        }
    }
    text
}

/// Returns the summary as a JSON object.
pub(crate) fn summary_json(served: &Served, dropped: &Dropped) -> Value {
    let Served { summary, exec, forward } = served;
    let errors: serde_json::Map<_, _> =
        summary.errors.iter().map(|(code, n)| (code.as_str().to_owned(), json!(n))).collect();
    let mut object = json!({
        "event": "summary",
        "connections": summary.connections,
        "exchanges": summary.exchanges,
        "errors": errors,
        "p50_us": microseconds(summary.p50),
        "p99_us": microseconds(summary.p99),
        "max_us": microseconds(summary.max),
        "late_replies": summary.late_replies,
        "abandoned": summary.abandoned,
        "events_not_printed": dropped.events,
        "log_lines_not_printed": dropped.log_lines,
    });
    if summary.sessions > 0 {
        object["sessions"] = json!({
            "opened": summary.sessions,
            "ticks": summary.ticks,
            "ticks_late": summary.late_ticks,
            "ticks_dropped": summary.ticks_dropped,
            "tick_gaps": summary.tick_gaps,
            "requests": summary.requests,
        });
    }
    if let Some(exec) = exec {
        object["programs"] = json!({
            "started": exec.started,
            "ended": exec.ended,
            "replaced": exec.replaced,
            "late_answers": exec.late_answers,
            "unasked_lines": exec.unasked_lines,
        });
    }
    if let Some(forward) = forward {
        object["forward"] = json!({
            "connected": forward.connected,
            "lost": forward.lost,
            "replaced": forward.replaced,
            "refused": forward.refused,
            "late_answers": forward.late_answers,
            "unasked_lines": forward.unasked_lines,
        });
    }
    object
}

pub(crate) fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Microseconds with one decimal, made from whole nanoseconds.
pub(crate) fn microseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e7).round() / 10.0
}

/// A number with so many decimals at most.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

/// A whole number as people read it: `1,234,567`.
pub(crate) fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn duration(duration: Duration) -> String {
    if duration < Duration::from_millis(1) {
        format!("{:.1} µs", duration.as_secs_f64() * 1e6)
    } else {
        format!("{:.1} ms", duration.as_secs_f64() * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_drives_a_terminal_is_shown_not_obeyed() {
        let shown = exchange(1, "\u{1b}[2J\r", &Ok("a\u{7}".to_owned()));
        assert_eq!(shown, "#1  \\u{1b}[2J\\r -> a\\u{7}");
    }

    #[test]
    fn a_shell_takes_a_word_as_it_is_and_nothing_else() {
        assert_eq!(shell_word("/a/b-c.1").as_deref(), Some("/a/b-c.1"));
        assert_eq!(shell_word("").as_deref(), Some("''"));
        assert_eq!(shell_word("/a b;$(c)").as_deref(), Some("'/a b;$(c)'"));
        assert_eq!(shell_word("/it's").as_deref(), Some(r"'/it'\''s'"));
        for text in ["/a\u{1b}[2J", "/a\nb", "/a\u{202e}b"] {
            assert_eq!(shell_word(text), None, "{text:?}");
        }
    }

    #[test]
    fn large_numbers_are_grouped() {
        for (value, want) in
            [(0.0, "0"), (999.6, "1,000"), (72_614.2, "72,614"), (1_234_567.0, "1,234,567")]
        {
            assert_eq!(thousands(value), want);
        }
    }

    #[test]
    fn a_summary_counts_in_words() {
        let mut served = Served::default();
        served.summary.connections = 1;
        assert_eq!(summary(&served, &Dropped::default()), "1 connection, 0 exchanges, 0 errors");
        served.summary.exchanges = 2;
        served.summary.errors = vec![(tickpipe::ErrorCode::Empty, 2)];
        served.summary.p50 = Duration::from_micros(12);
        served.summary.p99 = Duration::from_millis(3);
        assert_eq!(
            summary(&served, &Dropped::default()),
            "1 connection, 2 exchanges, 2 errors\n  empty                      2\n\
             time to answer: p50 12.0 µs, p99 3.0 ms, longest 0.0 µs"
        );
        assert!(summary_json(&served, &Dropped::default()).get("sessions").is_none());
        let mut served = Served::default();
        (served.summary.connections, served.summary.sessions) = (1, 1);
        served.summary.ticks = 3;
        (served.summary.ticks_dropped, served.summary.tick_gaps) = (1, 2);
        assert_eq!(
            summary(&served, &Dropped::default()),
            "1 connection, 0 errors\n1 session, 3 ticks, 0 requests to EAs\n\
             1 tick dropped\n2 gaps in the ticks that came\n\
             time to answer: p50 0.0 µs, p99 0.0 µs, longest 0.0 µs"
        );
        assert_eq!(summary_json(&served, &Dropped::default())["sessions"]["ticks"], 3);
    }
}
