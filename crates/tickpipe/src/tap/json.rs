//! What happens in a session, as JSON whose numbers are exact: they are written as the wire has them.

use std::time::Duration;

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Answer, Ask, encode};
use tickpipe_proto::session::{AskError, CloseReason};
use tickpipe_proto::types::RequestId;

use super::SessionTap;

impl SessionTap {
    /// Returns it as one line of JSON: an object with `event`, a word, and what belongs to it. Prices,
    /// lots and money are the numbers that the EA wrote.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe::SessionTap;
    /// use tickpipe::session::{LogEntry, LogLevel};
    ///
    /// let said = SessionTap::Log(LogEntry::new(LogLevel::Warn, "careful"));
    /// assert_eq!(said.to_json(), r#"{"event":"log","log":{"level":"warn","text":"careful"}}"#);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Account(state) => object("account", |out| encode::account(out, None, state), ""),
            Self::Bar(bar) => object("bar", |out| encode::bar(out, None, bar), ""),
            Self::Closed(reason) => closed(reason),
            Self::Gap { symbol, expected, found } => {
                let symbol = quoted(symbol.as_str());
                let gap = format!(r#""symbol":{symbol},"expected":{expected},"found":{found}"#);
                format!(r#"{{"event":"gap","gap":{{{gap}}}}}"#)
            }
            Self::Log(entry) => object("log", |out| encode::log(out, None, entry), ""),
            Self::Opened(hello) => object("hello", |out| encode::hello_passed_on(out, hello), "")
                .replacen(r#""event":"hello""#, r#""event":"session_opened""#, 1),
            Self::Order { request, result, elapsed } => {
                let result = match result {
                    Ok(result) => {
                        let answer = Answer::OrderResult(result.clone());
                        let id = RequestId::Number(0);
                        let result = member("result", |out| {
                            drop(encode::answer(out, &id, &answer));
                        });
                        format!(r#","result":{result}"#)
                    }
                    Err(AskError::Local(error)) => error_member(error.code(), error.text()),
                    Err(AskError::Refused(fault)) => error_member(fault.code, &fault.message),
                    Err(error) => error_member(error.code(), &error.to_string()),
                };
                let ask = Ask::OrderSend(request.clone());
                let write = |out: &mut Vec<u8>| drop(encode::ask(out, 0, &ask));
                object("order", write, &format!("{result}{}", elapsed_us(*elapsed)))
            }
            Self::Tick { tick, elapsed, result, is_late } => {
                let error = match result {
                    Ok(()) => String::new(),
                    Err(error) => error_member(error.code(), error.text()),
                };
                let rest = format!(r#","late":{is_late}{}{error}"#, elapsed_us(*elapsed));
                object("tick", |out| encode::tick(out, None, tick), &rest)
            }
            Self::Trade(trade) => object("trade", |out| encode::trade(out, None, trade), ""),
        }
    }
}

/// Returns an event whose content a message carries, and the rest of its members.
fn object(event: &str, write: impl FnOnce(&mut Vec<u8>), rest: &str) -> String {
    format!(r#"{{"event":"{event}","{event}":{}{rest}}}"#, member("params", write))
}

/// Returns the last member of a message, as it is written.
fn member(name: &str, write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut line = Vec::new();
    write(&mut line);
    let line = String::from_utf8_lossy(&line);
    let found = line.split_once(&format!(r#""{name}":"#)).map_or("null", |(_, value)| value);
    found.trim_end().strip_suffix('}').unwrap_or("null").to_owned()
}

fn closed(reason: &CloseReason) -> String {
    match reason {
        CloseReason::Bye(code) => {
            format!(r#"{{"event":"session_closed","bye":"{}"}}"#, code.as_str())
        }
        CloseReason::Deinit(deinit) => object(
            "deinit",
            |out| encode::deinit(out, None, deinit),
            "",
        )
        .replacen(r#""event":"deinit""#, r#""event":"session_closed""#, 1),
        CloseReason::Disconnected | _ => r#"{"event":"session_closed"}"#.to_owned(),
    }
}

fn error_member(code: ErrorCode, text: &str) -> String {
    format!(r#","error":{{"code":"{}","text":{}}}"#, code.as_str(), quoted(text))
}

/// Returns a text as a string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\0'..='\u{1f}' | '\u{7f}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Microseconds with one decimal.
fn elapsed_us(elapsed: Duration) -> String {
    let tenths = elapsed.as_nanos().div_ceil(100);
    format!(r#","elapsed_us":{}.{}"#, tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;
