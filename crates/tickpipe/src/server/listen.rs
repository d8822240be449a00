//! Peers that come over TCP: each shows the token before it is served.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;

use super::live::{Shared, ThreadCount};
use super::{ACCEPTS_AT_STOP_MAX, start_connection};
use crate::handshake::{FIRST_LINE_LEN_MAX, NoLine, WELCOME, read_first_line};
use crate::token::Token;
use crate::transport::{Connection, Control, Received, TcpListening};

/// Peers that have not shown the token yet. A further one takes the place of the oldest: who has the
/// token shows it at once, who holds a place in silence has none.
const LOBBY_MAX: usize = 64;

/// From the connection to the end of the token's line.
const TOKEN_LIMIT: Duration = Duration::from_secs(5);

/// How long a peer may take to read what it is told about its token.
const WRITE_LIMIT: Duration = Duration::from_secs(1);

/// Wrong tokens of one address until each further one is answered late.
const WRONG_MAX: u32 = 5;
const WRONG_DELAY: Duration = Duration::from_secs(1);

/// How long wrong tokens count.
const WRONG_MEMORY: Duration = Duration::from_secs(60);

/// Addresses whose wrong tokens are counted.
const ADDRESSES_MAX: usize = 256;

/// What is still read of a peer that was refused, so that it can read why.
const LINGER_LIMIT: Duration = Duration::from_millis(200);
const LINGER_READS_MAX: usize = 16;

/// Starts the thread that accepts, which ends when the listener is stopped.
pub(super) fn start(
    shared: &Arc<Shared>,
    listening: TcpListening,
    token: Token,
) -> io::Result<JoinHandle<()>> {
    let door = Arc::new(Door { shared: Arc::clone(shared), token, wrong: WrongTokens::default() });
    thread::Builder::new()
        .name("tickpipe-listen".to_owned())
        .spawn(move || accept_all(&door, &listening))
}

/// Those who have come and have not shown the token.
#[derive(Debug, Default)]
pub(super) struct Lobby {
    waiting: Mutex<Waiting>,
    has_evicted: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    last_id: u64,
    controls: BTreeMap<u64, Control>,
}

/// One place in the lobby, until dropped or taken by another.
struct Place {
    shared: Arc<Shared>,
    id: u64,
}

impl Lobby {
    /// Ends the waits of all who are in it.
    pub(super) fn wake_all(&self) {
        self.waiting().controls.values().for_each(Control::wake);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Takes a place, and whether it was the oldest peer's, whose connection is ended.
    fn take(shared: &Arc<Shared>, control: &Control) -> (Self, bool) {
        let mut waiting = shared.lobby.waiting();
        let is_full = waiting.controls.len() >= LOBBY_MAX;
        if is_full && let Some((_, oldest)) = waiting.controls.pop_first() {
            oldest.abort();
            shared.lobby.has_evicted.notify_all();
        }
        waiting.last_id += 1;
        let id = waiting.last_id;
        waiting.controls.insert(id, control.clone());
        (Self { shared: Arc::clone(shared), id }, is_full)
    }

    /// Waits for `time` in it; `false` as soon as another has taken it.
    fn keep(&self, time: Duration) -> bool {
        let lobby = &self.shared.lobby;
        let is_ours = |waiting: &mut Waiting| waiting.controls.contains_key(&self.id);
        let (mut waiting, _) = lobby
            .has_evicted
            .wait_timeout_while(lobby.waiting(), time, is_ours)
            .unwrap_or_else(PoisonError::into_inner);
        is_ours(&mut waiting)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lobby.waiting().controls.remove(&self.id);
    }
}

/// What those share who look at tokens.
struct Door {
    shared: Arc<Shared>,
    token: Token,
    wrong: WrongTokens,
}

fn accept_all(door: &Arc<Door>, listening: &TcpListening) {
    let mut accepts_at_stop = 0;
    while let Some((connection, from)) = listening.accept() {
        accepts_at_stop += u32::from(door.shared.is_stopping());
        if accepts_at_stop > ACCEPTS_AT_STOP_MAX {
            break;
        }
        let (place, has_evicted) = Place::take(&door.shared, &connection.control);
        if has_evicted {
            door.shared.log.once_a_minute("too many without token", None, |more| {
                let text = "too many peers have shown no token, the oldest was closed";
                tracing::warn!(peer = %from, max = LOBBY_MAX, more, "{text}");
            });
        }
        let spawned = thread::Builder::new().name("tickpipe-token".to_owned()).spawn({
            let count = ThreadCount::new(&door.shared);
            let door = Arc::clone(door);
            move || door.admit(connection, from, place, count)
        });
        if let Err(error) = spawned {
            tracing::error!(peer = %from, %error, "cannot start a thread, connection closed");
        }
    }
}

impl Door {
    /// Reads a peer's token, and has it served if it is the right one.
    fn admit(
        &self,
        mut connection: Connection,
        from: SocketAddr,
        place: Place,
        _count: ThreadCount,
    ) {
        let shown = read_first_line(&mut connection.reader, Instant::now() + TOKEN_LIMIT);
        match shown {
            Ok(shown) if self.token.is(&shown) => {
                let welcome = format!("{WELCOME}\r\n");
                match connection.writer.write_all(welcome.as_bytes(), WRITE_LIMIT) {
                    Ok(()) => {
                        drop(place);
                        start_connection(&self.shared, connection);
                    }
                    Err(error) => tracing::debug!(peer = %from, %error, "peer left at the door"),
                }
            }
            Ok(_) => {
                let text = "the token is not this server's, both ends need the same token file";
                self.refuse_wrong(connection, from, &place, text);
            }
            Err(NoLine::TooLong) => {
                let text = format!(
                    "the first line has more than {FIRST_LINE_LEN_MAX} bytes, expected is the \
                     token"
                );
                self.refuse_wrong(connection, from, &place, &text);
            }
            Err(NoLine::Late) => {
                let ms = TOKEN_LIMIT.as_millis();
                self.refuse(connection, from, &format!("no token came within {ms} ms"));
            }
            Err(NoLine::Woken) if self.shared.is_stopping() => {
                send_last(connection, ErrorCode::ShuttingDown, "the server is stopping");
            }
            Err(NoLine::Woken) => tracing::debug!(peer = %from, "another took the peer's place"),
            Err(NoLine::Ended) => tracing::debug!(peer = %from, "peer left without a token"),
        }
    }

