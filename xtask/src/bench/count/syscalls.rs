//! System calls of a server on a Linux socket, by `strace -c`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::{Counted, ROUNDS, per_round_trip};
use crate::bench::figures::Client;
use crate::bench::servers::{self, Contest, Place};
use crate::paths::Paths;
use crate::run::{self, Owned};

const END_LIMIT: Duration = Duration::from_secs(30);

pub(crate) fn count(paths: &Paths, place: &Place<'_>) -> anyhow::Result<Vec<Counted>> {
    let mut rows = Vec::new();
    for client in [Client::Byte, Client::Line] {
        let path = place.path("yardstick");
        let command = place.yardstick(&path);
        let calls = count_twice(paths, place, client, (&command, "ready", &path))?;
        rows.push(row("C", client, calls));
        let path = place.path("tickpipe");
        let command = place.tickpipe(&path, &["double"]);
        let calls = count_twice(paths, place, client, (&command, "listening", &path))?;
        rows.push(row("tickpipe", client, calls));
    }
    Ok(rows)
}

fn row(server: &'static str, client: Client, calls: [u64; 2]) -> Counted {
    let what = "system calls of the server, Linux socket";
    Counted { what, server, client, per_round_trip: per_round_trip(calls), max: None }
}

fn count_twice(
    paths: &Paths,
    place: &Place<'_>,
    client: Client,
    (server, word, path): (&Command, &'static str, &str),
) -> anyhow::Result<[u64; 2]> {
    let file = paths.target.join("bench/strace.txt");
    fs::create_dir_all(paths.target.join("bench")).context("cannot create target/bench")?;
    let mut calls = [0; 2];
    for (calls, rounds) in calls.iter_mut().zip(ROUNDS) {
        let mut traced = Traced(servers::start(&mut traced(server, &file), word)?);
        place.run_client(path, client, 1, rounds, Contest::Yardstick.answer())?;
        traced.kill_server()?;
        // It writes its table once the server is gone.
        if run::wait(&mut traced.0.0, END_LIMIT)?.is_none() {
            bail!("strace does not end");
        }
        let table = fs::read_to_string(&file).context("cannot read strace's table")?;
        *calls = total_calls(&table).context("strace's table has no total")?;
    }
    Ok(calls)
}

/// A strace and the server below it. A strace that is ended lets its server run on, so the server is
/// ended, and the strace follows.
#[derive(Debug)]
struct Traced(Owned);

impl Traced {
    fn kill_server(&self) -> anyhow::Result<()> {
        let strace = self.0.0.id();
        let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children"))
            .context("cannot find the server below strace")?;
        for server in children.split_whitespace() {
            run::check(Command::new("kill").args(["-KILL", server]))?;
        }
        Ok(())
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        // Fails if they have ended, as they should have.
        self.kill_server().ok();
    }
}

fn traced(server: &Command, file: &Path) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-c", "-U", "calls,name", "-o"]).arg(file);
    strace.arg(server.get_program()).args(server.get_args());
    strace
}

/// The number before `total` in a table of calls and names.
pub(crate) fn total_calls(table: &str) -> Option<u64> {
    table.lines().find_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [calls, "total"] => calls.parse().ok(),
        _ => None,
    })
}
