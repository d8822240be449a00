#![expect(clippy::disallowed_methods, reason = "a test begins some time")]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn limits(line_len_max: usize) -> FrameLimits {
    FrameLimits { line_len_max, ..FrameLimits::default() }
}

/// Feeds `chunks` and then the end, and returns every frame with the unit it came in.
fn frames(limits: FrameLimits, chunks: &[&[u8]]) -> Vec<(Frame, Option<Unit>)> {
    let mut framer = LineFramer::new(limits);
    let mut found = Vec::new();
    let now = Instant::now();
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

fn line(bytes: &[u8]) -> Frame {
    Frame::Line(bytes.to_vec())
}

#[track_caller]
fn check(bytes: &[u8], want: &[Frame]) {
    check_with(limits(8), bytes, want);
}

/// Checks the frames of `bytes` whole and byte by byte.
#[track_caller]
fn check_with(limits: FrameLimits, bytes: &[u8], want: &[Frame]) {
    let whole: Vec<_> = frames(limits, &[bytes]).into_iter().map(|(frame, _)| frame).collect();
    assert_eq!(whole, want, "whole");
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    let bytewise: Vec<_> = frames(limits, &single).into_iter().map(|(frame, _)| frame).collect();
    assert_eq!(bytewise, want, "byte by byte");
}

#[test]
fn lines_end_at_a_line_feed_and_lose_one_carriage_return() {
    check(b"1.1\r\n", &[line(b"1.1")]);
    check(b"1.1\n", &[line(b"1.1")]);
    check(b"1.1\r\r\n", &[line(b"1.1\r")]);
    check(b"\n", &[line(b"")]);
    check(b"\r\n", &[line(b"")]);
    check(b"\n\n1\n", &[line(b""), line(b""), line(b"1")]);
    check(b"1\n2\r\n3", &[line(b"1"), line(b"2"), Frame::Truncated(1)]);
    check(b"", &[]);
}

#[test]
fn a_line_at_the_limit_passes_and_one_byte_more_does_not() {
    check(b"12345678\r\n1\n", &[line(b"12345678"), line(b"1")]);
    check(b"12345678\n1\n", &[line(b"12345678"), line(b"1")]);
    check(b"123456789\r\n1\n", &[Frame::TooLong, line(b"1")]);
    check(b"12345678\r9\n1\n", &[Frame::TooLong, line(b"1")]);
    check(b"12345678901234567890", &[Frame::TooLong]);
    check(b"1\x002\x003\x004\0\r\0\n\0", &[line(b"1\x002\x003\x004\0")]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_line() {
    check(b"\xEF\xBB\xBF1.1\r\n", &[line(b"1.1")]);
    check(b"\xFF\xFE1\0\n\0", &[line(b"1\0")]);
    check(b"\xFE\xFF\x001\0\n", &[line(b"\x001")]);
    check(b"\xEF\xBB1\n", &[line(b"\xEF\xBB1")]);
    check(b"\xFF1\n", &[line(b"\xFF1")]);
}

#[test]
fn zeros_at_every_second_byte_are_utf16() {
    check(b"1\0.\x001\0\r\0\n\x002\0\n\0", &[line(b"1\0.\x001\0"), line(b"2\0")]);
    check(b"1\0\n\0", &[line(b"1\0")]);
    check(b"\x001\0.\0\r\0\n", &[line(b"\x001\0.")]);
    // A line feed is looked for at even offsets only: U+0A31, then U+310A.
    check(b"1\x002\x001\x0A\x0A1\n\0", &[line(b"1\x002\x001\x0A\x0A1")]);
    check(b"\r\0\n\x001\0\n\0", &[line(b""), line(b"1\0")]);
    check(b"\n\x001\0\n\0", &[line(b""), line(b"1\0")]);
}

#[test]
fn what_only_looks_like_utf16_at_first_is_8_bit() {
    check(b"1\0\n", &[line(b"1\0")]);
    check(b"1\x002\n", &[line(b"1\x002")]);
    check(b"\0\n", &[line(b"\0")]);
    check(b"\0\0\0\0\n", &[line(b"\0\0\0\0")]);
}

#[test]
fn padding_is_stripped_when_asked_for() {
    let strip = FrameLimits { nul_padding: NulPadding::Strip, ..limits(8) };
    check_with(strip, b"1.1\r\n\0\0\x001.2\r\n", &[line(b"1.1"), line(b"1.2")]);
    check_with(strip, b"1.1\0\0\r\n", &[line(b"1.1")]);
    check_with(strip, b"1.\x001\r\n", &[line(b"1.\x001")]);
    check_with(strip, b"1.1\r\n\0\0\0", &[line(b"1.1")]);
    check_with(strip, b"1\0.\0\r\0\n\0\0\0\0\x002\0\n\0", &[line(b"1\0.\0"), line(b"2\0")]);
    check_with(limits(8), b"1.1\r\n\x001\n", &[line(b"1.1"), line(b"\x001")]);
}

#[test]
fn a_half_line_is_given_up_after_its_deadline_and_its_rest_dropped() {
    let mut framer = LineFramer::new(limits(100));
    let begin = Instant::now();
    let second = Duration::from_secs(1);
    framer.handle_bytes(begin, b"1\n2");
    assert_eq!(framer.poll_frame(), Some(line(b"1")));
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), Some(begin + 5 * second));
    framer.handle_bytes(begin + second, b"2");
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), Some(begin + 5 * second), "more bytes buy no more time");
    framer.handle_timeout(begin + 4 * second);
    assert_eq!(framer.poll_frame(), None);
    framer.handle_timeout(begin + 5 * second);
    assert_eq!(framer.poll_frame(), Some(Frame::TimedOut));
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), None);
    framer.handle_bytes(begin + 6 * second, b"2\n3\n4");
    assert_eq!(framer.poll_frame(), Some(line(b"3")));
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), Some(begin + 11 * second), "counted from this line's byte");
}

