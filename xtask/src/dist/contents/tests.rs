use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{System, entries};
use crate::dist::release::Release;
use crate::paths::Paths;

/// A working copy with all that a release needs, gone at the end.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("xtask-dist-{name}-{}", std::process::id()));
        let copy = Self(root);
        copy.write(
            "docs/quickstart.md",
            "# Quick start\n\n```powershell\n.\\tickpipe.exe help\n```\n",
        );
        copy.write("docs/troubleshooting.md", "[docs/mql.md](mql.md#install) …\n");
        for name in ["configuration", "handlers", "mql", "probe", "PROTOCOL", "service"] {
            copy.write(&format!("docs/{name}.md"), "text\n");
        }
        for name in ["simulation", "strategies", "wine"] {
            copy.write(&format!("docs/{name}.md"), "text\n");
        }
        copy.write("LICENSE-MIT", "MIT\n");
        copy.write("LICENSE-APACHE", "Apache\n");
        copy.write("mql/Experts/TickPipe/A.mq4", "a\n");
        copy.write("mql/Experts/TickPipe/A.ex4", "compiled");
        copy.write("mql/Include/TickPipe/B.mqh", "b\n");
        copy
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn paths(&self) -> Paths {
        let none = Path::new("none");
        Paths { root: self.0.clone(), target: none.to_owned(), xtask: none.to_owned() }
    }

    fn entries(&self, system: System) -> anyhow::Result<Vec<(String, String)>> {
        let release = Release { version: "1.2.3", time: Timestamp::from_second(0).unwrap() };
        let entries = entries(&self.paths(), &release, system, b"program".to_vec(), "theirs\n")?;
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ok(entries.into_iter().map(|entry| (entry.path, text(entry.bytes))).collect())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn names(entries: &[(String, String)]) -> Vec<&str> {
    let mut names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_windows_archive_holds_texts_with_crlf_and_the_sources_as_they_are() {
    let found = Copy::new("windows").entries(System::Windows).unwrap();
    assert_eq!(
        names(&found),
        [
            "tickpipe-1.2.3/LICENSE-APACHE.txt",
            "tickpipe-1.2.3/LICENSE-MIT.txt",
            "tickpipe-1.2.3/LICENSE-THIRD-PARTY.txt",
            "tickpipe-1.2.3/QUICKSTART.txt",
            "tickpipe-1.2.3/README.txt",
            "tickpipe-1.2.3/TROUBLESHOOTING.txt",
            "tickpipe-1.2.3/docs/configuration.txt",
            "tickpipe-1.2.3/docs/handlers.txt",
            "tickpipe-1.2.3/docs/mql.txt",
            "tickpipe-1.2.3/docs/probe.txt",
            "tickpipe-1.2.3/docs/protocol.txt",
            "tickpipe-1.2.3/docs/service.txt",
            "tickpipe-1.2.3/docs/simulation.txt",
            "tickpipe-1.2.3/docs/strategies.txt",
            "tickpipe-1.2.3/docs/wine.txt",
            "tickpipe-1.2.3/mql/Experts/TickPipe/A.mq4",
            "tickpipe-1.2.3/mql/Include/TickPipe/B.mqh",
            "tickpipe-1.2.3/tickpipe.exe",
        ]
    );
    for (name, text) in &found {
        if name.ends_with(".txt") {
            let feeds = text.matches('\n').count();
            assert!(0 < feeds && feeds == text.matches("\r\n").count(), "{name}: {text:?}");
        }
    }
    let text = |name: &str| &found.iter().find(|(found, _)| found.ends_with(name)).unwrap().1;
    assert_eq!(text("B.mqh"), "b\n");
    assert_eq!(
        text("QUICKSTART.txt"),
        "Quick start\r\n===========\r\n\r\n    .\\tickpipe.exe help\r\n"
    );
    assert_eq!(text("TROUBLESHOOTING.txt"), "\u{feff}docs\\mql.txt …\r\n");
    assert!(
        text("README.txt")
            .starts_with("tickpipe 1.2.3 for Windows\r\n==========================\r\n\r\n")
    );
}

#[test]
fn a_linux_archive_holds_the_same_with_line_feeds() {
    let found = Copy::new("linux").entries(System::Linux).unwrap();
    assert_eq!(found.len(), 18);
    assert!(names(&found).contains(&"tickpipe-1.2.3/tickpipe"));
    assert!(found.iter().all(|(_, text)| !text.contains('\r')));
}

#[test]
fn a_missing_document_is_named() {
    let copy = Copy::new("missing");
    fs::remove_file(copy.0.join("docs/quickstart.md")).unwrap();
    let error = copy.entries(System::Windows).unwrap_err().to_string();
    assert!(error.starts_with("a release needs ") && error.contains("quickstart.md"), "{error}");
}

#[test]
fn folders_without_sources_are_refused() {
    let copy = Copy::new("empty");
    fs::remove_file(copy.0.join("mql/Include/TickPipe/B.mqh")).unwrap();
    let error = copy.entries(System::Linux).unwrap_err().to_string();
    assert_eq!(error, "mql/Include/TickPipe holds no source of an EA");
}
