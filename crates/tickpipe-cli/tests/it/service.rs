//! `tickpipe service`: a server that dies comes again, and nothing outlives who keeps it alive.

use std::fs;
#[cfg(unix)]
use std::time::Instant;

use serde_json::Value;

#[cfg(unix)]
use crate::exec::{running, wait_until_none_runs};
#[cfg(unix)]
use crate::host::LIMIT;
use crate::host::{Directory, Output, Server, is_wine, new_name, run, tickpipe};

/// A configuration of its own, with a service's name and a pipe's.
struct Files {
    directory: Directory,
    name: String,
    pipe: String,
}

impl Files {
    fn new(handler: &str) -> Self {
        let (directory, name) = (Directory::new(), new_name());
        let pipe = format!("{name}-pipe");
        let text = format!("pipe = \"{pipe}\"\n[handler]\n{handler}\n");
        fs::write(directory.0.join("a b.toml"), text).expect("written");
        Self { directory, name, pipe }
    }

    fn double() -> Self {
        Self::new("name = \"double\"")
    }

    /// A program that starts two of its own, known by a mark in their command lines.
    #[cfg(unix)]
    fn children(mark: &str) -> Self {
        let program = crate::host::handler();
        Self::new(&format!("name = 'exec'\ncommand = ['{program}', 'children', '{mark}']"))
    }

    fn config(&self) -> String {
        format!("{}/a b.toml", self.directory.shown())
    }

    fn log_file(&self) -> String {
        format!("{}/a log/service.log", self.directory.shown())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.0.join("a log/service.log")).expect("it is there")
    }

    fn run(&self) -> Server {
        let (config, log_file) = (self.config(), self.log_file());
        let args = ["service", "run", "--name", &self.name];
        let args = [&args[..], &["--config", &config, "--log-file", &log_file]].concat();
        Server::start_command(&self.name, || tickpipe(&args))
    }

    fn service(&self, args: &[&str]) -> Output {
        run(&[&["service"], args, &["--name", &self.name]].concat(), "")
    }

    fn status(&self) -> Value {
        let status = self.service(&["status", "--json"]);
        let status: Value = serde_json::from_str(&status.out).unwrap_or_else(|error| {
            panic!("no JSON but `{}`, `{}`: {error}", status.out, status.err)
        });
        assert_eq!(status["name"], self.name.as_str());
        status
    }

    /// Returns an EA for which the program of a mark was started.
    #[cfg(unix)]
    fn ea_with_program(&self, mark: &str) -> crate::ea::Ea {
        let pipe = self.status()["pipe"].as_str().expect("it listens").to_owned();
        let mut ea = crate::ea::Ea::connected(&pipe);
        ea.check(r"write 0 1\r\n", "ok");
        // On a busy machine a start may take longer than a line's time.
        let reply = ea.ask("line 0");
        assert!(reply == r"line 1\r\n" || reply.contains("ERR"), "{reply}");
        assert!(running(mark) > 0, "the check is broken: it sees no program that runs");
        ea
    }

    /// Has a line answered, as an EA would.
    fn answered(&self) {
        let sent = run(&["send", "--pipe", &self.pipe, "1.10000000"], "");
        assert_eq!((sent.code, sent.out.as_str()), (Some(0), "2.200"), "{}", sent.err);
    }

    /// The system's numbers of this service's servers.
    #[cfg(unix)]
    fn servers(&self) -> Vec<i32> {
        let config = self.directory.0.file_name().expect("it has one").as_encoded_bytes().to_vec();
        crate::host::process_ids(|words| {
            let has_config = |word: &[u8]| word.windows(config.len()).any(|part| part == config);
            words.contains(&&b"--supervised"[..]) && words.iter().any(|word| has_config(word))
        })
    }

    /// Kills the server, as the Task Manager or the out-of-memory killer does.
    #[cfg(unix)]
    fn kill_server(&self) {
        let servers = self.servers();
        assert!(!servers.is_empty(), "the check is broken: it sees no server that runs");
        for id in servers {
            let process = rustix::process::Pid::from_raw(id).expect("no process has 0");
            rustix::process::kill_process(process, rustix::process::Signal::KILL).expect("it runs");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_server_that_is_killed_comes_again_and_the_log_says_so() {
    let files = Files::double();
    let mut service = files.run();
    files.answered();
    let before = files.status();
    assert_eq!((&before["running"], &before["restarts"]), (&true.into(), &0.into()));
    let killed_at = Instant::now();
    files.kill_server();
    service.err.wait_for("it is started again in 1 s").expect("the death is told");
    service.err.wait_for("listening on ").expect("it listens again");
    eprintln!("accepting again {:?} after the kill", killed_at.elapsed());
    files.answered();
    let after = files.status();
    assert_eq!((&after["state"], &after["restarts"]), (&"listening".into(), &1.into()));
    assert_eq!(after["pid"], before["pid"], "it is the same service");
    assert_ne!(after["server"]["pid"], before["server"]["pid"], "and another server");
    let how = after["last_death"]["how"].as_str().expect("it died");
    assert!(how.starts_with("was killed"), "{how}");
    let shown = files.service(&["status"]);
    assert!(shown.out.contains("\nrestarts    1\n"), "{}", shown.out);

    let stopped = files.service(&["stop"]);
    assert_eq!((stopped.code, stopped.err.as_str()), (Some(0), "stopped"));
    assert!(service.ended(killed_at).status.success());
    let log = files.log();
    let lines: Vec<_> = log.lines().collect();
    for part in [
        "service starts, tickpipe ",
        "service: server started, process ",
        "server: listening on ",
        "WARN service: server was killed",
        "service: service stops",
        "server: stopped in good order",
        "service: server ended with exit code 0: done; service stopped",
    ] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part}\n{log}");
    }
    let has_time = |line: &&str| line.starts_with("20") && line.get(10..11) == Some("T");
    assert_eq!(lines.iter().find(|line| !has_time(line)), None);
}

