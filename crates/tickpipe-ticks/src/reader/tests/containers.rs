//! gzip and zip: what is in them, and what is wrong with them.

use std::fs;

use ::zip::CompressionMethod;

use super::*;

fn failure(bytes: &[u8]) -> TickError {
    match open(bytes, "x", ReadOptions::default()) {
        Ok(reader) => reader.filter_map(Result::err).next().unwrap(),
        Err(error) => error,
    }
}

#[test]
fn the_one_table_of_a_zip_is_read() {
    let report = b"File status report\r\nGaps: none, all is well\r\n".as_slice();
    let table = DUKASCOPY.as_bytes();
    for entries in [
        &[("DAT_ASCII.txt", report), ("DAT_ASCII.csv", table)][..],
        &[("DAT_ASCII.csv", table), ("DAT_ASCII.txt", report)],
        &[("folder/", b""), ("folder/x", table), ("empty", b"")],
    ] {
        for method in [CompressionMethod::DEFLATE, CompressionMethod::STORE] {
            let zip = packing::zip_with(method, entries);
            assert_eq!(open(&zip, "x", ReadOptions::default()).unwrap().count(), 2);
        }
    }
}

#[test]
fn a_zip_without_one_table_is_refused_with_its_entries() {
    let check = |entries: &[(&str, &[u8])], code: &str, text: &str| {
        let error = failure(&packing::zip(entries));
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    let table = DUKASCOPY.as_bytes();
    check(&[], "zip_entries", "no table of ticks, allowed is one; its entries: none");
    check(
        &[("a", b"hello"), ("b", b"")],
        "zip_entries",
        "no table of ticks, allowed is one; its entries: `a`, `b`",
    );
    check(
        &[("a", table), ("b", table)],
        "zip_entries",
        "2 tables of ticks, allowed is one; its entries: `a`, `b`",
    );
    check(&[("a", b"hello"), ("b", b"time,open,high,low,close\n")], "bars", "columns open");
    let names: Vec<String> = (0..101).map(|index| index.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check(&many[..9], "zip_entries", "`7` and 1 more");
    check(&many[..100], "zip_entries", "no table");
    check(&many, "unsupported", "a zip of 101 entries");
    // gzip in a zip is not unpacked twice.
    check(&[("x.csv.gz", &packing::gzip(table))], "zip_entries", "`x.csv.gz`");
    check(&[("\u{1b}[2J", b"")], "zip_entries", r"\u{1b}");
}

#[test]
fn an_encrypted_entry_is_named() {
    let mut zip = packing::zip(&[("a", DUKASCOPY.as_bytes())]);
    let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[6] |= 1;
    zip[directory + 8] |= 1;
    let error = failure(&zip).to_string();
    assert!(error.contains("`a` (encrypted or packed in another way)"), "{error}");
}

#[test]
fn a_wrong_checksum_is_an_error_after_all_rows() {
    let table = DUKASCOPY.as_bytes();
    let mut gzip = packing::gzip(table);
    let checksum = gzip.len() - 8;
    gzip[checksum] ^= 1;
    let mut zip = packing::zip(&[("a", table)]);
    let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[directory + 16] ^= 1;
    for (bytes, container) in [(gzip, "gzip"), (zip, "zip")] {
        let mut reader = open(&bytes, "x", ReadOptions::default()).unwrap();
        assert!(reader.by_ref().take(2).all(|tick| tick.is_ok()));
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(error.code(), "damaged");
        assert!(error.to_string().contains(container), "{error}");
        assert!(std::error::Error::source(&error).is_some());
        assert!(reader.next().is_none());
    }
}

#[test]
fn an_entry_that_cannot_be_unpacked_is_broken_and_not_missing() {
    let mut zip = packing::zip(&[("a", DUKASCOPY.as_bytes())]);
    // A block of a kind that does not exist.
    let data = 30 + "a".len();
    zip[data] |= 0b110;
    assert_eq!(failure(&zip).code(), "damaged");
}

#[test]
fn bytes_after_the_end_are_told() {
    let gzip = [packing::gzip(DUKASCOPY.as_bytes()), b"more".to_vec()].concat();
    assert_eq!(failure(&gzip).code(), "damaged");
    let bi5 = [packing::bi5(&[(0, 2, 1, 1.0, 1.0)]), b"more".to_vec()].concat();
    let reader = open(&bi5, "EURUSD/2019/01/04/00h_ticks.bi5", ReadOptions::default()).unwrap();
    let last = reader.last().unwrap().unwrap_err();
    assert_eq!(last.code(), "damaged");
}

#[test]
fn a_zip_too_long_for_memory_is_to_be_opened_by_its_path() {
    let endless = b"PK\x03\x04".chain(std::io::repeat(0));
    let error = TickReader::new(endless, "x").unwrap_err();
    assert_eq!(error.code(), "unsupported");
    assert!(error.to_string().contains("open it by its path"), "{error}");
}

#[test]
fn endless_bytes_end_with_an_error() {
    for byte in [b'a', b'1', b',', 0, b']', 0xFF] {
        let error = TickReader::new(std::io::repeat(byte), "x").unwrap_err();
        assert_eq!(error.code(), "unknown", "{byte}");
    }
}

#[test]
fn a_file_is_opened_by_its_path() {
    let folder = std::env::temp_dir().join(format!("tickpipe-ticks-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let table = DUKASCOPY.as_bytes();
    for bytes in [table.to_vec(), packing::gzip(table), packing::zip(&[("a", table)])] {
        let path = folder.join("x");
        fs::write(&path, &bytes).unwrap();
        let mut reader = TickReader::open(&path).unwrap();
        assert_eq!(reader.by_ref().count(), 2);
        let progress = reader.progress();
        assert_eq!(progress.bytes_total, Some(progress.bytes_read));
    }
    let missing = TickReader::open(folder.join("missing")).unwrap_err();
    assert_eq!((missing.code(), missing.is_retryable()), ("io", true));
    assert_eq!(missing.blame(), tickpipe_proto::Blame::Environment);
    assert_eq!(TickReader::open(&folder).unwrap_err().code(), "io");
    fs::remove_dir_all(&folder).unwrap();
}

/// Fails as a disk does.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::from_raw_os_error(5))
    }
}

#[test]
fn what_the_system_says_is_passed_on() {
    let table = DUKASCOPY.as_bytes();
    let bi5 = packing::bi5(&[(0, 2, 1, 1.0, 1.0); 50]);
    for bytes in [table.to_vec(), packing::gzip(table), bi5] {
        let len = bytes.len() - 4;
        let failing = std::io::Cursor::new(bytes).take(len as u64).chain(Failing);
        let options = ReadOptions::default().with_bi5_digits(5);
        let error = match TickReader::new_with(failing, "x", options) {
            Ok(reader) => reader.filter_map(Result::err).next().unwrap(),
            Err(error) => error,
        };
        assert_eq!(error.code(), "io", "{error}");
    }
}
