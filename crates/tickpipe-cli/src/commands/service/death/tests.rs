use super::*;

#[test]
fn a_death_is_told_in_words() {
    for (death, text) in [
        (Death::Code(0), "ended with exit code 0: done"),
        (Death::Code(3), "ended with exit code 3: name taken"),
        (Death::Code(77), "ended with exit code 77"),
        (
            Death::Code(0xc000_0005_u32.cast_signed()),
            "ended with exit code 0xc0000005: access violation",
        ),
        (Death::Code(0x1234_5678), "ended with exit code 0x12345678"),
        #[cfg(unix)]
        (Death::Signal(9), "was killed by signal 9 (SIGKILL)"),
        #[cfg(unix)]
        (Death::Signal(31), "was killed by signal 31"),
        (Death::NotStarted("no such file".to_owned()), "could not be started: no such file"),
    ] {
        assert_eq!(death.to_string(), text);
    }
}

#[test]
fn only_what_our_programs_end_with_is_a_code() {
    assert_eq!(Death::Code(4).code(), Some(4));
    assert_eq!(Death::Code(0xc000_0005_u32.cast_signed()).code(), None);
    assert_eq!(Death::NotStarted(String::new()).code(), None);
}
