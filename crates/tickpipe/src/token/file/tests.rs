use std::thread;

use super::*;

/// A folder of one test's own, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("tp-token-{}-{count}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("deep").join("token")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Makes a private file with this text.
fn write(path: &Path, text: &str) {
    drop(fs::remove_file(path));
    platform::create_folder(path.parent().unwrap()).unwrap();
    platform::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn kind(path: &Path) -> ErrorKind {
    Token::read(path).unwrap_err().kind()
}

#[test]
fn a_token_is_made_once_and_read_again() {
    let folder = Folder::new();
    let path = folder.file();
    assert_eq!(kind(&path), ErrorKind::NotFound);
    let token = Token::read_or_create(&path).unwrap();
    assert_eq!(Token::read(&path).unwrap().line(), token.line());
    assert_eq!(Token::read_or_create(&path).unwrap().line(), token.line());
    let files = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(files, 1, "nothing is left beside it");
}

#[test]
fn of_servers_that_start_together_all_have_one_token() {
    let folder = Folder::new();
    let path = folder.file();
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            thread::spawn(move || Token::read_or_create(&path).unwrap().line())
        })
        .collect();
    let mut lines: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
    lines.dedup();
    assert_eq!(lines, [Token::read(&path).unwrap().line()]);
}

#[test]
fn what_holds_no_token_is_refused_without_being_shown() {
    let folder = Folder::new();
    let path = folder.file();
    let long = "0".repeat(129);
    for text in ["", "\n", "secret", "0123456789abcdef\n", &long, "\u{fffd}"] {
        write(&path, text);
        let error = Token::read(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InsecureToken, "{text}");
        assert!(error.to_string().contains("holds no token"), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for end in ["", "\n", "\r\n", " \n\n"] {
        write(&path, &format!("{}{end}", "0".repeat(32)));
        Token::read(&path).unwrap();
    }
}

/// A name may hold what drives a terminal, and forges a line of a log.
#[cfg(unix)]
#[test]
fn a_path_is_shown_not_obeyed() {
    let folder = Folder::new();
    let path = folder.0.join("\u{1b}[2J\nok");
    let missing = Token::read(&path).unwrap_err();
    write(&path, "");
    for error in [missing, Token::read(&path).unwrap_err()] {
        let text = error.to_string();
        assert!(text.contains(r"\u{1b}[2J\nok`"), "{text}");
        assert!(!text.contains(['\u{1b}', '\n']), "{text}");
    }
}

#[test]
fn a_folder_is_no_token_file() {
    let folder = Folder::new();
    let error = Token::read_or_create(&folder.0).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InsecureToken | ErrorKind::Io), "{error}");
}

#[cfg(unix)]
#[test]
fn only_a_private_file_of_this_user_is_read() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new();
    let path = folder.file();
    Token::read_or_create(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
    for wrong in [0o604, 0o640, 0o660, 0o644, 0o666, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wrong)).unwrap();
        let error = Token::read(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InsecureToken, "{wrong:o}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
        assert!(Token::read_or_create(&path).is_err(), "it is never replaced");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    Token::read(&path).unwrap();
    let link = folder.0.join("link");
    symlink(&path, &link).unwrap();
    assert_eq!(kind(&link), ErrorKind::InsecureToken);
    let dangling = folder.0.join("dangling");
    symlink(folder.0.join("nothing"), &dangling).unwrap();
    assert!(Token::read_or_create(&dangling).is_err());
    assert!(!folder.0.join("nothing").exists());
    let fifo = folder.0.join("fifo");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(kind(&fifo), ErrorKind::InsecureToken);
    if rustix::process::geteuid().is_root() {
        let foreign = folder.0.join("foreign");
        write(&foreign, &"0".repeat(32));
        std::os::unix::fs::chown(&foreign, Some(65_534), None).unwrap();
        let error = Token::read(&foreign).unwrap_err();
        assert!(error.to_string().contains("belongs to user 65534"), "{error}");
    }
}
