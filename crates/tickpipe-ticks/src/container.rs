//! What files are packed in: nothing, gzip, or zip.

mod gzip;
mod zip;

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::bars;
use crate::encoding;
use crate::error::TickError;
use crate::lines::Lines;
use crate::sniff::{Content, Other};
use gzip::Gzip;
use zip::Entry;

/// A zip is read from its end. One that comes from a mere reader is therefore held in memory, up to
/// this many bytes.
const ZIP_LEN_MAX: u64 = 64 * 1024 * 1024;

/// What can be read.
type Bytes = Box<dyn Read + Send>;

/// What is looked for in a zip of several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Bars,
    Ticks,
}

/// What a file turns out to be.
enum Look {
    /// Something else of which there is something to say.
    Instead(TickError),
    Other,
    Wanted,
}

impl Wanted {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Ticks => "ticks",
        }
    }

    fn look<R: Read>(self, lines: &mut Lines<R>, name: &str) -> Look {
        match self {
            Self::Bars => match bars::content(lines) {
                bars::Content::Hst(_) | bars::Content::Table { .. } => Look::Wanted,
                bars::Content::Other(_) => Look::Other,
            },
            Self::Ticks => match encoding::content(lines) {
                Content::Bi5 | Content::Table { .. } => Look::Wanted,
                Content::Other(other @ Other::Bars(_)) => Look::Instead(other.error(name)),
                Content::Other(_) => Look::Other,
            },
        }
    }
}

/// A file that was opened, unpacked as it is read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) container: Container,
    /// The name of the zip's entry.
    pub(crate) entry: Option<String>,
    /// Bytes on disk that were read so far; of a zip, of the entry.
    pub(crate) bytes_read: Arc<AtomicU64>,
    /// Bytes on disk there are, if it is known.
    pub(crate) bytes_total: Option<u64>,
}

/// The bytes of a table.
pub(crate) enum Container {
    Gzip(Box<Gzip>),
    Plain(Bytes),
    Zip(Box<Entry<Bytes>>),
}

impl Container {
    /// Returns whether a checksum proved, once the end is reached, that nothing is missing.
    pub(crate) const fn is_proven(&self) -> bool {
        match self {
            Self::Gzip(gzip) => gzip.is_proven(),
            Self::Plain(_) => false,
            Self::Zip(entry) => entry.is_proven(),
        }
    }

    /// Makes an error of what reading failed with.
    pub(crate) fn error(&self, file: &str, source: io::Error) -> TickError {
        let container = match self {
            Self::Gzip(_) => "gzip",
            Self::Plain(_) => return TickError::Io { file: file.to_owned(), source },
            Self::Zip(_) => "zip",
        };
        damaged(file, container, source)
    }
}

/// An error of the system stays one, whatever is packed in what.
pub(crate) fn damaged(file: &str, container: &'static str, source: io::Error) -> TickError {
    let file = file.to_owned();
    match source.raw_os_error() {
        Some(_) => TickError::Io { file, source },
        None => TickError::Damaged { file, container, source },
    }
}

impl Read for Container {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(gzip) => gzip.read(buffer),
            Self::Plain(read) => read.read(buffer),
            Self::Zip(entry) => entry.read(buffer),
        }
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip(_) => "Gzip",
            Self::Plain(_) => "Plain",
            Self::Zip(_) => "Zip",
        })
    }
}

/// Opens a file by its path.
pub(crate) fn open(path: &Path, name: &str, wanted: Wanted) -> Result<Opened, TickError> {
    let io = |source| TickError::Io { file: name.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        // A pipe, which has no end to begin at; a directory fails at the first read.
        return read(Box::new(file), None, name, wanted);
    }
    let head = head(&mut file).map_err(io)?;
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    if zip::is_zip(&head) {
        zip::open(Box::new(file), name, wanted)
    } else {
        read(Box::new(file), Some(metadata.len()), name, wanted)
    }
}

/// Opens whatever can be read.
pub(crate) fn read(
    mut bytes: Bytes,
    bytes_total: Option<u64>,
    name: &str,
    wanted: Wanted,
) -> Result<Opened, TickError> {
    let io = |source| TickError::Io { file: name.to_owned(), source };
    let head = head(&mut bytes).map_err(io)?;
    if zip::is_zip(&head) {
        let mut all = head;
        let rest_max = ZIP_LEN_MAX + 1 - all.len() as u64;
        bytes.take(rest_max).read_to_end(&mut all).map_err(io)?;
        if ZIP_LEN_MAX < all.len() as u64 {
            return Err(TickError::Unsupported {
                file: name.to_owned(),
                found: format!("a zip of more than {ZIP_LEN_MAX} bytes that is no file"),
                mend: "a zip is read from its end; save it and open it by its path",
            });
        }
        return zip::open(Box::new(Cursor::new(all)), name, wanted);
    }
    let is_gzip = gzip::is_gzip(&head);
    let bytes_read = Arc::new(AtomicU64::new(0));
    let all = Cursor::new(head).chain(bytes);
    let counted = Box::new(Counted { bytes: Box::new(all), count: Arc::clone(&bytes_read) });
    let container = if is_gzip {
        Container::Gzip(Box::new(Gzip::new(counted)))
    } else {
        Container::Plain(counted)
    };
    Ok(Opened { container, entry: None, bytes_read, bytes_total })
}

/// Reads the bytes by which a container is told; fewer only at the end.
fn head(bytes: &mut impl Read) -> io::Result<Vec<u8>> {
    const HEAD_LEN: u64 = 4;
    let mut head = Vec::new();
    bytes.take(HEAD_LEN).read_to_end(&mut head)?;
    Ok(head)
}

/// A reader that counts.
struct Counted {
    bytes: Bytes,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.bytes.read(buffer)?;
        self.count.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}
