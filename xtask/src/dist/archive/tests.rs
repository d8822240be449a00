use std::io::{Cursor, Read as _};

use jiff::Timestamp;

use super::{Entry, Mode, tar_gz, zip};

/// 2026-11-28 20:26:39: a zip has even seconds only.
const SECONDS: i64 = 1_795_897_599;

fn entries() -> Vec<Entry> {
    let entry = |path: &str, mode| Entry {
        path: path.to_owned(),
        bytes: path.repeat(100).into_bytes(),
        mode,
    };
    vec![
        entry("t/mql/Zed.mqh", Mode::Data),
        entry("t/tickpipe.exe", Mode::Program),
        entry("t/LICENSE-MIT.txt", Mode::Data),
    ]
}

fn time() -> Timestamp {
    Timestamp::from_second(SECONDS).unwrap()
}

#[test]
fn a_zip_is_sorted_with_fixed_times_and_modes() {
    let bytes = zip(entries(), time()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        let name = file.name().unwrap().into_owned();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, name.repeat(100));
        let modified = file.last_modified().unwrap();
        found.push(format!("{name} {:o} {modified}", file.unix_mode().unwrap()));
    }
    assert_eq!(
        found,
        [
            "t/LICENSE-MIT.txt 100644 2026-11-28 20:26:38",
            "t/mql/Zed.mqh 100644 2026-11-28 20:26:38",
            "t/tickpipe.exe 100755 2026-11-28 20:26:38",
        ]
    );
}

#[test]
fn a_tarball_is_sorted_with_fixed_times_modes_and_owners() {
    let bytes = tar_gz(entries(), time()).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    let mut found = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let header = entry.header();
        assert_eq!(header.mtime().unwrap(), SECONDS.unsigned_abs());
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        assert_eq!(header.username().unwrap(), Some(""));
        found.push(format!("{path} {:o}", header.mode().unwrap()));
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        assert_eq!(text, path.repeat(100));
    }
    assert_eq!(found, ["t/LICENSE-MIT.txt 644", "t/mql/Zed.mqh 644", "t/tickpipe.exe 755"]);
}

#[test]
fn the_same_files_in_another_order_are_the_same_bytes() {
    let mut reversed = entries();
    reversed.reverse();
    assert_eq!(zip(entries(), time()).unwrap(), zip(reversed.clone(), time()).unwrap());
    assert_eq!(tar_gz(entries(), time()).unwrap(), tar_gz(reversed, time()).unwrap());
}

#[test]
fn a_gzip_tells_neither_time_nor_system() {
    let bytes = tar_gz(entries(), time()).unwrap();
    assert_eq!(&bytes[4..8], [0; 4]);
    assert_eq!(bytes[9], 255);
}

#[test]
fn a_time_that_no_zip_holds_is_refused() {
    let error = zip(entries(), Timestamp::from_second(0).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "a zip has no room for the time 1970-01-01T00:00:00");
}
