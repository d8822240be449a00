//! Whether this is Wine.

/// Returns the version of the Wine that this program runs in, such as `8.0`; `None` on Windows
/// itself, and for a program of another system.
///
/// A Wine whose user hides it from programs looks like Windows.
#[must_use]
pub fn wine_version() -> Option<String> {
    #[cfg(windows)]
    return crate::sys::windows::wine_version();
    #[cfg(not(windows))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(windows))]
    #[test]
    fn a_native_program_is_not_in_wine() {
        assert_eq!(wine_version(), None);
    }

    #[cfg(windows)]
    #[test]
    fn a_version_begins_with_a_number() {
        // On Windows itself there is none.
        let version = wine_version().unwrap_or_else(|| "0".to_owned());
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{version}");
    }
}
