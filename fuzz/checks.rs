// What must hold for any bytes. The fuzz targets call it, and the ordinary tests do with the corpus.

use std::time::{Duration, Instant};

use tickpipe_proto::{
    CodePage, ErrorCode, Frame, FrameLimits, LineConfig, LineConversation, LineEvent, LineFramer,
    NulPadding, TextEncoding, Unit,
};

/// Any split of the bytes gives the same lines, no line is longer than the limit, and time passing
/// never makes two replies of one line.
pub fn framer(data: &[u8], now: Instant) {
    let Some((&[limit, strip, cut], bytes)) = data.split_first_chunk::<3>() else { return };
    let mut limits = FrameLimits::default();
    limits.line_len_max = usize::from(limit).max(1);
    limits.nul_padding = if strip & 1 == 1 { NulPadding::Strip } else { NulPadding::Keep };

    let whole = frames(limits, [bytes], now);
    assert_eq!(whole, frames(limits, bytes.chunks(1), now));
    assert_eq!(whole, frames(limits, bytes.chunks(usize::from(cut).max(1)), now));
    for (frame, _) in &whole {
        if let Frame::Line(line) = frame {
            assert!(line.len() <= limits.line_len_max);
        }
    }

    // With the deadline over after every byte: 8-bit lines still get one frame each.
    let mut framer = LineFramer::new(limits);
    let mut count = 0;
    let mut at = now;
    for byte in bytes.chunks(1) {
        framer.handle_bytes(at, byte);
        while framer.poll_frame().is_some() {
            count += 1;
        }
        while let Some(due) = framer.poll_timeout() {
            at = at.max(due) + Duration::from_millis(1);
            framer.handle_timeout(at);
            while framer.poll_frame().is_some() {
                count += 1;
            }
        }
    }
    if framer.unit() == Some(Unit::Byte) && limits.nul_padding == NulPadding::Keep {
        let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
        let has_rest = bytes.last().is_some_and(|byte| *byte != b'\n');
        assert!(count == ends || count == ends + usize::from(has_rest), "{count} for {ends}");
    }
}

fn frames<'a>(
    limits: FrameLimits,
    chunks: impl IntoIterator<Item = &'a [u8]>,
    now: Instant,
) -> Vec<(Frame, Option<Unit>)> {
    let mut framer = LineFramer::new(limits);
    let mut found = Vec::new();
    for chunk in chunks {
        framer.handle_bytes(now, chunk);
        while let Some(frame) = framer.poll_frame() {
            found.push((frame, framer.unit()));
        }
    }
    framer.handle_end();
    while let Some(frame) = framer.poll_frame() {
        found.push((frame, framer.unit()));
    }
    found
}

/// Every line gets one reply line in its own encoding, and an echo comes back as it was sent.
pub fn encodings(data: &[u8], now: Instant) {
    const PAGES: [u32; 8] = [65001, 932, 936, 949, 950, 1251, 1252, 874];
    let Some((&page, bytes)) = data.split_first() else { return };
    let Some(code_page) = CodePage::from_windows(PAGES[usize::from(page & 7)]) else { return };
    let mut config = LineConfig::default();
    config.encoding =
        if page & 8 == 0 { TextEncoding::Strict(code_page) } else { TextEncoding::Auto(code_page) };
    let mut conversation = LineConversation::new(config);
    conversation.handle_bytes(now, bytes);
    conversation.handle_end();
    while let Some(event) = conversation.poll_event() {
        let reply = match event {
            LineEvent::Request(text) => Ok(text.to_string()),
            LineEvent::Refused { error, .. } => Err(error),
            LineEvent::Truncated(_) | _ => continue,
        };
        let mut wire = Vec::new();
        let sent = conversation.encode(&reply, &mut wire);
        if let (Ok(_), Err(error)) = (&reply, &sent) {
            // What was decoded can be written back, but for what a code page reads in two ways.
            assert_eq!(error.code(), ErrorCode::Encoding);
        }
        if conversation.is_utf16() {
            let is_ended = wire.ends_with(b"\r\0\n\0") || wire.ends_with(b"\0\r\0\n");
            assert!(is_ended && wire.len().is_multiple_of(2), "{wire:?}");
        } else {
            assert!(wire.ends_with(b"\r\n"), "{wire:?}");
            let count = wire.iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(count, 1, "{wire:?}");
        }
    }
}
