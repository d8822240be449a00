//! Requests to the wineserver, client and server together, from the wineserver's own log.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use anyhow::Context as _;

use super::{Counted, REQUESTS_MAX, ROUNDS, per_round_trip};
use crate::bench::figures::Client;
use crate::bench::pinning::Pinning;
use crate::bench::servers::{Contest, Place, Servers};
use crate::paths::Paths;
use crate::wine::{self, Session};

pub(crate) fn count(paths: &Paths, pinning: &Pinning) -> anyhow::Result<Vec<Counted>> {
    let log = paths.target.join("bench/wineserver.log");
    fs::create_dir_all(paths.target.join("bench")).context("cannot create target/bench")?;
    let file = File::create(&log).context("cannot write the wineserver's log")?;
    let session = Session::open_alone(paths, |wine| {
        let mut server = pinning.command(&wine.server);
        // What WINEDEBUG=+server makes of it, but with a log of its own.
        server.args([wine::LINGER, "-d"]).stderr(file);
        Ok(server)
    })?;
    let place = Place::wine(paths, pinning, &session);
    let servers = Servers::start(&place, Contest::Yardstick)?;
    let mut rows = Vec::new();
    for (client, max) in REQUESTS_MAX {
        let yardstick = count_twice(&place, client, &servers.yardstick_path, &log)?;
        rows.push(row("C", client, yardstick, None));
        let tickpipe = count_twice(&place, client, &servers.tickpipe_path, &log)?;
        rows.push(row("tickpipe", client, tickpipe, Some(max)));
    }
    drop(servers);
    drop(session);
    // Hundreds of megabytes that nobody reads.
    fs::remove_file(&log).context("cannot remove the wineserver's log")?;
    Ok(rows)
}

fn row(server: &'static str, client: Client, requests: [u64; 2], max: Option<f64>) -> Counted {
    let what = "wineserver requests of both sides, Wine pipe";
    Counted { what, server, client, per_round_trip: per_round_trip(requests), max }
}

fn count_twice(
    place: &Place<'_>,
    client: Client,
    path: &str,
    log: &Path,
) -> anyhow::Result<[u64; 2]> {
    // Uncounted: Wine's services still start during the first run, and a start costs hundreds.
    place.run_client(path, client, 1, ROUNDS[1], Contest::Yardstick.answer())?;
    let mut requests = [0; 2];
    for (requests, rounds) in requests.iter_mut().zip(ROUNDS) {
        let start = fs::metadata(log).context("cannot read the wineserver's log")?.len();
        place.run_client(path, client, 1, rounds, Contest::Yardstick.answer())?;
        *requests = requests_since(log, start)?;
    }
    Ok(requests)
}

fn requests_since(log: &Path, start: u64) -> anyhow::Result<u64> {
    let mut file = File::open(log).context("cannot read the wineserver's log")?;
    file.seek(SeekFrom::Start(start)).context("cannot read the wineserver's log")?;
    let mut count = 0;
    // Paths in it need not be UTF-8.
    for line in BufReader::new(file).split(b'\n') {
        let line = line.context("cannot read the wineserver's log")?;
        count += u64::from(is_request(&String::from_utf8_lossy(&line)));
    }
    Ok(count)
}

/// Whether a line is a request: `0024: read( … )`, and neither its answer `0024: read() = 0` nor an
/// event `0024: *wakeup* …`.
pub(crate) fn is_request(line: &str) -> bool {
    let Some((thread, rest)) = line.split_once(": ") else { return false };
    let Some((name, arguments)) = rest.split_once('(') else { return false };
    let is_thread = thread.len() == 4 && thread.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_name =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte));
    is_thread && !name.is_empty() && is_name && arguments.starts_with(' ')
}
