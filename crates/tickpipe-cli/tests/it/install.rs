//! What `tickpipe install` does to terminals' folders, made up as MetaTrader makes them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::host::{Directory, Lines, Output, is_wine, program_path, run, tickpipe};

const FIRST: &str = "50CA3DFB510CC5A8F28B48D1BF2A5702";
const SECOND: &str = "50CA3DFB99999999F28B48D1BF2A5702";
const THIRD: &str = "D0E8209F77C8CF37AD8BF550E51FF075";
const LINE: &str = "Include/TickPipe/Line.mqh";

/// A home with a Wine prefix; two terminals of one broker, and one whose `origin.txt` is hostile.
struct Home {
    directory: Directory,
    terminals: PathBuf,
}

impl Home {
    fn new() -> Self {
        let directory = Directory::new();
        let user = directory.0.join("ho me/.wine/drive_c/users/Иван 用户");
        let terminals = user.join("AppData/Roaming/MetaQuotes/Terminal");
        for (id, mql, origin) in [
            (FIRST, "MQL4", r"C:\Program Files (x86)\Alpari MT4"),
            (SECOND, "MQL4", r"D:\Alpari MT4"),
            (THIRD, "MQL5", "C:\\\u{1b}]0;owned\u{7}"),
        ] {
            for folder in ["Experts", "Include"] {
                fs::create_dir_all(terminals.join(id).join(mql).join(folder)).expect("made");
            }
            let utf16 = [0xfeff].into_iter().chain(origin.encode_utf16());
            let bytes: Vec<_> = utf16.flat_map(u16::to_le_bytes).collect();
            fs::write(terminals.join(id).join("origin.txt"), bytes).expect("written");
            let theirs = terminals.join(id).join(mql).join("Experts/Theirs.mq4");
            fs::write(theirs, "theirs").expect("written");
        }
        fs::create_dir_all(terminals.join("Common/Files")).expect("made");
        Self { directory, terminals }
    }

    /// A command whose user has this home.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = tickpipe(&[&["install"], args].concat());
        command.env("HOME", self.directory.0.join("ho me")).env_remove("WINEPREFIX");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        finished(self.command(args))
    }

    /// Every file of all terminals, with what is in it.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(&self.terminals)
    }
}

fn finished(mut command: Command) -> Output {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn files(root: &std::path::Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("readable");
                found.push((path, bytes));
            }
        }
    }
    found.sort();
    found
}

fn objects(output: &Output) -> Vec<Value> {
    let object =
        |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    output.out.lines().map(object).collect()
}

/// Prefixes are looked for on the system itself.
#[expect(clippy::print_stderr, reason = "a test that is left out is named")]
fn is_elsewhere() -> bool {
    let is_elsewhere = is_wine() || !cfg!(target_os = "linux");
    if is_elsewhere {
        eprintln!("NOT RUN here: a home with a Wine prefix is for Linux");
    }
    is_elsewhere
}

