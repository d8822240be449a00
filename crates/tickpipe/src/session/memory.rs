//! A connection in memory, for tests and the EA's double.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::link::{LinkControl, LinkReader, LinkWriter};
use crate::transport::Received;

/// Bytes that one direction holds before its writer waits.
const CAPACITY: usize = 256 * 1024;

/// One end of a connection in memory.
#[derive(Debug)]
pub(crate) struct MemoryEnd {
    pub(crate) reader: MemoryReader,
    pub(crate) writer: MemoryWriter,
    pub(crate) control: MemoryControl,
}

/// Makes a connection; each end reads what the other writes.
pub(crate) fn pair() -> (MemoryEnd, MemoryEnd) {
    let (one, other) = (Arc::<Way>::default(), Arc::<Way>::default());
    let end = |read: &Arc<Way>, write: &Arc<Way>| MemoryEnd {
        reader: MemoryReader(Arc::clone(read)),
        writer: MemoryWriter(Arc::clone(write)),
        control: MemoryControl(Arc::clone(read)),
    };
    (end(&one, &other), end(&other, &one))
}

/// The receiving half; dropped, the other end's writes fail.
#[derive(Debug)]
pub(crate) struct MemoryReader(Arc<Way>);

/// The sending half; dropped, the other end reads what is left, then the end.
#[derive(Debug)]
pub(crate) struct MemoryWriter(Arc<Way>);

/// Ends the reads of an end, from any thread.
#[derive(Debug)]
pub(crate) struct MemoryControl(Arc<Way>);

/// One direction.
#[derive(Debug, Default)]
struct Way {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    bytes: VecDeque<u8>,
    is_writer_gone: bool,
    is_reader_gone: bool,
    is_woken: bool,
}

impl Way {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change, until `due`; `None` once it is over.
    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        due: Option<Instant>,
    ) -> Option<MutexGuard<'a, State>> {
        let Some(due) = due else {
            return Some(self.changed.wait(state).unwrap_or_else(PoisonError::into_inner));
        };
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        Some(self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0)
    }
}

impl LinkReader for MemoryReader {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received> {
        let due = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.0.lock();
        while state.bytes.is_empty() {
            if state.is_writer_gone {
                return Ok(Received::End);
            }
            if state.is_woken {
                return Ok(Received::Woken);
            }
            let Some(changed) = self.0.wait(state, due) else { return Ok(Received::TimedOut) };
            state = changed;
        }
        let count = state.bytes.len().min(buf.len());
        for (to, from) in buf.iter_mut().zip(state.bytes.drain(..count)) {
            *to = from;
        }
        self.0.changed.notify_all();
        Ok(Received::Data(count))
    }
}

impl LinkWriter for MemoryWriter {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()> {
        let due = Instant::now().checked_add(deadline);
        let mut rest = bytes;
        let mut state = self.0.lock();
        while !rest.is_empty() {
            if state.is_reader_gone {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let room = CAPACITY.saturating_sub(state.bytes.len()).min(rest.len());
            if room == 0 {
                state = self.0.wait(state, due).ok_or(io::ErrorKind::TimedOut)?;
                continue;
            }
            let (now, later) = rest.split_at(room);
            state.bytes.extend(now);
            rest = later;
            self.0.changed.notify_all();
        }
        Ok(())
    }
}

impl LinkControl for MemoryControl {
    fn end_writing(&self) {}

    fn wake(&self) {
        self.0.lock().is_woken = true;
        self.0.changed.notify_all();
    }
}

impl Drop for MemoryReader {
    fn drop(&mut self) {
        self.0.lock().is_reader_gone = true;
        self.0.changed.notify_all();
    }
}

impl Drop for MemoryWriter {
    fn drop(&mut self) {
        self.0.lock().is_writer_gone = true;
        self.0.changed.notify_all();
    }
}
