use std::fs;

use super::*;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tickpipe-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn log(&self) -> PathBuf {
        self.0.join("a.log")
    }

    /// Returns name and text of each file, sorted.
    fn files(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(&self.0).unwrap().map(Result::unwrap);
        let file = |entry: fs::DirEntry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        };
        let mut files: Vec<_> = entries.map(file).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn file(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[test]
fn the_newest_stays_and_the_oldest_goes() {
    let folder = Folder::new("rotate");
    let mut log = Rotating::open(&folder.log(), 10, 3).unwrap();
    for line in ["1---\n", "2---\n", "3---\n", "4---\n", "5---\n", "6---\n", "7---\n"] {
        log.write(Instant::now(), line.as_bytes()).unwrap();
    }
    assert_eq!(
        folder.files(),
        [file("a.log", "7---\n"), file("a.log.1", "5---\n6---\n"), file("a.log.2", "3---\n4---\n")]
    );
    // It goes on where it ended.
    drop(log);
    let mut log = Rotating::open(&folder.log(), 10, 3).unwrap();
    log.write(Instant::now(), b"8---\n").unwrap();
    assert_eq!(folder.files()[0], file("a.log", "7---\n8---\n"));
    // Fewer are kept from now on.
    drop(log);
    let mut log = Rotating::open(&folder.log(), 10, 1).unwrap();
    assert_eq!(folder.files(), [file("a.log", "7---\n8---\n")]);
    log.write(Instant::now(), b"9---\n").unwrap();
    assert_eq!(folder.files(), [file("a.log", "9---\n")]);
}

/// Whatever the lines are, no byte more is on the disk than the limits say.
#[test]
fn the_bytes_on_the_disk_have_a_limit() {
    let folder = Folder::new("limit");
    let mut log = Rotating::open(&folder.log(), 1000, 4).unwrap();
    for len in (0..3000).map(|index| index * 7 % 1300) {
        let line = format!("{}\n", "x".repeat(len));
        log.write(Instant::now(), line.as_bytes()).unwrap();
        let lens: Vec<_> = folder.files().iter().map(|(_, text)| text.len()).collect();
        assert!(lens.len() <= 4 && lens.iter().all(|len| *len <= 1000), "{lens:?}");
    }
    assert_eq!(folder.files().len(), 4);
}

/// Row A2: 1 GiB is written, 100 MiB are there. A hundredth of it unless the soak runs it.
#[test]
fn a_gibibyte_leaves_a_hundred_mebibytes() {
    let scale = if std::env::var_os("TICKPIPE_SOAK").is_some() { 1 } else { 100 };
    let folder = Folder::new("gibibyte");
    let file_max = 10 * 1024 * 1024 / scale;
    let mut log = Rotating::open(&folder.log(), file_max, 10).unwrap();
    let line = format!("{}\n", "x".repeat(1023));
    for _ in 0..1024 * 1024 / scale {
        log.write(Instant::now(), line.as_bytes()).unwrap();
    }
    let total: u64 = folder.files().iter().map(|(_, text)| text.len() as u64).sum();
    assert_eq!(folder.files().len(), 10);
    assert!(total <= 10 * file_max && total > 9 * file_max - 10 * 1024, "{total}");
}

#[test]
fn a_line_that_no_file_holds_is_cut_and_says_so() {
    let line = format!("{}ä\n", "x".repeat(60));
    assert_eq!(cut(line.as_bytes(), 63), line.as_bytes());
    let cut = cut(line.as_bytes(), 62).into_owned();
    assert_eq!(String::from_utf8(cut).unwrap(), format!("{}…\n", "x".repeat(54)));
    for max in 9..80 {
        let cut = super::cut(line.as_bytes(), max);
        assert!(cut.len() as u64 <= max && cut.ends_with(b"\n"), "{max}");
        assert!(str::from_utf8(&cut).is_ok(), "{max}");
    }
}

#[test]
fn a_second_writer_is_refused_also_after_a_new_file_was_begun() {
    let folder = Folder::new("second");
    let mut log = Rotating::open(&folder.log(), 10, 2).unwrap();
    for _ in 0..4 {
        let refused = Rotating::open(&folder.log(), 10, 2).unwrap_err();
        assert!(super::super::is_held(&refused), "{refused:?}");
        log.write(Instant::now(), b"12345678\n").unwrap();
    }
    drop(log);
    Rotating::open(&folder.log(), 10, 2).unwrap();
}

#[test]
fn a_folder_is_made_and_what_is_no_file_refused() {
    let folder = Folder::new("made");
    let log = Rotating::open(&folder.0.join("b").join("c.log"), 10, 2).unwrap();
    assert!(folder.0.join("b").join("c.log").exists());
    drop(log);
    let refused = Rotating::open(&folder.0.join("b"), 10, 2).unwrap_err();
    assert_eq!(refused.to_string(), "it is no file");
    Rotating::open(&folder.0.join("b").join("c.log").join("d"), 10, 2).unwrap_err();
}

/// A line that failed is tried again after a second, with the time that the caller has.
#[test]
fn a_failure_is_not_repeated_for_a_second() {
    let folder = Folder::new("retry");
    let mut log = Rotating::open(&folder.log(), 10, 2).unwrap();
    log.write(Instant::now(), b"1\n").unwrap();
    drop(fs::create_dir(folder.0.join("a.log.1")));
    fs::write(folder.0.join("a.log.1").join("x"), "").unwrap();
    let now = Instant::now();
    log.write(now, b"23456789\n").unwrap_err();
    fs::remove_dir_all(folder.0.join("a.log.1")).unwrap();
    let early = log.write(now + Duration::from_millis(999), b"2\n").unwrap_err();
    assert!(early.to_string().contains("less than a second ago"), "{early}");
    log.write(now + Duration::from_secs(1), b"3\n").unwrap();
    log.write(now, b"4\n").unwrap();
    let text: String = folder.files().into_iter().rev().map(|(_, text)| text).collect();
    assert_eq!(text, "1\n3\n4\n");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn nobody_else_reads_it() {
        let folder = Folder::new("mode");
        let path = folder.0.join("new").join("a.log");
        let mut log = Rotating::open(&path, 10, 2).unwrap();
        for _ in 0..3 {
            log.write(Instant::now(), b"12345678\n").unwrap();
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&folder.0.join("new").join("a.log.1")), 0o600);
        assert_eq!(mode(&folder.0.join("new")), 0o700);
    }

    #[test]
    fn a_file_or_a_folder_that_was_removed_is_made_again() {
        let folder = Folder::new("removed");
        let path = folder.0.join("b").join("a.log");
        let mut log = Rotating::open(&path, 100, 2).unwrap();
        log.write(Instant::now(), b"1\n").unwrap();
        fs::remove_file(&path).unwrap();
        log.write(Instant::now(), b"2\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "2\n");
        fs::remove_dir_all(folder.0.join("b")).unwrap();
        log.write(Instant::now(), b"3\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "3\n");
    }

    #[test]
    fn a_file_that_was_moved_away_is_left_alone() {
        let folder = Folder::new("moved");
        let mut log = Rotating::open(&folder.log(), 100, 2).unwrap();
        log.write(Instant::now(), b"1\n").unwrap();
        fs::rename(folder.log(), folder.0.join("b.log")).unwrap();
        log.write(Instant::now(), b"2\n").unwrap();
        assert_eq!(folder.files(), [file("a.log", "2\n"), file("b.log", "1\n")]);
        // As `logrotate` does it that makes the new file itself.
        fs::rename(folder.log(), folder.0.join("c.log")).unwrap();
        fs::write(folder.log(), "").unwrap();
        log.write(Instant::now(), b"3\n").unwrap();
        assert_eq!(folder.files()[0], file("a.log", "3\n"));
        assert_eq!(folder.files()[2], file("c.log", "2\n"));
    }

    /// Root writes everywhere, so this is about who is not.
    #[test]
    fn a_folder_that_cannot_be_written_is_an_error() {
        let folder = Folder::new("readonly");
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o500)).unwrap();
        let opened = Rotating::open(&folder.log(), 10, 2);
        let is_root = fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0);
        assert_eq!(opened.is_ok(), is_root);
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

/// `Get-Content -Wait` lets nobody move the file that it shows, and an editor nobody touch it.
#[cfg(windows)]
mod on_windows {
    use std::os::windows::fs::OpenOptionsExt as _;

    use super::*;

    fn looking_at(path: &Path, share_mode: u32) -> File {
        OpenOptions::new().read(true).share_mode(share_mode).open(path).unwrap()
    }

    #[test]
    fn who_looks_at_the_file_gets_a_copy_made() {
        let folder = Folder::new("looked");
        let mut log = Rotating::open(&folder.log(), 10, 3).unwrap();
        log.write(Instant::now(), b"1---\n").unwrap();
        let look = looking_at(&folder.log(), 3);
        log.write(Instant::now(), b"2-----\n").unwrap();
        assert_eq!(folder.files(), [file("a.log", "2-----\n"), file("a.log.1", "1---\n")]);
        drop(look);
        log.write(Instant::now(), b"3-----\n").unwrap();
        assert_eq!(folder.files()[2], file("a.log.2", "1---\n"));
    }

    #[test]
    fn who_looks_at_an_old_file_costs_another_old_one() {
        let folder = Folder::new("old");
        let mut log = Rotating::open(&folder.log(), 5, 4).unwrap();
        for line in ["1---\n", "2---\n", "3---\n", "4---\n"] {
            log.write(Instant::now(), line.as_bytes()).unwrap();
        }
        let look = looking_at(&folder.0.join("a.log.2"), 1);
        log.write(Instant::now(), b"5---\n").unwrap();
        log.write(Instant::now(), b"6---\n").unwrap();
        let files = folder.files();
        assert_eq!(files[0], file("a.log", "6---\n"));
        assert_eq!(files[1], file("a.log.1", "5---\n"));
        assert!(files.len() <= 4, "{files:?}");
        drop(look);
    }
}
