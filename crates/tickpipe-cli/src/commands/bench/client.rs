//! The load: clients of the standard library alone, so that nothing of ours is in their way.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::interrupt::Interrupt;
use crate::latency::Latencies;

/// What the article's EA writes on a tick.
const REQUEST: &[u8] = b"1.10000000\r\n";
/// The answer to it.
const ANSWER: &[u8] = b"2.200\r\n";

/// Round trips before those that count.
const WARM_UP: u32 = 10;

/// Lines of one write of a streaming client. It writes on while as many wait for their replies,
/// which is far less than any pipe or socket holds: neither side ever waits for room.
const BATCH: usize = 256;

/// How clients write and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// One byte a call, as the article's EA does.
    Byte,
    /// What is there.
    Line,
    /// What is there, behind writes that do not wait for it.
    Stream,
}

impl Reads {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Line => "line",
            Self::Stream => "stream",
        }
    }
}

/// How many clients do what at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) reads: Reads,
    pub(crate) clients: usize,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` with {} at once", self.reads.as_str(), self.clients)
    }
}

/// What all clients of a turn did together.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) lines: u64,
    pub(crate) elapsed: Duration,
    /// Empty for a stream, whose lines wait for each other.
    pub(crate) latencies: Latencies,
}

/// What one client did.
struct Done {
    lines: u64,
    begun_at: Instant,
    ended_at: Instant,
    latencies: Latencies,
}

/// Puts a load on the server at `address` for as long as `length`, or until interrupted.
///
/// # Errors
///
/// Returns the first client's error: that of the system, or a wrong answer.
pub(crate) fn turn(
    address: &str,
    load: Load,
    length: Duration,
    interrupt: &Interrupt,
) -> io::Result<Turn> {
    let start = Barrier::new(load.clients);
    let work = || run_client(address, load.reads, length, &start, interrupt);
    let done: Vec<io::Result<Done>> = thread::scope(|scope| {
        let clients: Vec<_> = (0..load.clients).map(|_| scope.spawn(work)).collect();
        let panicked = |_| Err(io::Error::other("a client panicked"));
        clients.into_iter().map(|client| client.join().unwrap_or_else(panicked)).collect()
    });
    let done: Vec<Done> = done.into_iter().collect::<io::Result<_>>()?;
    let begun_at = done.iter().map(|client| client.begun_at).min();
    let ended_at = done.iter().map(|client| client.ended_at).max();
    let elapsed = begun_at.zip(ended_at).map(|(begun_at, ended_at)| ended_at - begun_at);
    let mut latencies = Latencies::new();
    for client in &done {
        latencies.add(&client.latencies);
    }
    let lines = done.iter().map(|client| client.lines).sum();
    Ok(Turn { lines, elapsed: elapsed.unwrap_or_default(), latencies })
}

fn run_client(
    address: &str,
    reads: Reads,
    length: Duration,
    start: &Barrier,
    interrupt: &Interrupt,
) -> io::Result<Done> {
    let prepared = open(address).and_then(|mut pipe| {
        (0..WARM_UP).try_for_each(|_| round_trip(&mut pipe, reads)).map(|()| pipe)
    });
    // Also one that failed comes to the start, or the others would wait for it for ever.
    start.wait();
    let mut pipe = prepared?;
    let begun_at = Instant::now();
    let mut latencies = Latencies::new();
    let mut lines = 0;
    let mut ended_at = begun_at;
    if reads == Reads::Stream {
        pipe.write_all(&REQUEST.repeat(BATCH))?;
    }
    while ended_at - begun_at < length && !interrupt.is_set() {
        let before = ended_at;
        if reads == Reads::Stream {
            pipe.write_all(&REQUEST.repeat(BATCH))?;
            take_batch(&mut pipe)?;
            ended_at = Instant::now();
            lines += BATCH as u64;
        } else {
            round_trip(&mut pipe, reads)?;
            ended_at = Instant::now();
            latencies.record(ended_at - before);
            lines += 1;
        }
    }
    if reads == Reads::Stream {
        take_batch(&mut pipe)?;
    }
    Ok(Done { lines, begun_at, ended_at, latencies })
}

/// Writes one line and reads its answer.
fn round_trip(pipe: &mut (impl Read + Write), reads: Reads) -> io::Result<()> {
    pipe.write_all(REQUEST)?;
    let mut buf = [0; 4096];
    let read_len = if reads == Reads::Byte { 1 } else { buf.len() };
    let mut held = 0;
    while held == 0 || buf[held - 1] != b'\n' {
        let until = buf.len().min(held + read_len);
        held += read_some(pipe, &mut buf[held..until])?;
    }
    check(&buf[..held])
}

/// Reads the answers to as many lines as one write has.
fn take_batch(pipe: &mut impl Read) -> io::Result<()> {
    let mut buf = [0; BATCH * ANSWER.len()];
    let mut held = 0;
    while held < buf.len() {
        held += read_some(pipe, &mut buf[held..])?;
    }
    buf.chunks(ANSWER.len()).try_for_each(check)
}

fn read_some(pipe: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    match pipe.read(buf)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        count => Ok(count),
    }
}

fn check(answer: &[u8]) -> io::Result<()> {
    if answer == ANSWER {
        return Ok(());
    }
    let found = tickpipe::escaped(&String::from_utf8_lossy(answer), 80);
    let text = format!("the answer was `{found}`, allowed is only `2.200`");
    Err(io::Error::new(io::ErrorKind::InvalidData, text))
}

#[cfg(unix)]
fn open(address: &str) -> io::Result<impl Read + Write> {
    std::os::unix::net::UnixStream::connect(address)
}

/// Opens the pipe, as soon as one of its instances is free.
#[cfg(windows)]
fn open(address: &str) -> io::Result<impl Read + Write> {
    const PIPE_BUSY: i32 = 231;
    const LIMIT: Duration = Duration::from_secs(10);
    let begun_at = Instant::now();
    loop {
        match std::fs::File::options().read(true).write(true).open(address) {
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) && begun_at.elapsed() < LIMIT => {
                thread::sleep(Duration::from_millis(2));
            }
            opened => return opened,
        }
    }
}
