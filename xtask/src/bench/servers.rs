//! The two servers and the client, on Linux sockets or on pipes under Wine.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::figures::{Client, Goal, Run};
use super::pinning::Pinning;
use crate::paths::Paths;
use crate::programs::Platform;
use crate::run::{self, Owned};
use crate::wine::Session;

const START_LIMIT: Duration = Duration::from_secs(30);
/// Round trips of a client that do not count.
const WARMUP: &str = "100";
const CLIENT_LIMIT: Duration = Duration::from_secs(300);
/// A Wine that loses a start does so once in some thousands; thrice in a row is something else.
const STARTS_MAX: u32 = 3;

/// Which two servers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contest {
    /// Our `echo`, and our `exec` with the C program that echoes.
    Exec,
    /// The C yardstick, and our `double`.
    Yardstick,
}

impl Contest {
    /// What the client must get for each line.
    pub(crate) fn answer(self) -> &'static str {
        match self {
            Self::Exec => "1.10000000",
            Self::Yardstick => "2.200",
        }
    }

    /// What the two are called in a table.
    pub(crate) fn names(self) -> [&'static str; 2] {
        match self {
            Self::Exec => ["echo", "exec"],
            Self::Yardstick => ["C", "tickpipe"],
        }
    }
}

/// Where servers and clients meet.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    paths: &'a Paths,
    pinning: &'a Pinning,
    /// The prefix to run in, or `None` for native programs on sockets.
    session: Option<&'a Session>,
    /// Holds the sockets; removed with the place.
    sockets: Option<Sockets>,
}

/// A directory that does not outlive its owner.
#[derive(Debug)]
struct Sockets(PathBuf);

impl Drop for Sockets {
    fn drop(&mut self) {
        // What is left in a temporary directory does no harm.
        fs::remove_dir_all(&self.0).ok();
    }
}

impl<'a> Place<'a> {
    pub(crate) fn native(paths: &'a Paths, pinning: &'a Pinning) -> anyhow::Result<Self> {
        // Not under target/: a socket's path has at most 107 bytes.
        let directory = std::env::temp_dir().join(format!("tickpipe-bench-{}", std::process::id()));
        fs::create_dir_all(&directory).context("cannot create a directory for the sockets")?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&directory, fs::Permissions::from_mode(0o700))
                .context("cannot protect the directory for the sockets")?;
        }
        Ok(Self { paths, pinning, session: None, sockets: Some(Sockets(directory)) })
    }

    pub(crate) fn wine(paths: &'a Paths, pinning: &'a Pinning, session: &'a Session) -> Self {
        Self { paths, pinning, session: Some(session), sockets: None }
    }

    pub(crate) fn title(&self) -> &'static str {
        if self.session.is_some() { "Wine pipe" } else { "Linux socket" }
    }

    /// What DESIGN.md wants here.
    pub(crate) fn goal(&self, contest: Contest, clients: u32) -> Goal {
        match (self.session.is_some(), clients) {
            // Three times the time.
            _ if contest == Contest::Exec => Goal { rps_min: 1.0 / 3.0, p99_max: None },
            (false, _) => Goal { rps_min: 0.95, p99_max: Some(1.2) },
            (true, 1) => Goal { rps_min: 0.97, p99_max: None },
            (true, _) => Goal { rps_min: 0.95, p99_max: None },
        }
    }

    /// The path a client opens for a server's name.
    pub(crate) fn path(&self, name: &str) -> String {
        match &self.sockets {
            Some(Sockets(directory)) => {
                directory.join(format!("{name}.sock")).display().to_string()
            }
            None => format!(r"\\.\pipe\tickpipe-bench-{name}"),
        }
    }

    /// A program of `testing/`.
    fn helper(&self, name: &str) -> Command {
        match self.session {
            Some(session) => session.command(Platform::Windows.program(self.paths, name)),
            None => Command::new(Platform::Native.program(self.paths, name)),
        }
    }

    /// The C yardstick, not started yet and not pinned.
    pub(crate) fn yardstick(&self, path: &str) -> Command {
        let mut command = self.helper("bench_server");
        command.arg(path);
        command
    }

    /// Our program, not started yet and not pinned.
    pub(crate) fn tickpipe(&self, path: &str, handler: &[&str]) -> Command {
        let mut command = match self.session {
            Some(session) => session.command(self.paths.windows_exe("release")),
            None => Command::new(self.paths.native_exe("release")),
        };
        // On Windows a name does as well as a path, and it is what people type.
        let name = path.trim_start_matches(r"\\.\pipe\");
        command.args(["serve", "--quiet", "--pipe", name]).args(handler);
        command
    }

    /// Our program with a program behind it that echoes.
    fn exec(&self, path: &str) -> Command {
        let platform = if self.session.is_some() { Platform::Windows } else { Platform::Native };
        let mut command = self.tickpipe(path, &["exec", "--"]);
        command.arg(platform.program(self.paths, "handler")).arg("echo");
        command
    }

    /// Runs the client once, pinned.
    pub(crate) fn run_client(
        &self,
        path: &str,
        client: Client,
        clients: u32,
        rounds: u64,
        answer: &str,
    ) -> anyhow::Result<Run> {
        let mut command = self.helper("bench_client");
        command.args([path, &clients.to_string(), &rounds.to_string(), &client.to_string()]);
        command.args([WARMUP, answer]);
        let mut command = self.pinning.wrap(&command);
        for _ in 1..STARTS_MAX {
            let stdout = run_limited(&mut command)?;
            if !stdout.is_empty() {
                return Run::parse(&stdout);
            }
        }
        Run::parse(&run_limited(&mut command)?)
    }

    pub(crate) fn pinning(&self) -> &Pinning {
        self.pinning
    }
}

