//! The name of a pipe, and where it is on this system.

use std::fmt;

/// What Windows puts before a pipe's name.
const WINDOWS_PREFIX: &str = r"\\.\pipe\";

/// Most characters of a name.
const NAME_LEN_MAX: usize = 200;

/// The name of a pipe: `TestPipe`, `\\.\pipe\TestPipe`, or on Unix the full path of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PipeName(Form);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    Name(String),
    Path(String),
}

/// A text that cannot be the name of a pipe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid pipe name `{name}`: {found}; allowed is a name such as TestPipe, {also}")]
pub struct InvalidPipeName {
    name: String,
    found: &'static str,
    also: &'static str,
}

impl PipeName {
    /// Checks a name or a full path.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidPipeName`] for an empty or overlong name, a name with a slash, backslash or
    /// control character, and for a pipe of another machine.
    ///
    /// # Source
    ///
    /// Windows: "Pipe Names".
    pub fn new(text: &str) -> Result<Self, InvalidPipeName> {
        let also = if cfg!(windows) { r"or \\.\pipe\NAME" } else { "or the full path of a socket" };
        let invalid =
            |found| InvalidPipeName { name: tickpipe_proto::escaped(text, 80), found, also };
        if text.chars().any(char::is_control) {
            return Err(invalid("it holds a control character"));
        }
        let has_prefix = text
            .get(..WINDOWS_PREFIX.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(WINDOWS_PREFIX));
        let name = if has_prefix { &text[WINDOWS_PREFIX.len()..] } else { text };
        if !has_prefix && text.starts_with(r"\\") {
            return Err(invalid("it names another machine"));
        }
        if name.is_empty() {
            return Err(invalid("it is empty"));
        }
        if cfg!(unix) && !has_prefix && name.starts_with('/') {
            return Ok(Self(Form::Path(name.to_owned())));
        }
        if name.contains(['/', '\\']) {
            return Err(invalid("it holds a slash or a backslash"));
        }
        if name.starts_with('.') {
            return Err(invalid("it starts with a dot"));
        }
        if name.chars().count() > NAME_LEN_MAX {
            return Err(invalid("it has more than 200 characters"));
        }
        Ok(Self(Form::Name(name.to_owned())))
    }

    /// Returns where clients of this name connect, whether somebody serves it or not: the pipe's
    /// path, or the socket's.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidName`](crate::ErrorKind::InvalidName) on Unix if the
    /// socket's path would be too long.
    pub fn address(&self) -> Result<String, crate::Error> {
        crate::transport::address(self)
    }

    /// Returns the path that a client on Windows opens.
    #[cfg(windows)]
    pub(crate) fn windows_path(&self) -> String {
        let Form::Name(name) = &self.0 else { return String::new() };
        format!("{WINDOWS_PREFIX}{name}")
    }

    /// Returns the name for a mutex: pipe names do not tell upper from lower case.
    #[cfg(windows)]
    pub(crate) fn mutex_name(&self) -> String {
        let Form::Name(name) = &self.0 else { return String::new() };
        format!("tickpipe-{}", name.to_lowercase())
    }

    /// Returns the name, or the path if it is one.
    #[cfg(unix)]
    pub(crate) fn name_or_path(&self) -> Result<&str, &std::path::Path> {
        match &self.0 {
            Form::Name(name) => Ok(name),
            Form::Path(path) => Err(std::path::Path::new(path)),
        }
    }
}

impl fmt::Display for PipeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Name(name) if cfg!(windows) => write!(f, "{WINDOWS_PREFIX}{name}"),
            Form::Name(text) | Form::Path(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_and_without_the_prefix_are_one() {
        let plain = PipeName::new("TestPipe").unwrap();
        assert_eq!(PipeName::new(r"\\.\pipe\TestPipe").unwrap(), plain);
        assert_eq!(PipeName::new(r"\\.\PIPE\TestPipe").unwrap(), plain);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "x".repeat(201);
        for text in ["", r"\\.\pipe\", r"\\server\pipe\x", "a/b", r"a\b", "a\nb", "..", ".x", &long]
        {
            assert!(PipeName::new(text).is_err(), "{text:?}");
        }
        assert!(PipeName::new(&"x".repeat(200)).is_ok());
    }
}
