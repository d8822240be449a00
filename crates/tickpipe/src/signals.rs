//! Ctrl-C, SIGTERM and a closed console.

use std::io;

/// Calls `on_signal` for each request to end the program: Ctrl-C, and SIGTERM and SIGHUP on Unix,
/// Ctrl-Break, a closed console and the machine's shutdown on Windows.
///
/// The first call says 1, the next 2, and so on; a closed console says so once. They come on a
/// thread of their own, so that a busy program hears them.
///
/// # Errors
///
/// Returns an error if the system refuses, or if signals are handled already.
pub fn on_signal(on_signal: impl Fn(u32) + Send + Sync + 'static) -> io::Result<()> {
    platform::on_signal(on_signal)
}

#[cfg(unix)]
mod platform {
    use std::io;
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    pub(super) fn on_signal(on_signal: impl Fn(u32) + Send + 'static) -> io::Result<()> {
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
        thread::Builder::new().name("tickpipe-signals".to_owned()).spawn(move || {
            for (_, count) in signals.forever().zip(1..) {
                on_signal(count);
            }
        })?;
        Ok(())
    }
}

#[cfg(windows)]
mod platform {
    use std::io;
    use std::sync::atomic::{AtomicU32, Ordering};

    use crate::sys::windows::{ConsoleSignal, on_console_signal};

    pub(super) fn on_signal(on_signal: impl Fn(u32) + Send + Sync + 'static) -> io::Result<()> {
        let count = AtomicU32::new(0);
        on_console_signal(Box::new(move |signal| {
            let before = count.fetch_add(1, Ordering::Relaxed);
            // A console that closes gives its seconds; it never asks for the abrupt end.
            if signal == ConsoleSignal::Interrupt || before == 0 {
                on_signal(before.saturating_add(1));
            }
        }))
    }
}
