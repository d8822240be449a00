//! Who has a session: an EA that comes again takes the place of its old connection.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::{Hello, Terminal};

use super::link::Link;

/// What names an EA on its chart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SessionKey {
    terminal: &'static str,
    login: String,
    server: String,
    instance: String,
}

impl SessionKey {
    pub(crate) fn new(hello: &Hello) -> Self {
        Self {
            terminal: match hello.terminal {
                Terminal::Mt4 => "mt4",
                Terminal::Mt5 => "mt5",
                Terminal::Sim => "sim",
                _ => "other",
            },
            login: hello.account.login.clone(),
            server: hello.account.server.clone(),
            instance: hello.instance.clone(),
        }
    }
}

#[cfg(test)]
impl SessionKey {
    pub(crate) fn of_test(instance: &str) -> Self {
        let (login, server) = ("1".to_owned(), "S".to_owned());
        Self { terminal: "sim", login, server, instance: instance.to_owned() }
    }
}

/// The open sessions of a server.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<BTreeMap<SessionKey, Entry>>);

/// A session, with the number of its connection.
type Entry = (u64, Arc<Link>);

impl Sessions {
    /// Enters the session of a connection; of two of the same EA, that of the older connection ends
    /// as `replaced`, whichever comes here first.
    pub(crate) fn enter(&self, key: SessionKey, connection: u64, link: &Arc<Link>) {
        let mut sessions = self.lock();
        let entry = (connection, Arc::clone(link));
        let old = match sessions.get(&key) {
            Some((newer, _)) if connection < *newer => Some(entry),
            Some(_) | None => sessions.insert(key, entry),
        };
        drop(sessions);
        if let Some((_, old)) = old {
            old.close_soon(ErrorCode::Replaced, "the same EA has opened a new session");
        }
    }

    /// Takes a session out, unless another has its place.
    pub(crate) fn leave(&self, key: &SessionKey, link: &Arc<Link>) {
        let mut sessions = self.lock();
        if sessions.get(key).is_some_and(|(_, entered)| Arc::ptr_eq(entered, link)) {
            sessions.remove(key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionKey, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
