//! Which Wine prefixes are in use, and by what, as `/proc` tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What runs in a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// The wineserver's process.
    pub(crate) wineserver: Option<u32>,
    /// Processes of `tickpipe.exe serve`.
    pub(crate) servers: Vec<u32>,
    /// Processes of MetaTrader.
    pub(crate) terminals: Vec<u32>,
}

/// Names of MetaTrader's program.
const TERMINALS: [&str; 2] = ["terminal.exe", "terminal64.exe"];

/// What a process is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Server,
    Terminal,
    Wineserver,
}

/// Returns the prefixes in use, by path; `None` if there is no `/proc` at `root`.
///
/// Processes that may not be read, such as other users', are left out.
pub(crate) fn prefixes(root: &Path) -> Option<BTreeMap<String, Prefix>> {
    let mut prefixes: BTreeMap<String, Prefix> = BTreeMap::new();
    for entry in fs::read_dir(root).ok()?.flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse() else { continue };
        let read = |name| fs::read(entry.path().join(name)).ok();
        let Some(kind) = read("cmdline").and_then(|line| kind(&line)) else { continue };
        let Some(path) = read("environ").and_then(|block| prefix_of(&block)) else { continue };
        let prefix = prefixes.entry(path).or_default();
        match kind {
            Kind::Server => prefix.servers.push(id),
            Kind::Terminal => prefix.terminals.push(id),
            Kind::Wineserver => prefix.wineserver = Some(id),
        }
    }
    Some(prefixes)
}

/// Tells a process by its arguments, which end with zeros: Wine's loader may stand before the
/// program.
fn kind(command_line: &[u8]) -> Option<Kind> {
    let text = String::from_utf8_lossy(command_line);
    let arguments: Vec<_> = text.split('\0').map(str::trim_end).collect();
    let is_serving = arguments.contains(&"serve");
    arguments.iter().take(2).find_map(|argument| {
        let name = argument.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
        match name.as_str() {
            "tickpipe.exe" if is_serving => Some(Kind::Server),
            name if TERMINALS.contains(&name) => Some(Kind::Terminal),
            name if name.starts_with("wineserver") => Some(Kind::Wineserver),
            _ => None,
        }
    })
}

/// Returns the prefix that an environment names, else the usual one.
fn prefix_of(environment: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(environment);
    let value = |name: &str| {
        let value = text.split('\0').find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='));
        value.filter(|value| !value.is_empty())
    };
    match value("WINEPREFIX") {
        Some(prefix) => Some(prefix.trim_end_matches('/').to_owned()),
        None => value("HOME").map(|home| format!("{home}/.wine")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_by_its_arguments() {
        for (line, want) in [
            ("/usr/lib/wine/wineserver64\0-p0\0", Some(Kind::Wineserver)),
            ("C:\\tools\\TickPipe.exe\0serve\0double\0\0\0", Some(Kind::Server)),
            ("/usr/lib/wine/wine64\0/opt/tickpipe.exe\0serve\0double\0", Some(Kind::Server)),
            ("C:\\tools\\tickpipe.exe\0doctor\0", None),
            (
                "C:\\Program Files\\MetaTrader 5\\terminal64.exe\0/portable\0   ",
                Some(Kind::Terminal),
            ),
            ("/usr/bin/vim\0notes\0terminal64.exe\0", None),
            ("tickpipe\0serve\0double\0", None),
            ("", None),
        ] {
            assert_eq!(kind(line.as_bytes()), want, "{line:?}");
        }
    }

    #[test]
    fn a_prefix_is_named_or_the_usual_one() {
        for (block, want) in [
            ("A=1\0WINEPREFIX=/home/a/mt5/\0HOME=/home/a\0", Some("/home/a/mt5")),
            ("HOME=/home/a\0WINEPREFIX=\0", Some("/home/a/.wine")),
            ("XWINEPREFIX=/x\0HOME=/home/a\0", Some("/home/a/.wine")),
            ("", None),
        ] {
            assert_eq!(prefix_of(block.as_bytes()).as_deref(), want, "{block:?}");
        }
    }

    #[test]
    fn processes_are_gathered_by_prefix() {
        let root = std::env::temp_dir().join(format!("tickpipe-unit-proc-{}", std::process::id()));
        let process = |id: &str, line: &str, block: Option<&str>| {
            fs::create_dir_all(root.join(id)).unwrap();
            fs::write(root.join(id).join("cmdline"), line).unwrap();
            if let Some(block) = block {
                fs::write(root.join(id).join("environ"), block).unwrap();
            }
        };
        process("7", "wineserver\0", Some("WINEPREFIX=/a\0"));
        process("8", "C:\\terminal64.exe\0", Some("WINEPREFIX=/a\0"));
        process("9", "tickpipe.exe\0serve\0", Some("WINEPREFIX=/b\0"));
        process("10", "tickpipe.exe\0serve\0", None);
        process("self", "tickpipe.exe\0serve\0", Some("WINEPREFIX=/c\0"));
        let found = prefixes(&root).unwrap();
        fs::remove_dir_all(&root).unwrap();
        let a = Prefix { wineserver: Some(7), servers: vec![], terminals: vec![8] };
        let b = Prefix { wineserver: None, servers: vec![9], terminals: vec![] };
        assert_eq!(found, BTreeMap::from([("/a".to_owned(), a), ("/b".to_owned(), b)]));
        assert_eq!(prefixes(&root), None, "without a /proc nothing is known");
    }
}
