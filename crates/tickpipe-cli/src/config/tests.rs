use std::ffi::OsString;
use std::fs;

use clap::{Arg, Command};
use tickpipe::ServerConfig;

use super::*;
use crate::args::{Command as Chosen, Stop};
use crate::commands::serve::ServeOptions;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tickpipe-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join("tickpipe.toml");
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn serve() -> Command {
    let mut command = Args::command_line();
    command.build();
    command.find_subcommand("serve").unwrap().clone()
}

fn option(serve: &Command, key: &Key) -> Arg {
    let mut options = serve.get_arguments();
    let found = options.find(|option| option.get_id() == key.option);
    found.unwrap_or_else(|| panic!("`serve` has no option for `{}`", key.path())).clone()
}

/// Returns the settings of a text, as an absolute folder has them.
fn settings_of(text: &str) -> Vec<Setting> {
    let (settings, faults) = parse::settings(text, Path::new("/folder"));
    assert_eq!(faults, [], "{text}");
    settings
}

/// Whoever adds an option adds its key.
#[test]
fn every_option_of_serve_has_a_key_and_every_key_an_option() {
    let serve = serve();
    for key in &KEYS {
        option(&serve, key);
    }
    // Where it is read from, and how the program itself starts it.
    let not_of_the_file = ["config", "no_config", "supervised", "help", "version"];
    for option in serve.get_arguments().map(|option| option.get_id().as_str()) {
        let has_key = KEYS.iter().any(|key| key.option == option);
        assert!(has_key != not_of_the_file.contains(&option), "no key for the option `{option}`");
    }
}

/// One name for one thing: the key, its flag and its variable.
#[test]
fn a_key_a_flag_and_a_variable_have_one_name() {
    let serve = serve();
    for key in KEYS.iter().filter(|key| key.table != "handler" && key.name != "level") {
        let option = option(&serve, key);
        let name =
            if key.table == "log" { format!("log_{}", key.name) } else { key.name.to_owned() };
        assert_eq!(option.get_long().map(|long| long.replace('-', "_")).as_ref(), Some(&name));
        if key.table.is_empty() && key.name != "pipe" {
            assert_eq!(option.get_env(), None, "{name}");
            continue;
        }
        let variable = format!("TICKPIPE_{}", name.to_uppercase());
        assert_eq!(option.get_env(), Some(variable.as_ref()), "{name}");
    }
}

/// Takes the sign of a comment from the keys of the example that are as they are by default.
fn example_at_work() -> String {
    let is_default = |line: &&str| {
        let (name, value) = line.split_once(" = ")?;
        KEYS.iter().find(|key| key.name == name && key.default == value)
    };
    let line = |line: &str| match line.strip_prefix('#') {
        Some(line) if is_default(&line).is_some() => format!("{line}\n"),
        _ => format!("{line}\n"),
    };
    EXAMPLE.lines().map(line).collect()
}

#[test]
fn the_example_is_sound_and_says_the_defaults() {
    assert_eq!(settings_of(EXAMPLE), [], "nothing of it is at work");
    let settings = settings_of(&example_at_work());
    let named: Vec<_> = settings.iter().map(|setting| setting.key.path()).collect();
    for key in &KEYS {
        assert_eq!(named.contains(&key.path()), !key.default.is_empty(), "{}", key.path());
        let line = EXAMPLE.lines().filter(|line| line.starts_with(&format!("#{} = ", key.name)));
        assert_eq!(line.count(), 1, "{}", key.path());
    }
    assert_eq!(settings::faults_of_values(&settings), []);
    assert_eq!(settings::fault_of_all(&settings), None);
    for setting in &settings {
        assert!(setting.is_default(), "{setting:?}");
    }
}

/// The defaults of the table are those of the code.
#[test]
fn the_example_serves_as_no_file_does() {
    let folder = Folder::new("example");
    let path = folder.file(example_at_work());
    let options = |typed: &[&str]| {
        let typed: Vec<OsString> =
            ["tickpipe", "serve"].iter().chain(typed).map(Into::into).collect();
        let (args, _) = Args::read(typed).unwrap_or_else(|_| panic!("it cannot be read"));
        let Chosen::Serve(options) = args.command else { panic!("it serves") };
        *options
    };
    let of_file = options(&["--config", path.to_str().unwrap(), "double"]);
    let of_none = options(&["--no-config", "double"]);
    let server = |options: ServeOptions| format!("{:?}", options.limits.config(None).unwrap());
    let rest = |options: &ServeOptions| {
        let ServeOptions { handler, pipe, mode, quiet, json, log, tcp, .. } = options;
        format!("{handler:?} {pipe:?} {mode:?} {quiet} {json} {log:?} {tcp:?}")
    };
    assert_eq!(rest(&of_file), rest(&of_none));
    assert_eq!(server(of_file), format!("{:?}", ServerConfig::default()));
    assert_eq!(server(of_none), format!("{:?}", ServerConfig::default()));
}

