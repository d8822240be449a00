use std::fs;
use std::path::Path;

use super::*;

/// It freezes its chart when its server is killed, and is there to show that it is always answered: no
/// trader is to find it in the Navigator.
const NOT_INSTALLED: &str = "Experts/TickPipe/Article.mq4";

/// A file that is added to the folders, and not to the list, would be missing at every trader's.
#[test]
fn every_file_of_the_folders_is_in_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mql");
    let mut found = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            assert!(entry.file_type().unwrap().is_file(), "{} is no file", entry.path().display());
            found.push(format!("{folder}/{}", entry.file_name().to_str().unwrap()));
        }
    }
    found.sort();
    assert!(found.iter().any(|path| path == NOT_INSTALLED), "{found:?}");
    found.retain(|path| path != NOT_INSTALLED);
    let listed: Vec<_> = SOURCES.iter().map(|source| source.path).collect();
    assert_eq!(listed, found);
    for source in SOURCES {
        assert!(!source.bytes.is_empty(), "{} is empty", source.path);
    }
}

#[test]
fn a_platform_gets_its_own_main_files_only() {
    for (platform, own, other) in [(Platform::Mt4, "mq4", "mq5"), (Platform::Mt5, "mq5", "mq4")] {
        let paths: Vec<_> = sources(platform).map(|source| source.path).collect();
        let has = |name: String| paths.contains(&name.as_str());
        assert!(has(format!("Experts/TickPipe/TickPipeDouble.{own}")), "{paths:?}");
        assert!(!has(format!("Experts/TickPipe/TickPipeDouble.{other}")), "{paths:?}");
        assert!(has("Include/TickPipe/Line.mqh".to_owned()), "{paths:?}");
    }
}

#[test]
fn every_main_file_tells_the_same_version() {
    let version = own_version(Platform::Mt4);
    assert!(version.contains('.'), "{version}");
    for source in SOURCES.iter().filter(|source| !source.path.ends_with(".mqh")) {
        let text = std::str::from_utf8(source.bytes).unwrap();
        assert_eq!(version_of(text), Some(version), "{}", source.path);
    }
    for text in ["", "#property version", "#property version 1", "#property version \"1"] {
        assert_eq!(version_of(text), None, "{text}");
    }
}
