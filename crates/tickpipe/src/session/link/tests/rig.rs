//! A session in memory: its strategy on a thread, a watchdog, and the EA's end in the test's hands.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tickpipe_proto::message::{Hello, Tick};
use tickpipe_proto::session::{Session, SessionConfig, SessionCounters, SessionEvent};

use crate::session::link::{Link, LinkParts, LinkReader, LinkWriter, Watch};
use crate::session::memory::{MemoryEnd, MemoryReader, MemoryWriter, pair};
use crate::session::note::{Note, Observer};
use crate::session::runner::{self, Handled, Witness};
use crate::session::{BoxedStrategy, Context, StopReason, Strategy, StrategyError};
use crate::transport::Received;

/// No test waits longer for anything.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

pub(super) const HELLO: &str = concat!(
    r#"{"jsonrpc":"2.0","id":"hello","method":"hello","params":{"protocol":1,"#,
    r#""client":"test","client_version":"1","terminal":"sim","instance":"i1","#,
    r#""account":{"login":"1","server":"S","currency":"USD","trade_mode":"demo","#,
    r#""margin_mode":"hedging"},"chart":{"id":"1","symbol":"EURUSD","timeframe":"M1","#,
    r#""digits":5,"point":0.00001},"tick_mode":"lockstep","#,
    r#""capabilities":["symbols","comment","order_send"]}}"#
);

/// What the observer and the witness were told.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) lines: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Told {
    fn add(&self, line: String) {
        self.lines.lock().unwrap().push(line);
        self.changed.notify_all();
    }

    /// Waits until something was told that begins so.
    pub(super) fn wait_for(&self, begin: &str) -> String {
        let lines = self.lines.lock().unwrap();
        let found = |lines: &[String]| lines.iter().find(|l| l.starts_with(begin)).cloned();
        let (lines, result) =
            self.changed.wait_timeout_while(lines, LIMIT, |lines| found(lines).is_none()).unwrap();
        assert!(!result.timed_out(), "nobody told `{begin}`, but {lines:?}");
        found(&lines).unwrap()
    }
}

impl Observer for Arc<Told> {
    fn note(&self, note: Note<'_>) {
        if let Note::Order { result, .. } = note {
            self.add(format!("order {result:?}"));
        }
    }
    fn cannot_read(&self, error: &io::Error) {
        self.add(format!("cannot read {error}"));
    }
    fn cannot_write(&self, error: &io::Error) {
        self.add(format!("cannot write {:?}", error.kind()));
    }
    fn shut(&self, is_working: bool, counters: &SessionCounters) {
        self.add(format!("shut {is_working} {counters:?}"));
    }
}

impl Witness for Told {
    fn opened(&self, _link: &Arc<Link>, hello: &Arc<Hello>) {
        self.add(format!("opened {}", hello.instance));
    }
    fn came(&self, event: &SessionEvent) {
        self.add(format!("came {event:?}"));
    }
    fn ticked(&self, handled: Handled) {
        self.add(format!("ticked {:?}", handled.result));
    }
    fn failed(&self, method: &'static str, error: &str) {
        self.add(format!("failed {method} {error}"));
    }
    fn panicked(&self, method: &'static str, panic: &str) {
        self.add(format!("panicked {method} {panic}"));
    }
}

/// What a test's strategy does with a tick.
pub(super) type OnTick = Box<dyn FnMut(&Arc<Link>, &Tick) -> Result<(), StrategyError> + Send>;

/// What a test's strategy does at its end.
pub(super) type OnStop = Box<dyn FnMut(&Arc<Link>) + Send>;

/// A strategy that does what the test says, and tells what it hears.
struct Scripted {
    link: Arc<Link>,
    told: Arc<Told>,
    on_tick: OnTick,
    on_stop: OnStop,
    timer: Option<Duration>,
    timer_takes: Duration,
}

