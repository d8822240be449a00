//! Whether a server of our own answers a client of our own, and how fast.

use std::thread;
use std::time::{Duration, Instant};

use tickpipe::{Client, Error, Server, double};

use crate::commands::doctor::finding::Finding;
use crate::commands::doctor::topic::Topic;
use crate::latency::Latencies;
use crate::print;
use crate::private::PrivateName;

const ROUNDS: usize = 500;
/// Round trips before those that count.
const WARM_UP: usize = 20;
const LINE: &str = "1.10000000";
const ANSWER: &str = "2.200";
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

pub(crate) fn check() -> Finding {
    let mend = "run `tickpipe serve double` and `tickpipe send 1.10000000`, and read what they say";
    let measured = PrivateName::new("doctor")
        .map_err(|error| format!("cannot make a private directory: {error}"))
        .and_then(|name| measure(&name));
    match measured {
        Ok(latencies) => {
            let shown = |elapsed: Option<Duration>| {
                elapsed.map_or_else(|| "unknown".to_owned(), print::duration)
            };
            let [p50, p99] = [latencies.p50(), latencies.p99()].map(shown);
            let found = format!("{ROUNDS} through a server of our own: p50 {p50}, p99 {p99}");
            Finding::ok("round_trip", found)
        }
        Err(found) => Finding::problem(Topic::RoundTripFailed, found, mend),
    }
}

fn measure(name: &PrivateName) -> Result<Latencies, String> {
    let told = |error: Error| error.to_string();
    let server = Server::bind(name.as_str()).map_err(told)?;
    let stopper = server.stopper();
    thread::scope(|scope| {
        let serving = scope.spawn(|| server.serve_fn(double));
        let asked = ask(name);
        stopper.stop();
        let served = serving.join().map_err(|_| "the server panicked".to_owned())?;
        served.map_err(told)?;
        asked
    })
}

fn ask(name: &PrivateName) -> Result<Latencies, String> {
    let told = |error: Error| error.to_string();
    let mut client = Client::connect_with(name.as_str(), ANSWER_LIMIT).map_err(told)?;
    let mut latencies = Latencies::new();
    for round in 0..WARM_UP + ROUNDS {
        let begun_at = Instant::now();
        let answer = client.ask(LINE).map_err(told)?;
        if answer.as_deref() != Ok(ANSWER) {
            return Err(format!("`{LINE}` was answered {answer:?}, allowed is only `{ANSWER}`"));
        }
        if round >= WARM_UP {
            latencies.record(begun_at.elapsed());
        }
    }
    Ok(latencies)
}
