//! Archives whose bytes depend on nothing but what is in them.

#[cfg(test)]
mod tests;

use std::io::{Cursor, Write as _};

use anyhow::Context as _;
use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// What gzip writes for an unknown system, so that the one that packed leaves no trace.
const UNKNOWN_SYSTEM: u8 = 255;

/// Who may do what with an unpacked file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Data,
    Program,
}

impl Mode {
    fn bits(self) -> u32 {
        match self {
            Self::Data => 0o644,
            Self::Program => 0o755,
        }
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// From the archive's root, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) mode: Mode,
}

/// Packs files into a zip, in the order of their names.
pub(crate) fn zip(mut entries: Vec<Entry>, time: Timestamp) -> anyhow::Result<Vec<u8>> {
    sort(&mut entries);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for Entry { path, bytes, mode } in &entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(zip_time(time)?)
            .unix_permissions(mode.bits())
            .system(System::Unix);
        writer.start_file(path.as_str(), options).with_context(|| format!("cannot pack {path}"))?;
        writer.write_all(bytes).with_context(|| format!("cannot pack {path}"))?;
    }
    Ok(writer.finish().context("cannot end the zip")?.into_inner())
}

/// Packs files into a gzipped tar, in the order of their names.
pub(crate) fn tar_gz(mut entries: Vec<Entry>, time: Timestamp) -> anyhow::Result<Vec<u8>> {
    sort(&mut entries);
    let seconds = u64::try_from(time.as_second()).context("a time before 1970")?;
    let gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    let mut builder = tar::Builder::new(gzip);
    for Entry { path, bytes, mode } in &entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(bytes.len()).context("a file that is too long")?);
        header.set_mode(mode.bits());
        header.set_mtime(seconds);
        // Numbers, and no names of this machine's users.
        header.set_uid(0);
        header.set_gid(0);
        let entry = builder.append_data(&mut header, path, bytes.as_slice());
        entry.with_context(|| format!("cannot pack {path}"))?;
    }
    let gzip = builder.into_inner().context("cannot end the tar")?;
    gzip.finish().context("cannot end the gzip")
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by(|left, right| left.path.cmp(&right.path));
}

/// A zip's times have no zone, and begin in 1980; ours are UTC.
fn zip_time(time: Timestamp) -> anyhow::Result<DateTime> {
    let time = time.to_zoned(TimeZone::UTC).datetime();
    let part = |part: i8| u8::try_from(part).context("a part of a date below zero");
    let year = u16::try_from(time.year()).context("a year below zero")?;
    DateTime::from_date_and_time(
        year,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )
    .with_context(|| format!("a zip has no room for the time {time}"))
}
