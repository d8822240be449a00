#![no_main]

#[path = "../tick_checks.rs"]
mod tick_checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tick_checks::ticks(data));
