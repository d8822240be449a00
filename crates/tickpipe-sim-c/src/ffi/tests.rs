//! Calls as C makes them, and the header held against what it describes.

use std::collections::BTreeMap;
use std::ptr;

use super::*;
use crate::layout::{CLIENT_ID_LEN, CURRENCY_LEN, DESCRIPTION_LEN, MESSAGE_LEN, NAME_LEN};
use crate::layout::{SIZES, Sized32 as _, code};

const HEADER: &str = include_str!("../../include/tickpipe_sim.h");
const PROGRAM: &str = include_str!("../../../../testing/sim_broker.c");
/// Where functions are exported.
const SOURCES: &[&str] = &[
    include_str!("mod.rs"),
    include_str!("books.rs"),
    include_str!("decimal.rs"),
    include_str!("orders.rs"),
];

#[test]
fn the_header_has_every_constant_and_no_other() {
    let word = |line: &str| -> Option<(String, i32)> {
        let (name, rest) = line.trim().strip_prefix("TICKPIPE_SIM_")?.split_once(" = ")?;
        let value = rest.split([',', ' ']).next()?.parse().ok()?;
        Some((name.to_owned(), value))
    };
    let found: BTreeMap<String, i32> = HEADER.lines().filter_map(word).collect();
    let ours = code::ALL.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    assert_eq!(found, ours);
    for (name, value) in [
        ("NAME_LEN", NAME_LEN),
        ("CLIENT_ID_LEN", CLIENT_ID_LEN),
        ("MESSAGE_LEN", MESSAGE_LEN),
        ("CURRENCY_LEN", CURRENCY_LEN),
        ("DESCRIPTION_LEN", DESCRIPTION_LEN),
    ] {
        let line = format!("#define TICKPIPE_SIM_{name} {value}");
        assert!(
            HEADER.lines().any(|found| found.split(" /*").next().unwrap().trim() == line),
            "{line}"
        );
    }
    assert!(HEADER.contains(&format!("#define TICKPIPE_SIM_VERSION {VERSION}u\n")));
}

/// The C program is compiled with the header, and states the sizes that this crate has.
#[test]
fn the_program_states_our_sizes_and_calls_every_function() {
    for (name, size) in SIZES {
        let stated = format!("_Static_assert(sizeof({name}) == {size}, \"layout\");");
        assert!(PROGRAM.contains(&stated), "{stated}");
    }
    let function = |line: &str| -> Option<String> {
        let (_, rest) = line.split_once("int32_t tickpipe_sim_")?;
        Some(format!("tickpipe_sim_{}(", rest.split_once('(')?.0))
    };
    let functions: Vec<_> = HEADER.lines().filter_map(function).collect();
    let exported: usize =
        SOURCES.iter().map(|source| source.matches("#[unsafe(no_mangle)]").count()).sum();
    assert_eq!(functions.len(), exported);
    for function in functions {
        assert!(PROGRAM.contains(&function), "{function}");
    }
}

#[test]
fn an_address_is_looked_at_before_it_is_used() {
    let mut space = [0_u64; 8];
    let odd = space.as_mut_ptr().cast::<u8>().wrapping_add(1);
    // SAFETY: an address that is not aligned is not read.
    let failure = unsafe { read::<Config>(odd.cast()) }.unwrap_err();
    assert_eq!(failure.code(), code::ERROR_ADDRESS);
    assert!(failure.to_string().contains("not aligned"), "{failure}");
    // SAFETY: null is not read.
    let failure = unsafe { read::<Config>(ptr::null()) }.unwrap_err();
    assert_eq!(failure.code(), code::ERROR_ADDRESS);
    // SAFETY: the size is there and says that there is nothing else.
    let failure = unsafe { read::<Config>(space.as_ptr().cast()) }.unwrap_err();
    assert_eq!(failure, Failure::Size { name: Config::NAME, found: 0, expected: 48 });
}

#[test]
fn a_text_is_read_no_further_than_its_limit() {
    let endless = [b'x'; 5];
    // SAFETY: five bytes are there, and no more than four and one are read.
    let failure = unsafe { text("symbol", endless.as_ptr().cast(), 4) }.unwrap_err();
    assert_eq!(failure.code(), code::ERROR_TEXT);
    // SAFETY: the zero is among the bytes.
    let full = unsafe { text("symbol", c"xxxx".as_ptr(), 4) };
    assert_eq!(full.as_deref(), Ok("xxxx"));
}

#[test]
fn a_text_is_written_into_what_there_is() {
    let mut place = [7_u8; 6];
    for (len, expected) in [(0, b"\x07\x07\x07\x07\x07\x07"), (1, b"\0\x07\x07\x07\x07\x07")] {
        // SAFETY: so many bytes are there.
        unsafe { put_text("text", "a\u{e4}c", place.as_mut_ptr().cast(), len) }.unwrap();
        assert_eq!(&place, expected);
    }
    // SAFETY: three bytes are there.
    unsafe { put_text("text", "a\u{e4}c", place.as_mut_ptr().cast(), 3) }.unwrap();
    assert_eq!(&place, b"a\0\x07\x07\x07\x07");
    // SAFETY: six bytes are there.
    unsafe { put_text("text", "a\u{e4}c", place.as_mut_ptr().cast(), 6) }.unwrap();
    assert_eq!(&place, b"a\xc3\xa4c\0\x07");
}