impl Strategy for Scripted {
    fn on_start(&mut self, _context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.link.set_timer(self.timer);
        Ok(())
    }
    fn on_tick(&mut self, _context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        (self.on_tick)(&self.link, tick)
    }
    fn on_timer(&mut self, _context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.told.add("timer".to_owned());
        thread::sleep(self.timer_takes);
        Ok(())
    }
    fn on_stop(&mut self, _context: &mut Context<'_>, reason: &StopReason) {
        (self.on_stop)(&self.link);
        self.told.add(format!("stop {reason:?}"));
    }
}

/// How a rig is set up.
pub(super) struct Setup {
    pub(super) config: SessionConfig,
    pub(super) write_deadline: Duration,
    pub(super) on_stop: OnStop,
    pub(super) timer: Option<Duration>,
    pub(super) timer_takes: Duration,
    /// Fails in place of making a strategy.
    pub(super) make_panics: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            config: SessionConfig { handler_deadline: None, ..SessionConfig::default() },
            write_deadline: LIMIT,
            on_stop: Box::new(|_| {}),
            timer: None,
            timer_takes: Duration::ZERO,
            make_panics: false,
        }
    }
}

/// A session in memory.
pub(super) struct Rig {
    pub(super) link: Arc<Link>,
    pub(super) told: Arc<Told>,
    pub(super) ea: Ea,
    runner: JoinHandle<()>,
    watcher: JoinHandle<()>,
    is_done: Arc<AtomicBool>,
}

