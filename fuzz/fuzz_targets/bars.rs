#![no_main]

#[path = "../bar_checks.rs"]
mod bar_checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bar_checks::bars(data));
