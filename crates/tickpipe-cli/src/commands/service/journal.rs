//! The service's log: what the supervisor does, and what its server says.
//!
//! The supervisor alone writes it, so that one program turns its files over.

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use crate::log;
use crate::print::harmless;

/// Writes what the supervisor does; a person must act.
pub(super) fn error(text: &str) {
    write(&format!("{} ERROR service: {text}", now()));
}

/// Writes what the supervisor does.
pub(super) fn info(text: &str) {
    write(&format!("{}  INFO service: {text}", now()));
}

/// Writes what the supervisor does about a trouble.
pub(super) fn warn(text: &str) {
    write(&format!("{}  WARN service: {text}", now()));
}

/// Writes a line of the server, which has its time already if it is of its log.
pub(super) fn of_server(line: &str) {
    if let Some(line) = shown(line) {
        write(&line);
    }
}

/// Returns a line of the server as the log has it, if it says anything: whoever wrote it, it drives
/// no terminal on which somebody reads the log.
fn shown(line: &str) -> Option<String> {
    let line = harmless(line);
    if line.trim().is_empty() {
        None
    } else if begins_with_time(&line) {
        Some(line)
    } else {
        Some(format!("{}  INFO server: {line}", now()))
    }
}

fn write(line: &str) {
    log::show(line);
    log::add_to_file(line);
}

/// Returns the time in UTC, as RFC 3339 has it.
pub(super) fn now() -> String {
    let mut text = String::new();
    // A text takes everything.
    SystemTime.format_time(&mut Writer::new(&mut text)).unwrap_or_default();
    text
}

/// Returns whether a line begins as RFC 3339 writes a time.
fn begins_with_time(line: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00";
    let fits = |(found, wanted): (&u8, &u8)| match wanted {
        b'0' => found.is_ascii_digit(),
        other => found == other,
    };
    line.len() > pattern.len() && line.as_bytes().iter().zip(pattern).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_server_drives_no_terminal() {
        let timed = "2026-11-28T20:25:12.123456Z  INFO program=\"C:\\a\" ";
        assert_eq!(shown(timed).as_deref(), Some(timed));
        let odd = shown("2026-11-28T20:25:12.123456Z  \u{1b}[2J\r\u{9b}2J\u{202e}").unwrap();
        assert!(!odd.contains(['\u{1b}', '\r', '\u{9b}', '\u{202e}']), "{odd}");
        assert!(shown("\u{1b}]0;x\u{7}").unwrap().ends_with(r"  INFO server: \u{1b}]0;x\u{7}"));
        assert_eq!(shown(" "), None);
    }

    #[test]
    fn a_line_has_one_time() {
        assert!(begins_with_time(&now()), "{}", now());
        assert!(begins_with_time("2026-11-28T20:25:12.123456Z  INFO tickpipe: server listens"));
        for line in ["", "listening on x", "2026-11-28T20:25:12", "2026-11-28 20:25:12.123456Z"] {
            assert!(!begins_with_time(line), "{line}");
        }
    }
}