impl Rig {
    /// Opens a session whose ticks are handled so.
    pub(super) fn open(setup: Setup, on_tick: OnTick) -> Self {
        let mut rig = Self::start(setup, on_tick);
        rig.ea.send(HELLO);
        let welcome = rig.ea.line();
        assert!(welcome.contains(r#""id":"hello","result""#), "{welcome}");
        rig
    }

    pub(super) fn start(setup: Setup, on_tick: OnTick) -> Self {
        let (ours, theirs) = pair();
        let MemoryEnd { reader, writer, control } = ours;
        let told = Arc::new(Told::default());
        let now = Instant::now();
        let link = Arc::new(Link::new(
            LinkParts {
                session: Session::new(setup.config, now),
                reader: Box::new(reader),
                writer: Box::new(writer),
                control: Box::new(control),
                observer: Box::new(Arc::clone(&told)),
                write_deadline: setup.write_deadline,
                lingers: false,
            },
            now,
        ));
        let scripted = Mutex::new(Some(Scripted {
            link: Arc::clone(&link),
            told: Arc::clone(&told),
            on_tick,
            on_stop: setup.on_stop,
            timer: setup.timer,
            timer_takes: setup.timer_takes,
        }));
        let make_panics = setup.make_panics;
        let runner = thread::spawn({
            let (link, told) = (Arc::clone(&link), Arc::clone(&told));
            move || {
                let mut make = |_: &Hello| -> BoxedStrategy {
                    assert!(!make_panics, "no strategy");
                    Box::new(scripted.lock().unwrap().take().unwrap())
                };
                runner::run(&link, &mut make, &*told);
            }
        });
        let is_done = Arc::new(AtomicBool::new(false));
        let watcher = watch(&link, &is_done);
        Self { link, told, ea: Ea::new(theirs), runner, watcher, is_done }
    }

    /// Waits until the strategy's thread has ended, which it does once the session is over.
    pub(super) fn join(self) -> Arc<Told> {
        self.runner.join().unwrap();
        self.is_done.store(true, Ordering::Release);
        self.watcher.join().unwrap();
        self.told
    }

    /// Leaves as an EA does that just closes its handle, and waits for the end.
    pub(super) fn leave(self) -> Arc<Told> {
        let Self { link, told, ea, runner, watcher, is_done } = self;
        drop((ea, link));
        runner.join().unwrap();
        is_done.store(true, Ordering::Release);
        watcher.join().unwrap();
        told
    }
}

/// Keeps the session as the server's watchdog has it kept, only sooner.
fn watch(link: &Arc<Link>, is_done: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (link, is_done) = (Arc::clone(link), Arc::clone(is_done));
    thread::spawn(move || {
        while !is_done.load(Ordering::Acquire) {
            if link.watch(Instant::now(), Duration::from_millis(5)) == Watch::Keep {
                link.keep();
            }
            thread::sleep(Duration::from_millis(2));
        }
    })
}

/// The EA's end.
pub(super) struct Ea {
    reader: MemoryReader,
    writer: MemoryWriter,
    pending: Vec<u8>,
}

impl Ea {
    fn new(end: MemoryEnd) -> Self {
        Self { reader: end.reader, writer: end.writer, pending: Vec::new() }
    }

    pub(super) fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\n").as_bytes());
    }

    pub(super) fn send_bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes, LIMIT).unwrap();
    }

    /// Sends for so long; returns whether all of it was taken.
    pub(super) fn flood(&mut self, bytes: &[u8], limit: Duration) -> bool {
        self.writer.write_all(bytes, limit).is_ok()
    }

    /// Closes the way in which the server writes.
    pub(super) fn go_deaf(&mut self) {
        let (unused, _) = pair();
        self.reader = unused.reader;
    }

    /// Sends a tick in lockstep.
    pub(super) fn tick(&mut self, id: u64) {
        self.send(&tick_line(id));
    }

    /// Reads the next line; empty at the end.
    pub(super) fn line(&mut self) -> String {
        let due = Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=at).collect();
                return String::from_utf8(line).unwrap().trim_end().to_owned();
            }
            let mut buf = [0; 4096];
            let left = due.saturating_duration_since(Instant::now());
            match self.reader.read(&mut buf, Some(left)).unwrap() {
                Received::Data(count) => self.pending.extend(&buf[..count]),
                Received::End => return String::new(),
                Received::TimedOut | Received::Woken => panic!("no line came"),
            }
        }
    }

    /// Returns whether a line is there, or comes within a moment.
    pub(super) fn has_line(&mut self) -> bool {
        let mut buf = [0; 4096];
        if !self.pending.contains(&b'\n')
            && let Received::Data(count) =
                self.reader.read(&mut buf, Some(Duration::from_micros(200))).unwrap()
        {
            self.pending.extend(&buf[..count]);
        }
        self.pending.contains(&b'\n')
    }

    /// Reads the next line, which has to contain this.
    pub(super) fn expect(&mut self, part: &str) -> String {
        let line = self.line();
        assert!(line.contains(part), "found `{line}`, expected `{part}`");
        line
    }

    /// Reads the next line, a request of the server's, and answers it with this result.
    pub(super) fn serve(&mut self, method: &str, result: &str) {
        let line = self.expect(&format!(r#""method":"{method}""#));
        self.answer(&id_of(&line), result);
    }

    pub(super) fn answer(&mut self, id: &str, result: &str) {
        self.send(&format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#));
    }
}

/// Returns the id of a line, as it stands there.
pub(super) fn id_of(line: &str) -> String {
    text_between(line, r#""id":"#, [',', '}']).to_owned()
}

/// Returns what follows `begin` up to one of `ends`.
pub(super) fn text_between<'a>(line: &'a str, begin: &str, ends: [char; 2]) -> &'a str {
    let (_, rest) = line.split_once(begin).unwrap();
    rest.split(ends).next().unwrap()
}

pub(super) fn tick_line(id: u64) -> String {
    let head = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tick","params":"#);
    let tick = r#"{"symbol":"EURUSD","time_msc":1700000000123,"bid":1.10000,"ask":1.10012}"#;
    format!("{head}{tick}}}")
}

/// Holds a strategy, until the test lets it go on.
pub(super) fn gate() -> (Gate, Receiver<()>, Sender<()>) {
    let (came, has_come) = channel();
    let (go, may_go) = channel();
    (Gate { came, may_go }, has_come, go)
}

/// Where a strategy waits.
pub(super) struct Gate {
    came: Sender<()>,
    may_go: Receiver<()>,
}

impl Gate {
    /// Waits until the test sends, or has dropped its end.
    pub(super) fn pass(&self) {
        self.came.send(()).ok();
        self.may_go.recv_timeout(LIMIT).ok();
    }
}
