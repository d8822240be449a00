use super::super::tests::run;
use super::*;

/// A directory of this test's own, which is removed when it is dropped.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("tickpipe-report-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn a_report_is_three_files() {
    let directory = Directory::new("three");
    let inside = directory.0.join("a").join("b");
    let report = run();
    // Twice: the second replaces the first.
    for _ in 0..2 {
        report.write_to(&inside).unwrap();
        let read = |name: &str| fs::read_to_string(inside.join(name)).unwrap();
        assert_eq!(read("trades.csv"), report.trades_csv());
        assert_eq!(read("equity.csv"), report.equity_csv());
        assert_eq!(read("report.html"), report.html());
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 3);
    }
}

#[test]
fn nothing_half_written_gets_a_name() {
    let directory = Directory::new("half");
    // Where the second file is to be written there is something else.
    fs::create_dir(directory.0.join(part_name("equity.csv"))).unwrap();
    let error = run().write_to(&directory.0).unwrap_err();
    assert_eq!(error.path, directory.0.join("equity.csv"));
    assert!(error.to_string().contains("equity.csv; is there room"), "{error}");
    assert_eq!(directory.names(), [part_name("equity.csv")]);
}

#[test]
fn a_file_is_no_directory() {
    let directory = Directory::new("file");
    let file = directory.0.join("taken");
    fs::write(&file, "mine").unwrap();
    let error = run().write_to(&file).unwrap_err();
    assert_eq!(error.path, file);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}
