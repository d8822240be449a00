//! A terminal over a real pipe: what an EA does, on one thread, and nothing it could not do.
//!
//! Every tick is a request. The EA sends what happened before it and the tick itself, and then serves
//! what it is asked until the tick is answered; nothing is read outside such a wait. So a strategy sees
//! here what it sees in process.

mod error;
mod line;
mod session;

use std::thread;
use std::time::{Duration, Instant};

use tickpipe::raw::RawConnection;
use tickpipe_proto::message::Tick;

pub use self::error::WireError;
use self::session::{SessionEnd, play_session};
use super::Terminal;

/// How often a pause is doubled at most: up to 0.64 s.
const PAUSE_DOUBLINGS: u32 = 5;
/// The first pause between two attempts; each is twice that before it.
const PAUSE_MIN: Duration = Duration::from_millis(20);
/// How often a wait looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

/// How a terminal goes to its server.
///
/// # Defaults
///
/// It waits 10 s for a server, at the begin and after one was lost, 10 s for the answer to `hello`, and
/// 30 s for that to a tick. After 5 sessions in a row that ended before a tick was answered it gives up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WireConfig {
    /// The pipe's name.
    pub pipe: String,
    /// How long it waits for a server.
    pub connect_within: Duration,
    /// How long it waits for the answer to `hello`.
    pub hello_within: Duration,
    /// How long it waits for the answer to a tick. A strategy that waits for an answer that was lost
    /// takes 5 s.
    pub reply_within: Duration,
    /// Sessions in a row that may end before a tick was answered.
    pub restless_max: u32,
}

impl WireConfig {
    /// Goes to a pipe; the rest is as the defaults say.
    #[must_use]
    pub fn new(pipe: &str) -> Self {
        Self {
            pipe: pipe.to_owned(),
            connect_within: Duration::from_secs(10),
            hello_within: Duration::from_secs(10),
            reply_within: Duration::from_secs(30),
            restless_max: 5,
        }
    }

    /// Sets after how many sessions in a row it gives up that ended before a tick was answered.
    #[must_use]
    pub const fn with_restless_max(mut self, restless_max: u32) -> Self {
        self.restless_max = restless_max;
        self
    }

    /// Sets how long it waits for a server.
    #[must_use]
    pub const fn with_connect_within(mut self, within: Duration) -> Self {
        self.connect_within = within;
        self
    }
}

/// Who watches a run: sets its pace, and may end it.
///
/// All methods are called on the thread that plays, and must not wait.
pub trait Watch {
    /// A tick is next; returns when it is to be sent, or `None` for at once.
    ///
    /// Until then the terminal serves what it is asked, in the moment of this tick.
    fn tick(&mut self, terminal: &Terminal, tick: &Tick) -> Option<Instant> {
        let _: (&Terminal, &Tick) = (terminal, tick);
        None
    }

    /// Returns whether to end; asked before each tick, and ten times a second while it waits.
    fn is_stopped(&mut self) -> bool {
        false
    }

    /// Something is worth telling.
    fn note(&mut self, note: WireNote<'_>) {
        let _: WireNote<'_> = note;
    }
}

/// Nobody watches: as fast as it goes, to the end.
impl Watch for () {}

/// What is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireNote<'a> {
    /// The connection ended, or the server said `bye`, with this word; the terminal comes again.
    Lost(&'a str),
    /// A session is open, under this name in the server's log.
    Opened(&'a str),
    /// A tick was answered.
    TickAnswered,
    /// A tick was answered with an error of this code.
    TickFailed(&'a str),
    /// A tick was not answered in time.
    TickUnanswered,
}

/// How a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct WireRun {
    /// The terminal, with its books.
    pub terminal: Terminal,
    /// Whether it came to the end of its ticks.
    pub result: Result<WireEnd, WireError>,
}

/// How a run ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireEnd {
    /// All ticks were played.
    Done,
    /// Whoever watches ended it.
    Stopped,
}

/// Plays a terminal over a pipe, to the end of its ticks.
pub fn play(mut terminal: Terminal, config: &WireConfig, watch: &mut impl Watch) -> WireRun {
    let result = play_sessions(&mut terminal, config, watch);
    WireRun { terminal, result }
}

fn play_sessions(
    terminal: &mut Terminal,
    config: &WireConfig,
    watch: &mut impl Watch,
) -> Result<WireEnd, WireError> {
    let mut restless = 0_u32;
    while terminal.begin_seen() {
        let answered = answered(terminal);
        let Some(connection) = connect(config, watch)? else { return Ok(WireEnd::Stopped) };
        let error = match play_session(terminal, connection, config, watch) {
            Ok(SessionEnd::Again) => continue,
            Ok(SessionEnd::Lost(code)) => {
                terminal.hang_up();
                WireError::Restless { sessions: restless.saturating_add(1), code }
            }
            Ok(SessionEnd::Over) => break,
            Ok(SessionEnd::Stopped) => return Ok(WireEnd::Stopped),
            // There may be another server the next time.
            Err(error @ (WireError::Hello(_) | WireError::NoSession(_))) => error,
            Err(error) => return Err(error),
        };
        watch.note(WireNote::Lost(error.code()));
        if watch.is_stopped() {
            return Ok(WireEnd::Stopped);
        }
        // The last tick of a session that is lost has counted as sent.
        let is_restless = self::answered(terminal) <= answered + 1;
        restless = if is_restless { restless.saturating_add(1) } else { 0 };
        if config.restless_max <= restless {
            return Err(error);
        }
        let pause = PAUSE_MIN * 2_u32.saturating_pow(restless.min(PAUSE_DOUBLINGS));
        if is_restless && pass(pause, watch) {
            return Ok(WireEnd::Stopped);
        }
    }
    Ok(WireEnd::Done)
}

const fn answered(terminal: &Terminal) -> u64 {
    let counts = terminal.counts();
    counts.ticks_sent - counts.ticks_failed
}

/// Connects, waiting for a server; `None` if that is to end.
fn connect(
    config: &WireConfig,
    watch: &mut impl Watch,
) -> Result<Option<RawConnection>, WireError> {
    let end = Instant::now() + config.connect_within;
    let mut pause = PAUSE_MIN;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let source = match RawConnection::connect(&config.pipe, left.min(LOOK)) {
            Ok(connection) => return Ok(Some(connection)),
            Err(error) => error,
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let (pipe, within) = (config.pipe.clone(), config.connect_within);
            return Err(WireError::Connect { pipe, within, source });
        }
        if pass(pause.min(left), watch) {
            return Ok(None);
        }
        pause = (pause * 2).min(PAUSE_MIN * 2_u32.pow(PAUSE_DOUBLINGS));
    }
}

/// Lets time pass without reading anything. Returns whether that was ended.
fn pass(span: Duration, watch: &mut impl Watch) -> bool {
    let end = Instant::now() + span;
    loop {
        if watch.is_stopped() {
            return true;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        thread::sleep(left.min(LOOK));
    }
}
