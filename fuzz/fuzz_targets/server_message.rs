#![no_main]

#[allow(dead_code, reason = "each target calls one of the checks")]
#[path = "../message_checks.rs"]
mod message_checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| message_checks::server_message(data));
