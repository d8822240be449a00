//! The service's log: what the supervisor does, and what its server says.
//!
//! The supervisor alone writes it, so that one program turns its files over.

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use crate::log;

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
    if begins_with_time(line) {
        write(line);
    } else {
        write(&format!("{}  INFO server: {line}", now()));
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
    fn a_line_has_one_time() {
        assert!(begins_with_time(&now()), "{}", now());
        assert!(begins_with_time("2026-11-28T20:25:12.123456Z  INFO tickpipe: server listens"));
        for line in ["", "listening on x", "2026-11-28T20:25:12", "2026-11-28 20:25:12.123456Z"] {
            assert!(!begins_with_time(line), "{line}");
        }
    }
}