    /// Refuses a wrong token; late, if the peer had tried too often.
    fn refuse_wrong(&self, connection: Connection, from: SocketAddr, place: &Place, text: &str) {
        let is_late = self.wrong.count(from.ip(), Instant::now()) > WRONG_MAX;
        // It keeps its place meanwhile; if another takes that, its connection has been ended.
        if is_late && !place.keep(WRONG_DELAY) {
            return self.shared.stats.count_error(ErrorCode::TokenRefused);
        }
        self.refuse(connection, from, text);
    }

    fn refuse(&self, connection: Connection, from: SocketAddr, text: &str) {
        let code = ErrorCode::TokenRefused;
        self.shared.stats.count_error(code);
        self.shared.log.once_a_minute(code.as_str(), None, |more| {
            tracing::warn!(peer = %from, code = code.as_str(), text, more, "peer refused");
        });
        send_last(connection, code, text);
    }
}

/// Tells a peer why its connection is closed, and closes it.
fn send_last(mut connection: Connection, code: ErrorCode, text: &str) {
    let line = format!("ERR {code} {text}\r\n");
    if let Err(error) = connection.writer.write_all(line.as_bytes(), WRITE_LIMIT) {
        tracing::debug!(%error, "cannot tell a peer why it is refused");
        return;
    }
    connection.control.end_writing();
    // Closed over what it sent and we did not read, the connection would lose our line as well.
    let due = Instant::now() + LINGER_LIMIT;
    let mut rest = [0; 4096];
    for _ in 0..LINGER_READS_MAX {
        let left = due.saturating_duration_since(Instant::now());
        match connection.reader.read(&mut rest, Some(left)) {
            Ok(Received::Data(_)) => {}
            Ok(Received::End | Received::TimedOut | Received::Woken) | Err(_) => return,
        }
    }
}

/// Wrong tokens by address, of the last minute.
#[derive(Debug, Default)]
struct WrongTokens(Mutex<BTreeMap<IpAddr, (u32, Instant)>>);

impl WrongTokens {
    /// Counts a wrong token; how many there were from this address.
    fn count(&self, from: IpAddr, now: Instant) -> u32 {
        let mut addresses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.retain(|_, (_, last)| now.saturating_duration_since(*last) < WRONG_MEMORY);
        if addresses.len() >= ADDRESSES_MAX && !addresses.contains_key(&from) {
            // Whoever has so many addresses has tried with others of them.
            return u32::MAX;
        }
        let (count, last) = addresses.entry(from).or_insert((0, now));
        *count = count.saturating_add(1);
        *last = now;
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tokens_are_counted_by_address_for_a_minute() {
        let wrong = WrongTokens::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        assert_eq!(wrong.count(address(1), at(0)), 1);
        assert_eq!(wrong.count(address(1), at(1)), 2);
        assert_eq!(wrong.count(address(2), at(2)), 1);
        assert_eq!(wrong.count(address(1), at(60)), 3);
        assert_eq!(wrong.count(address(1), at(120)), 1);
        let counts: Vec<_> = (10..1000).map(|n| wrong.count(address(n), at(130))).collect();
        assert!(counts.iter().filter(|count| **count == 1).count() < ADDRESSES_MAX);
        assert_eq!(counts.last(), Some(&u32::MAX), "beyond the room everybody is late");
    }
}
