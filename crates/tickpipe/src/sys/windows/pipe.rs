//! Both ends of a named pipe, and transfers with a deadline through a pipe or a socket.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::os::windows::io::{
    AsHandle as _, AsRawHandle, AsRawSocket as _, BorrowedHandle, FromRawHandle, OwnedHandle,
};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use windows_sys::Wdk::Storage::FileSystem::{
    FILE_PIPE_CONNECTED_STATE, FILE_PIPE_LOCAL_INFORMATION, FilePipeLocalInformation,
    NtQueryInformationFile,
};
use windows_sys::Win32::Foundation::{
    ERROR_IO_PENDING, ERROR_OPERATION_ABORTED, ERROR_PIPE_CONNECTED, GENERIC_READ, GENERIC_WRITE,
    HANDLE, INVALID_HANDLE_VALUE, RtlNtStatusToDosError,
};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;
use windows_sys::Win32::Storage::FileSystem::{
    CreateFileW, FILE_FLAG_FIRST_PIPE_INSTANCE, FILE_FLAG_OVERLAPPED, OPEN_EXISTING,
    PIPE_ACCESS_DUPLEX, ReadFile, SECURITY_IDENTIFICATION, SECURITY_SQOS_PRESENT, WriteFile,
};
use windows_sys::Win32::System::IO::{
    CancelIoEx, GetOverlappedResult, IO_STATUS_BLOCK, OVERLAPPED,
};
use windows_sys::Win32::System::Pipes::{
    ConnectNamedPipe, CreateNamedPipeW, DisconnectNamedPipe, PIPE_READMODE_BYTE,
    PIPE_REJECT_REMOTE_CLIENTS, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, PIPE_WAIT,
};

use super::event::{Event, wait_any};
use super::security::SecurityDescriptor;
use super::{last_error, os_error, wide};

/// One end of a pipe instance.
#[derive(Debug)]
pub(crate) struct PipeHandle(OwnedHandle);

impl PipeHandle {
    /// Bytes of a pipe's buffer in each direction, as a server should have them.
    ///
    /// A write that fits completes at once, so an EA's write does not wait for us, nor ours for it.
    pub(crate) const BUFFER_LEN: u32 = 256 * 1024;

    /// Makes a server end: byte mode, duplex, for callers on this machine only.
    ///
    /// `is_first` asks Windows to refuse if the name exists already; `buffer_len` is the size of the
    /// buffer in each direction.
    ///
    /// # Source
    ///
    /// Windows: `CreateNamedPipeW`.
    pub(crate) fn create(
        path: &str,
        descriptor: &SecurityDescriptor,
        is_first: bool,
        buffer_len: u32,
    ) -> io::Result<Self> {
        let path = wide(path);
        let first = if is_first { FILE_FLAG_FIRST_PIPE_INSTANCE } else { 0 };
        let attributes = SECURITY_ATTRIBUTES {
            nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
            lpSecurityDescriptor: descriptor.as_ptr(),
            bInheritHandle: 0,
        };
        // SAFETY: the path is zero-ended and the attributes live through the call.
        let handle = unsafe {
            CreateNamedPipeW(
                path.as_ptr(),
                PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
                PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                PIPE_UNLIMITED_INSTANCES,
                buffer_len,
                buffer_len,
                0,
                &raw const attributes,
            )
        };
        Self::from_new(handle)
    }

    /// Opens the client's end; the server may learn who we are but not act as us.
    ///
    /// # Source
    ///
    /// Windows: `CreateFileW`, "Impersonation Levels".
    pub(crate) fn open(path: &str) -> io::Result<Self> {
        let path = wide(path);
        // SAFETY: the path is zero-ended, the other pointers are null.
        let handle = unsafe {
            CreateFileW(
                path.as_ptr(),
                GENERIC_READ | GENERIC_WRITE,
                0,
                ptr::null(),
                OPEN_EXISTING,
                FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                ptr::null_mut(),
            )
        };
        Self::from_new(handle)
    }

    fn from_new(handle: HANDLE) -> io::Result<Self> {
        if handle == INVALID_HANDLE_VALUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call just made it, and nobody else has it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    pub(crate) fn raw(&self) -> HANDLE {
        self.0.as_raw_handle()
    }
}

/// Which way a transfer goes.
#[derive(Debug)]
pub(crate) enum Direction<'a> {
    Read(&'a mut [u8]),
    Write(&'a [u8]),
}

/// What became of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// So many bytes were moved.
    Done(usize),
    /// Nothing was moved within the time.
    TimedOut,
    /// Nothing was moved, and the wake event is set.
    Woken,
}

/// What transfers go through.
///
/// # Source
///
/// Windows: `ReadFile` and `WriteFile` take sockets too, which the standard library opens for
/// overlapped use. A read that is cancelled takes nothing, where one that meets `SO_RCVTIMEO` leaves
/// the socket in a state that nobody knows.
#[derive(Debug)]
pub(crate) enum Channel {
    Pipe(PipeHandle),
    Socket(TcpStream),
}

impl Channel {
    fn raw(&self) -> HANDLE {
        match self {
            Self::Pipe(pipe) => pipe.raw(),
            Self::Socket(stream) => ptr::with_exposed_provenance_mut(
                usize::try_from(stream.as_raw_socket()).unwrap_or_default(),
            ),
        }
    }

