use std::io;

use super::*;

#[test]
fn the_clicks_fit_a_terminal() {
    for (platforms, word) in [
        (&[Platform::Mt4][..], "on AutoTrading, "),
        (&[Platform::Mt5], "on Algo Trading, "),
        (&Platform::ALL, "on AutoTrading (in MT5: Algo Trading), "),
    ] {
        let text = clicks(platforms, true);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("No DLL permission is needed"), "{text}");
        assert!(text.contains(word) && text.contains("press F7 to compile it"), "{text}");
    }
    let text = clicks(&[Platform::Mt5], false);
    assert!(!text.contains("F7") && text.contains("  1. Start the terminal;"), "{text}");
}

#[test]
fn faults_that_are_known_have_a_mend() {
    for (error, word) in [
        (ErrorKind::PermissionDenied, "may write"),
        (ErrorKind::ReadOnlyFilesystem, "may write"),
        (ErrorKind::StorageFull, "make room"),
        (ErrorKind::NotFound, "--list"),
        (ErrorKind::NotADirectory, "move it away"),
        (ErrorKind::WouldBlock, "wait until"),
        (io::Error::other("").kind(), "run it again"),
    ] {
        assert!(mend(error).contains(word), "{error:?}");
    }
}