#[cfg(unix)]
#[test]
fn the_fourth_crash_in_a_minute_ends_it() {
    let files = Files::double();
    let begun_at = Instant::now();
    let mut service = files.run();
    // On a machine that stands still between them, four are not within a minute.
    let mut kills = 0;
    loop {
        files.kill_server();
        kills += 1;
        let told = service.err.wait_for("service: server was killed").expect("the death is told");
        if told.contains("crashes within") {
            break;
        }
        service.err.wait_for("listening on ").expect("it listens again");
    }
    assert!(kills >= 4, "it gave up after {kills}");
    let ended = service.ended(begun_at);
    assert_eq!(ended.status.code(), Some(1), "{:?}", ended.err);
    let log = files.log();
    let last = log.lines().last().expect("it has lines");
    assert!(last.contains("ERROR") && last.contains("4 crashes within 60 s"), "{log}");
    assert!(files.servers().is_empty());
    assert_eq!(files.service(&["status"]).code, Some(1));
}

/// Killed as the Task Manager does it.
#[cfg(unix)]
#[test]
fn no_server_outlives_a_service_that_is_killed() {
    let mark = new_name();
    let files = Files::children(&mark);
    let service = files.run();
    let mut ea = files.ea_with_program(&mark);
    assert!(!files.servers().is_empty(), "the check is broken: it sees no server that runs");
    drop(service);
    let until = Instant::now() + LIMIT;
    while !files.servers().is_empty() {
        assert!(Instant::now() < until, "the server goes on");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    wait_until_none_runs(&mark);
    let end = ea.ask("line 0");
    assert!(end.starts_with("eof"), "{end}");
    assert_eq!(files.service(&["status"]).code, Some(1));
    // A new one takes the place of the one that was killed.
    let service = files.run();
    files.ea_with_program(&mark);
    assert_eq!(files.service(&["stop"]).code, Some(0));
    assert!(service.ended(Instant::now()).status.success());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_good_order_and_its_programs_too() {
    let mark = new_name();
    let files = Files::children(&mark);
    let service = files.run();
    let _ea = files.ea_with_program(&mark);
    let ended = service.stop();
    assert!(ended.status.success(), "{}: {:?}", ended.status, ended.err);
    assert!(files.log().contains("server ended with exit code 0: done; service stopped"));
    wait_until_none_runs(&mark);
}

/// As the Task Scheduler starts it: its console goes, and all else stays.
#[cfg(unix)]
#[test]
fn it_serves_without_a_console() {
    let files = Files::double();
    let (config, log_file) = (files.config(), files.log_file());
    let args = ["service", "run", "--windowless", "--name", &files.name];
    let args = [&args[..], &["--config", &config, "--log-file", &log_file]].concat();
    let mut service = tickpipe(&args).spawn().expect("it starts");
    wait_for_log(&files, "server: listening on ", 1);
    files.answered();
    files.kill_server();
    wait_for_log(&files, "server: listening on ", 2);
    files.answered();
    assert_eq!(files.service(&["stop"]).code, Some(0));
    assert!(crate::host::wait(&mut service).success());
    let log = files.log();
    let is_line = |line: &&str| line.starts_with("20") && line.get(10..11) == Some("T");
    assert_eq!(log.lines().find(|line| !is_line(line)), None, "{log}");
}

#[test]
fn of_two_services_of_a_name_one_runs() {
    let files = Files::double();
    let service = files.run();
    let config = files.config();
    let second = files.service(&["run", "--config", &config]);
    assert_eq!(second.code, Some(3), "{}", second.err);
    assert!(second.err.contains("runs already"), "{}", second.err);
    files.answered();
    assert!(service.stop().status.success());
}

#[test]
fn what_no_start_would_mend_is_not_started_again() {
    // The name is taken: the first start says so, and a person must act.
    let files = Files::double();
    let taken = Server::start_on(&files.pipe, &["double"]);
    let (config, log_file) = (files.config(), files.log_file());
    let args = ["run", "--config", &config, "--log-file", &log_file];
    let refused = files.service(&args);
    assert_eq!(refused.code, Some(3), "{}", refused.err);
    assert!(files.log().contains("name taken; it is not started again"), "{}", files.log());
    drop(taken);

    for (handler, found) in [
        ("name = \"exec\"", "`exec` needs a program"),
        ("name = \"dubble\"", "double"),
        ("nmae = \"double\"", "name"),
    ] {
        let files = Files::new(handler);
        let (config, log_file) = (files.config(), files.log_file());
        let refused = files.service(&["run", "--config", &config, "--log-file", &log_file]);
        assert_eq!(refused.code, Some(2), "{handler}: {}", refused.err);
        assert!(refused.err.contains(found), "{handler}: {}", refused.err);
    }
    let missing = files.service(&["run", "--config", "no such file.toml"]);
    assert_eq!(missing.code, Some(1), "{}", missing.err);
    assert!(missing.err.contains("tickpipe config example"), "{}", missing.err);
}

#[test]
fn nothing_runs_and_that_is_said() {
    let files = Files::double();
    let status = files.service(&["status"]);
    assert_eq!(status.code, Some(1), "{}", status.err);
    assert!(status.out.contains(": not running\n"), "{}", status.out);
    assert_eq!(files.status()["running"], false);
    let stopped = files.service(&["stop"]);
    assert_eq!((stopped.code, stopped.err.as_str()), (Some(0), "it does not run"));
    let removed = files.service(&["remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert!(removed.out.contains("is not installed"), "{}", removed.out);
    let started = files.service(&["start"]);
    assert_eq!(started.code, Some(1), "{}", started.err);
    assert!(started.err.contains("tickpipe service install"), "{}", started.err);
    let odd = run(&["service", "status", "--name", "a/b"], "");
    assert_eq!(odd.code, Some(2), "{}", odd.err);
}

/// With a `systemctl` that notes what it is asked, for nobody's units are changed by a test.
#[cfg(target_os = "linux")]
#[test]
fn systemd_gets_a_unit_and_loses_it_again() {
    if is_wine() {
        eprintln!("NOT RUN here: systemd is for Linux");
        return;
    }
    let files = Files::double();
    let home = files.directory.0.join("ho me");
    let bin = home.join("bin");
    fs::create_dir_all(&bin).expect("made");
    let asked = home.join("asked");
    let script = |exit: i32| {
        let text = format!(
            "#!/bin/sh\necho \"$@\" >> '{}'\ncase $2 in is-*) echo active;; esac\nexit {exit}\n",
            asked.display()
        );
        let path = bin.join("systemctl");
        fs::write(&path, text).expect("written");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, executable).expect("changed");
    };
    let service = |args: &[&str]| {
        let mut command = tickpipe(&[&["service"], args, &["--name", &files.name]].concat());
        command.env("HOME", &home).env("PATH", &bin).env_remove("XDG_CONFIG_HOME");
        command.env_remove("XDG_STATE_HOME");
        let output = command.output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    };
    let config = files.config();
    let install = ["install", "--config", &config];

    let without = service(&install);
    assert_eq!(without.code, Some(1), "{}", without.err);
    assert!(without.err.contains("run `tickpipe service run` instead"), "{}", without.err);
    script(1);
    assert_eq!(service(&install).code, Some(1));
    let unit = home.join(".config/systemd/user").join(format!("{}.service", files.name));
    assert!(!unit.exists(), "nothing is written where nobody reads it");

    script(0);
    let dry = service(&[&install[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(0), "{}", dry.err);
    assert!(dry.out.contains("ExecStart=:\"") && !unit.exists(), "{}", dry.out);
    let installed = service(&install);
    assert_eq!(installed.code, Some(0), "{}", installed.err);
    assert!(installed.err.contains("it stands where it was built"), "{}", installed.err);
    assert_eq!(fs::read_to_string(&unit).expect("it is there"), dry.out);
    let old = dry.out.lines().next().expect("it says who wrote it");
    fs::write(&unit, old).expect("written");
    assert_eq!(service(&install).code, Some(0), "again");
    assert_eq!(fs::read_to_string(&unit).expect("it is there"), dry.out);
    let status = service(&["status"]);
    assert!(status.out.contains("systemd unit, active, active"), "{}", status.out);

    let dry = service(&["remove", "--dry-run"]);
    assert!(dry.out.contains("would be stopped, and remove the unit"), "{}", dry.out);
    let removed = service(&["remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert!(!unit.exists() && removed.err.contains("configuration and logs stay"));
    let asked = fs::read_to_string(&asked).expect("it was asked");
    for line in ["daemon-reload", &format!("enable {}.service", files.name)] {
        assert!(asked.contains(&format!("--user {line}\n")), "{asked}");
    }
    assert!(asked.contains(&format!("--user stop {}.service\n", files.name)), "{asked}");
    assert!(asked.contains(&format!("--user disable {}.service\n", files.name)), "{asked}");
}

/// What somebody else wrote stays; and one that systemd is about to start again is stopped.
#[cfg(target_os = "linux")]
#[test]
fn a_unit_of_somebody_else_is_left_alone() {
    if is_wine() {
        eprintln!("NOT RUN here: systemd is for Linux");
        return;
    }
    let files = Files::double();
    let home = files.directory.0.join("home");
    let (bin, units) = (home.join("bin"), home.join(".config/systemd/user"));
    fs::create_dir_all(&bin).expect("made");
    fs::create_dir_all(&units).expect("made");
    let asked = home.join("asked");
    let text = format!(
        "#!/bin/sh\necho \"$@\" >> '{}'\ncase $2 in is-*) echo activating;; esac\n",
        asked.display()
    );
    fs::write(bin.join("systemctl"), text).expect("written");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(bin.join("systemctl"), executable).expect("changed");
    let service = |args: &[&str]| {
        let mut command = tickpipe(&[&["service"], args, &["--name", &files.name]].concat());
        command.env("HOME", &home).env("PATH", &bin).env_remove("XDG_CONFIG_HOME");
        command.env_remove("XDG_STATE_HOME");
        let output = command.output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let config = files.config();
    let unit = units.join(format!("{}.service", files.name));
    fs::write(&unit, "[Service]\nExecStart=/bin/true\n").expect("written");
    for args in [&["install", "--config", &config][..], &["remove"]] {
        let (code, err) = service(args);
        assert_eq!(code, Some(1), "{err}");
        assert!(err.contains("is none that tickpipe wrote"), "{err}");
    }
    assert_eq!(service(&["stop"]), (Some(0), "it does not run\n".to_owned()));
    let text = fs::read_to_string(&unit).expect("it is there");
    assert_eq!(text, "[Service]\nExecStart=/bin/true\n");
    let told = fs::read_to_string(&asked).unwrap_or_default();
    assert_eq!(told, "", "nothing was done with it");

    fs::remove_file(&unit).expect("it was there");
    assert_eq!(service(&["install", "--config", &config]).0, Some(0));
    assert_eq!(service(&["stop"]), (Some(0), "stopped\n".to_owned()));
    let told = fs::read_to_string(&asked).expect("it was asked");
    assert!(told.contains(&format!("--user stop {}.service\n", files.name)), "{told}");
}

/// Idle connections keep nobody from asking, and from stopping it.
#[cfg(unix)]
#[test]
fn a_service_with_many_idle_connections_is_stopped() {
    if is_wine() {
        eprintln!("NOT RUN here: the pipe is no socket");
        return;
    }
    let files = Files::double();
    let service = files.run();
    let pipe = files.status()["pipe"].as_str().expect("it listens").to_owned();
    let control =
        std::path::Path::new(&pipe).with_file_name(format!("{}-service.sock", files.name));
    let connect = |_| std::os::unix::net::UnixStream::connect(&control).expect("it takes them");
    let idle: Vec<_> = (0..100).map(connect).collect();
    assert_eq!(files.status()["state"], "listening");
    let stopped = files.service(&["stop"]);
    assert_eq!((stopped.code, stopped.err.as_str()), (Some(0), "stopped"));
    assert!(service.ended(Instant::now()).status.success());
    drop(idle);
}

/// Wine's scheduler keeps tasks, and starts none.
#[test]
fn the_scheduler_gets_a_task_and_loses_it_again() {
    if !is_wine() {
        eprintln!("NOT RUN here: tasks are for Windows");
        return;
    }
    let files = Files::double();
    let config = files.config();
    let dry = files.service(&["install", "--config", &config, "--dry-run"]);
    assert!(
        dry.out.contains("<LogonTrigger>") && dry.out.contains("a b.toml&quot;"),
        "{}",
        dry.out
    );
    for _ in 0..2 {
        let installed = files.service(&["install", "--config", &config]);
        assert_eq!(installed.code, Some(0), "{}", installed.err);
    }
    let status = files.service(&["status"]);
    assert!(status.out.contains("task at this user's logon"), "{}", status.out);
    assert_eq!(files.status()["installed"], true);
    let started = files.service(&["start"]);
    assert!(started.err.contains("Wine keeps tasks and starts none"), "{}", started.err);
    let removed = files.service(&["remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert_eq!(files.status()["installed"], false);
}

/// Wine runs services of Windows as Windows does.
#[cfg(unix)]
#[test]
fn a_windows_service_lives_and_dies() {
    if !is_wine() {
        eprintln!("NOT RUN here: Windows' services are for Windows");
        return;
    }
    let files = Files::double();
    // Wine's services end with its last other program.
    let _keeper = crate::ea::Ea::start();
    // A program among temporary files is refused; the test may be anywhere.
    let folder = Drive::new(&files.name);
    let program = folder.program();
    let service = |args: &[&str]| {
        let args = [&["service"], args, &["--system", "--name", &files.name]].concat();
        let mut command = tickpipe(&args);
        let mut own = std::process::Command::new(command.get_program());
        own.arg(&program).args(command.get_args().skip(1));
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => own.env(key, value),
                None => own.env_remove(key),
            };
        }
        command = own;
        let output = command.output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    };
    // One that every Wine has, and that is not ours to change.
    let foreign = run(&["service", "start", "--system", "--name", "Spooler"], "");
    assert_eq!(foreign.code, Some(1), "{}", foreign.err);
    assert!(foreign.err.contains("is none that tickpipe made"), "{}", foreign.err);
    let (config, log_file) = (files.config(), files.log_file());
    let install = ["install", "--config", &config, "--log-file", &log_file];
    let nobody = service(&[&install[..], &["--user", "no such user"]].concat());
    assert_eq!(nobody.code, Some(1), "{}", nobody.err);
    let install = [&install[..], &["--user", "SYSTEM"]].concat();
    for _ in 0..2 {
        let installed = service(&install);
        assert_eq!(installed.code, Some(0), "{}", installed.err);
        assert!(installed.out.contains("and SYSTEM may connect"), "{}", installed.out);
    }
    let started = service(&["start"]);
    assert_eq!(started.code, Some(0), "{}", started.err);
    wait_for_log(&files, "server: listening on ", 1);
    files.answered();
    files.kill_server();
    wait_for_log(&files, "server: listening on ", 2);
    files.answered();
    let status = service(&["status"]);
    assert_eq!(status.code, Some(0), "{}", status.err);
    assert!(status.out.contains("Windows service, running, process "), "{}", status.out);
    let stopped = service(&["stop"]);
    assert_eq!(stopped.code, Some(0), "{}", stopped.err);
    let removed = service(&["remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert_eq!(service(&["status"]).code, Some(1));
    let log = files.log();
    assert!(log.contains("server was killed") && log.contains("service stopped"), "{log}");
    assert!(files.servers().is_empty());
}

/// Waits until the log holds a text so many times.
#[cfg(unix)]
fn wait_for_log(files: &Files, text: &str, count: usize) {
    let until = Instant::now() + LIMIT;
    let path = files.directory.0.join("a log/service.log");
    loop {
        let log = fs::read_to_string(&path).unwrap_or_default();
        if log.matches(text).count() >= count {
            return;
        }
        assert!(Instant::now() < until, "no `{text}` in {log}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// A folder on Wine's drive C with the program in it, gone with the test.
#[cfg(unix)]
struct Drive {
    folder: std::path::PathBuf,
    name: String,
}

#[cfg(unix)]
impl Drive {
    fn new(name: &str) -> Self {
        let prefix = std::env::var_os("WINEPREFIX").expect("the tests under Wine have one");
        let folder = std::path::PathBuf::from(prefix).join("drive_c").join(format!("{name} x"));
        fs::create_dir(&folder).expect("a new folder");
        let built = std::env::var_os("TICKPIPE_E2E_SERVER").expect("the tests under Wine have one");
        let this = Self { folder, name: name.to_owned() };
        fs::copy(built, this.folder.join("tickpipe.exe")).expect("copied");
        this
    }

    fn program(&self) -> String {
        format!(r"C:\{} x\tickpipe.exe", self.name)
    }
}

#[cfg(unix)]
impl Drop for Drive {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}
