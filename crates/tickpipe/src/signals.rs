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
        // What whoever started us had ignored, as `nohup` does, stays ignored.
        let ignored = ignored_signals();
        let heard =
            [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !ignored.contains(signal));
        let mut signals = Signals::new(heard)?;
        thread::Builder::new().name("tickpipe-signals".to_owned()).spawn(move || {
            for (_, count) in signals.forever().zip(1..) {
                on_signal(count);
            }
        })?;
        Ok(())
    }

    /// Returns the signals that are ignored, as far as the system tells.
    fn ignored_signals() -> Vec<i32> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        (1..=64).filter(|signal| mask >> (signal - 1) & 1 == 1).collect()
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
