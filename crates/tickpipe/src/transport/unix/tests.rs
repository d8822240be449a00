use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use super::*;
use crate::transport::Received;

/// A folder of one test's own, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tp-unit-{}-{count}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&path).unwrap();
        Self(path)
    }

    fn name(&self) -> PipeName {
        PipeName::new(self.0.join("x.sock").to_str().unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn options() -> ListenOptions {
    ListenOptions {
        buffer_len: None,
        idle_instances: 2,
        allowed_users: Vec::new(),
        left_over_wait: Duration::ZERO,
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn only_a_private_directory_is_used() {
    let folder = Folder::new();
    let path = folder.0.join("tickpipe");
    secure_directory(&path).unwrap();
    assert_eq!(mode(&path), 0o700);
    secure_directory(&path).unwrap();
    for wrong in [0o701, 0o710, 0o770, 0o755, 0o1777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wrong)).unwrap();
        let error = secure_directory(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Security, "{wrong:o}");
        assert!(error.to_string().contains(&format!("has mode {wrong:04o}")), "{error}");
    }
    let link = folder.0.join("link");
    symlink(&folder.0, &link).unwrap();
    assert_eq!(secure_directory(&link).unwrap_err().kind(), ErrorKind::Security);
    let file = folder.0.join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(secure_directory(&file).unwrap_err().kind(), ErrorKind::Security);
}

#[cfg(target_os = "linux")]
#[test]
fn another_users_directory_is_refused() {
    if !rustix::process::geteuid().is_root() {
        // Only the superuser has other users' directories at hand: `/` is one for everybody else.
        assert_eq!(secure_directory(Path::new("/")).unwrap_err().kind(), ErrorKind::Security);
        return;
    }
    let folder = Folder::new();
    let path = folder.0.join("tickpipe");
    secure_directory(&path).unwrap();
    std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
    let error = secure_directory(&path).unwrap_err();
    assert!(error.to_string().contains("belongs to user 12345"), "{error}");
}

/// S7: whatever the umask. It belongs to the whole process, so each has one of its own.
#[test]
fn the_umask_changes_nothing() {
    if let Ok(folder) = std::env::var("TICKPIPE_TEST_UMASK_FOLDER") {
        let path = Path::new(&folder).join("tickpipe");
        secure_directory(&path).unwrap();
        let name = PipeName::new(path.join("x.sock").to_str().unwrap()).unwrap();
        let listener = Listener::bind(&name, options()).unwrap();
        assert_eq!((mode(&path), mode(&listener.path)), (0o700, 0o600));
        let lock = PathBuf::from(format!("{}.lock", listener.path.display()));
        assert_eq!(mode(&lock), 0o600);
        return;
    }
    for umask in ["000", "002", "022", "027", "077", "177", "777"] {
        for round in 0..2 {
            let folder = Folder::new();
            let status = Command::new("sh")
                .args(["-c", &format!("umask {umask} && exec \"$0\" \"$@\"")])
                .arg(std::env::current_exe().unwrap())
                .args(["--exact", "transport::unix::tests::the_umask_changes_nothing"])
                .env("TICKPIPE_TEST_UMASK_FOLDER", &folder.0)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&status.stdout);
            assert!(status.status.success(), "umask {umask}, round {round}: {said}");
            assert!(said.contains("1 passed"), "{said}");
        }
    }
}

/// S7: of servers that start together over a dead one's socket, exactly one gets the name.
#[test]
fn a_stale_socket_is_taken_over_by_one() {
    let folder = Folder::new();
    let path = folder.0.join("x.sock");
    for round in 0..1000 {
        // A dead server's socket: nobody listens on it any more.
        if round % 2 == 0 {
            drop(fs::remove_file(&path));
            drop(UnixListener::bind(&path).unwrap());
        }
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let name = folder.name();
                thread::spawn(move || Listener::bind(&name, options()))
            })
            .collect();
        let outcomes: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
        let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(winners, 1, "round {round}: {outcomes:?}");
        for outcome in &outcomes {
            if let Err(error) = outcome {
                assert_eq!(error.kind(), ErrorKind::NameTaken, "{error}");
            }
        }
        assert!(UnixStream::connect(&path).is_ok());
    }
}

