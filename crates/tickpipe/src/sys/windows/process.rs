//! Who is at the other end of a pipe. For the log only: a process id proves nothing.

use std::io;
use std::os::windows::io::{AsRawHandle as _, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, PROCESSENTRY32W, Process32FirstW, Process32NextW, TH32CS_SNAPPROCESS,
};
use windows_sys::Win32::System::Pipes::{
    GetNamedPipeClientProcessId, GetNamedPipeClientSessionId, GetNamedPipeServerProcessId,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_NAME_WIN32,
    PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW, TerminateProcess,
};

use super::check;
use super::security::sid_text;

/// What a program that was killed has for an exit code; the Task Manager's is the same.
const KILLED: u32 = 1;

/// Returns the process id of a pipe's client.
pub(crate) fn client_process(pipe: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut id = 0;
    // SAFETY: the handle is open.
    check(unsafe { GetNamedPipeClientProcessId(pipe.as_raw_handle(), &raw mut id) })?;
    Ok(id)
}

/// Returns the logon session of a pipe's client.
pub(crate) fn client_session(pipe: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut id = 0;
    // SAFETY: the handle is open.
    check(unsafe { GetNamedPipeClientSessionId(pipe.as_raw_handle(), &raw mut id) })?;
    Ok(id)
}

/// Returns the process id of a pipe's server.
pub(crate) fn server_process(pipe: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut id = 0;
    // SAFETY: the handle is open.
    check(unsafe { GetNamedPipeServerProcessId(pipe.as_raw_handle(), &raw mut id) })?;
    Ok(id)
}

/// Returns the path and the user's SID of a process, as far as they may be read.
pub(crate) fn process_program(id: u32) -> io::Result<(String, String)> {
    let process = open(id)?;
    Ok((path_of(&process)?, process_user(process.as_raw_handle())?))
}

/// Returns the path of a process's program.
pub(crate) fn process_path(id: u32) -> io::Result<String> {
    path_of(&open(id)?)
}

/// Returns the id and the program's name of each process.
///
/// # Source
///
/// Windows: "Taking a Snapshot and Viewing Processes".
pub(crate) fn processes() -> io::Result<Vec<(u32, String)>> {
    // SAFETY: no pointer is given.
    let handle = unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0) };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call just made it, and nobody else has it.
    let snapshot = unsafe { OwnedHandle::from_raw_handle(handle) };
    let size = u32::try_from(size_of::<PROCESSENTRY32W>()).unwrap_or_default();
    let mut entry = PROCESSENTRY32W { dwSize: size, ..PROCESSENTRY32W::default() };
    let mut found = Vec::new();
    // SAFETY: the handle is open, and the entry says its size.
    let mut has_entry = unsafe { Process32FirstW(snapshot.as_raw_handle(), &raw mut entry) };
    while has_entry != 0 {
        let name = entry.szExeFile.split(|unit| *unit == 0).next().unwrap_or_default();
        found.push((entry.th32ProcessID, String::from_utf16_lossy(name)));
        // SAFETY: as above.
        has_entry = unsafe { Process32NextW(snapshot.as_raw_handle(), &raw mut entry) };
    }
    Ok(found)
}

fn open(id: u32) -> io::Result<OwnedHandle> {
    // SAFETY: no pointer is given.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, id) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call just opened it, and nobody else has it.
    Ok(unsafe { OwnedHandle::from_raw_handle(process) })
}

fn path_of(process: &OwnedHandle) -> io::Result<String> {
    let mut path = [0; 1024];
    let mut len = 1024;
    // SAFETY: the buffer has the size that is named.
    let result = unsafe {
        QueryFullProcessImageNameW(
            process.as_raw_handle(),
            PROCESS_NAME_WIN32,
            path.as_mut_ptr(),
            &raw mut len,
        )
    };
    check(result)?;
    let path = path.get(..usize::try_from(len).unwrap_or_default()).unwrap_or_default();
    Ok(String::from_utf16_lossy(path))
}

/// Ends this program at once, as a kill from outside does: nothing is cleaned up or flushed.
///
/// # Source
///
/// Windows: `TerminateProcess`.
pub(crate) fn kill_this() -> io::Result<()> {
    // SAFETY: returns a constant that stands for this process.
    let this = unsafe { GetCurrentProcess() };
    // SAFETY: as above; no memory is given.
    check(unsafe { TerminateProcess(this, KILLED) })
}

/// Returns the SID of the user who runs this program.
pub(crate) fn current_user() -> io::Result<String> {
    // SAFETY: returns a constant that stands for this process.
    process_user(unsafe { GetCurrentProcess() })
}

fn process_user(process: HANDLE) -> io::Result<String> {
    let mut token = ptr::null_mut();
    // SAFETY: the handle is open; the call fills the pointer.
    check(unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) })?;
    // SAFETY: the call just opened it, and nobody else has it.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    // A SID has at most 68 bytes; the words keep TOKEN_USER aligned.
    let mut buffer = [0_u64; 32];
    let mut len = 0;
    // SAFETY: the buffer has the size that is named.
    let result = unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            buffer.as_mut_ptr().cast(),
            u32::try_from(size_of_val(&buffer)).unwrap_or_default(),
            &raw mut len,
        )
    };
    check(result)?;
    // SAFETY: the call filled the buffer with a TOKEN_USER, and it is aligned.
    let user = unsafe { buffer.as_ptr().cast::<TOKEN_USER>().read() };
    // SAFETY: the SID stands in the same buffer.
    unsafe { sid_text(user.User.Sid) }
}
