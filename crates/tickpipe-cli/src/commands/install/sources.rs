//! The EAs' sources, which are part of the program.

#[cfg(test)]
mod tests;

use super::platform::Platform;

/// A file of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// From `MQL4` or `MQL5`, with `/` on every system.
    pub(super) path: &'static str,
    pub(super) bytes: &'static [u8],
}

macro_rules! sources {
    ($($path:literal,)*) => {
        /// Every file that is installed, in the order of the names.
        const SOURCES: &[Source] = &[$(Source {
            path: $path,
            bytes: include_bytes!(concat!("../../../../../mql/", $path)),
        },)*];
    };
}

/// Where our files are, from `MQL4` or `MQL5`.
pub(super) const FOLDERS: [&str; 2] = ["Experts/TickPipe", "Include/TickPipe"];

/// The main file that tells the version, without its extension.
const VERSION_FILE: &str = "Experts/TickPipe/TickPipeDouble";

/// Returns the files for a platform.
pub(super) fn sources(platform: Platform) -> impl Iterator<Item = Source> {
    let other = match platform {
        Platform::Mt4 => ".mq5",
        Platform::Mt5 => ".mq4",
    };
    SOURCES.iter().copied().filter(move |source| !source.path.ends_with(other))
}

/// Returns the paths of the EAs' main files.
pub(super) fn main_files(platform: Platform) -> impl Iterator<Item = &'static str> {
    let is_main = move |path: &&str| path.rsplit('.').next() == Some(platform.extension());
    sources(platform).map(|source| source.path).filter(is_main)
}

/// Returns the path of the file that tells the version.
pub(super) fn version_file(platform: Platform) -> String {
    format!("{VERSION_FILE}.{}", platform.extension())
}

/// Returns the version that an EA's main file says it has.
pub(super) fn version_of(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("#property version"))?;
    line.trim().strip_prefix('"')?.split_once('"').map(|(version, _)| version)
}

/// Returns the version of the files that are part of the program.
pub(super) fn own_version(platform: Platform) -> &'static str {
    let path = version_file(platform);
    let source = SOURCES.iter().find(|source| source.path == path);
    let text = source.and_then(|source| std::str::from_utf8(source.bytes).ok());
    text.and_then(version_of).unwrap_or_default()
}

sources! {
    "Experts/TickPipe/Probe.mqh",
    "Experts/TickPipe/Report.mqh",
    "Experts/TickPipe/TickPipeDouble.mq4",
    "Experts/TickPipe/TickPipeDouble.mq5",
    "Experts/TickPipe/TickPipeDouble.mqh",
    "Experts/TickPipe/TickPipeLine.mq4",
    "Experts/TickPipe/TickPipeLine.mq5",
    "Experts/TickPipe/TickPipeLine.mqh",
    "Experts/TickPipe/TickPipeProbe.mq4",
    "Experts/TickPipe/TickPipeProbe.mq5",
    "Experts/TickPipe/TickPipeProbe.mqh",
    "Include/TickPipe/Backoff.mqh",
    "Include/TickPipe/Compat.mqh",
    "Include/TickPipe/Constants.mqh",
    "Include/TickPipe/Display.mqh",
    "Include/TickPipe/Frame.mqh",
    "Include/TickPipe/Inbox.mqh",
    "Include/TickPipe/Line.mqh",
    "Include/TickPipe/Owed.mqh",
    "Include/TickPipe/Template.mqh",
    "Include/TickPipe/Transport.mqh",
    "Include/TickPipe/Utf8.mqh",
    "Include/TickPipe/Wait.mqh",
}
