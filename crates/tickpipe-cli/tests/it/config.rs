//! The configuration file, `tickpipe config`, and the log in a file.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::ea::Ea;
use crate::host::{
    Directory, Output, Server, handler, is_wine, new_name, run, tickpipe, tickpipe_path,
};

impl Directory {
    /// Writes a file; returns its path as the program under test has it.
    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).expect("it is written");
        format!("{}/{name}", self.shown())
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("it is there")
    }
}

/// A command with variables of its own, which reads a file.
fn with(args: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = tickpipe(args);
    command.env_remove("TICKPIPE_NO_CONFIG").envs(variables.iter().copied());
    command
}

fn ended(mut command: Command) -> Output {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Returns the settings that `config check --json` shows, each as `key=value source`.
fn in_force(args: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let args = [&["config", "check", "--json"], args].concat();
    shown(with(&args, variables))
}

fn shown(command: Command) -> Vec<String> {
    let checked = ended(command);
    let objects = checked.out.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let settings = objects.filter(|object: &Value| object["event"] == "setting");
    let shown = settings.map(|object| {
        let text = |name: &str| object[name].to_string().trim_matches('"').to_owned();
        format!("{}={} {}", text("key"), text("value"), text("source"))
    });
    shown.collect()
}

/// As [`with`]; Wine sets `APPDATA` anew for every first program, so a batch file sets it for the second.
fn in_batch(directory: &Directory, args: &[&str], variables: &[(&str, &str)]) -> Command {
    let set = variables.iter().map(|(name, value)| {
        let value = value.replace('/', "\\");
        format!("set {name}={value}\r\n")
    });
    let script = format!(
        "@echo off\r\n{}\"{}\" {}\r\n",
        set.collect::<String>(),
        tickpipe_path(),
        args.join(" ")
    );
    directory.file("run.bat", &script);
    let mut command = Command::new("wine");
    let script = format!("{}\\run.bat", directory.shown().replace('/', "\\"));
    command.args(["cmd", "/c", &script]).stdin(Stdio::null());
    command
}

/// Flag over environment over file over default.
#[test]
fn a_flag_goes_over_a_variable_over_the_file_over_the_default() {
    let directory = Directory::new();
    let [of_file, of_variable, of_flag] = [(); 3].map(|()| new_name());
    let text = format!("pipe = \"{of_file}\"\nquiet = true\n[handler]\nname = \"double\"\n");
    let file = directory.file("a.toml", &text);
    let check = |variables: &[(&str, &str)], flags: &[&str], name: &str, reply: &str| {
        let args = [&["serve", "--config", &file], flags].concat();
        let server = Server::start_command(name, || with(&args, variables));
        assert!(server.path.contains(name), "{} is not {name}", server.path);
        Ea::connected(&server.path).exchange(0, r"1\r\n", reply);
        let ended = server.stop();
        let told = ended.err.iter().any(|line| line.contains("settings are from "));
        assert!(told, "{:?}", ended.err);
        ended.out.len()
    };
    let variable = [("TICKPIPE_PIPE", of_variable.as_str())];
    assert_eq!(check(&[], &[], &of_file, r"2.000\r\n"), 0, "the file wants it quiet");
    assert_eq!(check(&variable, &["echo"], &of_variable, r"1\r\n"), 0);
    let flags = ["--pipe", of_flag.as_str(), "--quiet=false"];
    assert_eq!(check(&variable, &flags, &of_flag, r"2.000\r\n"), 1, "an exchange is printed");
}

/// A variable turns off too what the file turned on.
#[test]
fn variables_go_over_the_file_whatever_they_are() {
    let directory = Directory::new();
    let file = directory.file(
        "a.toml",
        "[limits]\nstrip_nul = true\nline_len_max = 100\nallow = [\"S-1-5-1\"]\n\
         [tcp]\nallow_remote = true\n",
    );
    let all = ["limits.line_len_max=100 file", "limits.strip_nul=true file"];
    let rest = [r#"limits.allow=["S-1-5-1"] file"#, "tcp.allow_remote=true file"];
    assert_eq!(in_force(&[&file], &[]), [all, rest].concat());
    let variables = [
        ("TICKPIPE_STRIP_NUL", "false"),
        ("TICKPIPE_ALLOW_REMOTE", "0"),
        ("TICKPIPE_LINE_LEN_MAX", "200"),
        ("TICKPIPE_ALLOW", "S-1-5-2,S-1-5-3"),
    ];
    assert_eq!(
        in_force(&[&file], &variables),
        [
            "limits.line_len_max=200 TICKPIPE_LINE_LEN_MAX",
            "limits.strip_nul=false TICKPIPE_STRIP_NUL",
            r#"limits.allow=["S-1-5-2","S-1-5-3"] TICKPIPE_ALLOW"#,
            "tcp.allow_remote=0 TICKPIPE_ALLOW_REMOTE",
        ]
    );
}

/// The default place is where the token is; a flag and a variable say otherwise.
#[test]
fn the_file_is_found_at_its_place_unless_nobody_wants_it() {
    let directory = Directory::new();
    fs::create_dir(directory.0.join("tickpipe")).expect("a folder");
    directory.file("tickpipe/tickpipe.toml", "mode = \"line\"\n");
    let other = directory.file("other.toml", "mode = \"session\"\n");
    let place = if is_wine() || cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    let home = directory.shown();
    let check = |more: &[(&str, &str)], args: &[&str], wanted: &[&str]| {
        let variables = [&[(place, home.as_str())], more].concat();
        let args = [&["config", "check", "--json"], args].concat();
        let command = if is_wine() {
            in_batch(&directory, &args, &variables)
        } else {
            with(&args, &variables)
        };
        assert_eq!(shown(command), wanted, "{more:?} {args:?}");
    };
    check(&[], &[], &["mode=line file"]);
    check(&[("TICKPIPE_CONFIG", &other)], &[], &["mode=session file"]);
    check(&[("TICKPIPE_NO_CONFIG", "1")], &[], &[]);
    check(&[("TICKPIPE_NO_CONFIG", "1")], &[&other], &["mode=session file"]);
    fs::remove_file(directory.0.join("tickpipe/tickpipe.toml")).expect("it is there");
    check(&[], &[], &[]);
}

#[test]
fn a_file_that_cannot_be_used_is_refused_by_both_with_its_places() {
    let directory = Directory::new();
    let file =
        directory.file("a.toml", "pipe = \"x\"\n\n[limits]\nline_len_mx = 1\nrate_max = 0\n");
    let missing = format!("{}/none.toml", directory.shown());
    for (args, wanted) in [
        (["serve", "--config", &file, "double"], &["a.toml:4:1: unknown key", "a.toml:5:12: "][..]),
        (["serve", "--config", &missing, "double"], &["none.toml: cannot be read: "]),
        (["serve", "--config", &directory.shown(), "double"], &["this is no file"]),
        (["config", "check", "--json", &file], &[r#""line":4"#, r#""column":12"#]),
        (["config", "check", "--json", &missing], &["cannot be read"]),
    ] {
        let refused = run(&args, "");
        let said = [refused.out, refused.err].concat();
        assert_eq!(refused.code, Some(2), "{args:?}: {said}");
        assert!(wanted.iter().all(|wanted| said.contains(wanted)), "{args:?}: {said}");
    }
    let refused = run(&["serve", "--no-config"], "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(
        refused.err.contains("or a configuration file that names a handler"),
        "{}",
        refused.err
    );
}

/// What no server has to run for: program, token, folder, ranges with those of the environment.
#[test]
fn the_check_finds_what_serving_would() {
    let directory = Directory::new();
    let check = |text: &str, wanted: &str, code: i32| {
        let file = directory.file("a.toml", text);
        let checked = run(&["config", "check", &file], "");
        let said = checked.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(checked.code, Some(code), "{text}: {}", checked.out);
        assert!(said.contains(wanted), "{text}: {}", checked.out);
    };
    check("[handler]\nname = \"double\"", "ok handler double", 0);
    check("pipe = \"a/b\"", "problem pipe invalid pipe name", 2);
    check("[handler]\nname = \"exec\"", "problem handler `exec` needs a program", 2);
    let missing = "[handler]\nname = \"exec\"\ncommand = [\"no-such-program\", \"no-such.py\"]";
    check(missing, "note handler there is no script `", 2);
    check(missing, "problem handler cannot find `no-such-program`", 2);
    check(
        "[handler]\nname = \"forward\"\naddress = \"127.0.0.1:1\"\n[tcp]\ntoken_file = \"t\"",
        "problem handler there is no token file",
        2,
    );
    check(
        "mode = \"session\"\n[handler]\nname = \"echo\"",
        "problem handler this handler answers lines",
        2,
    );
    check("[tcp]\nlisten = \"1.2.3.4:1\"", "problem tcp", 2);
    check("[tcp]\nlisten = \"127.0.0.1:1\"\ntoken_file = \"t\"", "the token will be made as", 0);
    check("[log]\nfile = \"logs/a.log\"", "ok log", 0);
    check("[log]\nfile = \"a.toml/b.log\"", "problem log cannot write", 2);
    assert_eq!(directory.names(), ["a.toml"], "it leaves nothing");
    let file = directory.file("a.toml", "");
    let checked = ended(with(&["config", "check", &file], &[("TICKPIPE_RATE_MAX", "x")]));
    assert_eq!(checked.code, Some(2), "{}", checked.out);
    assert!(checked.out.contains("'--rate-max <COUNT>'"), "{}", checked.out);
    let checked = ended(with(&["config", "check", &file], &[("TICKPIPE_LINE_LEN_MAX", "1")]));
    assert_eq!(checked.code, Some(2), "{}", checked.out);
}

#[test]
fn the_example_is_a_file_that_serves() {
    let directory = Directory::new();
    let example = run(&["config", "example"], "");
    assert_eq!(example.code, Some(0), "{}", example.err);
    let file = directory.file("a.toml", &example.out);
    let checked = run(&["config", "check", &file], "");
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    assert!(!checked.out.contains("setting"), "{}", checked.out);
    let server = Server::start(&["--config", &file, "double"]);
    Ea::connected(&server.path).exchange(0, r"1\r\n", r"2.000\r\n");
}

/// A program that the file names works beside it, wherever the server was started.
#[test]
fn a_program_of_the_file_works_in_its_folder() {
    let directory = Directory::new();
    // What stands in the folder is found by its name alone.
    directory.file("double.sh", "while read -r line; do echo 3.000; done\n");
    let command = if is_wine() || cfg!(windows) {
        format!("['{}', 'double']", handler())
    } else {
        "['sh', 'double.sh']".to_owned()
    };
    let text =
        format!("[handler]\nname = 'exec'\ncommand = {command}\n[log]\nfile = 'logs/a.log'\n");
    let file = directory.file("a.toml", &text);
    let server = Server::start(&["--config", &file]);
    let mut ea = Ea::connected(&server.path);
    ea.exchange(0, r"1.5\r\n", r"3.000\r\n");
    ea.check("close 0", "ok");
    drop(ea);
    assert!(server.stop().status.success());
    let log = directory.text("logs/a.log");
    let wanted = ["settings are from ", "server listens", "listening on ", "program started"];
    let more = ["connection closed", "1 connection, 1 exchange"];
    for wanted in [&wanted[..], &more].concat() {
        assert!(log.contains(wanted), "no `{wanted}` in {log}");
    }
    assert!(!log.contains("1.5 -> 3.000"), "exchanges are for stdout: {log}");
    for line in log.lines() {
        let (time, _) = line.split_once("Z ").unwrap_or_else(|| panic!("{line}"));
        let is_time = time.len() == 26 && time.starts_with("20") && time.as_bytes()[10] == b'T';
        assert!(is_time, "{line}");
    }
}

/// Row 25 for the file; colour and control characters do not get there.
#[test]
fn nothing_in_the_log_drives_a_terminal() {
    let directory = Directory::new();
    let log = format!("{}/a.log", directory.shown());
    let server = Server::start(&["--quiet", "-vvv", "--log-file", &log, "double"]);
    let mut ea = Ea::connected(&server.path);
    ea.check(r"write 0 \x1B]0;owned\x07\r2026\s\sERROR\r\n", "ok");
    assert!(ea.ask("line 0").starts_with("line ERR"));
    assert!(server.stop().status.success());
    let log = directory.text("a.log");
    assert!(log.contains("not_a_number") || log.contains("owned"), "{log}");
    assert!(!log.contains(['\u{1b}', '\u{7}', '\r']), "{log}");
}

/// Why a server did not start stands in the log, for whom no console shows it.
#[test]
fn a_failure_stands_in_the_log() {
    let directory = Directory::new();
    let log = format!("{}/a.log", directory.shown());
    let refused = run(&["serve", "--pipe", "a/b", "--log-file", &log, "double"], "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    let log = directory.text("a.log");
    assert!(log.contains("ERROR") && log.contains("invalid pipe name"), "{log}");
}

/// Two servers never write one file.
#[test]
fn a_second_server_is_refused_a_log_that_is_written() {
    let directory = Directory::new();
    let log = format!("{}/a.log", directory.shown());
    let server = Server::start(&["--quiet", "--log-file", &log, "double"]);
    let second = run(&["serve", "--pipe", &new_name(), "--log-file", &log, "double"], "");
    assert_eq!(second.code, Some(1), "{}", second.err);
    assert!(second.err.contains("error: cannot write the log to `"), "{}", second.err);
    assert!(second.err.contains("another program writes it"), "{}", second.err);
    Ea::connected(&server.path).exchange(0, r"1\r\n", r"2.000\r\n");
    // A server that was killed keeps no file.
    drop(server);
    let server = Server::start(&["--quiet", "--log-file", &log, "double"]);
    assert!(server.stop().status.success());
}

/// Row A2: far more is logged than the files may hold.
#[test]
fn the_log_never_outgrows_its_files() {
    let directory = Directory::new();
    let log = format!("{}/a.log", directory.shown());
    let flags = ["--log-file-bytes-max", "65536", "--log-files-max", "3", "double"];
    let args = [&["--quiet", "-vvv", "--log-file", &log], &flags[..]].concat();
    let server = Server::start(&args);
    // Nobody reads what goes to stderr, which may not matter here.
    server.err.pause();
    let mut ea = Ea::start();
    ea.churn(2000, &server.path, "answered");
    drop(ea);
    server.err.resume();
    assert!(server.stop().status.success());
    let names = directory.names();
    assert_eq!(names, ["a.log", "a.log.1", "a.log.2"]);
    for name in &names {
        let len = fs::metadata(directory.0.join(name)).expect("it is there").len();
        assert!((1..=65_536).contains(&len), "{name} has {len} bytes");
    }
    let text = directory.text("a.log");
    assert!(text.contains("2000 connections"), "{text}");
}

/// A disk that is full stops no EA; what is missing is counted there once there is room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_log_stops_no_ea() {
    use std::os::unix::process::CommandExt as _;
    if is_wine() {
        return;
    }
    let directory = Directory::new();
    let mount = |shell: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
        let disk = "mount -t tmpfs -o size=64k tmpfs \"$0\" && ";
        command.arg(format!("{disk}{shell}")).arg(&directory.0);
        command
    };
    let is_allowed = mount("true").output().is_ok_and(|output| output.status.success());
    if !is_allowed {
        eprintln!("NOT RUN: no disk of its own can be made here");
        return;
    }
    let name = new_name();
    let log = format!("{}/a.log", directory.shown());
    let args = ["serve", "--pipe", &name, "--quiet", "-vvv", "--log-file", &log, "double"];
    let program = tickpipe(&args);
    let server = Server::start_command(&name, || {
        let mut command = mount("exec \"$@\"");
        command.arg0("unshare").arg(program.get_program()).args(program.get_args());
        command.env("NO_COLOR", "1").env("TICKPIPE_NO_CONFIG", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    });
    let mut ea = Ea::start();
    ea.churn(1000, &server.path, "answered");
    ea.open(0, &server.path);
    ea.round_trips(0, 500);
    drop(ea);
    let ended = server.stop();
    assert!(ended.status.success(), "{:?}", ended.err);
    let said = ended.err.join("\n");
    assert!(said.contains("cannot write the log to "), "{said}");
    assert!(said.contains("missing in the log's file"), "{said}");
}
