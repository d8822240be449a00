//! What tests pack files with.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use lzma_rust2::{LzmaOptions, LzmaWriter};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(CompressionMethod::DEFLATE, entries)
}

pub(crate) fn zip_with(method: CompressionMethod, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// LZMA-alone that states its unpacked length, as Dukascopy's does.
pub(crate) fn lzma(bytes: &[u8]) -> Vec<u8> {
    lzma_with(bytes, Some(bytes.len() as u64))
}

pub(crate) fn lzma_with(bytes: &[u8], len: Option<u64>) -> Vec<u8> {
    let mut options = LzmaOptions::with_preset(1);
    options.dict_size = 1 << 16;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, len).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// Milliseconds, ask, bid, ask volume, bid volume.
pub(crate) type Record = (u32, u32, u32, f32, f32);

pub(crate) fn bi5(records: &[Record]) -> Vec<u8> {
    lzma(&records_of(records))
}

pub(crate) fn records_of(records: &[Record]) -> Vec<u8> {
    let bytes = |&(time, ask, bid, ask_volume, bid_volume): &Record| {
        [time, ask, bid, ask_volume.to_bits(), bid_volume.to_bits()].map(u32::to_be_bytes).concat()
    };
    records.iter().flat_map(bytes).collect()
}

pub(crate) fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
