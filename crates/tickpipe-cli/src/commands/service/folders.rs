//! Where a service's files are if nobody names others.

use std::env;
use std::path::{Path, PathBuf};

/// Returns the log file: in `%LOCALAPPDATA%`, in `$XDG_STATE_HOME`, or in `~/.local/state`.
pub(super) fn log_file() -> Option<PathBuf> {
    let state = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))
    };
    Some(state?.join("tickpipe").join("tickpipe.log"))
}

/// Returns the folder of a Windows service's files, which is nobody's alone.
pub(super) fn of_all_users() -> Option<PathBuf> {
    Some(folder("ProgramData")?.join("tickpipe"))
}

/// Returns the folder of this user's systemd units.
pub(super) fn units() -> Option<PathBuf> {
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    Some(config?.join("systemd").join("user"))
}

/// Returns a folder that a variable names.
fn folder(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Returns why a program in this place is a bad one to start for months, if it is.
pub(super) fn doubt(program: &Path) -> Option<&'static str> {
    let lower: Vec<_> = program
        .parent()?
        .components()
        .map(|part| part.as_os_str().to_string_lossy().to_lowercase())
        .collect();
    let has = |names: &[&str]| lower.iter().any(|part| names.contains(&part.as_str()));
    let is_built = lower.iter().rev().take(3).any(|part| part == "target");
    if is_built {
        Some("it stands where it was built, and the next build replaces it")
    } else if has(&["tmp", "temp"]) {
        Some("it stands in a folder for temporary files, which are deleted some day")
    } else if has(&["downloads"]) {
        Some("it stands among downloads, where other programs put files")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_does_not_last_is_told() {
        for (path, begin) in [
            ("/home/me/tickpipe/target/debug/tickpipe", "it stands where it was built"),
            ("/home/me/target/x86_64-pc-windows-gnu/release/tickpipe", "it stands where"),
            ("/tmp/x/tickpipe", "it stands in a folder for temporary files"),
            ("/home/me/Downloads/tickpipe-0.1.0/tickpipe", "it stands among downloads"),
        ] {
            let doubt = doubt(Path::new(path));
            assert!(doubt.is_some_and(|text| text.starts_with(begin)), "{path}: {doubt:?}");
        }
        for path in ["/usr/local/bin/tickpipe", "/home/target/a/b/c/d/tickpipe", "/opt/temp2/t"] {
            assert_eq!(doubt(Path::new(path)), None, "{path}");
        }
    }
}
