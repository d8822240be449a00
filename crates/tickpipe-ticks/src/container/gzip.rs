//! gzip, one member or several.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

const BLOCK_LEN: usize = 64 * 1024;

/// Whether a file that begins so is gzip.
pub(crate) fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1F, 0x8B])
}

/// Unpacks, and knows at the end whether nothing can be missing.
pub(crate) struct Gzip {
    /// `None` after the last member.
    decoder: Option<GzDecoder<BufReader<Box<dyn Read + Send>>>>,
    /// A member is checked by its checksum, but nothing says how many there are; bgzip, which marks its
    /// members with an extra field, even begins a new one within a row.
    can_lack_members: bool,
}

impl Gzip {
    pub(crate) fn new(bytes: Box<dyn Read + Send>) -> Self {
        let bytes = BufReader::with_capacity(BLOCK_LEN, bytes);
        Self { decoder: Some(GzDecoder::new(bytes)), can_lack_members: false }
    }

    pub(crate) const fn is_proven(&self) -> bool {
        self.decoder.is_none() && !self.can_lack_members
    }
}

impl Read for Gzip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.decoder {
            let len = decoder.read(buffer)?;
            if 0 < len {
                return Ok(len);
            }
            self.can_lack_members |= decoder.header().is_none_or(|header| header.extra().is_some());
            if decoder.get_mut().fill_buf()?.is_empty() {
                self.decoder = None;
            } else if let Some(decoder) = self.decoder.take() {
                self.can_lack_members = true;
                self.decoder = Some(GzDecoder::new(decoder.into_inner()));
            }
        }
        Ok(0)
    }
}
