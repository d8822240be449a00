//! From a pipe to a server elsewhere: under Wine, from a prefix to a native program.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::ea::Ea;
use crate::host::{Server, is_wine, new_name, run, tickpipe};

/// A folder with a token in it, removed with its test.
struct TokenFolder(PathBuf);

impl TokenFolder {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("tickpipe-{}", new_name()));
        fs::create_dir(&path).expect("a folder can be made");
        Self(path)
    }

    /// Returns where a server makes its token.
    fn file(&self) -> PathBuf {
        self.0.join("token")
    }

    /// Returns the digits that no log may show.
    fn digits(&self) -> String {
        let text = fs::read_to_string(self.file()).expect("the server made it");
        assert!(text.trim_end().len() >= 32, "{} digits", text.trim_end().len());
        text.trim_end().to_owned()
    }
}

impl Drop for TokenFolder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Writes a path as the programs under test read it.
fn host_path(path: &std::path::Path) -> String {
    let text = path.to_str().expect("the path is text").to_owned();
    if is_wine() { format!("Z:{}", text.replace('/', "\\")) } else { text }
}

/// A server outside of Wine that listens, whatever the programs under test run on.
pub(crate) struct Far {
    server: Server,
    folder: TokenFolder,
    address: String,
}

impl Far {
    /// Starts a server with these arguments behind `serve --listen …`.
    pub(crate) fn start(args: &[&str]) -> Self {
        let folder = TokenFolder::new();
        let name = new_name();
        let mut server = Server::start_command(&name, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_tickpipe"));
            let listen = ["serve", "--pipe", &name, "--listen", "127.0.0.1:0", "--token-file"];
            command.args(listen.map(OsStr::new)).arg(folder.file()).args(args);
            command.env("NO_COLOR", "1");
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command
        });
        let line = server.err.wait_for("listening on TCP too, at ").expect("it says where");
        let (_, address) = line.split_once(" at ").expect("an address");
        let address = address.split(',').next().expect("a comma").to_owned();
        Self { server, folder, address }
    }

    /// Starts a server on the host under test that forwards here.
    pub(crate) fn start_near(&self, options: &[&str]) -> Server {
        self.start_near_with(options, &host_path(&self.folder.file()))
    }

    fn start_near_with(&self, options: &[&str], token_file: &str) -> Server {
        let forward = ["--token-file", token_file, "forward", &self.address];
        Server::start(&[options, &forward].concat())
    }
}

/// What the whole way is for.
#[test]
fn an_ea_is_answered_by_a_native_program() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/handlers/double.py");
    let python = if cfg!(windows) { "python" } else { "python3" };
    // As long as it takes to start a program on a busy machine.
    let enough = ["--handler-deadline-ms", "60000"];
    let exec = ["--quiet", "exec", "--", python, program];
    let far = Far::start(&[&enough[..], &exec].concat());
    let near = far.start_near(&[&enough[..], &["--json"]].concat());
    let [mut ea, mut other] = [(); 2].map(|()| Ea::connected(&near.path));
    ea.check(r"write 0 abc\r\n", "ok");
    let line = ea.ask("line 0");
    assert!(line.starts_with(r"line ERR\snot_a_number\s"), "the program's own code: {line}");
    for _ in 0..100 {
        ea.exchange(0, r"1.10000000\r\n", r"2.200\r\n");
    }
    other.exchange(0, r"1\r\n", r"2.000\r\n");
    drop((ea, other));
    let summary = near.summary();
    assert_eq!(summary["exchanges"], 102, "{summary}");
    assert_eq!(summary["forward"]["connected"], 2, "{summary}");
    assert_eq!(summary["forward"]["lost"], 0, "{summary}");
}

#[test]
fn a_server_that_comes_again_is_found_again() {
    let far = Far::start(&["--quiet", "double"]);
    let near = far.start_near(&["--handler-deadline-ms", "60000"]);
    let mut ea = Ea::connected(&near.path);
    ea.exchange(0, r"1\r\n", r"2.000\r\n");
    let Far { server, folder, address } = far;
    server.stop();
    ea.check(r"write 0 2\r\n", "ok");
    // It waits for a server that is started only now.
    let name = new_name();
    let token_file = folder.file();
    let again = Server::start_command(&name, || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tickpipe"));
        command.args(["serve", "--pipe", &name, "--listen", &address, "--token-file"]);
        command.arg(&token_file).arg("double").env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    });
    ea.check("line 0", r"line 4.000\r\n");
    drop(again);
}

/// 1,250 ms unless another time is named, less what the answer needs to get back; the watchdog says
/// the whole time, on a machine that stands still in between.
#[cfg(unix)]
#[test]
fn a_forward_has_a_deadline_of_its_own() {
    let hangs = ["exec", "--", "sh", "-c", "sleep 600"];
    let far = Far::start(&[&["--quiet", "--handler-deadline-ms", "600000"], &hangs[..]].concat());
    for (options, times) in [
        (&[][..], [r"\s1200\sms", r"\s1250\sms"]),
        (&["--handler-deadline-ms", "300"], [r"\s285\sms", r"\s300\sms"]),
    ] {
        let near = far.start_near(options);
        let mut ea = Ea::connected(&near.path);
        ea.check(r"write 0 1\r\n", "ok");
        let line = ea.ask("line 0");
        assert!(line.starts_with(r"line ERR\shandler_timeout\s"), "{line}");
        assert!(times.iter().any(|time| line.contains(time)), "{line}");
    }
}

