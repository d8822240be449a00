//! What stands in the archive for a system.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::archive::{Entry, Mode};
use super::release::Release;
use super::text;
use crate::paths::Paths;

/// Folders of the EAs' sources, from `mql`, and how the names of sources end.
const MQL_FOLDERS: &[&str] = &["Experts/TickPipe", "Include/TickPipe"];
const MQL_EXTENSIONS: &[&str] = &["mq4", "mq5", "mqh"];
/// Documents that go along as plain text: their names there, with `/`, and in `docs`.
const DOCUMENTS: &[(&str, &str)] = &[
    ("QUICKSTART.txt", "quickstart.md"),
    ("TROUBLESHOOTING.txt", "troubleshooting.md"),
    ("docs/configuration.txt", "configuration.md"),
    ("docs/handlers.txt", "handlers.md"),
    ("docs/mql.txt", "mql.md"),
    ("docs/probe.txt", "probe.md"),
    ("docs/protocol.txt", "PROTOCOL.md"),
    ("docs/service.txt", "service.md"),
    ("docs/simulation.txt", "simulation.md"),
    ("docs/strategies.txt", "strategies.md"),
    ("docs/wine.txt", "wine.md"),
];
/// Without it, old programs of Windows take a text for one in the system's code page.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// The system that an archive is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    Windows,
}

impl System {
    /// What an archive's name ends with.
    pub(crate) fn archive(self) -> &'static str {
        match self {
            Self::Linux => "linux-x86_64.tar.gz",
            Self::Windows => "windows-x86_64.zip",
        }
    }

    /// The program's file.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Linux => "tickpipe",
            Self::Windows => "tickpipe.exe",
        }
    }

    fn readme(self) -> &'static str {
        match self {
            Self::Linux => include_str!("readme-linux.txt"),
            Self::Windows => include_str!("readme-windows.txt"),
        }
    }

    fn text(self, text: &str) -> Vec<u8> {
        let text = match self {
            Self::Linux => text.to_owned(),
            Self::Windows if text.is_ascii() => text::with_crlf(text),
            Self::Windows => format!("{BYTE_ORDER_MARK}{}", text::with_crlf(text)),
        };
        text.into_bytes()
    }

    /// Where the reader has what a link between our documents points to.
    fn place(self, target: &str) -> Option<String> {
        let file = target.split('#').next()?.rsplit('/').next()?;
        let (name, _) = DOCUMENTS.iter().find(|(_, document)| *document == file)?;
        Some(match self {
            Self::Linux => (*name).to_owned(),
            Self::Windows => name.replace('/', "\\"),
        })
    }
}

/// Returns all files of an archive, in one folder that is named after the release.
///
/// # Errors
///
/// Fails if a document or a source is missing.
pub(crate) fn entries(
    paths: &Paths,
    release: &Release,
    system: System,
    program: Vec<u8>,
    third_party: &str,
) -> anyhow::Result<Vec<Entry>> {
    let stem = release.stem();
    let entry = |name: &str, bytes, mode| Entry { path: format!("{stem}/{name}"), bytes, mode };
    let mut entries = vec![entry(system.program(), program, Mode::Program)];
    let readme = system.readme().replace("{version}", release.version);
    let (title, rest) = readme.split_once('\n').unwrap_or((&readme, ""));
    let readme = format!("{title}\n{}\n{rest}", "=".repeat(title.chars().count()));
    entries.push(entry("README.txt", system.text(&readme), Mode::Data));
    for (name, file) in DOCUMENTS {
        let markdown = document(&paths.root.join("docs").join(file))?;
        let text = text::plain(&markdown, |target| system.place(target));
        entries.push(entry(name, system.text(&text), Mode::Data));
    }
    for name in LICENCES {
        let text = document(&paths.root.join(name))?;
        entries.push(entry(&format!("{name}.txt"), system.text(&text), Mode::Data));
    }
    let bytes = system.text(third_party);
    entries.push(entry("LICENSE-THIRD-PARTY.txt", bytes, Mode::Data));
    for (name, bytes) in mql_sources(&paths.root)? {
        entries.push(entry(&name, bytes, Mode::Data));
    }
    Ok(entries)
}

fn document(path: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(path);
    text.with_context(|| format!("a release needs {}, and it cannot be read", path.display()))
}

/// The sources byte for byte, so that they are the ones that `tickpipe install` copies.
fn mql_sources(root: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut sources = Vec::new();
    for folder in MQL_FOLDERS {
        let name = format!("mql/{folder}");
        let listed =
            fs::read_dir(root.join(&name)).with_context(|| format!("cannot list {name}"))?;
        let before = sources.len();
        for file in listed {
            let path = file.with_context(|| format!("cannot list {name}"))?.path();
            let is_source = path.extension().is_some_and(|extension| {
                MQL_EXTENSIONS.iter().any(|allowed| extension == *allowed)
            });
            if !is_source {
                continue;
            }
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sources.push((format!("{name}/{file}"), bytes));
        }
        if sources.len() == before {
            bail!("{name} holds no source of an EA");
        }
    }
    Ok(sources)
}
