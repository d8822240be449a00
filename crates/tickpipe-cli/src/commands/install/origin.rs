//! `origin.txt` of a data folder, which names the folder that its terminal was installed in.
//!
//! It is a file that anybody can have written, so nothing rests on it but what people are shown.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use super::folder;

/// The longest file that is read, in bytes; a path of Windows' usual longest has 522.
const ORIGIN_LEN_MAX: usize = 4096;

/// What a data folder says of where its terminal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The folder, in Windows' form.
    At(String),
    /// It is none that can be read: what is there, as far as it is text, and what is wrong with it.
    Broken { text: String, problem: &'static str },
    /// There is no such file, as in a portable terminal.
    Missing,
}

impl Origin {
    /// Reads the file of a data folder.
    pub(super) fn of(data_folder: &Path) -> Self {
        let path = folder::child(data_folder, "origin.txt");
        // A pipe, or a device, would keep us waiting.
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::Missing,
            Ok(_) | Err(_) => return Self::broken("", "cannot be read"),
        }
        let mut bytes = Vec::new();
        let limit = u64::try_from(ORIGIN_LEN_MAX).unwrap_or(u64::MAX).saturating_add(1);
        match File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => Self::parse(&bytes),
            Err(_) => Self::broken("", "cannot be read"),
        }
    }

    /// Judges what stands in the file.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let Some(text) = bytes.strip_prefix(&[0xff, 0xfe]) else {
            return Self::broken(
                &String::from_utf8_lossy(bytes),
                "does not begin as UTF-16LE does",
            );
        };
        let pairs = text.chunks_exact(2);
        let is_whole = pairs.remainder().is_empty();
        let units: Vec<_> = pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let is_decoded = String::from_utf16(&units).is_ok();
        let text = String::from_utf16_lossy(&units);
        let text = text.trim();
        if bytes.len() > ORIGIN_LEN_MAX {
            return Self::broken(text, "is longer than 4096 bytes");
        }
        if !is_decoded || !is_whole {
            return Self::broken(text, "is broken UTF-16");
        }
        if tickpipe::escaped(text, usize::MAX) != text.replace('\\', r"\\") {
            return Self::broken(text, "has characters that no path has");
        }
        if !is_path(text) {
            return Self::broken(text, "is no full path");
        }
        Self::At(text.to_owned())
    }

    fn broken(text: &str, problem: &'static str) -> Self {
        Self::Broken { text: text.to_owned(), problem }
    }
}

/// Returns whether a text is a full path in Windows' form.
fn is_path(text: &str) -> bool {
    let rest = match text.as_bytes() {
        _ if is_windows_path(text) => &text[2..],
        [b'\\', b'\\', first, ..] if *first != b'\\' => text,
        _ => return false,
    };
    !rest.contains(['"', '*', ':', '<', '>', '?', '|'])
}

/// Returns whether a path begins with a drive of Windows.
pub(super) fn is_windows_path(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// Returns the last name of a path in Windows' form: brokers give their name to the folder.
pub(super) fn last_name(path: &str) -> &str {
    let path = path.trim_end_matches(['\\', '/']);
    path.rsplit(['\\', '/']).next().unwrap_or(path)
}
