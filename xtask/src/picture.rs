//! `cargo xtask picture`: the end of the demo as a picture, `docs/demo.svg`.
//!
//! The program runs in a terminal of a fixed size, which tmux plays, so that the picture shows what a
//! person sees. Its times are those of this machine, on this day.

mod screen;
mod svg;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, bail};

use crate::paths::Paths;
use crate::setup::{self, Need};
use crate::{no_arguments, run};

/// The terminal that everything the program shows must fit.
pub(crate) const COLUMNS: usize = 80;
const ROWS: usize = 24;

/// The demo ends within 20 s by itself.
const LIMIT: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(100);

const PICTURE: &str = "docs/demo.svg";
const TITLE: &str = "$ tickpipe demo";

/// `cargo xtask picture`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    let missing = setup::ensure_for(Need::Picture)?;
    setup::require(&missing, Need::Picture)?;
    run::check(&mut run::cargo(paths, &["build", "--release", "-p", "tickpipe-cli"]))?;
    let text = demo_screen(paths)?;
    let rows = screen::parse(&text)?;
    // In the last row stands the cursor.
    let picture = svg::draw(TITLE, &rows, COLUMNS, ROWS - 1)?;
    let path = paths.root.join(PICTURE);
    fs::write(&path, picture).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{PICTURE} is drawn; look at it before it is committed");
    Ok(ExitCode::SUCCESS)
}

/// Runs the demo to its end and returns what the terminal shows, with its colours.
fn demo_screen(paths: &Paths) -> anyhow::Result<String> {
    let directory = paths.target.join("picture");
    fs::create_dir_all(&directory)
        .with_context(|| format!("cannot create {}", directory.display()))?;
    let done = directory.join("exit-code");
    if done.exists() {
        fs::remove_file(&done).with_context(|| format!("cannot remove {}", done.display()))?;
    }
    let exe = paths.native_exe("release");
    let programs = exe.parent().context("a program without a directory")?;
    let terminal = Terminal::start(programs, &done)?;
    let until = Instant::now() + LIMIT;
    let code = loop {
        match fs::read_to_string(&done) {
            Ok(code) if code.ends_with('\n') => break code,
            _ if Instant::now() < until => thread::sleep(POLL),
            _ => bail!("the demo did not end within {} s", LIMIT.as_secs()),
        }
    };
    let text = terminal.capture()?;
    if code.trim() != "0" {
        bail!("the demo ended with {}; it showed:\n{text}", code.trim());
    }
    Ok(text)
}

/// A terminal of a tmux server of our own, which ends when it is dropped.
struct Terminal {
    server: String,
}

impl Terminal {
    /// Runs the demo in it; its exit code goes to the file `done`, and the picture stays.
    fn start(programs: &Path, done: &Path) -> anyhow::Result<Self> {
        let terminal = Self { server: format!("tickpipe-picture-{}", std::process::id()) };
        // Found on `PATH`, it calls itself `tickpipe`, as it will where it is installed.
        let script = r#"PATH="$1:$PATH"; unset NO_COLOR; tickpipe demo; echo $? > "$2"; sleep 60"#;
        let mut command = terminal.tmux(&["-f", "/dev/null", "new-session", "-d"]);
        command.args(["-x", &COLUMNS.to_string(), "-y", &ROWS.to_string()]);
        command.args(["sh", "-c", script, "sh"]).arg(programs).arg(done);
        run::check(&mut command)?;
        Ok(terminal)
    }

    fn capture(&self) -> anyhow::Result<String> {
        run::output(&mut self.tmux(&["capture-pane", "-p", "-e"]))
    }

    fn tmux(&self, args: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        // Whatever the locale is, what it shows is UTF-8.
        command.env_remove("TMUX").args(["-u", "-L", &self.server]).args(args);
        command
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let mut end = self.tmux(&["kill-server"]);
        if let Err(error) = end.stdout(Stdio::null()).stderr(Stdio::null()).status() {
            eprintln!("error: cannot end tmux: {error}");
        }
    }
}
