use super::*;

#[test]
fn the_limit_is_a_number_of_seconds() {
    assert_eq!(limit(None).unwrap(), LIMIT_DEFAULT);
    assert_eq!(limit(Some("5")).unwrap(), Duration::from_secs(5));
    assert!(limit(Some("soon")).is_err());
}

#[test]
fn only_a_silent_one_is_a_lost_start() {
    let relayed = |ended, written| Relayed { ended, written };
    assert!(relayed(Ended::Code(1), 0).is_lost_start());
    assert!(!relayed(Ended::Code(1), 1).is_lost_start());
    assert!(!relayed(Ended::Code(0), 0).is_lost_start());
    assert!(!relayed(Ended::Code(2), 0).is_lost_start());
    assert!(!relayed(Ended::TimedOut, 0).is_lost_start());
}

#[cfg(unix)]
mod relayed {
    use std::process::Command;

    use super::*;

    fn shell(script: &str, limit: Duration) -> Relayed {
        relay::run(Command::new("sh").args(["-c", script]), limit).unwrap()
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn code_and_bytes_are_passed_on() {
        let relayed = shell("printf abc; printf de >&2; exit 7", LONG);
        assert_eq!((relayed.ended, relayed.written), (Ended::Code(7), 5));
    }

    #[test]
    fn a_signal_becomes_a_code() {
        assert_eq!(shell("kill -TERM $$", LONG).ended, Ended::Code(128 + 15));
    }

    #[test]
    fn a_program_is_killed_at_the_limit() {
        assert_eq!(shell("exec sleep 60", Duration::from_millis(50)).ended, Ended::TimedOut);
    }
}
