//! `tickpipe service status`: what runs, as a person or a program reads it.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::manager::{Known, Manager};
use super::name::ServiceName;
use super::{StatusOptions, control};
use crate::exit;
use crate::print::{self, harmless};
use crate::report::Failure;

pub(super) fn status(options: &StatusOptions) -> Result<ExitCode, Failure> {
    let name = &options.which.name;
    let manager = Manager::of(&options.which)?;
    let known = manager.known(name)?;
    let found = control::status(name)?;
    let is_running = found.is_some();
    let text = if options.json {
        let mut status =
            found.unwrap_or_else(|| json!({"running": known.is_running, "name": name.as_str()}));
        status["installed"] = json!(known.is_installed);
        format!("{status}\n")
    } else {
        in_words(name, &known, found.as_ref())
    };
    print::to_stdout(text.as_bytes())?;
    let is_running = is_running || known.is_running;
    Ok(if is_running { ExitCode::SUCCESS } else { ExitCode::from(exit::FAILED) })
}

/// Returns a status in lines for people.
fn in_words(name: &ServiceName, known: &Known, status: Option<&Value>) -> String {
    let mut rows = vec![];
    match status {
        Some(status) => {
            let text = |value: &Value| match value.as_str() {
                Some(text) => harmless(text),
                None if value.is_null() => "-".to_owned(),
                None => value.to_string(),
            };
            let state = text(&status["state"]);
            let since = format!("process {}, since {}", status["pid"], text(&status["since"]));
            rows.push(("service", format!("{name}: running, {since}")));
            let server = &status["server"];
            let server = if server.is_null() {
                state
            } else {
                let since = text(&server["since"]);
                format!("{state}, process {}, since {since}", server["pid"])
            };
            rows.push(("server", server));
            rows.push(("pipe", text(&status["pipe"])));
            rows.push(("restarts", text(&status["restarts"])));
            let death = &status["last_death"];
            if !death.is_null() {
                rows.push((
                    "last death",
                    format!("{}: {}", text(&death["at"]), text(&death["how"])),
                ));
            }
            rows.push(("config", text(&status["config"])));
            rows.push(("log", text(&status["log_file"])));
        }
        None if known.is_running => rows.push(("service", format!("{name}: running"))),
        None => rows.push(("service", format!("{name}: not running"))),
    }
    rows.push(("installed", known.words.clone()));
    rows.iter().map(|(label, text)| format!("{label:<10}  {text}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_in_lines() {
        let name: ServiceName = "tickpipe".parse().unwrap();
        let none = Known::not_installed();
        assert_eq!(
            in_words(&name, &none, None),
            "service     tickpipe: not running\ninstalled   not installed\n"
        );
        let status = json!({
            "state": "listening", "pid": 7, "since": "2026-11-28T20:00:00Z",
            "server": {"pid": 9, "since": "2026-11-28T20:00:01Z"},
            "pipe": r"\\.\pipe\TestPipe", "restarts": 1,
            "last_death": {"at": "2026-11-28T20:00:00Z", "how": "was killed by signal 9"},
            "config": "/a\u{1b}[2J", "log_file": "/l",
        });
        assert_eq!(
            in_words(&name, &none, Some(&status)),
            "\
service     tickpipe: running, process 7, since 2026-11-28T20:00:00Z
server      listening, process 9, since 2026-11-28T20:00:01Z
pipe        \\\\.\\pipe\\TestPipe
restarts    1
last death  2026-11-28T20:00:00Z: was killed by signal 9
config      /a\\u{1b}[2J
log         /l
installed   not installed
"
        );
    }
}
