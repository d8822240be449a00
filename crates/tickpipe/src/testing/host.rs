//! A strategy in memory: the thread it runs on, and who is told what it does.

use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tickpipe_proto::message::Hello;
use tickpipe_proto::session::{Session, SessionConfig, SessionCounters, SessionEvent};

use crate::error::{Error, ErrorKind};
use crate::session::link::{Link, LinkParts};
use crate::session::memory::{MemoryEnd, pair};
use crate::session::note::{Note, Observer};
use crate::session::runner::{self, Handled, Witness};
use crate::session::{BoxedStrategy, Strategy};

/// No test should depend on a heartbeat, nor fail because somebody looks at it in a debugger.
const NEVER: Duration = Duration::from_secs(86_400);

/// What went wrong in a strategy, in words.
pub(super) type Failures = Arc<Mutex<Vec<String>>>;

pub(super) struct Host {
    ended: Receiver<()>,
    pub(super) failures: Failures,
}

impl Host {
    /// Starts a session without any deadline, and returns the EA's end of it.
    pub(super) fn start(strategy: BoxedStrategy) -> Result<(Self, MemoryEnd), Error> {
        let (ours, theirs) = pair();
        let now = Instant::now();
        let config = SessionConfig {
            heartbeat: NEVER,
            silence: NEVER,
            handler_deadline: None,
            line_deadline: NEVER,
            session: "memory".to_owned(),
            ..SessionConfig::default()
        };
        let parts = LinkParts {
            session: Session::new(config, now),
            reader: Box::new(ours.reader),
            writer: Box::new(ours.writer),
            control: Box::new(ours.control),
            observer: Box::new(Nobody),
            write_deadline: NEVER,
            lingers: false,
        };
        let (link, failures) = (Arc::new(Link::new(parts, now)), Failures::default());
        let (end, ended) = channel();
        let clerk = Clerk(Arc::clone(&failures));
        let spawned = thread::Builder::new().name("tickpipe-double".to_owned()).spawn(move || {
            let _end = end;
            let strategy = Mutex::new(Some(strategy));
            let mut make = |_: &Hello| -> BoxedStrategy {
                let made = strategy.lock().unwrap_or_else(PoisonError::into_inner).take();
                // A session is opened once.
                made.unwrap_or_else(|| Box::new(Idle))
            };
            runner::run(&link, &mut make, &clerk);
        });
        match spawned {
            Ok(_) => Ok((Self { ended, failures }, theirs)),
            Err(error) => Err(Error::io("cannot start a thread for the strategy", error)),
        }
    }

    /// Waits until the strategy is gone, once its EA is.
    pub(super) fn wait(&self, limit: Duration) -> Result<(), Error> {
        match self.ended.recv_timeout(limit) {
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                let text = format!("the strategy did not return within {} ms", limit.as_millis());
                Err(Error::new(ErrorKind::TimedOut, text))
            }
            _ => Ok(()),
        }
    }
}

struct Idle;

impl Strategy for Idle {}

struct Nobody;

impl Observer for Nobody {
    fn note(&self, _: Note<'_>) {}
    fn cannot_read(&self, _: &io::Error) {}
    fn cannot_write(&self, _: &io::Error) {}
    fn shut(&self, _: bool, _: &SessionCounters) {}
}

/// Notes what fails.
struct Clerk(Failures);

impl Witness for Clerk {
    fn opened(&self, _: &Arc<Link>, _: &Arc<Hello>) {}
    fn came(&self, _: &SessionEvent) {}
    fn ticked(&self, _: Handled) {}

    fn failed(&self, method: &'static str, error: &str) {
        self.add(format!("{method} failed: {error}"));
    }

    fn panicked(&self, method: &'static str, panic: &str) {
        self.add(format!("{method} panicked: {panic}"));
    }
}

impl Clerk {
    fn add(&self, text: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}
