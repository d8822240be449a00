//! A script as its file says it.

#[cfg(test)]
mod tests;

/// Who is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// An EA is tried: tickpipe plays the server
    Ea,
    /// A server is tried: tickpipe plays the EA
    Server,
}

/// One rule as a conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Such as `server/11-ping`.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The rule, in words.
    pub(crate) rule: String,
    /// How the server is started; empty in the EA's scripts.
    pub(crate) serve: Vec<String>,
    /// What the EA must have.
    pub(crate) needs: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

/// One line of a script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file.
    pub(crate) number: usize,
    /// The line as it stands.
    pub(crate) source: String,
    /// Which connection it is about: 0, or 1 for the second.
    pub(crate) connection: usize,
    pub(crate) step: Step,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Close,
    /// The other side closes; whether it may send something before.
    Closed {
        is_patient: bool,
    },
    DropNulls,
    /// A message that is expected.
    Expect(String),
    /// A line that is expected in line mode.
    ExpectText(String),
    /// The usual `hello`, with members of its own; whether its answer is awaited.
    Hello {
        members: String,
        is_awaited: bool,
    },
    Open,
    Pings(Pings),
    /// Nothing may come; or no message of a method.
    Quiet {
        method: Option<String>,
        time: String,
    },
    /// A message that is sent, with a line feed.
    Send(String),
    /// Bytes that are sent as they are.
    SendBytes(String),
    /// How often the next step is done.
    Times(u32),
    Wait(String),
    Within(String),
}

/// What becomes of pings that come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pings {
    #[default]
    Answered,
    ByHand,
    Ignored,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// Returns what is wrong, with the line's number.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let role = match name.split_once('/') {
            Some(("server", _)) => Role::Server,
            Some(("ea", _)) => Role::Ea,
            _ => return Err(format!("{name}: expected a folder, `server` or `ea`")),
        };
        let rule = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let rule = rule.ok_or_else(|| format!("{name}: the first line is no comment"))?.to_owned();
        let mut script =
            Self { name: name.to_owned(), role, rule, serve: vec![], needs: vec![], lines: vec![] };
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = index + 1;
            script.read_line(number, line).map_err(|error| format!("{name}:{number}: {error}"))?;
        }
        if script.lines.is_empty() {
            return Err(format!("{name}: it has no step"));
        }
        if (script.role == Role::Server) == script.serve.is_empty() {
            return Err(format!(
                "{name}: `serve` stands in each script for a server, and in no other"
            ));
        }
        Ok(script)
    }

    /// Returns the number of its rule's chapter.
    pub(crate) fn chapter(&self) -> u32 {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        file.split('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn read_line(&mut self, number: usize, source: &str) -> Result<(), String> {
        let words = |rest: &str| rest.split_whitespace().map(str::to_owned).collect();
        if let Some(rest) = source.strip_prefix("serve ") {
            self.serve = words(rest);
            return Ok(());
        }
        if let Some(rest) = source.strip_prefix("needs ") {
            self.needs = words(rest);
            return Ok(());
        }
        let (connection, rest) = match source.strip_prefix("2 ") {
            Some(rest) => (1, rest),
            None => (0, source),
        };
        let step = step(self.role, rest)?;
        self.lines.push(Line { number, source: source.to_owned(), connection, step });
        Ok(())
    }
}

fn step(role: Role, line: &str) -> Result<Step, String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let needs_rest =
        |step: Step| if rest.is_empty() { Err("it ends early".to_owned()) } else { Ok(step) };
    let text = rest.to_owned();
    match (word, rest) {
        ("<" | ">", _) => needs_rest(message((word == "<") == (role == Role::Server), rest)),
        ("hello", _) => Ok(Step::Hello { members: text, is_awaited: true }),
        ("say", "hello") => Ok(Step::Hello { members: String::new(), is_awaited: false }),
        ("say", _) => match rest.strip_prefix("hello ") {
            Some(members) => Ok(Step::Hello { members: members.to_owned(), is_awaited: false }),
            None => Err("only `hello` can be said".to_owned()),
        },
        ("times", _) => {
            let count = rest.parse().map_err(|_| format!("`{rest}` is no number"))?;
            Ok(Step::Times(count))
        }
        ("within", _) => needs_rest(Step::Within(text)),
        ("wait", _) => needs_rest(Step::Wait(text)),
        ("quiet", _) => needs_rest(match rest.split_once(' ') {
            Some((method, time)) => {
                Step::Quiet { method: Some(method.to_owned()), time: time.to_owned() }
            }
            None => Step::Quiet { method: None, time: text },
        }),
        ("closed", "") => Ok(Step::Closed { is_patient: false }),
        ("closed", "at last") => Ok(Step::Closed { is_patient: true }),
        ("close", "") => Ok(Step::Close),
        ("open", "") => Ok(Step::Open),
        ("drop", "nulls") => Ok(Step::DropNulls),
        ("pings", "answered") => Ok(Step::Pings(Pings::Answered)),
        ("pings", "by hand") => Ok(Step::Pings(Pings::ByHand)),
        ("pings", "ignored") => Ok(Step::Pings(Pings::Ignored)),
        _ => Err(format!("there is no step `{line}`; conformance/README.md has them all")),
    }
}

/// A line of `<` or `>`: what the runner sends, or what it expects.
fn message(is_sent: bool, rest: &str) -> Step {
    if is_sent {
        return match rest.strip_prefix("bytes ") {
            Some(bytes) => Step::SendBytes(bytes.to_owned()),
            None => Step::Send(rest.to_owned()),
        };
    }
    match rest.strip_prefix("text ") {
        Some(text) => Step::ExpectText(text.to_owned()),
        None => Step::Expect(rest.to_owned()),
    }
}

/// Reads bytes that are written with escapes: `\r \n \t \0 \\ \s` and `\xHH`.
///
/// # Errors
///
/// Returns the escape that there is not.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(b's') => b' ',
            Some(b'\\') => b'\\',
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let byte = str::from_utf8(&digits)
                    .ok()
                    .filter(|digits| {
                        digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_hexdigit())
                    })
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                byte.ok_or("`\\x` has two hexadecimal digits")?
            }
            _ => return Err("an escape is one of \\r \\n \\t \\0 \\s \\\\ \\xHH".to_owned()),
        });
    }
    Ok(bytes)
}
