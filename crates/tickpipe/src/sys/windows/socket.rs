//! Events for sockets that wait for peers.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::windows::io::{AsRawSocket as _, RawSocket};

use windows_sys::Win32::Networking::WinSock::{FD_ACCEPT, SOCKET, WSAEventSelect};

use super::event::Event;

/// Has `event` set whenever a peer comes to `listener`, which blocks nobody from then on.
///
/// It is set once for each call that accepts; who accepts until nobody waits misses nobody.
///
/// # Source
///
/// Windows: `WSAEventSelect`.
pub(crate) fn set_at_accept(listener: &TcpListener, event: &Event) -> io::Result<()> {
    let events = i32::try_from(FD_ACCEPT).unwrap_or_default();
    // SAFETY: the socket and the event are open.
    done(unsafe {
        WSAEventSelect(socket(listener.as_raw_socket()), event.raw().addr().cast_signed(), events)
    })
}

/// Frees a stream of the event that it has from its listener.
///
/// # Source
///
/// Windows: `WSAEventSelect`.
pub(crate) fn clear_events(stream: &TcpStream) -> io::Result<()> {
    // SAFETY: the socket is open, and no event is named.
    done(unsafe { WSAEventSelect(socket(stream.as_raw_socket()), 0, 0) })
}

fn socket(raw: RawSocket) -> SOCKET {
    SOCKET::try_from(raw).unwrap_or_default()
}

/// Winsock leaves its error where the standard library looks for the system's.
fn done(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
