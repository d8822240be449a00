//! Win32: pipes, sockets, events, security descriptors, users, processes, the console, Wine.

mod account;
mod console;
mod event;
mod job;
mod pipe;
mod process;
mod security;
mod socket;
mod wine;

pub(crate) use account::{account_sid, report_error_event};
pub(crate) use console::{ConsoleSignal, ansi_code_page, leave_console, on_console_signal};
pub(crate) use event::{Event, wait_any};
pub(crate) use job::{CREATE_NO_WINDOW, CREATE_SUSPENDED, Job, resume};
pub(crate) use pipe::{Channel, Connecting, Direction, Overlapped, PipeHandle, Transfer};
pub(crate) use process::{
    client_process, client_session, current_user, kill_this, process_path, process_program,
    processes, server_process,
};
pub(crate) use security::{Ace, AceKind, Descriptor, SecurityDescriptor, create_file, named_mutex};
pub(crate) use socket::{clear_events, set_at_accept};
pub(crate) use wine::wine_version;

use std::io;
use std::ptr;

pub(crate) use windows_sys::Win32::Storage::FileSystem::FILE_FLAG_OPEN_REPARSE_POINT;

use windows_sys::Win32::Foundation::{GetLastError, LocalFree, WIN32_ERROR};

/// Returns `text` as the zero-ended UTF-16 that Windows takes.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Turns a call's result into an error where it failed.
fn check(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn last_error() -> WIN32_ERROR {
    // SAFETY: reads a value of this thread.
    unsafe { GetLastError() }
}

/// An error of Windows by its number.
pub(crate) fn os_error(code: WIN32_ERROR) -> io::Error {
    io::Error::from_raw_os_error(code.cast_signed())
}

/// Memory that Windows gave out and `LocalFree` takes back.
#[derive(Debug)]
struct LocalMemory<T>(*mut T);

impl<T> LocalMemory<T> {
    const fn null() -> Self {
        Self(ptr::null_mut())
    }
}

impl<T> Drop for LocalMemory<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer is null or came from a call whose documentation names LocalFree.
        unsafe { LocalFree(self.0.cast()) };
    }
}

/// Reads a zero-ended UTF-16 string.
///
/// # Safety
///
/// `text` points at UTF-16 that ends with a zero.
unsafe fn from_wide(text: *const u16) -> String {
    let mut len = 0;
    let mut next = text;
    // SAFETY: the caller promises a zero at the end, and no zero was met yet.
    while unsafe { next.read() } != 0 {
        len += 1;
        // SAFETY: as above, so there is a next unit.
        next = unsafe { next.add(1) };
    }
    // SAFETY: `len` units were just read.
    String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(text, len) })
}