    /// Takes the connection from a pipe's client, and with it what the client has not read yet.
    ///
    /// # Source
    ///
    /// Windows: `DisconnectNamedPipe`.
    pub(crate) fn disconnect(&self) -> io::Result<()> {
        match self {
            // SAFETY: the handle is open.
            Self::Pipe(pipe) => super::check(unsafe { DisconnectNamedPipe(pipe.raw()) }),
            Self::Socket(stream) => stream.shutdown(Shutdown::Both),
        }
    }

    /// Returns whether a pipe's client has left, even if not all it wrote was read.
    ///
    /// `PeekNamedPipe` would not tell: it succeeds as long as something is there to be read.
    ///
    /// # Source
    ///
    /// Windows: `FILE_PIPE_LOCAL_INFORMATION`.
    pub(crate) fn has_peer_left(&self) -> io::Result<bool> {
        let Self::Pipe(pipe) = self else { return Ok(false) };
        let mut status = IO_STATUS_BLOCK::default();
        let mut information = FILE_PIPE_LOCAL_INFORMATION::default();
        // SAFETY: the handle is open, and the structure is of the kind and the size that are named.
        let result = unsafe {
            NtQueryInformationFile(
                pipe.raw(),
                &raw mut status,
                (&raw mut information).cast(),
                u32::try_from(size_of_val(&information)).unwrap_or_default(),
                FilePipeLocalInformation,
            )
        };
        if result < 0 {
            // SAFETY: takes a number and gives one.
            return Err(os_error(unsafe { RtlNtStatusToDosError(result) }));
        }
        Ok(information.NamedPipeState != FILE_PIPE_CONNECTED_STATE)
    }

    /// Cancels whatever any thread has under way.
    pub(crate) fn cancel_all(&self) {
        // SAFETY: the handle is open. That nothing was under way is no failure.
        unsafe { CancelIoEx(self.raw(), ptr::null()) };
    }
}

/// One transfer at a time on a handle that other transfers may share.
#[derive(Debug)]
pub(crate) struct Overlapped {
    channel: Arc<Channel>,
    event: Event,
}

impl Overlapped {
    pub(crate) fn new(channel: Arc<Channel>) -> io::Result<Self> {
        Ok(Self { channel, event: Event::new()? })
    }

    /// Returns whether the bytes go through a socket.
    pub(crate) fn is_socket(&self) -> bool {
        matches!(*self.channel, Channel::Socket(_))
    }

    /// Moves bytes, waiting until it is done, `timeout` is over or `wake` is set.
    ///
    /// The buffer is not touched any more when this returns, whatever it returns.
    ///
    /// # Source
    ///
    /// Windows: `ReadFile`, `WriteFile`, `CancelIoEx`.
    pub(crate) fn transfer(
        &mut self,
        direction: Direction<'_>,
        wake: Option<&Event>,
        timeout: Option<Duration>,
    ) -> io::Result<Transfer> {
        let mut overlapped = OVERLAPPED { hEvent: self.event.raw(), ..OVERLAPPED::default() };
        let handle = self.channel.raw();
        let started = match direction {
            // SAFETY: the buffer and the OVERLAPPED outlive the transfer: it is waited for below.
            Direction::Read(buf) => unsafe {
                ReadFile(handle, buf.as_mut_ptr(), len(buf), ptr::null_mut(), &raw mut overlapped)
            },
            // SAFETY: as above.
            Direction::Write(bytes) => unsafe {
                WriteFile(handle, bytes.as_ptr(), len(bytes), ptr::null_mut(), &raw mut overlapped)
            },
        };
        if started != 0 {
            return Ok(Transfer::Done(overlapped.InternalHigh));
        }
        let error = last_error();
        if error != ERROR_IO_PENDING {
            return Err(os_error(error));
        }
        let waited = match wake {
            Some(wake) => wait_any(&[self.event.handle(), wake.handle()], timeout),
            None => wait_any(&[self.event.handle()], timeout),
        };
        let given_up = match waited {
            Ok(Some(0)) => return self.finish(&mut overlapped).map(Transfer::Done),
            Ok(Some(_)) => Ok(Transfer::Woken),
            Ok(None) => Ok(Transfer::TimedOut),
            Err(error) => Err(error),
        };
        // SAFETY: the transfer was started on this handle with this OVERLAPPED.
        unsafe { CancelIoEx(handle, &raw const overlapped) };
        match self.finish(&mut overlapped) {
            // It was done before it could be cancelled.
            Ok(count) => Ok(Transfer::Done(count)),
            Err(error) if is(&error, ERROR_OPERATION_ABORTED) => given_up,
            Err(error) => Err(error),
        }
    }

