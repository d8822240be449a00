//! Ctrl-C, a closed console, and the system's code page.

use std::io;
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

use windows_sys::Win32::Foundation::TRUE;
use windows_sys::Win32::Globalization::GetACP;
use windows_sys::Win32::System::Console::{
    CTRL_BREAK_EVENT, CTRL_C_EVENT, FreeConsole, STD_ERROR_HANDLE, STD_INPUT_HANDLE,
    STD_OUTPUT_HANDLE, SetConsoleCtrlHandler, SetStdHandle,
};

use super::check;

/// What the console asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsoleSignal {
    /// The window is closed, the user logs off, or the machine goes down. Windows ends the program
    /// when the handler returns, and after some seconds anyway.
    Close,
    /// Ctrl-C or Ctrl-Break.
    Interrupt,
}

type Handler = Box<dyn Fn(ConsoleSignal) + Send + Sync>;

static HANDLER: OnceLock<Handler> = OnceLock::new();

/// Calls `handler` for each signal, on a thread of Windows' own.
///
/// # Errors
///
/// Returns an error if a handler is set already.
///
/// # Source
///
/// Windows: `SetConsoleCtrlHandler`, "`HandlerRoutine` callback function".
pub(crate) fn on_console_signal(handler: Handler) -> io::Result<()> {
    HANDLER.set(handler).map_err(|_| io::Error::other("signals are handled already"))?;
    // SAFETY: the routine is a plain function that lives as long as the program.
    check(unsafe { SetConsoleCtrlHandler(Some(routine), 1) })
}

unsafe extern "system" fn routine(event: u32) -> i32 {
    let Some(handler) = HANDLER.get() else { return 0 };
    if matches!(event, CTRL_C_EVENT | CTRL_BREAK_EVENT) {
        handler(ConsoleSignal::Interrupt);
    } else {
        handler(ConsoleSignal::Close);
        // Windows ends the program when this returns: leave that to the program's own end.
        std::thread::sleep(Duration::from_secs(30));
    }
    TRUE
}

/// Gives up the console; its window closes if nobody else has it. What is printed goes nowhere then.
///
/// # Source
///
/// Windows: `FreeConsole`, `SetStdHandle`.
pub(crate) fn leave_console() {
    // Before the handles are free: what is opened next may get their numbers, and the program's
    // output would go there.
    for stream in [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE] {
        // SAFETY: no handle is given, which stands for none.
        unsafe { SetStdHandle(stream, ptr::null_mut()) };
    }
    // SAFETY: takes nothing. It fails without a console, and then there is nothing to give up.
    unsafe { FreeConsole() };
}

/// Returns the number of the system's code page.
pub(crate) fn ansi_code_page() -> u32 {
    // SAFETY: takes nothing and cannot fail.
    unsafe { GetACP() }
}
