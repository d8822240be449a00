//! Programs that get a limited time.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Waits for a program's end; `None` if it runs on when `limit` is over.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let begun_at = Instant::now();
    loop {
        let status = child.try_wait()?;
        if status.is_some() || begun_at.elapsed() >= limit {
            return Ok(status);
        }
        thread::sleep(LOOK);
    }
}

/// As [`wait`], and kills the program when `limit` is over.
pub(crate) fn end(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let ended = wait(child, limit)?;
    if ended.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(ended)
}

/// Runs a program that says little on stdout; `None` if it takes longer than `limit`.
pub(crate) fn output(command: &mut Command, limit: Duration) -> io::Result<Option<String>> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let stdout = child.stdout.take();
    // What it says fits the pipe, so that it can be read when the program is over.
    if end(&mut child, limit)?.is_none() {
        return Ok(None);
    }
    stdout.map(io::read_to_string).transpose()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_read_or_killed_at_the_limit() {
        let shell = |script: &str, limit| output(Command::new("sh").args(["-c", script]), limit);
        let said = shell("echo wine-8.0; echo noise >&2", Duration::from_secs(60)).unwrap();
        assert_eq!(said.as_deref(), Some("wine-8.0\n"));
        assert_eq!(shell("exec sleep 60", Duration::from_millis(20)).unwrap(), None);
        assert!(output(&mut Command::new("/nothing/there"), Duration::ZERO).is_err());
    }
}
