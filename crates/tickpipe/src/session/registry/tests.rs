//! Which of two sessions of one EA stays.

use std::io;
use std::time::{Duration, Instant};

use tickpipe_proto::session::{CloseReason, Session, SessionConfig, SessionCounters, SessionEvent};

use super::*;
use crate::session::link::{LinkParts, Next};
use crate::session::memory::{MemoryEnd, pair};
use crate::session::note::{Note, Observer};

struct Nobody;

impl Observer for Nobody {
    fn note(&self, _note: Note<'_>) {}
    fn cannot_read(&self, _error: &io::Error) {}
    fn cannot_write(&self, _error: &io::Error) {}
    fn shut(&self, _is_working: bool, _counters: &SessionCounters) {}
}

fn key(instance: &str) -> SessionKey {
    let word = || "1".to_owned();
    SessionKey { terminal: "mt5", login: word(), server: word(), instance: instance.to_owned() }
}

/// A link, and the EA's end of it.
fn link() -> (Arc<Link>, MemoryEnd) {
    let (ours, theirs) = pair();
    let now = Instant::now();
    let parts = LinkParts {
        session: Session::new(SessionConfig::default(), now),
        reader: Box::new(ours.reader),
        writer: Box::new(ours.writer),
        control: Box::new(ours.control),
        observer: Box::new(Nobody),
        write_deadline: Duration::from_secs(60),
        lingers: false,
    };
    (Arc::new(Link::new(parts, now)), theirs)
}

/// Whether a link was ended as replaced; one that was not is ended, to see.
fn is_replaced(link: &Link) -> bool {
    link.close(ErrorCode::ShuttingDown, "");
    let Next::Event(SessionEvent::Closed(CloseReason::Bye(code)), _) = link.next() else {
        panic!("the session goes on")
    };
    code == ErrorCode::Replaced
}

#[test]
fn the_newer_connection_stays_whichever_is_entered_first() {
    for (first, second) in [(1, 2), (2, 1)] {
        let sessions = Sessions::default();
        let links: Vec<_> = (0..3).map(|_| link()).collect();
        let [(one, _ea), (two, _other_ea), (other, _another_ea)] = links.as_slice() else {
            panic!("three links")
        };
        sessions.enter(key("a"), first, one);
        sessions.enter(key("b"), 3, other);
        sessions.enter(key("a"), second, two);
        // The one that was replaced takes nobody else out.
        let (old, new) = if first < second { (one, two) } else { (two, one) };
        sessions.leave(&key("a"), old);
        assert_eq!(sessions.lock().len(), 2);
        sessions.leave(&key("a"), new);
        assert_eq!(sessions.lock().len(), 1);
        assert!(is_replaced(old));
        assert!(!is_replaced(new) && !is_replaced(other));
    }
}
