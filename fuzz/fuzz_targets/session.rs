#![no_main]

#[path = "../session_checks.rs"]
mod session_checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| session_checks::session(data, std::time::Instant::now()));
