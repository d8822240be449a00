//! Programs beside this one: which run, and one that is started and ended with all it starts. For
//! `tickpipe` itself.

#[cfg(windows)]
use std::io;

pub use crate::child::MuteProgram;

/// Returns the path of each running program that has one of these names, in whatever case; `None` for one
/// whose path this user may not read.
///
/// # Errors
///
/// The system's, if it does not list them.
#[cfg(windows)]
pub fn running(names: &[&str]) -> io::Result<Vec<Option<String>>> {
    let processes = crate::sys::windows::processes()?;
    let is_meant = |name: &str| names.iter().any(|meant| meant.eq_ignore_ascii_case(name));
    let meant = processes.into_iter().filter(|(_, name)| is_meant(name));
    Ok(meant.map(|(id, _)| crate::sys::windows::process_path(id).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(windows)]
    #[test]
    fn this_program_runs() {
        let this = std::env::current_exe().unwrap();
        let name = this.file_name().unwrap().to_str().unwrap().to_uppercase();
        let found = running(&[&name]).unwrap();
        let is_this = |path: &Option<String>| {
            path.as_deref().is_some_and(|path| path.eq_ignore_ascii_case(this.to_str().unwrap()))
        };
        assert!(found.iter().any(is_this), "{found:?}");
        assert_eq!(running(&["no-such.exe"]).unwrap(), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_mute_program_ends_with_its_value() {
        use std::process::Command;
        let mut program = MuteProgram::spawn(Command::new("sleep").arg("3600")).unwrap();
        assert!(!program.has_ended());
        drop(program);
        let mut program = MuteProgram::spawn(&mut Command::new("true")).unwrap();
        while !program.has_ended() {
            std::thread::yield_now();
        }
    }
}
