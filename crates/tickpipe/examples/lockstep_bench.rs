//! Times session mode beside line mode, in one process: `cargo xtask bench session` runs it pinned.
//!
//! Prints a figure and what it is on a line each: medians of runs that take turns against one server.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use tickpipe::raw::{RawConnection, RawRead};
use tickpipe::session::{Context, RatesSpan, Strategy, StrategyError, Tick, Timeframe};
use tickpipe::{Server, double};

/// Round trips of one run: short, so that runs share what the machine does.
const ROUNDS: u32 = 4_000;
const PAIRS: usize = 25;
/// Bars that are asked for, and how many the EA puts into a page.
const BARS: u64 = 10_000;
const BARS_A_PAGE: u64 = 900;
const FIRST_BAR: i64 = 1_700_000_000;
/// How long the server may take for anything.
const LIMIT: Duration = Duration::from_secs(5);

const HELLO: &str = concat!(
    r#"{"jsonrpc":"2.0","id":0,"method":"hello","params":{"protocol":1,"client":"bench","#,
    r#""client_version":"1","terminal":"sim","instance":"bench","account":{"login":"1","#,
    r#""server":"bench","currency":"USD","trade_mode":"demo","margin_mode":"hedging"},"#,
    r#""chart":{"id":"1","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"#,
    r#""tick_mode":"lockstep","capabilities":["rates"]}}"#
);

/// Answers ticks at once; asks for bars at a tick of `RATES`.
struct Bench;