#[test]
fn the_list_shows_each_terminal_and_changes_nothing() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let before = home.files();
    let shown = home.run(&["--list"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let rows: Vec<_> = shown.out.lines().collect();
    assert_eq!(rows.len(), 6, "{}", shown.out);
    assert!(rows[5].contains(r"begins with `C:\\u{1b}]0;owned\u{7}`"), "{}", shown.out);
    assert_eq!(rows[0], "     ID         RUNNING  OURS  BROKER'S FOLDER");
    let folder = "~/.wine/drive_c/users/Иван 用户/AppData/Roaming/MetaQuotes/Terminal";
    assert_eq!(rows[1], format!("in {folder}"));
    assert_eq!(rows[2], r"MT4  50CA3DFB5  no       none  C:\Program Files (x86)\Alpari MT4");
    assert_eq!(rows[3], r"MT4  50CA3DFB9  no       none  D:\Alpari MT4");
    assert!(rows[4].starts_with("MT5  D0E8209F   "), "{}", shown.out);
    assert!(rows[4].ends_with("  none  (broken origin.txt)"), "{}", shown.out);
    assert!(!shown.out.contains('\u{1b}'), "{}", shown.out);
    let objects = objects(&home.run(&["--list", "--json"]));
    let states: Vec<_> = objects.iter().map(|object| object["state"].as_str()).collect();
    assert_eq!(states, ["none"; 3].map(Some));
    assert_eq!(objects[2]["origin_problem"], "has characters that no path has");
    assert_eq!(home.files(), before);
}

#[test]
fn all_terminals_get_the_files_and_lose_them_again() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let before = home.files();
    let dry = home.run(&["--dry-run"]);
    assert!(dry.out.contains(" would be written") && !dry.out.contains("F4"), "{}", dry.out);
    assert_eq!((dry.code, home.files()), (Some(0), before.clone()), "a dry run does nothing");

    let installed = home.run(&[]);
    assert_eq!(installed.code, Some(0), "{}", installed.err);
    assert!(installed.out.contains("\n3 terminals, 3 changed\n"), "{}", installed.out);
    assert!(installed.out.contains("No DLL permission is needed"), "{}", installed.out);
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../mql").join(LINE);
    let there = fs::read(home.terminals.join(THIRD).join("MQL5").join(LINE)).expect("it is there");
    assert_eq!(there, fs::read(source).expect("it is ours"));
    let main_file = |id, path| home.terminals.join(id).join(path).is_file();
    assert!(main_file(SECOND, "MQL4/Experts/TickPipe/TickPipeDouble.mq4"));
    assert!(!main_file(SECOND, "MQL4/Experts/TickPipe/TickPipeDouble.mq5"));

    let after = home.files();
    let again = home.run(&[]);
    assert_eq!(again.out.matches("as it should be, nothing to do").count(), 3, "{}", again.out);
    assert!(again.out.contains("\n3 terminals, 0 changed\n"), "{}", again.out);
    assert_eq!(home.files(), after, "a second run does nothing");
    assert!(!home.run(&["--list"]).out.contains("none"));

    let removed = home.run(&["--remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert_eq!(home.files(), before, "theirs stays, and nothing of ours");
    assert!(!home.terminals.join(THIRD).join("MQL5/Include/TickPipe").exists());
    let again = home.run(&["--remove"]);
    assert_eq!(again.out.matches("nothing of ours is there").count(), 3, "{}", again.out);
}

/// By a path, natively and under Wine, with a blank in it.
#[test]
fn a_portable_terminal_is_named_by_its_path() {
    let directory = Directory::new();
    let root = directory.0.join("My Broker");
    fs::create_dir_all(root.join("MQL5/Experts")).expect("made");
    let path = format!("{}/My Broker", directory.shown());
    let installed = run(&["install", "--terminal", &path], "");
    assert_eq!(installed.code, Some(0), "{}", installed.err);
    assert!(installed.out.contains("press F7 to compile it"), "{}", installed.out);
    let there = root.join("MQL5/Experts/TickPipe/Article.mq4");
    assert!(!there.exists(), "the published example is not for accounts");
    let listed = objects(&run(&["install", "--terminal", &path, "--list", "--json"], ""));
    assert_eq!((&listed[0]["state"], &listed[0]["id"]), (&"current".into(), &Value::Null));
    assert_eq!(listed[0]["version"], listed[0]["brought_version"]);

    let line = root.join("MQL5").join(LINE);
    let compiled = root.join("MQL5/Experts/TickPipe/TickPipeDouble.ex5");
    fs::write(&line, "// mine\n").expect("written");
    fs::write(&compiled, "compiled").expect("written");
    let dry = run(&["install", "--terminal", &path, "--dry-run"], "");
    assert!(
        dry.out.contains("Line.mqh was changed by hand; would be kept as Line.mqh.bak\n"),
        "{}",
        dry.out
    );
    let again = run(&["install", "--terminal", &path, "--json"], "");
    let objects = objects(&again);
    assert_eq!(objects[0]["written"], serde_json::json!([LINE]), "{}", again.out);
    assert_eq!(objects[0]["kept_as"][LINE], format!("{LINE}.bak"));
    assert_eq!((&objects[1]["event"], &objects[2]["changed"]), (&"not_compiled".into(), &1.into()));
    let kept = fs::read(line.with_file_name("Line.mqh.bak")).expect("it is kept");
    assert_eq!(kept, b"// mine\n");

    fs::write(&line, "// mine again\n").expect("written");
    let removed = run(&["install", "--terminal", &path, "--remove"], "");
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert!(removed.out.contains("Line.mqh was changed by hand, and stays"), "{}", removed.out);
    assert!(!compiled.exists(), "what was compiled of ours goes too");
    let left: Vec<_> = files(&root).into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, [line.clone(), line.with_file_name("Line.mqh.bak")]);
}

#[test]
fn one_of_two_of_a_broker_is_taken_by_its_id() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let refused = home.run(&["--terminal", "50ca3dfb"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("more than one terminal"), "{}", refused.err);
    let installed = home.run(&["--terminal", "50ca3dfb9"]);
    assert!(installed.out.contains("\n1 terminal, 1 changed\n"), "{}", installed.out);
    assert!(!home.terminals.join(FIRST).join("MQL4").join(LINE).exists());
    assert!(home.terminals.join(SECOND).join("MQL4").join(LINE).exists());
    let unknown = home.run(&["--terminal", "FFFF"]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.err);
    assert!(unknown.err.contains("there is no terminal `FFFF`"), "{}", unknown.err);
}

#[test]
fn where_none_is_it_says_where_it_looked_and_the_mend() {
    if is_elsewhere() {
        return;
    }
    let home = Directory::new();
    let mut command = tickpipe(&["install", "--list"]);
    command.env("HOME", &home.0).env("WINEPREFIX", home.0.join("prefix"));
    let none = finished(command);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""), "{}", none.err);
    for text in ["no terminal was found", "/prefix", "/.wine", "/.cxoffice/*", "--terminal"] {
        assert!(none.err.contains(text), "{}", none.err);
    }
}

