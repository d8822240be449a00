//! A zip with one table in it.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use tickpipe_proto::escaped;
use zip::{CompressionMethod, ZipArchive};

use super::{Bytes, Container, Counted, Look, Opened, Wanted, damaged};
use crate::error::TickError;
use crate::lines::Lines;

const BLOCK_LEN: usize = 64 * 1024;
/// A vendor's zip holds a table and perhaps a report.
const ENTRIES_MAX: usize = 100;
/// Bytes of the directory that are read: so many entries with long names.
const DIRECTORY_LEN_MAX: u64 = 4 * 1024 * 1024;
/// Entries that an error names, and characters of each name.
const NAMES_MAX: usize = 8;
const NAME_CHARS_MAX: usize = 60;

pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// Whether a file that begins so is a zip, an empty one included.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What the directory says of an entry.
#[derive(Clone, Debug)]
struct Listed {
    name: String,
    data_start: u64,
    packed_len: u64,
    len: u64,
    checksum: u32,
    packing: Packing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Deflated,
    Stored,
    /// Encrypted, or packed in another way.
    Unknown,
}

/// Opens the one table of a zip.
pub(crate) fn open(
    bytes: Box<dyn ReadSeek>,
    name: &str,
    wanted: Wanted,
) -> Result<Opened, TickError> {
    let (mut bytes, entries) = list(bytes, name)?;
    let mut tables = Vec::new();
    // What to say if there is no table.
    let mut instead = None;
    for (index, entry) in entries.iter().enumerate() {
        if entry.packing == Packing::Unknown {
            continue;
        }
        let io = |source| damaged(name, "zip", source);
        bytes.seek(SeekFrom::Start(entry.data_start)).map_err(io)?;
        let mut lines = Lines::new(Entry::new(&mut bytes, entry));
        match (wanted.look(&mut lines, name), lines.take_failure()) {
            (Look::Wanted, _) => tables.push(index),
            (Look::Other | Look::Instead(_), Some(failure)) => instead = Some(io(failure)),
            (Look::Instead(error), None) => instead = Some(error),
            (Look::Other, None) => {}
        }
    }
    let &[table] = tables.as_slice() else {
        let not_one = || not_one(name, wanted, tables.len(), &entries);
        return Err(instead.filter(|_| tables.is_empty()).unwrap_or_else(not_one));
    };
    let entry = &entries[table];
    bytes.seek(SeekFrom::Start(entry.data_start)).map_err(|error| damaged(name, "zip", error))?;
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted: Bytes =
        Box::new(Counted { bytes: Box::new(bytes), count: Arc::clone(&bytes_read) });
    Ok(Opened {
        container: Container::Zip(Box::new(Entry::new(counted, entry))),
        entry: Some(entry.name.clone()),
        bytes_read,
        bytes_total: Some(entry.packed_len),
    })
}

/// Reads the directory, and gives the file back.
fn list(
    bytes: Box<dyn ReadSeek>,
    name: &str,
) -> Result<(Box<dyn ReadSeek>, Vec<Listed>), TickError> {
    let limited = Limited { bytes, left: DIRECTORY_LEN_MAX };
    let zip_error = |error| damaged(name, "zip", io::Error::from(error));
    let mut archive = ZipArchive::new(limited).map_err(zip_error)?;
    if ENTRIES_MAX < archive.len() {
        return Err(TickError::Unsupported {
            file: name.to_owned(),
            found: format!("a zip of {} entries", archive.len()),
            mend: "allowed are 100; unpack the table of ticks and open that",
        });
    }
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(zip_error)?;
        let name = entry.name().map_err(zip_error)?.into_owned();
        let data_start = entry.data_start();
        let (Some(data_start), false) = (data_start, entry.is_dir()) else { continue };
        let packing = if entry.encrypted() {
            Packing::Unknown
        } else if entry.compression() == CompressionMethod::DEFLATE {
            Packing::Deflated
        } else if entry.compression() == CompressionMethod::STORE {
            Packing::Stored
        } else {
            Packing::Unknown
        };
        entries.push(Listed {
            name,
            data_start,
            packed_len: entry.compressed_size(),
            len: entry.size(),
            checksum: entry.crc32(),
            packing,
        });
    }
    Ok((archive.into_inner().bytes, entries))
}

fn not_one(name: &str, wanted: Wanted, tables: usize, entries: &[Listed]) -> TickError {
    let shown = entries.iter().take(NAMES_MAX).map(|entry| {
        let name = escaped(&entry.name, NAME_CHARS_MAX);
        match entry.packing {
            Packing::Unknown => format!("`{name}` (encrypted or packed in another way)"),
            Packing::Deflated | Packing::Stored => format!("`{name}`"),
        }
    });
    let mut names = shown.collect::<Vec<_>>().join(", ");
    if entries.is_empty() {
        names.push_str("none");
    } else if NAMES_MAX < entries.len() {
        names.push_str(&format!(" and {} more", entries.len() - NAMES_MAX));
    }
    let found = match tables {
        0 => format!("no table of {}", wanted.as_str()),
        tables => format!("{tables} tables of {}", wanted.as_str()),
    };
    TickError::ZipEntries { file: name.to_owned(), found, entries: names }
}

/// One entry, unpacked as it is read and checked at its end.
pub(crate) struct Entry<R> {
    unpacked: Unpacked<R>,
    /// Bytes that are still to come.
    left: u64,
    found: Crc,
    checksum: u32,
    is_proven: bool,
}

enum Unpacked<R> {
    Deflated(DeflateDecoder<BufReader<Take<R>>>),
    Stored(Take<R>),
}

impl<R: Read> Entry<R> {
    /// Takes bytes that begin where the entry's do.
    fn new(bytes: R, listed: &Listed) -> Self {
        let packed = bytes.take(listed.packed_len);
        let unpacked = if listed.packing == Packing::Deflated {
            let packed = BufReader::with_capacity(BLOCK_LEN, packed);
            Unpacked::Deflated(DeflateDecoder::new(packed))
        } else {
            Unpacked::Stored(packed)
        };
        let (left, checksum) = (listed.len, listed.checksum);
        Self { unpacked, left, found: Crc::new(), checksum, is_proven: false }
    }

    pub(crate) const fn is_proven(&self) -> bool {
        self.is_proven
    }
}

impl<R: Read> Read for Entry<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = match &mut self.unpacked {
            Unpacked::Deflated(decoder) => decoder.read(buffer)?,
            Unpacked::Stored(bytes) => bytes.read(buffer)?,
        };
        let wrong = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        let Some(left) = self.left.checked_sub(len as u64) else {
            return wrong("the entry is longer than the directory says");
        };
        self.left = left;
        self.found.update(&buffer[..len]);
        if len == 0 && !buffer.is_empty() {
            if 0 < left {
                return wrong("the entry is shorter than the directory says");
            }
            if self.found.sum() != self.checksum {
                return wrong("the checksum does not fit");
            }
            self.is_proven = true;
        }
        Ok(len)
    }
}

/// Lets no directory, however long, into memory.
struct Limited {
    bytes: Box<dyn ReadSeek>,
    left: u64,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.bytes.read(buffer)?;
        let Some(left) = self.left.checked_sub(len as u64) else {
            let text = format!("no directory within {DIRECTORY_LEN_MAX} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        };
        self.left = left;
        Ok(len)
    }
}

impl Seek for Limited {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(position)
    }
}