impl Strategy for Bench {
    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        if tick.symbol.as_str() == "RATES" {
            let span = RatesSpan::Position { start: 0, count: BARS };
            let bars = context.rates(&tick.symbol, Timeframe::M1, span)?;
            if u64::try_from(bars.len())? != BARS {
                return Err(format!("{} of {BARS} bars came", bars.len()).into());
            }
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let name = format!("session-bench-{}", std::process::id());
    let server = Server::bind(&name)?;
    let stopper = server.stopper();
    let serving =
        thread::spawn(move || server.serve_both(|_| |line: &str| double(line), |_, _| Bench));
    let outcome = measure(&name);
    stopper.stop();
    serving.join().map_err(|_| "the server panicked")??;
    outcome
}

fn measure(name: &str) -> Result<(), Box<dyn Error>> {
    let mut line = Client::connect(name)?;
    let mut session = Client::connect(name)?;
    session.ask(HELLO.as_bytes(), b"\"result\"")?;
    let (mut line_ns, mut session_ns) = (Vec::new(), Vec::new());
    let mut last = 0;
    for pair in 0..=PAIRS {
        let one = line.run(|_| "1.10000000\r".to_owned(), b"2.200")?;
        let other = session.run(
            |_| {
                last += 1;
                let rest = format!(r#""bid":1.10000,"ask":1.10012,"seq":{last}"#);
                tick(&last.to_string(), "EURUSD", &rest)
            },
            b"\"result\":{}",
        )?;
        // The first pair warms up.
        if 0 < pair {
            line_ns.push(one);
            session_ns.push(other);
        }
    }
    let (one, other) = (median(&mut line_ns), median(&mut session_ns));
    println!("{:.3} time of a lockstep tick over that of a line", other / one);
    println!("{:.0} lockstep ticks a second", 1e9 / other);
    let mut pages = Vec::new();
    for run in 0..=PAIRS {
        let took = session.serve_rates(run)?;
        if 0 < run {
            pages.push(took.as_secs_f64() * 1e3);
        }
    }
    println!("{:.3} ms for 10,000 bars", median(&mut pages));
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// An EA that writes a line and reads one, with buffers of its own.
struct Client {
    connection: RawConnection,
    buf: Vec<u8>,
    got: Vec<u8>,
}

impl Client {
    fn connect(name: &str) -> Result<Self, Box<dyn Error>> {
        let connection = RawConnection::connect(name, LIMIT)?;
        Ok(Self { connection, buf: vec![0; 16 * 1024], got: Vec::new() })
    }

    fn send(&mut self, line: &[u8]) -> Result<(), Box<dyn Error>> {
        Ok(self.connection.write_all(&[line, b"\n"].concat(), LIMIT)?)
    }

    /// Reads once.
    fn read(&mut self) -> Result<(), Box<dyn Error>> {
        match self.connection.read(&mut self.buf, LIMIT)? {
            RawRead::Data(count) => {
                self.got.extend_from_slice(&self.buf[..count]);
                Ok(())
            }
            other @ (RawRead::End | RawRead::TimedOut | _) => {
                Err(format!("the server gave {other:?}").into())
            }
        }
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        loop {
            if let Some(end) = self.got.iter().position(|&byte| byte == b'\n') {
                return Ok(String::from_utf8(self.got.drain(..=end).collect())?);
            }
            self.read()?;
        }
    }

    fn ask(&mut self, line: &[u8], expected: &[u8]) -> Result<(), Box<dyn Error>> {
        self.send(line)?;
        let reply = self.line()?;
        if has(reply.as_bytes(), expected) {
            return Ok(());
        }
        Err(format!("found the reply {reply}").into())
    }

    /// Times a run; nanoseconds a round trip.
    fn run(
        &mut self,
        mut make: impl FnMut(u32) -> String,
        expected: &[u8],
    ) -> Result<f64, Box<dyn Error>> {
        // Made before the clock starts: what an EA spends on its own text is not ours.
        let lines: Vec<Vec<u8>> =
            (0..ROUNDS).map(|round| (make(round) + "\n").into_bytes()).collect();
        let begun = Instant::now();
        for line in &lines {
            self.connection.write_all(line, LIMIT)?;
            self.got.clear();
            while self.got.last() != Some(&b'\n') {
                self.read()?;
            }
            if !has(&self.got, expected) {
                return Err(format!("found {}", String::from_utf8_lossy(&self.got)).into());
            }
        }
        let elapsed = begun.elapsed();
        self.got.clear();
        Ok(elapsed.as_secs_f64() * 1e9 / f64::from(ROUNDS))
    }

    /// Sends a tick in which the strategy asks for bars, and answers the pages; how long it took.
    fn serve_rates(&mut self, run: usize) -> Result<Duration, Box<dyn Error>> {
        let pages: Vec<String> = pages();
        let begun = Instant::now();
        let line = tick(&format!("\"r{run}\""), "RATES", r#""bid":1.1,"ask":1.2"#);
        self.send(line.as_bytes())?;
        for page in &pages {
            let asked = self.line()?;
            let id = asked.split("\"id\":").nth(1).and_then(|rest| rest.split(',').next());
            let id = id.ok_or_else(|| format!("found no request in {asked}"))?.to_owned();
            self.send(format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{page}}}"#).as_bytes())?;
        }
        let reply = self.line()?;
        if reply.contains("\"result\":{}") {
            return Ok(begun.elapsed());
        }
        Err(format!("found {reply}").into())
    }
}

fn tick(id: &str, symbol: &str, rest: &str) -> String {
    let params = format!(r#""symbol":"{symbol}","time_msc":1700000000123,{rest}"#);
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tick","params":{{{params}}}}}"#)
}

/// The results of an EA that has `BARS` bars, the newest page first.
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    let mut end = BARS;
    while 0 < end {
        let begin = end.saturating_sub(BARS_A_PAGE);
        let rows: Vec<String> = (begin..end)
            .map(|bar| {
                let time = FIRST_BAR + 60 * i64::try_from(bar).unwrap_or_default();
                format!("[{time},1.10000,1.10025,1.09980,1.10012,123,12,0]")
            })
            .collect();
        pages.push(format!(r#"{{"bars":[{}],"more":{}}}"#, rows.join(","), 0 < begin));
        end = begin;
    }
    pages
}

fn has(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