/// Files of more than 8 KiB cannot be written, as on a disk that is full; the list and some of the
/// files can, so that it is in the midst of it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_every_terminal_as_it_was() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let before = home.files();
    let tickpipe = home.command(&[]);
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" install";
    let mut command = Command::new("bash");
    command.args(["-c", script]).arg(tickpipe.get_program()).env("NO_COLOR", "1");
    command.env("HOME", home.directory.0.join("ho me")).env_remove("WINEPREFIX");
    let failed = finished(command);
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert_eq!(failed.err.matches("error: cannot write `").count(), 3, "{}", failed.err);
    assert!(failed.err.contains("nothing was changed in this terminal"), "{}", failed.err);
    assert!(failed.err.contains("hint: make room on that disk"), "{}", failed.err);
    assert!(failed.out.contains("\n3 terminals, 0 changed, 3 failed\n"), "{}", failed.out);
    assert_eq!(home.files(), before);
    assert!(!home.terminals.join(FIRST).join("MQL4/Include/TickPipe").exists());
}

/// One terminal that cannot be written stops no other.
#[test]
fn a_terminal_that_fails_stops_no_other() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    fs::write(home.terminals.join(FIRST).join("MQL4/Include/TickPipe"), "a file").expect("written");
    let partly = home.run(&[]);
    assert_eq!(partly.code, Some(1), "{}", partly.out);
    assert!(partly.err.contains("hint: something else has that name"), "{}", partly.err);
    assert!(partly.out.contains("\n3 terminals, 2 changed, 1 failed\n"), "{}", partly.out);
    assert!(home.terminals.join(THIRD).join("MQL5").join(LINE).is_file());
}