/// Runs a program and returns its stdout; nothing if it ended with 1 and without a word, which is a
/// start that Wine lost.
fn run_limited(command: &mut Command) -> anyhow::Result<String> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = Owned(child.with_context(|| format!("cannot start {}", run::shown(command)))?);
    let status = run::wait(&mut child.0, CLIENT_LIMIT)?;
    let Some(status) = status else {
        bail!("{} took longer than {} s", run::shown(command), CLIENT_LIMIT.as_secs());
    };
    // A line or two at most, so that the pipes have held it.
    let stdout = first_line(child.0.stdout.take().context("a child without stdout")?);
    if status.success() {
        return Ok(stdout);
    }
    let stderr = first_line(child.0.stderr.take().context("a child without stderr")?);
    if status.code() == Some(1) && stdout.is_empty() && stderr.is_empty() {
        return Ok(String::new());
    }
    bail!("{} ended with {status}: {stderr}", run::shown(command))
}

fn first_line(from: impl Read) -> String {
    BufReader::new(from).lines().next().and_then(Result::ok).unwrap_or_default()
}

/// Both servers, running until they are dropped.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) yardstick_path: String,
    pub(crate) tickpipe_path: String,
    _yardstick: Owned,
    _tickpipe: Owned,
}

impl Servers {
    /// Starts both, pinned, and waits until they listen.
    pub(crate) fn start(place: &Place<'_>, contest: Contest) -> anyhow::Result<Self> {
        let yardstick_path = place.path("yardstick");
        let tickpipe_path = place.path("tickpipe");
        let (yardstick, word, tickpipe) = match contest {
            Contest::Exec => (
                place.tickpipe(&yardstick_path, &["echo"]),
                "listening",
                place.exec(&tickpipe_path),
            ),
            Contest::Yardstick => (
                place.yardstick(&yardstick_path),
                "ready",
                place.tickpipe(&tickpipe_path, &["double"]),
            ),
        };
        let pinning = place.pinning();
        let yardstick = start(&mut pinning.wrap(&yardstick), word)?;
        let tickpipe = start(&mut pinning.wrap(&tickpipe), "listening")?;
        Ok(Self { yardstick_path, tickpipe_path, _yardstick: yardstick, _tickpipe: tickpipe })
    }
}

/// Starts a server and waits for the word by which it says that it listens.
pub(crate) fn start(command: &mut Command, word: &'static str) -> anyhow::Result<Owned> {
    for _ in 1..STARTS_MAX {
        if let Started::Listening(server) = try_start(command, word)? {
            return Ok(server);
        }
    }
    match try_start(command, word)? {
        Started::Listening(server) => Ok(server),
        Started::Lost => bail!("{} ends without a word", run::shown(command)),
    }
}

enum Started {
    Listening(Owned),
    /// It ended with 1 and printed nothing.
    Lost,
}

fn try_start(command: &mut Command, word: &'static str) -> anyhow::Result<Started> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut server = Owned(child.with_context(|| format!("cannot start {}", run::shown(command)))?);
    let lines = lines(&mut server.0);
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(START_LIMIT) {
            Ok(line) if line.contains(word) => return Ok(Started::Listening(server)),
            Ok(line) => seen.push(line),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                bail!("{} does not say `{word}`: {}", run::shown(command), seen.join("\n"))
            }
            // Both streams have ended, and so has the server.
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = server.0.wait().context("cannot wait for a server")?;
    if status.code() == Some(1) && seen.is_empty() {
        return Ok(Started::Lost);
    }
    bail!("{} ended with {status}: {}", run::shown(command), seen.join("\n"))
}

/// What a server prints, line by line; read to the end even when nobody listens any more, so that the
/// server is never held up by a full pipe.
fn lines(child: &mut Child) -> mpsc::Receiver<String> {
    fn read(from: impl Read + Send + 'static, to: mpsc::Sender<String>) {
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                to.send(line).ok();
            }
        });
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        read(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read(stderr, sender);
    }
    receiver
}

/// Whether the file of a program exists, for an error before any is started.
pub(crate) fn require(program: &Path) -> anyhow::Result<()> {
    if !program.is_file() {
        bail!("there is no {}", program.display());
    }
    Ok(())
}
