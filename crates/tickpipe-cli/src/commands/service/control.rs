//! The pipe through which a running service is asked and told, as any pipe of ours.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tickpipe::{Client, ErrorKind, LineError, Server, ServerConfig, Stopper};

use super::name::ServiceName;
use super::state::Status;
use super::supervisor::Event;
use crate::report::Failure;

/// How long a service may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// From a `stop` to the service's end, with all that holds it up.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// Between two looks at a service that starts or ends.
pub(super) const LOOK: Duration = Duration::from_millis(20);

/// The service's end of the pipe.
#[derive(Debug)]
pub(super) struct Control {
    stopper: Stopper,
    serving: JoinHandle<()>,
}

impl Control {
    /// Takes the service's name and answers from now on.
    ///
    /// # Errors
    ///
    /// Fails with the name taken if a service of this name runs.
    pub(super) fn serve(
        name: &ServiceName,
        status: Arc<Status>,
        events: Sender<Event>,
    ) -> Result<Self, Failure> {
        let pipe = name.control_pipe();
        let config = ServerConfig::default()
            .with_idle_instances(2)
            .with_stop_deadline(Duration::from_millis(500));
        let server = Server::bind_with(&pipe, config).map_err(|error| {
            if error.kind() == ErrorKind::NameTaken {
                Failure::Running(name.to_string())
            } else {
                Failure::library(&pipe)(error)
            }
        })?;
        let stopper = server.stopper();
        let thread = thread::Builder::new().name("tickpipe-control".to_owned());
        let serving = thread
            .spawn(move || {
                let answer = move |line: &str| answer(line, &status, &events);
                if let Err(error) = server.serve_fn(answer) {
                    tracing::error!(%error, "cannot answer who asks for the service");
                }
            })
            .map_err(|error| Failure::Stream("cannot start the thread that answers", error))?;
        Ok(Self { stopper, serving })
    }

    /// Answers no more.
    pub(super) fn end(self) {
        self.stopper.stop();
        if self.serving.join().is_err() {
            tracing::error!("the thread that answers panicked");
        }
    }
}

fn answer(line: &str, status: &Status, events: &Sender<Event>) -> Result<String, LineError> {
    match line {
        "status" => Ok(status.json().to_string()),
        "stop" => {
            // Who hears it ends the service, or has ended it already.
            events.send(Event::Stop).unwrap_or_default();
            Ok("OK".to_owned())
        }
        _ => Err(LineError::failed("allowed are `status` and `stop`")),
    }
}

/// Asks the service of a name; `None` if none runs.
pub(super) fn status(name: &ServiceName) -> Result<Option<Value>, Failure> {
    let Some(answer) = ask(name, "status")? else { return Ok(None) };
    let status = serde_json::from_str(&answer).map_err(|error| Failure::Setup {
        text: format!("the service gave no status but `{}`", crate::print::harmless(&answer)),
        hint: format!("stop what serves the pipe `{}`; {error}", name.control_pipe()),
    })?;
    Ok(Some(status))
}

/// Has the service of a name end, and waits for it; whether one ran.
pub(super) fn stop(name: &ServiceName) -> Result<bool, Failure> {
    if ask(name, "stop")?.is_none() {
        return Ok(false);
    }
    let until = Instant::now() + STOP_LIMIT;
    while ask(name, "status")?.is_some() {
        if until < Instant::now() {
            return Err(Failure::Setup {
                text: format!("the service still runs after {} s", STOP_LIMIT.as_secs()),
                hint: "look into its log, and end its process".to_owned(),
            });
        }
        thread::sleep(LOOK);
    }
    Ok(true)
}

/// Says a line to the service of a name and returns its answer; `None` if none runs.
fn ask(name: &ServiceName, line: &str) -> Result<Option<String>, Failure> {
    let pipe = name.control_pipe();
    let until = Instant::now() + ANSWER_LIMIT;
    let say = || Client::connect_with(&pipe, ANSWER_LIMIT).and_then(|mut client| client.ask(line));
    let mut asked = say();
    // It ends, and its pipe will be gone; or it has more connections than it serves, and runs.
    while asked.as_ref().is_err_and(|error| error.kind() == ErrorKind::Closed)
        && Instant::now() < until
    {
        thread::sleep(LOOK);
        asked = say();
    }
    match asked {
        Ok(Ok(answer)) => Ok(Some(answer)),
        // It ends.
        Ok(Err(error)) if error.code == "shutting_down" => Ok(None),
        Ok(Err(error)) => Err(Failure::Setup {
            text: format!("the service answered {}: {}", error.code, error.text),
            hint: "it may be of another version: stop it by its process, and start it again"
                .to_owned(),
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::library(&pipe)(error)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::os::unix::net::UnixListener;

    use super::*;

    /// One that has too many connections closes some, and runs all the same.
    #[test]
    fn a_service_that_closes_a_connection_runs() {
        let name: ServiceName = format!("closes-{}", std::process::id()).parse().unwrap();
        let server = Server::bind(&name.control_pipe()).unwrap();
        let path = server.address().to_owned();
        drop(server);
        let listener = UnixListener::bind(&path).unwrap();
        let service = thread::spawn(move || {
            for _ in 0..3 {
                drop(listener.accept().unwrap());
            }
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            stream.write_all(b"{}\r\n").unwrap();
            line
        });
        assert_eq!(status(&name).unwrap(), Some(serde_json::json!({})));
        assert_eq!(service.join().unwrap().trim_end(), "status");
        assert_eq!(status(&name).unwrap(), None);
        std::fs::remove_file(path).unwrap();
    }
}
