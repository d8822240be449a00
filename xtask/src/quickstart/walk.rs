//! The document done, line by line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::chart::Chart;
use super::document::Part;
use super::place::{Place, unpack};
use super::running::Running;
use super::shown;
use crate::wine::Scratch;

const PROGRAM: &str = r".\tickpipe.exe ";
const RETRIES_MAX: u32 = 2;

/// One who follows the document.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    scratch: &'a Scratch,
    place: &'a Place,
    chart: Chart,
    /// Where programs that stand in for others are.
    stand_ins: String,
    /// The current folder.
    folder: PathBuf,
    /// The last line that ran to its end, and its program.
    last: Option<(String, Running)>,
    /// The one that runs on.
    server: Option<Running>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        scratch: &'a Scratch,
        place: &'a Place,
        chart: Chart,
        stand_ins: &str,
    ) -> Self {
        let (stand_ins, folder) = (stand_ins.to_owned(), place.home().to_owned());
        Self { scratch, place, chart, stand_ins, folder, last: None, server: None }
    }

    /// Does all parts.
    pub(crate) fn go(mut self, parts: &[Part]) -> anyhow::Result<()> {
        for part in parts {
            let (number, done) = match part {
                Part::Commands(number, lines) => (number, self.commands(lines)),
                Part::Shown(number, lines) => (number, self.shown(lines)),
                Part::Stop(number) => (number, self.stop()),
            };
            done.with_context(|| format!("docs/quickstart.md:{number}"))?;
        }
        if self.server.is_some() {
            bail!("the document leaves a program running");
        }
        Ok(())
    }

    fn commands(&mut self, lines: &[String]) -> anyhow::Result<()> {
        let mut lines = lines.iter().map(String::as_str);
        while let Some(line) = lines.next() {
            println!("  PS> {line}");
            if line == "@'" {
                self.here_string(&mut lines)?;
            } else if line.starts_with(PROGRAM) {
                self.program(line).with_context(|| format!("`{line}`"))?;
            } else {
                self.shell(line).with_context(|| format!("`{line}`"))?;
            }
        }
        Ok(())
    }

    /// The rest of `@'…'@ | Set-Content NAME`: a file is written.
    fn here_string<'b>(&self, lines: &mut impl Iterator<Item = &'b str>) -> anyhow::Result<()> {
        let mut text = String::new();
        for line in lines {
            if let Some(name) = line.strip_prefix("'@ | Set-Content ") {
                return fs::write(self.folder.join(name), text).context("cannot write the file");
            }
            text.push_str(line);
            text.push_str("\r\n");
        }
        bail!("a text that has no end")
    }

    /// Does what PowerShell does, for the few lines that the document has of it.
    fn shell(&mut self, line: &str) -> anyhow::Result<()> {
        let words: Vec<_> = line.split(' ').collect();
        match words.as_slice() {
            ["cd", to] => {
                self.folder = self.path(to);
                fs::read_dir(&self.folder).context("there is no such folder")?;
            }
            ["$hash", "=", "(Get-FileHash", file] => {
                self.is_there(file.trim_end_matches(").Hash"))?
            }
            ["[bool](Select-String", "$hash", sums] => self.is_there(sums.trim_end_matches(')'))?,
            ["Unblock-File", file] => self.is_there(file)?,
            ["Expand-Archive", file, "."] => unpack(&self.path(file), &self.folder)?,
            ["Remove-Item", "-Recurse", folder] => fs::remove_dir_all(self.path(folder))?,
            ["Remove-Item", "-Recurse", folders @ .., "-ErrorAction", "SilentlyContinue"] => {
                for folder in folders {
                    // It need not be there.
                    fs::remove_dir_all(self.path(folder.trim_end_matches(','))).ok();
                }
            }
            _ => bail!("nobody has told the test what this does"),
        }
        Ok(())
    }

    fn is_there(&self, name: &str) -> anyhow::Result<()> {
        fs::metadata(self.path(name)).with_context(|| format!("no `{name}`"))?;
        Ok(())
    }

    /// A path of PowerShell's as this system has it.
    fn path(&self, path: &str) -> PathBuf {
        let path = path.replace('\\', "/");
        let home = self.place.home();
        for (variable, folder) in [
            ("$HOME/", ""),
            ("$env:APPDATA/", "AppData/Roaming"),
            ("$env:LOCALAPPDATA/", "AppData/Local"),
        ] {
            if let Some(rest) = path.strip_prefix(variable) {
                return home.join(folder).join(rest);
            }
        }
        match path.as_str() {
            ".." => self.folder.parent().map(Path::to_owned).unwrap_or_default(),
            _ => self.folder.join(path),
        }
    }

    fn program(&mut self, line: &str) -> anyhow::Result<()> {
        if line.starts_with(r".\tickpipe.exe serve ") {
            if self.server.is_some() {
                bail!("another one still runs");
            }
            let mut server = self.started(line)?;
            server.expect("listening on ")?;
            server.rewind();
            self.chart.show()?;
            (self.server, self.last) = (Some(server), None);
            return Ok(());
        }
        let ran = self.ran(line)?;
        if line == r".\tickpipe.exe install" {
            self.place.check_installed(&self.folder)?;
        }
        self.last = Some((line.to_owned(), ran));
        Ok(())
    }

    /// Runs a line to its end; again, if it fails and may be run again.
    fn ran(&self, line: &str) -> anyhow::Result<Running> {
        let mut ran = self.started(line)?;
        let mut code = ran.end()?;
        for _ in 0..RETRIES_MAX {
            if code != Some(1) || !is_repeatable(line) {
                break;
            }
            ran = self.started(line)?;
            code = ran.end()?;
        }
        if code != Some(0) {
            bail!("it printed\n{}\nand ended with {code:?}", ran.told());
        }
        Ok(ran)
    }

    /// Starts a line as the shell does; again, if Wine has lost the start.
    fn started(&self, line: &str) -> anyhow::Result<Running> {
        for _ in 0..RETRIES_MAX {
            let mut running = self.start(line)?;
            if !running.is_silent() {
                return Ok(running);
            }
        }
        self.start(line)
    }

    fn start(&self, line: &str) -> anyhow::Result<Running> {
        let mut command = self.scratch.command("cmd.exe");
        command.args(["/c", line]).current_dir(&self.folder);
        command.env("WINEPATH", &self.stand_ins).env("NO_COLOR", "1").env_remove("TICKPIPE_PIPE");
        Running::start(&mut command)
    }

    fn shown(&mut self, lines: &[String]) -> anyhow::Result<()> {
        let wanted: Vec<_> = lines.iter().filter_map(|line| shown::wanted(line)).collect();
        let Some((line, mut ran)) = self.last.take() else {
            let server = self.server.as_mut().context("nothing has run that prints this")?;
            return expect_all(server, &wanted);
        };
        let mut found = expect_all(&mut ran, &wanted);
        for _ in 0..RETRIES_MAX {
            if found.is_ok() || !is_repeatable(&line) {
                break;
            }
            ran = self.ran(&line)?;
            found = expect_all(&mut ran, &wanted);
        }
        self.last = Some((line, ran));
        found
    }

    /// Ctrl+C in the window of the program.
    fn stop(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("no program runs that could be ended")?;
        let processes = serving(self.scratch.prefix())?;
        let [process] = processes.as_slice() else { bail!("found as servers: {processes:?}") };
        let mut kill = Command::new("kill");
        kill.args(["-INT", process]).stdin(Stdio::null());
        crate::run::check(&mut kill)?;
        match server.end()? {
            Some(0) => Ok(()),
            code => bail!("the program ended with {code:?} after Ctrl+C"),
        }
    }
}

fn expect_all(running: &mut Running, wanted: &[String]) -> anyhow::Result<()> {
    wanted.iter().try_for_each(|wanted| running.expect(wanted))
}

/// Whether a line does the same when it is run again. What measures a machine that stood still for a
/// second may find fault with it, and is asked again.
fn is_repeatable(line: &str) -> bool {
    !line.starts_with(r".\tickpipe.exe install")
}

/// Returns the processes of `tickpipe.exe serve` in a prefix.
fn serving(prefix: &Path) -> anyhow::Result<Vec<String>> {
    let named = format!("WINEPREFIX={}", prefix.display());
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").context("no list of processes")? {
        let path = entry?.path();
        // Processes end meanwhile, and others may not be read.
        let read = |name| fs::read(path.join(name)).unwrap_or_default();
        let has =
            |block: &[u8], word: &[u8]| block.split(|byte| *byte == 0).any(|part| part == word);
        let command = read("cmdline");
        let program = command.split(|byte| *byte == 0).next().unwrap_or_default();
        if program.ends_with(b"tickpipe.exe")
            && has(&command, b"serve")
            && has(&read("environ"), named.as_bytes())
        {
            found.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    Ok(found)
}