/// What the table says is allowed is, and one beyond is not.
#[test]
fn both_ends_of_each_range_are_allowed_and_nothing_beyond() {
    let is_sound = |key: &Key, value: u64| {
        // A silence is longer than the heartbeat.
        let beside = match key.name {
            "heartbeat_ms" => "silence_ms = 86400000\n",
            "silence_ms" => "heartbeat_ms = 1\n",
            _ => "",
        };
        let settings = settings_of(&format!("[{}]\n{beside}{} = {value}", key.table, key.name));
        settings::faults_of_values(&settings).is_empty()
            && settings::fault_of_all(&settings).is_none()
    };
    let ranged: Vec<_> = KEYS.iter().filter(|key| key.allowed.contains(" to ")).collect();
    assert!(ranged.len() > 8, "{ranged:?}");
    for key in ranged {
        let (min, max) = key.allowed.split_once(" to ").unwrap();
        let (mut min, mut max): (u64, u64) = (min.parse().unwrap(), max.parse().unwrap());
        match key.name {
            "heartbeat_ms" => max -= 1,
            "silence_ms" => min += 1,
            _ => {}
        }
        assert!(is_sound(key, min) && is_sound(key, max), "{}: {}", key.path(), key.allowed);
        assert!(!is_sound(key, min - 1) && !is_sound(key, max + 1), "{}", key.path());
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let folder = Folder::new("faults");
    let check = |text: &str, wanted: &str| {
        let path = folder.file(text);
        let broken = ConfigFile::read(&path).expect_err(text);
        let shown = path.display().to_string();
        let lines: Vec<_> =
            broken.lines().iter().map(|line| line.replace(&shown, "FILE")).collect();
        assert!(lines.iter().any(|line| line.contains(wanted)), "{text}: {lines:?}");
    };
    check("pip = \"x\"", "FILE:1:1: unknown key `pip`; did you mean `pipe`?");
    check(
        "[limits]\r\n  line_len_mx = 1",
        "FILE:2:3: unknown key `line_len_mx` in [limits]; did you",
    );
    check(
        "line_len_max = 4096",
        "FILE:1:1: unknown key `line_len_max`; did you mean `line_len_max` in [limits]?",
    );
    check(
        "[tcp]\nquiet = true",
        "FILE:2:1: unknown key `quiet` in [tcp]; did you mean `quiet`, above all tables?",
    );
    check("[limit]", "FILE:1:2: unknown key `limit`; did you mean `[limits]`?");
    check("zzz = 1", "FILE:1:1: unknown key `zzz`; `tickpipe config example` shows every key");
    check("\"\\u001b\" = 1", r"FILE:1:1: unknown key `\u{1b}`;");
    check("limits = 4", "FILE:1:1: `limits` is a table; write `[limits]` above its keys");
    check("pipe = 4", "FILE:1:8: `pipe` is a text in quotes, not the number 4");
    let long = format!("quiet = {}", "1".repeat(1000));
    let found = format!("is true or false, not the number {}…", "1".repeat(40));
    check(&long, &found);
    check("quiet = \"yes\"", "FILE:1:9: `quiet` is true or false, not the text \"yes\"");
    check("[limits]\nheartbeat_ms = -1", "2:16: `limits.heartbeat_ms` is a whole number from 0 on");
    check("[limits]\nheartbeat_ms = 1.5", "is a whole number from 0 on, not the number 1.5");
    check("[limits]\nrate_max = 0", "FILE:2:12: `limits.rate_max` cannot be `0`");
    check("[limits]\nrate_max = 18446744073709551616", "from 0 on");
    check(
        "[limits]\nidle_instances = 1",
        "FILE:2:18: number of idle pipe instances of 1 is out of",
    );
    check("[limits]\nencoding = \"utf-16\"", "FILE:2:12: unknown encoding `utf-16`");
    check("[limits]\nallow = [\"S-1\"]", "FILE:2:9: `S-1` is no SID");
    check("[limits]\nallow = \"S-1-5\"", "`limits.allow` is a list of texts");
    check("[limits]\nheartbeat_ms = 9\nsilence_ms = 9", "silence of 9 ms is no longer than");
    check(
        "mode = \"lines\"",
        "FILE:1:8: `mode` cannot be `lines`, allowed are auto, line, session",
    );
    check(
        "[log]\nlevel = \"loud\"",
        "`log.level` is one of warn, info, debug, trace, not the text",
    );
    check(
        "[log]\nfiles_max = 101",
        "FILE:2:13: `log.files_max` cannot be `101`, allowed are 1 to 100",
    );
    check("[log]\nfile = \"\"", "`log.file` is the path of a file");
    check("[handler]\nname = \"exce\"", "FILE:2:8: `handler.name` cannot be `exce`");
    check(
        "[handler]\nname = \"exec\"\ncommand = []",
        "is a program and its arguments, not an empty",
    );
    check("[handler]\nname = \"exec\"\ncommand = [1]", "is a list of texts such as");
    check("[handler]\nname = \"echo\"\ncommand = [\"x\"]", "FILE:3:11: `handler.command` is for");
    check("[handler]\naddress = \"x\"", "FILE:2:11: `handler.address` is for `name = \"forward\"`");
    check("pipe = \"x", "FILE:1:10: ");
    check("pipe = \"a\"\npipe = \"b\"", "FILE:2:1: duplicate key");
    check("a\nb", "FILE:1:");
    check(&"x = 1\n".repeat(11_000), "FILE: this has more than 65536 bytes");
}

/// `"C:\new"` is sound TOML, and names what nobody has.
#[test]
fn paths_of_windows_in_double_quotes_are_told_of() {
    let folder = Folder::new("backslashes");
    let faults = |text: &str| {
        ConfigFile::read(&folder.file(text)).map_or_else(|broken| broken.lines(), |_| Vec::new())
    };
    let exec = |command: &str| faults(&format!("[handler]\nname = 'exec'\ncommand = [{command}]"));
    for (faults, wanted) in [
        (exec(r#""C:\xbots\double.py""#), "; in double quotes a "),
        (
            exec(r#""python", "C:\bots\trade.py""#),
            "3:11: `handler.command` has a control character;",
        ),
        (faults("[log]\nfile = \"C:\\new.log\""), "2:8: `log.file` has a control character;"),
    ] {
        assert!(matches!(faults.as_slice(), [fault] if fault.contains(wanted)), "{faults:?}");
        assert!(
            faults[0].ends_with(r"write paths in single quotes: 'C:\bots\double.py'"),
            "{faults:?}"
        );
    }
    for sound in [r#""python", "-c", "import sys\n""#, r"'C:\bots\trade.exe'", r#""C:\\new.exe""#] {
        assert_eq!(exec(sound), Vec::<String>::new());
    }
}

/// All faults come at once, by their places.
#[test]
fn faults_are_told_in_order_and_not_without_end() {
    let folder = Folder::new("many");
    let text: String = (0..30).map(|index| format!("key{index:02} = {index}\n")).collect();
    let lines = ConfigFile::read(&folder.file(text)).unwrap_err().lines();
    assert_eq!(lines.len(), 21);
    assert!(lines[0].contains(":1:1: unknown key `key00`"), "{lines:?}");
    assert_eq!(lines[20], "and 10 more");
}

#[test]
fn what_windows_editors_write_is_read() {
    let folder = Folder::new("bytes");
    let pipe = |bytes: &[u8]| {
        let file = ConfigFile::read(&folder.file(bytes));
        file.map(|file| file.settings[0].values[0].clone())
            .map_err(|broken| broken.lines().join("\n"))
    };
    assert_eq!(pipe(b"pipe = \"A\"\r\n[limits]\r\n"), Ok("A".into()));
    assert_eq!(pipe(b"\xEF\xBB\xBFpipe = \"B\""), Ok("B".into()));
    // As `tickpipe config example > tickpipe.toml` leaves it in Windows PowerShell.
    let units = || "\u{feff}pipe = \"Ю\"\r\n".encode_utf16();
    assert_eq!(pipe(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), Ok("Ю".into()));
    assert_eq!(pipe(&units().flat_map(u16::to_be_bytes).collect::<Vec<_>>()), Ok("Ю".into()));
    for broken in [&b"\xFF\xFEp\0i"[..], b"\xFF\xFE\x00\xD8"] {
        let error = pipe(broken).unwrap_err();
        assert!(error.ends_with(": this is not whole UTF-16, save the file as UTF-8"), "{error}");
    }
    let error = pipe(b"quiet = true\npipe = \"\xE4\"").unwrap_err();
    assert!(error.ends_with(":2:9: this is not UTF-8, save the file as UTF-8"), "{error}");
    let error = ConfigFile::read(&folder.0).unwrap_err().lines().join("\n");
    assert!(error.ends_with(": this is no file, name the file itself"), "{error}");
    let error = ConfigFile::read(&folder.0.join("none")).unwrap_err().lines().join("\n");
    assert!(error.contains(": cannot be read: "), "{error}");
}

#[test]
fn paths_start_from_the_files_folder_and_programs_that_are_no_paths_do_not() {
    let of = |text: &str| settings_of(text)[0].values.clone();
    let inside = |name: &str| OsString::from(Path::new("/folder").join(name));
    assert_eq!(of("[log]\nfile = \"a.log\""), [inside("a.log")]);
    assert_eq!(of("[tcp]\ntoken_file = 'token'"), [inside("token")]);
    assert_eq!(of("[handler]\ncommand = [\"python3\", \"a.py\"]"), ["python3", "a.py"]);
    assert_eq!(of("[handler]\ncommand = [\"./a\", \"./b\"]"), [inside("./a"), "./b".into()]);
    assert_eq!(of("limits.line_len_max = 0x1_0"), ["16"]);
}

/// Flag over file, for each key: the file's value is there, and the flag's in its stead.
#[test]
fn a_flag_goes_over_the_file() {
    let folder = Folder::new("flag");
    let path = folder.file(
        "pipe = \"A\"\nquiet = true\n[handler]\nname = \"exec\"\ncommand = [\"x\"]\n\
         [limits]\nallow = [\"S-1-5-1\"]\n[log]\nlevel = \"debug\"\n",
    );
    let read = |typed: &[&str]| {
        let base = ["tickpipe", "serve", "--config", path.to_str().unwrap()];
        let typed = base.iter().chain(typed).map(OsString::from);
        let (args, _) = Args::read(typed).unwrap_or_else(|_: Stop| panic!("it cannot be read"));
        let verbose = args.verbose;
        let Chosen::Serve(options) = args.command else { panic!("it serves") };
        let ServeOptions { pipe, quiet, limits, handler, .. } = *options;
        format!("{} {quiet} {verbose} {limits:?} {handler:?}", pipe.pipe)
    };
    let plain = read(&[]);
    assert!(plain.starts_with("A true 2 "), "{plain}");
    assert!(plain.contains("allow: [\"S-1-5-1\"]") && plain.contains("Some(Exec)"), "{plain}");
    assert!(plain.contains("command: [\"x\"]") && plain.contains("directory: Some"), "{plain}");
    let typed = read(&["--pipe", "B", "--quiet=false", "-v", "--allow", "S-1-5-2", "double"]);
    assert!(typed.starts_with("B false 1 "), "{typed}");
    assert!(typed.contains("allow: [\"S-1-5-2\"]") && typed.contains("Some(Double)"), "{typed}");
    assert!(typed.contains("command: []") && typed.contains("directory: None"), "{typed}");
    let program = read(&["--", "y", "z"]);
    assert!(program.contains("Some(Exec)") && program.contains("directory: None"), "{program}");
    assert!(program.contains("command: [\"y\", \"z\"]"), "{program}");
}

/// The page's table is made of the code; where it is behind, this is what it has to be.
#[test]
fn the_page_has_every_key() {
    let serve = serve();
    let code = |text: &str| if text.is_empty() { "–".to_owned() } else { format!("`{text}`") };
    let row = |key: &Key| {
        let option = option(&serve, key);
        let flag = match (option.get_long(), key.kind) {
            (_, Kind::Level) => "-v".to_owned(),
            (Some(long), _) => format!("--{long}"),
            (None, Kind::Command) => "-- CMD".to_owned(),
            (None, _) => option.get_value_names().unwrap_or_default()[0].to_string(),
        };
        let variable = option.get_env().unwrap_or_default().to_string_lossy().into_owned();
        let help = option.get_help().unwrap().to_string();
        let help = help.split(" [default").next().unwrap().replace('\\', r"\\").replace('|', "\\|");
        let allowed = if key.allowed.is_empty() { "–" } else { key.allowed };
        format!(
            "| `{}` | {} | {allowed} | `{flag}` | {} | {help} |\n",
            key.path(),
            code(key.default),
            code(&variable),
        )
    };
    let head = "| key | default | allowed | flag | variable | what it is |\n";
    let table: String = [head, "| --- | --- | --- | --- | --- | --- |\n"]
        .map(str::to_owned)
        .into_iter()
        .chain(KEYS.iter().map(row))
        .collect();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let page = fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    assert!(page.contains(&table), "docs/configuration.md needs this table:\n{table}");
}
