//! Which brokers are open, by their numbers, and what is wrong with the last call of each.
//!
//! A number is never given twice, so a broker that was freed is not found, whatever is opened later.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::Failure;
use crate::layout::code;
use crate::session::Session;

/// One open broker.
#[derive(Debug)]
struct Entry {
    /// Poisoned by a panic, after which nothing is known of it.
    session: Mutex<Session>,
    /// The text of the last call that failed.
    error: Mutex<String>,
}

#[derive(Debug)]
struct Registry {
    last: u64,
    open: BTreeMap<u64, Arc<Entry>>,
}

/// Held for a look-up only, never while a broker works.
static REGISTRY: Mutex<Registry> = Mutex::new(Registry { last: 0, open: BTreeMap::new() });

thread_local! {
    /// The text of this thread's last call that failed and was about no open broker.
    static ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Does something with an open broker, and returns what the call returns.
pub(crate) fn with(broker: u64, work: impl FnOnce(&mut Session) -> Result<(), Failure>) -> i32 {
    let Some(entry) = find(broker) else {
        return without(|| Err(Failure::Handle { found: broker }));
    };
    let done = caught(|| match entry.session.lock() {
        Ok(mut session) => work(&mut session),
        Err(_) => Err(Failure::Bug { found: "in an earlier call".to_owned() }),
    });
    match done {
        Ok(()) => code::OK,
        Err(failure) => {
            *entry.error.lock().unwrap_or_else(PoisonError::into_inner) = failure.to_string();
            failure.code()
        }
    }
}

/// Does something without a broker, and returns what the call returns.
pub(crate) fn without(work: impl FnOnce() -> Result<(), Failure>) -> i32 {
    match caught(work) {
        Ok(()) => code::OK,
        Err(failure) => {
            // At a thread's end there may be no place for it any more.
            ERROR.try_with(|error| error.replace(failure.to_string())).ok();
            failure.code()
        }
    }
}

/// Keeps a broker, and returns its number.
pub(crate) fn open(session: Session) -> u64 {
    let entry = Entry { session: Mutex::new(session), error: Mutex::default() };
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    registry.last += 1;
    let number = registry.last;
    registry.open.insert(number, Arc::new(entry));
    number
}

/// Forgets a broker. A call that is in it on another thread ends as if nothing had happened.
pub(crate) fn free(broker: u64) -> Result<(), Failure> {
    let entry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner).open.remove(&broker);
    // Dropped here and not under the lock.
    entry.map(drop).ok_or(Failure::Handle { found: broker })
}

/// Returns the text of the last call of an open broker that failed; of this thread's last without one
/// for any other number.
pub(crate) fn last_error(broker: u64) -> String {
    match find(broker) {
        Some(entry) => entry.error.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        None => ERROR.try_with(|error| error.borrow().clone()).unwrap_or_default(),
    }
}

fn find(broker: u64) -> Option<Arc<Entry>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner).open.get(&broker).cloned()
}

/// Makes a panic a failure: it may not go on into C.
fn caught(work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|payload| Err(Failure::Bug { found: words(payload.as_ref()) }))
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without words").to_owned()
}