#[test]
fn the_help_fits_a_screen() {
    let help = run(&["install", "-h"], "");
    assert!(help.out.lines().count() <= 24, "{}", help.out);
    let refused = run(&["install", "--list", "--remove"], "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
}

/// `%APPDATA%` is where Windows' terminals are. Wine sets it anew for every first program, so a batch
/// file sets it for the second.
#[test]
fn terminals_of_windows_are_found_by_the_users_settings() {
    if !is_wine() {
        return;
    }
    let directory = Directory::new();
    let terminal = directory.0.join("App Data/MetaQuotes/Terminal").join(THIRD);
    fs::create_dir_all(terminal.join("MQL5/Include")).expect("made");
    let shown = directory.shown().replace('/', "\\");
    let (settings, program) = (format!("{shown}\\App Data"), crate::host::tickpipe_path());
    let script = format!("@echo off\r\nset APPDATA={settings}\r\n\"{program}\" install --json\r\n");
    fs::write(directory.0.join("run.bat"), script).expect("written");
    let mut command = Command::new("wine");
    command.args(["cmd", "/c", &format!("{shown}\\run.bat")]);
    let installed = finished(command);
    let objects = objects(&installed);
    assert_eq!(objects[0]["event"], "installed", "{}", installed.err);
    assert_eq!(objects[0]["path"], format!("{settings}\\MetaQuotes\\Terminal\\{THIRD}\\MQL5"));
    assert!(terminal.join("MQL5").join(LINE).is_file());
}

/// As much as a user's name, a broker's and deep folders may have; Windows' usual limit is 260.
#[test]
fn a_long_path_is_no_obstacle() {
    let directory = Directory::new();
    let deep = ["long folder ".repeat(8), "broker ".repeat(14), "folder".repeat(16)]
        .map(|name| name.trim_end().to_owned());
    fs::create_dir_all(directory.0.join(deep.join("/")).join("MQL5")).expect("made");
    let path = format!("{}/{}", directory.shown(), deep.join("/"));
    let installed = run(&["install", "--terminal", &path], "");
    assert_eq!(installed.code, Some(0), "{}", installed.err);
    let line = directory.0.join(deep.join("/")).join("MQL5").join(LINE);
    assert!(260 < line.as_os_str().len() && line.is_file(), "{}", line.display());
    let removed = run(&["install", "--terminal", &path, "--remove"], "");
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert!(files(&directory.0).is_empty());
}

/// A folder that this program did not make stays, and what else is in ours is told.
#[test]
fn what_is_not_ours_stays_and_is_told() {
    let directory = Directory::new();
    let root = directory.0.join("My Broker/MQL5");
    fs::create_dir_all(root.join("Experts/TickPipe")).expect("made");
    let path = format!("{}/My Broker", directory.shown());
    let install = |args: &[&str]| {
        let output = run(&[&["install", "--terminal", &path], args].concat(), "");
        assert_eq!(output.code, Some(0), "{}", output.err);
        output.out
    };
    install(&[]);
    let mine = root.join("Include/TickPipe/Mine.mqh");
    fs::write(&mine, "mine").expect("written");
    let half = root.join("Include/TickPipe/Line.mqh.tickpipe-new");
    fs::write(&half, "half").expect("written");
    let removed = install(&["--remove"]);
    let told = "Include/TickPipe stays, with 1 file of yours";
    assert!(removed.contains(told), "{removed}");
    assert!(removed.contains("1 file of a run that was ended removed"), "{removed}");
    assert_eq!(files(&root), [(mine, b"mine".to_vec())]);
    assert!(root.join("Experts/TickPipe").is_dir());
}

#[cfg(unix)]
#[test]
fn two_at_once_do_not_mix() {
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let before = home.files();
    let mql = home.terminals.join(THIRD).join("MQL5");
    let lock = fs::File::open(mql).expect("it is there");
    lock.try_lock().expect("nobody has it");
    let refused = home.run(&["--terminal", "D0E8"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.err.contains("another `tickpipe install` is at work"), "{}", refused.err);
    assert!(refused.err.contains("hint: wait until that one has ended"), "{}", refused.err);
    assert_eq!(home.files(), before);
    drop(lock);
    assert_eq!(home.run(&["--terminal", "D0E8"]).code, Some(0));
}

/// The program of a terminal, as Wine shows it in the list of processes.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_in_a_prefix_that_runs_is_told() {
    use std::os::unix::process::CommandExt as _;
    if is_elsewhere() {
        return;
    }
    let home = Home::new();
    let mut terminal = crate::host::program("TICKPIPE_E2E_HANDLER", None);
    terminal.arg("banner").arg0(r"C:\Program Files (x86)\Alpari MT4\terminal.exe");
    terminal.env("WINEPREFIX", home.directory.0.join("ho me/.wine"));
    let running = |states: [Value; 3]| {
        let objects = objects(&home.run(&["--list", "--json"]));
        let found: Vec<_> = objects.iter().map(|object| object["running"].clone()).collect();
        assert_eq!(found, states);
    };
    let started = Started::new(terminal);
    // Of the third nobody knows where its program is.
    running([true.into(), false.into(), Value::Null]);
    started.end();
    running([false.into(), false.into(), false.into()]);
}

/// A program that has said that it runs, and ends at the end of its input.
struct Started(std::process::Child);

impl Started {
    fn new(mut command: Command) -> Self {
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().expect("it starts");
        let mut out = Lines::of(child.stdout.take().expect("stdout is piped"));
        out.wait_for("").expect("it says that it runs");
        Self(child)
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        crate::host::wait(&mut self.0);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A portable terminal of Windows, with stand-ins for its programs.
struct Portable {
    _directory: Directory,
    root: PathBuf,
    path: String,
}

impl Portable {
    fn new(ways: &str) -> Self {
        let directory = Directory::new();
        let root = directory.0.join("My Broker");
        fs::create_dir_all(root.join("MQL5/Experts")).expect("made");
        let copy = |variable, name| {
            fs::copy(program_path(variable), root.join(name)).expect("copied");
        };
        copy("TICKPIPE_E2E_METAEDITOR", "metaeditor64.exe");
        copy("TICKPIPE_E2E_HANDLER", "terminal64.exe");
        fs::write(root.join("ways.txt"), ways).expect("written");
        let path = format!("{}/My Broker", directory.shown());
        Self { _directory: directory, root, path }
    }

    fn run(&self, args: &[&str]) -> Output {
        run(&[&["install", "--terminal", &self.path], args].concat(), "")
    }

    fn made(&self, name: &str) -> PathBuf {
        self.root.join(format!("MQL5/Experts/TickPipe/{name}.ex5"))
    }
}

const EAS: [&str; 3] = ["TickPipeDouble", "TickPipeLine", "TickPipeProbe"];

#[test]
fn the_terminals_editor_compiles_what_is_new() {
    if !is_wine() {
        return;
    }
    let portable = Portable::new("TickPipeDouble warnings TickPipeLine late TickPipeProbe no-log");
    let before = files(&portable.root);
    let dry = portable.run(&["--dry-run"]);
    assert!(dry.out.contains("TickPipeProbe would be compiled with"), "{}", dry.out);
    let installed = portable.run(&[]);
    assert_eq!(installed.code, Some(0), "{}", installed.err);
    for text in [
        "TickPipeDouble compiled, 2 warnings\n    X.mq5(1,2) : warning 43: possible loss of data",
        "TickPipeLine compiled\n",
        "TickPipeProbe compiled\n",
        "  1. Start the terminal;",
    ] {
        assert!(installed.out.replace('\r', "").contains(text), "{text}: {}", installed.out);
    }
    assert!(EAS.iter().all(|name| portable.made(name).is_file()));

    let again = portable.run(&[]);
    assert!(!again.out.contains("compiled"), "{}", again.out);
    fs::remove_file(portable.made("TickPipeLine")).expect("it is there");
    let objects = objects(&portable.run(&["--json"]));
    assert_eq!(objects[1]["event"], "compiled");
    assert_eq!(objects[1]["files"], serde_json::json!(["Experts/TickPipe/TickPipeLine.mq5"]));
    assert_eq!((objects.len(), &objects[1]["problem"]), (3, &Value::Null));

    let removed = portable.run(&["--remove"]);
    assert_eq!(removed.code, Some(0), "{}", removed.err);
    assert_eq!(files(&portable.root), before, "what was compiled goes with its source");
    let uncompiled = portable.run(&["--no-compile"]);
    assert_eq!(uncompiled.code, Some(0), "{}", uncompiled.err);
    assert!(uncompiled.out.contains("press F7"), "{}", uncompiled.out);
    assert!(!portable.made(EAS[0]).exists());
}

#[test]
fn what_the_editor_does_not_compile_is_told_and_stays_as_a_source() {
    if !is_wine() {
        return;
    }
    let portable = Portable::new("TickPipeDouble errors TickPipeLine garbage TickPipeProbe none");
    let installed = portable.run(&[]);
    assert_eq!(installed.code, Some(1), "{}", installed.out);
    for text in [
        "TickPipeDouble was not compiled: 2 errors in it",
        "X.mq5(12,5) : error 256: undeclared identifier 'x'",
        "TickPipeLine was not compiled: MetaEditor ended, and left nothing that it compiled",
        "TickPipeProbe was not compiled: MetaEditor ended, and left nothing that it compiled",
        "its source is installed",
    ] {
        assert!(installed.err.contains(text), "{text}: {}", installed.err);
    }
    assert!(
        installed.out.contains("1 terminal, 1 changed, 3 EAs not compiled"),
        "{}",
        installed.out
    );
    assert!(installed.out.contains("press F7"), "{}", installed.out);
    assert!(portable.root.join("MQL5").join(LINE).is_file());
}

#[test]
fn an_editor_that_hangs_is_ended_with_all_it_started() {
    if !is_wine() {
        return;
    }
    let ways: Vec<_> = EAS.iter().map(|name| format!("{name} hang")).collect();
    let portable = Portable::new(&ways.join(" "));
    let installed = portable.run(&["--compile-limit-s", "1"]);
    assert_eq!(installed.code, Some(1), "{}", installed.out);
    let told = "MetaEditor was not done within 1 s, and was ended";
    assert_eq!(installed.err.matches(told).count(), 3, "{}", installed.err);
    #[cfg(unix)]
    {
        let folder = portable.root.parent().and_then(std::path::Path::file_name);
        let name = folder.expect("a name").to_string_lossy().into_owned();
        let is_editor = |words: &[&[u8]]| {
            let words = words.iter().map(|word| String::from_utf8_lossy(word));
            words.into_iter().any(|word| word.contains(&name) && word.contains("metaeditor64"))
        };
        let until = std::time::Instant::now() + crate::host::LIMIT;
        while crate::host::processes(is_editor) > 0 {
            assert!(std::time::Instant::now() < until, "an editor goes on");
            std::thread::yield_now();
        }
    }
}

/// By the list of processes of Windows.
#[test]
fn a_terminal_of_windows_that_runs_is_told() {
    if !is_wine() {
        return;
    }
    let portable = Portable::new("");
    let listed = || objects(&portable.run(&["--list", "--json"])).remove(0)["running"].clone();
    assert_eq!(listed(), false);
    let mut terminal = Command::new("wine");
    terminal.arg(portable.root.join("terminal64.exe")).arg("banner");
    terminal.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let started = Started::new(terminal);
    assert_eq!(listed(), true);
    started.end();
    assert_eq!(listed(), false);
}
