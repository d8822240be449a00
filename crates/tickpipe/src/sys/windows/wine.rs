//! What Wine tells about itself.

use std::ffi::{CStr, c_char};
use std::mem;

use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleA, GetProcAddress};

/// `wine_get_version`, as Wine declares it.
type WineVersion = unsafe extern "C" fn() -> *const c_char;
/// Any function, as `GetProcAddress` returns it.
type AnyFunction = unsafe extern "system" fn() -> isize;

/// Returns Wine's version; `None` on Windows itself.
///
/// # Source
///
/// Wine: "Developer FAQ", how to detect Wine; its `dlls/ntdll/version.c`.
pub(crate) fn wine_version() -> Option<String> {
    // SAFETY: the name is zero-ended.
    let ntdll = unsafe { GetModuleHandleA(c"ntdll.dll".as_ptr().cast()) };
    if ntdll.is_null() {
        return None;
    }
    // SAFETY: ntdll is part of every process, and the name is zero-ended.
    let function = unsafe { GetProcAddress(ntdll, c"wine_get_version".as_ptr().cast()) }?;
    // SAFETY: the function that has this name has this type.
    let function = unsafe { mem::transmute::<AnyFunction, WineVersion>(function) };
    // SAFETY: it takes nothing.
    let version = unsafe { function() };
    // SAFETY: it returns a zero-ended text that never changes.
    let version = unsafe { CStr::from_ptr(version) };
    Some(version.to_string_lossy().into_owned())
}