#[test]
fn the_first_lines_clock_starts_at_its_first_byte() {
    let mut framer = LineFramer::new(limits(100));
    let begin = Instant::now();
    framer.handle_bytes(begin, b"1");
    assert_eq!(framer.poll_frame(), None);
    framer.handle_bytes(begin + Duration::from_secs(4), b"2");
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), Some(begin + Duration::from_secs(5)));
}

#[test]
fn a_line_that_may_be_utf16_is_served_after_the_deadline() {
    let mut framer = LineFramer::new(limits(100));
    let begin = Instant::now();
    framer.handle_bytes(begin, b"1\0\n");
    assert_eq!(framer.poll_frame(), None);
    let due = framer.poll_timeout().unwrap();
    framer.handle_timeout(due);
    assert_eq!(framer.poll_frame(), Some(line(b"1\0")));
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), None);
}

#[test]
fn the_second_half_of_an_answered_line_feed_is_no_half_line() {
    let mut framer = LineFramer::new(limits(100));
    let begin = Instant::now();
    framer.handle_bytes(begin, b"\n\0");
    assert_eq!(framer.poll_frame(), Some(line(b"")));
    assert_eq!(framer.poll_frame(), None);
    assert_eq!(framer.poll_timeout(), None);
    framer.handle_bytes(begin + Duration::from_secs(60), b"1\0\n\0");
    assert_eq!(framer.poll_frame(), Some(line(b"1\0")));
    assert_eq!(framer.unit(), Some(Unit::Utf16Le));
}

#[test]
fn the_buffer_never_holds_more_than_a_line_and_a_chunk() {
    let mut framer = LineFramer::new(limits(100));
    for _ in 0..1000 {
        framer.handle_bytes(Instant::now(), &[b'x'; 64]);
        while framer.poll_frame().is_some() {}
        assert!(framer.buf.len() <= 100 + 64, "{} bytes are buffered", framer.buf.len());
    }
}

/// Bytes that meet every rule often: line ends, NULs, byte order marks.
fn wire() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => Just(b'1'),
        3 => Just(0),
        3 => Just(b'\n'),
        2 => Just(b'\r'),
        1 => Just(0xFF),
        1 => Just(0xFE),
        1 => Just(0xEF),
        1 => Just(0xBB),
        1 => Just(0xBF),
        2 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn any_split_gives_the_same_frames(
        bytes in wire(),
        cuts in prop::collection::vec(1_usize..9, 60),
        line_len_max in 1_usize..20,
        strip in any::<bool>(),
    ) {
        let nul_padding = if strip { NulPadding::Strip } else { NulPadding::Keep };
        let limits = FrameLimits { nul_padding, ..limits(line_len_max) };
        let mut chunks = Vec::new();
        let mut rest = bytes.as_slice();
        for cut in cuts {
            let (chunk, after) = rest.split_at(cut.min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        chunks.push(rest);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        let whole = frames(limits, &[&bytes]);
        prop_assert_eq!(&whole, &frames(limits, &chunks));
        prop_assert_eq!(&whole, &frames(limits, &single));
    }

    #[test]
    fn eight_bit_lines_come_back_as_they_were_sent(
        lines in prop::collection::vec("[ -~é]{1,40}", 1..20)
    ) {
        let mut sent = Vec::new();
        for text in &lines {
            sent.extend_from_slice(text.as_bytes());
            sent.extend_from_slice(b"\r\n");
        }
        let got: Vec<_> = frames(limits(200), &[&sent]).into_iter().map(|(frame, _)| frame).collect();
        let want: Vec<_> = lines.iter().map(|text| line(text.as_bytes())).collect();
        prop_assert_eq!(got, want);
    }
}