/// Not with `-vvv`, not when it is right, not when it is wrong.
#[test]
fn no_log_shows_a_token() {
    let far = Far::start(&["-vvv", "double"]);
    let near = far.start_near(&["-vvv"]);
    Ea::connected(&near.path).exchange(0, r"1\r\n", r"2.000\r\n");
    // The other token is made by a server that is never asked.
    let other = Far::start(&["double"]);
    let stranger = far.start_near_with(&["-vvv"], &host_path(&other.folder.file()));
    let mut ea = Ea::connected(&stranger.path);
    ea.check(r"write 0 1\r\n", "ok");
    let line = ea.ask("line 0");
    assert!(line.starts_with(r"line ERR\shandler_unavailable\s"), "{line}");
    assert!(line.contains(r"ERR\stoken_refused"), "{line}");
    let tokens = [far.folder.digits(), other.folder.digits()];
    assert_ne!(tokens[0], tokens[1]);
    let mut logs = Vec::new();
    for server in [near, stranger, far.server, other.server] {
        let ended = server.stop();
        logs.extend(ended.err);
        logs.extend(ended.out);
    }
    let is_refusal = |line: &&String| line.contains("peer refused") && line.contains("127.0.0.1:");
    assert_eq!(logs.iter().filter(is_refusal).count(), 1, "{logs:#?}");
    for line in logs {
        assert!(!tokens.iter().any(|token| line.contains(&token[..8])), "{line}");
    }
}

#[test]
fn the_listening_server_says_what_to_run_elsewhere() {
    let mut far = Far::start(&["double"]);
    let line = far.server.err.wait_for(" serve forward ").expect("the command");
    assert!(line.contains(&far.address), "{line}");
    assert!(line.contains("token"), "{line}");
    let ended = far.server.stop();
    assert!(ended.status.success(), "{:?}", ended.err);
}

#[track_caller]
fn refused(args: &[&str], code: i32, said: &str) {
    let output = run(&[&["serve", "--pipe", &new_name()], args].concat(), "");
    assert_eq!(output.code, Some(code), "{args:?}: {}", output.err);
    assert!(output.err.contains(said), "{args:?}: {}", output.err);
}

#[test]
fn what_is_not_safe_is_refused_with_its_own_exit_code() {
    let folder = TokenFolder::new();
    let file = host_path(&folder.file());
    let token = ["--token-file", file.as_str()];
    let with = |args: &[&'static str]| [&token, args].concat();
    refused(&with(&["forward"]), 2, "needs an address");
    refused(&with(&["forward", "127.0.0.1"]), 2, "allowed is HOST:PORT");
    refused(&with(&["forward", "127.0.0.1:1", "2"]), 2, "it takes one address");
    refused(&with(&["forward", "127.0.0.1:1"]), 2, "there is no token file");
    refused(&with(&["forward", "192.0.2.1:1"]), 4, "--allow-remote");
    refused(&with(&["--listen", "0.0.0.0:0", "double"]), 4, "--allow-remote");
    assert!(!folder.file().exists(), "nothing is made for what is refused");
    fs::write(folder.file(), "not a token").expect("it can be written");
    refused(&with(&["--listen", "127.0.0.1:0", "double"]), 4, "token file ");
    let far = Far::start(&["double"]);
    let file = host_path(&far.folder.file());
    let again = ["--listen", &far.address, "--token-file", &file, "double"];
    refused(&again, 3, "is taken by another program");
}

#[cfg(unix)]
#[test]
fn a_token_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let far = Far::start(&["double"]);
    let path = far.folder.file();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let file = host_path(&path);
    refused(&["--token-file", &file, "forward", &far.address], 4, "remove it for a new");
}

/// With `--allow-remote` it is done, and said.
#[test]
fn a_remote_address_is_warned_about() {
    let folder = TokenFolder::new();
    let file = host_path(&folder.file());
    let name = new_name();
    let args = ["serve", "--pipe", &name, "--allow-remote", "--listen", "0.0.0.0:0"];
    let args = [&args[..], &["--token-file", &file, "double"]].concat();
    let server = Server::start_command(&name, || tickpipe(&args));
    let ended = server.stop();
    assert!(ended.status.success(), "{:?}", ended.err);
    let said = ended.err.join("\n");
    assert!(said.contains("unencrypted"), "{said}");
    assert!(said.contains("--allow-remote"), "the other end's command has it too: {said}");
}

/// Each connection would make another, until there is no place left.
#[test]
fn a_server_that_would_forward_to_itself_is_refused() {
    let folder = TokenFolder::new();
    let path = host_path(&folder.file());
    // Free a moment ago; a port that another program took since is refused with 3.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("it is bound").to_string();
    drop(free);
    let name = new_name();
    let args = ["--token-file", &path, "--listen", &address, "forward", &address];
    let serve = [&["serve", "--pipe", &name][..], &args].concat();
    // The token has to be there before `forward` is.
    let first = Server::start(&["--listen", "127.0.0.1:0", "--token-file", &path, "double"]);
    drop(first.stop());
    let refused = run(&serve, "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains(&format!("listens on {address} itself")), "{}", refused.err);
}
