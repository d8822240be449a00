//! Events, and waiting for one of several.

use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr;
use std::time::Duration;

use windows_sys::Win32::Foundation::{HANDLE, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT};
use windows_sys::Win32::System::Threading::{
    CreateEventW, INFINITE, ResetEvent, SetEvent, WaitForMultipleObjects,
};

/// A flag that threads can wait for; once set it stays so until it is reset.
#[derive(Debug)]
pub(crate) struct Event(OwnedHandle);

impl Event {
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no pointer but null is given.
        let handle = unsafe { CreateEventW(ptr::null(), 1, 0, ptr::null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call just made it, and nobody else has it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    pub(crate) fn set(&self) {
        // SAFETY: the handle is open. It can only fail for a handle that is none.
        unsafe { SetEvent(self.raw()) };
    }

    pub(crate) fn reset(&self) {
        // SAFETY: the handle is open. It can only fail for a handle that is none.
        unsafe { ResetEvent(self.raw()) };
    }

    pub(crate) fn raw(&self) -> HANDLE {
        self.0.as_raw_handle()
    }

    pub(crate) fn handle(&self) -> BorrowedHandle<'_> {
        use std::os::windows::io::AsHandle as _;
        self.0.as_handle()
    }
}

/// Most handles that one wait takes.
pub(crate) const WAIT_HANDLES_MAX: usize = 64;

/// Waits until one of `handles` is set and returns its index, the first if several are; `None`
/// after `timeout`.
///
/// # Source
///
/// Windows: `WaitForMultipleObjects`.
pub(crate) fn wait_any(
    handles: &[BorrowedHandle<'_>],
    timeout: Option<Duration>,
) -> io::Result<Option<usize>> {
    let mut raw = [ptr::null_mut(); WAIT_HANDLES_MAX];
    for (slot, handle) in raw.iter_mut().zip(handles) {
        *slot = handle.as_raw_handle();
    }
    let count = u32::try_from(handles.len().min(WAIT_HANDLES_MAX)).unwrap_or_default();
    let milliseconds = timeout.map_or(INFINITE, |timeout| {
        // Rounded up: a wait that ends early would be waited again.
        let milliseconds = timeout.as_nanos().div_ceil(1_000_000);
        u32::try_from(milliseconds).unwrap_or(INFINITE - 1).min(INFINITE - 1)
    });
    // SAFETY: `count` handles stand at the pointer, all open while they are borrowed.
    let result = unsafe { WaitForMultipleObjects(count, raw.as_ptr(), 0, milliseconds) };
    match result {
        WAIT_TIMEOUT => Ok(None),
        WAIT_FAILED => Err(io::Error::last_os_error()),
        _ => Ok(Some(usize::try_from(result - WAIT_OBJECT_0).unwrap_or_default())),
    }
}
