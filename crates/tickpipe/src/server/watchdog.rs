//! The watchdog: answers for handlers that are late.

use std::io;
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tickpipe_proto::{ErrorCode, LineError};

use super::connection::take_over;
use super::live::{Live, Shared, ThreadCount};
use super::session;
use crate::session::link::Watch;

/// How long the watchdog sleeps where handlers have no deadline; only a stop matters then.
const PAUSE_WITHOUT_DEADLINE: Duration = Duration::from_secs(3600);

/// How often the watchdog looks at sessions, and how long a strategy may work until its session has
/// a keeper: a ping is answered within the sum.
const SESSION_LOOK: Duration = Duration::from_millis(200);
const SESSION_PATIENCE: Duration = Duration::from_millis(100);

/// Starts the watchdog's thread, which ends when the registry is closed.
pub(super) fn start(shared: &Arc<Shared>) -> io::Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    thread::Builder::new().name("tickpipe-watchdog".to_owned()).spawn(move || watch(&shared))
}

/// Returns how often the watchdog looks, if nothing is due sooner.
pub(super) fn look(shared: &Shared) -> Duration {
    let look =
        shared.config.handler_deadline.map_or(PAUSE_WITHOUT_DEADLINE, |deadline| deadline / 2);
    if shared.has_sessions() { look.min(SESSION_LOOK) } else { look }
}

/// Looks at the working handlers twice in a deadline, and when the next one is due.
///
/// So a handler is seen before it is late, and an exchange costs the watchdog nothing.
fn watch(shared: &Arc<Shared>) {
    let deadline = shared.config.handler_deadline;
    let look = look(shared);
    let mut pause = look;
    while shared.registry.pause(pause) {
        pause = look;
        let all = shared.registry.all();
        if shared.has_sessions() {
            pause = pause.min(watch_sessions(shared, &all, look));
        }
        let Some(deadline) = deadline else { continue };
        let now = shared.nanoseconds(Instant::now());
        let limit = u64::try_from(deadline.as_nanos()).unwrap_or(u64::MAX);
        for live in all {
            let Some(begun) = live.turn.begun() else { continue };
            let left = limit.saturating_sub(now.saturating_sub(begun));
            if left > 0 {
                pause = pause.min(Duration::from_nanos(left));
                continue;
            }
            let text = format!("the handler took longer than {} ms", deadline.as_millis());
            expire(shared, &live, begun, LineError::new(ErrorCode::HandlerTimeout, text));
        }
    }
}

/// Gives each session a keeper whose strategy works for longer than a moment; returns when to look
/// again.
fn watch_sessions(shared: &Arc<Shared>, all: &[Arc<Live>], look: Duration) -> Duration {
    let patience = SESSION_PATIENCE.min(look);
    let mut pause = look;
    for live in all {
        let Some(link) = live.link() else { continue };
        match link.watch(Instant::now(), patience) {
            Watch::Keep => session::keep(shared, live, link),
            Watch::Later(left) => pause = pause.min(left),
            Watch::Quiet => {}
        }
    }
    pause
}

/// Answers in place of every working handler, because the server stops.
pub(super) fn expire_all(shared: &Arc<Shared>) {
    for live in shared.registry.all() {
        if let Some(link) = live.link() {
            link.expire();
            if link.watch(Instant::now(), Duration::ZERO) == Watch::Keep {
                session::keep(shared, &live, link);
            }
        }
        if let Some(begun) = live.turn.begun() {
            let error = LineError::new(ErrorCode::ShuttingDown, "the server is stopping");
            expire(shared, &live, begun, error);
        }
    }
}

/// Gives a connection to a new thread if its handler is still at the line that `token` began.
fn expire(shared: &Arc<Shared>, live: &Arc<Live>, token: u64, error: LineError) {
    if !live.turn.expire(token) {
        return;
    }
    live.handler_is_out();
    let Some(parked) = live.parked.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return;
    };
    let spawned = thread::Builder::new().name(format!("tickpipe-{}", live.id)).spawn({
        let count = ThreadCount::new(shared);
        let (shared, live) = (Arc::clone(shared), Arc::clone(live));
        move || take_over(&shared, &live, parked, error, count)
    });
    if let Err(error) = spawned {
        // The rest of the connection went with the closure: the peer sees an end, not silence.
        tracing::error!(connection = live.id, %error, "cannot start a thread, connection closed");
        live.close(shared);
    }
}
