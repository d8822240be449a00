//! What the program `tickpipe` needs of Windows to run unattended; elsewhere there is none of it.

use std::io;

/// Gives up this program's console, whose window closes if nobody else has it.
pub fn leave_console() {
    #[cfg(windows)]
    crate::sys::windows::leave_console();
}

/// Returns the SID of a user or a group by its name, `NAME` or `DOMAIN\NAME`.
///
/// # Errors
///
/// Returns an error if nobody has that name, and on other systems.
pub fn user_sid(name: &str) -> io::Result<String> {
    #[cfg(windows)]
    return crate::sys::windows::account_sid(name);
    #[cfg(not(windows))]
    Err(io::Error::new(io::ErrorKind::Unsupported, format!("`{name}` has no SID but on Windows")))
}

/// Writes an error into the log of Windows, under `source`.
///
/// # Errors
///
/// Returns an error if the log takes none, and on other systems.
pub fn report_error_event(source: &str, text: &str) -> io::Result<()> {
    #[cfg(windows)]
    return crate::sys::windows::report_error_event(source, text);
    #[cfg(not(windows))]
    Err(io::Error::new(io::ErrorKind::Unsupported, format!("no log of Windows: {source}: {text}")))
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_a_sid() {
        let name = std::env::var("USERNAME").unwrap();
        assert_eq!(user_sid(&name).unwrap(), crate::sys::windows::current_user().unwrap());
        assert_eq!(user_sid("SYSTEM").unwrap(), crate::access::SYSTEM);
        for nobody in ["", "no such user", "a\0b"] {
            assert!(user_sid(nobody).is_err(), "{nobody:?}");
        }
    }

    #[test]
    fn an_event_is_taken() {
        report_error_event("tickpipe-test", "a test's, äöü").unwrap();
    }
}
