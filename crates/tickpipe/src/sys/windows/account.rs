//! Users by name, and the log that administrators read.

use std::io;
use std::ptr;

use windows_sys::Win32::Security::LookupAccountNameW;
use windows_sys::Win32::System::EventLog::{
    DeregisterEventSource, EVENTLOG_ERROR_TYPE, RegisterEventSourceW, ReportEventW,
};

use super::security::sid_text;
use super::{check, wide};

/// Returns the SID of a user or a group.
///
/// # Source
///
/// Windows: `LookupAccountNameW`.
pub(crate) fn account_sid(name: &str) -> io::Result<String> {
    if name.is_empty() || name.contains('\0') {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no user has such a name"));
    }
    let name = wide(name);
    // A SID has at most 68 bytes; the words keep it aligned.
    let mut sid = [0_u32; 17];
    let mut sid_len = u32::try_from(size_of_val(&sid)).unwrap_or_default();
    let mut domain = [0_u16; 256];
    let mut domain_len = 256;
    let mut kind = 0;
    // SAFETY: the name is zero-ended, and both buffers have the sizes that are named.
    let result = unsafe {
        LookupAccountNameW(
            ptr::null(),
            name.as_ptr(),
            sid.as_mut_ptr().cast(),
            &raw mut sid_len,
            domain.as_mut_ptr(),
            &raw mut domain_len,
            &raw mut kind,
        )
    };
    check(result)?;
    // SAFETY: the call filled the buffer with a SID.
    unsafe { sid_text(sid.as_mut_ptr().cast()) }
}

/// Writes an error into the application log.
///
/// Nothing is registered for the source, so the log shows the text below a line of its own.
///
/// # Source
///
/// Windows: `RegisterEventSourceW`, `ReportEventW`.
pub(crate) fn report_error_event(source: &str, text: &str) -> io::Result<()> {
    let (source, text) = (wide(source), wide(text));
    // SAFETY: the name is zero-ended.
    let log = unsafe { RegisterEventSourceW(ptr::null(), source.as_ptr()) };
    if log.is_null() {
        return Err(io::Error::last_os_error());
    }
    let texts = [text.as_ptr()];
    // SAFETY: the handle is open; one zero-ended text is given, and neither a user nor data.
    let result = unsafe {
        ReportEventW(
            log,
            EVENTLOG_ERROR_TYPE,
            0,
            1,
            ptr::null_mut(),
            1,
            0,
            texts.as_ptr(),
            ptr::null(),
        )
    };
    let reported = check(result);
    // SAFETY: the handle is open, and nobody else has it.
    let closed = check(unsafe { DeregisterEventSource(log) });
    reported.and(closed)
}