#[test]
fn a_path_that_fits_no_address_is_refused_with_its_length() {
    for (len, fits) in [(103, true), (104, false)] {
        let name = PipeName::new(&format!("/{}", "x".repeat(len - 1))).unwrap();
        assert_eq!(socket_path(&name).is_ok(), fits, "{len}");
    }
    let name = PipeName::new(&"é".repeat(150)).unwrap();
    let error = socket_path(&name).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName);
    assert!(error.to_string().contains("bytes, allowed are 103"), "{error}");
}

#[test]
fn a_client_waits_for_a_full_server_no_longer_than_it_may() {
    let folder = Folder::new();
    let listener = Listener::bind(&folder.name(), options()).unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = try_connect(&listener.path) {
        waiting.push(stream);
        assert!(waiting.len() < 1000, "the queue has no limit");
    }
    let error = connect(&folder.name(), Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let second = Listener::bind(&folder.name(), options()).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::NameTaken);
}

#[test]
fn what_is_no_dead_socket_is_left_alone() {
    let folder = Folder::new();
    let path = folder.0.join("x.sock");
    fs::write(&path, "precious").unwrap();
    let error = Listener::bind(&folder.name(), options()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Security);
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "no lock file is left");
    fs::remove_file(&path).unwrap();
    // A living server that knows no lock of ours.
    let foreign = UnixListener::bind(&path).unwrap();
    let error = Listener::bind(&folder.name(), options()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameTaken);
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    drop(foreign);
    // A listener removes its own socket and no other's.
    let listener = Listener::bind(&folder.name(), options()).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "precious").unwrap();
    drop(listener);
    assert!(path.exists());
}

/// S7: another user's client is refused even where the file lets it in.
#[cfg(target_os = "linux")]
#[test]
fn another_users_client_is_refused() {
    use std::os::unix::process::CommandExt as _;
    if let Ok(path) = std::env::var("TICKPIPE_TEST_FOREIGN_PATH") {
        return foreign_client(&path);
    }
    if !rustix::process::geteuid().is_root() {
        // Only the superuser can be somebody else; the check itself is the same.
        let (ours, _theirs) = UnixStream::pair().unwrap();
        check_user(&ours).unwrap();
        return;
    }
    let folder = Folder::new();
    let mut listener = Listener::bind(&folder.name(), options()).unwrap();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&listener.path, fs::Permissions::from_mode(0o666)).unwrap();
    let stop = listener.stop_handle();
    let path = listener.path.clone();
    let accepting = thread::spawn(move || {
        let mut count = 0;
        while listener.accept().is_some() {
            count += 1;
        }
        count
    });
    // This very program as another user, from where that user may read it.
    let program = folder.0.join("client");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let refused = Command::new(&program)
        .args(["--exact", "transport::unix::tests::another_users_client_is_refused"])
        .env("TICKPIPE_TEST_FOREIGN_PATH", &path)
        .current_dir("/")
        .uid(12_345)
        .gid(12_345)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stdout);
    assert!(refused.status.success() && said.contains("1 passed"), "{said}");
    stop.stop();
    assert_eq!(accepting.join().unwrap(), 0, "nobody was let in");
}

/// A hundred times: connects, asks, and gets an end instead of an answer.
#[cfg(target_os = "linux")]
fn foreign_client(path: &str) {
    for _ in 0..100 {
        let mut stream = UnixStream::connect(path).unwrap();
        // The server may be gone before the write.
        drop(stream.write_all(b"1\n"));
        assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    }
}

#[test]
fn a_woken_reader_gives_what_is_there_first() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let Connection { mut reader, writer: _writer, control } = split(ours);
    let mut buf = [0; 8];
    assert_eq!(reader.read(&mut buf, Some(Duration::ZERO)).unwrap(), Received::TimedOut);
    theirs.write_all(b"1\n").unwrap();
    control.wake();
    assert_eq!(reader.read(&mut buf, None).unwrap(), Received::Data(2));
    assert_eq!(reader.read(&mut buf, None).unwrap(), Received::Woken);
}

#[test]
fn a_peer_that_does_not_read_costs_the_write_deadline() {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    let Connection { reader: _reader, mut writer, control: _control } = split(ours);
    let bytes = vec![0; 16 << 20];
    let begun_at = Instant::now();
    let error = writer.write_all(&bytes, Duration::from_millis(300)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(begun_at.elapsed() >= Duration::from_millis(290));
}
