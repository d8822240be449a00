//! What a service is called, and what is called after it.

use std::fmt;
use std::str::FromStr;

/// Characters of a name.
const LEN_MAX: usize = 64;

/// The name of a service: a word that a unit, a task, a Windows service and a pipe can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceName(String);

impl FromStr for ServiceName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let begins_well = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if begins_well && text.len() <= LEN_MAX && text.chars().all(is_allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("allowed are up to {LEN_MAX} letters, digits, `-` and `_`, a letter first"))
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ServiceName {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the pipe that a running service is asked and told through, which its user alone may
    /// open.
    pub(super) fn control_pipe(&self) -> String {
        // Sockets are in a user's own directory; pipes are the whole machine's.
        let user = if cfg!(windows) { std::env::var("USERNAME").ok() } else { None };
        control_pipe(&self.0, user.as_deref())
    }
}

fn control_pipe(name: &str, user: Option<&str>) -> String {
    let user = user.unwrap_or_default();
    // Every character, so that two users never share one.
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() { c.to_string() } else { format!("_{:x}", u32::from(c)) }
    };
    let user: String = user.chars().take(20).map(plain).collect();
    let between = if user.is_empty() { "" } else { "-" };
    format!("{name}-service{between}{user}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word() {
        for text in ["tickpipe", "2nd-Desk_a", &"x".repeat(64)] {
            assert_eq!(text.parse::<ServiceName>().unwrap().as_str(), text);
        }
        for text in ["", "-a", "_", "a b", "a/b", r"a\b", "a.b", "a%i", "ä", &"x".repeat(65)] {
            assert!(text.parse::<ServiceName>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_user_has_a_pipe_of_their_own() {
        assert_eq!(control_pipe("tickpipe", None), "tickpipe-service");
        assert_eq!(control_pipe("tickpipe", Some("Jo Doe")), "tickpipe-service-Jo_20Doe");
        assert_ne!(control_pipe("a", Some("Иван")), control_pipe("a", Some("Олег")));
        let long = control_pipe(&"x".repeat(64), Some(&"\u{10ffff}".repeat(20)));
        tickpipe::PipeName::new(&long.chars().take(200).collect::<String>()).unwrap();
        assert!(long.len() <= 64 + 9 + 20 * 7, "{}", long.len());
    }
}