    /// Waits until Windows does not use the OVERLAPPED any more; returns how much was moved.
    fn finish(&self, overlapped: &mut OVERLAPPED) -> io::Result<usize> {
        let mut count = 0;
        // SAFETY: the transfer was started on this handle with this OVERLAPPED.
        let result = unsafe {
            GetOverlappedResult(self.channel.raw(), &raw const *overlapped, &raw mut count, 1)
        };
        super::check(result)?;
        Ok(usize::try_from(count).unwrap_or_default())
    }
}

/// A server end that waits for a client.
#[derive(Debug)]
pub(crate) struct Connecting {
    /// `None` only once it was handed out.
    pipe: Option<PipeHandle>,
    event: Event,
    /// Windows writes here until the wait is over; from a box, which `drop` takes back.
    overlapped: *mut OVERLAPPED,
    is_pending: bool,
}

// SAFETY: the OVERLAPPED is only touched through `&mut self`, and Windows does not care which
// thread asks about it.
unsafe impl Send for Connecting {}

impl Connecting {
    /// Starts to wait for a client on `pipe`.
    ///
    /// # Errors
    ///
    /// Returns the error of a client that came and left already; the instance is then closed.
    ///
    /// # Source
    ///
    /// Windows: `ConnectNamedPipe`.
    pub(crate) fn start(pipe: PipeHandle) -> io::Result<Self> {
        let event = Event::new()?;
        let overlapped =
            Box::into_raw(Box::new(OVERLAPPED { hEvent: event.raw(), ..OVERLAPPED::default() }));
        let mut connecting = Self { pipe: Some(pipe), event, overlapped, is_pending: false };
        // SAFETY: the OVERLAPPED outlives the wait: `drop` ends the wait first.
        let result = unsafe { ConnectNamedPipe(connecting.raw(), overlapped) };
        match if result == 0 { last_error() } else { ERROR_PIPE_CONNECTED } {
            ERROR_IO_PENDING => connecting.is_pending = true,
            ERROR_PIPE_CONNECTED => connecting.event.set(),
            error => return Err(os_error(error)),
        }
        Ok(connecting)
    }

    /// Returns the instance that waits.
    pub(crate) const fn pipe(&self) -> Option<&PipeHandle> {
        self.pipe.as_ref()
    }

    /// Returns what is set once a client came, or the wait failed.
    pub(crate) fn handle(&self) -> BorrowedHandle<'_> {
        self.event.handle()
    }

    /// Returns the connected pipe; called once the handle is set.
    pub(crate) fn finish(mut self) -> io::Result<PipeHandle> {
        if self.is_pending {
            self.is_pending = false;
            let mut count = 0;
            // SAFETY: the wait was started on this handle with this OVERLAPPED.
            let result =
                unsafe { GetOverlappedResult(self.raw(), self.overlapped, &raw mut count, 1) };
            super::check(result)?;
        }
        self.pipe.take().ok_or_else(|| io::Error::other("pipe instance was handed out before"))
    }

    fn raw(&self) -> HANDLE {
        self.pipe.as_ref().map_or(INVALID_HANDLE_VALUE, PipeHandle::raw)
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        if self.is_pending {
            // SAFETY: the wait was started on this handle with this OVERLAPPED.
            unsafe { CancelIoEx(self.raw(), self.overlapped) };
            let mut count = 0;
            // SAFETY: as above; it returns once Windows does not use the OVERLAPPED any more.
            unsafe { GetOverlappedResult(self.raw(), self.overlapped, &raw mut count, 1) };
        }
        // SAFETY: it came from a box, and no wait uses it any more.
        drop(unsafe { Box::from_raw(self.overlapped) });
    }
}

impl AsRawHandle for PipeHandle {
    fn as_raw_handle(&self) -> std::os::windows::io::RawHandle {
        self.0.as_raw_handle()
    }
}

impl PipeHandle {
    pub(crate) fn handle(&self) -> BorrowedHandle<'_> {
        self.0.as_handle()
    }
}

fn len(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}
