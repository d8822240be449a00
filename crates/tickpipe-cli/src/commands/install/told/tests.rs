use std::io;

use super::*;

#[test]
fn the_clicks_fit_a_terminal() {
    let text = [CLICKS, CLICKS_WINE].concat();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("No DLL permission is needed"), "{text}");
}

#[test]
fn faults_that_are_known_have_a_mend() {
    for (error, word) in [
        (ErrorKind::PermissionDenied, "may write"),
        (ErrorKind::ReadOnlyFilesystem, "may write"),
        (ErrorKind::StorageFull, "make room"),
        (ErrorKind::NotFound, "--list"),
        (ErrorKind::NotADirectory, "move it away"),
        (io::Error::other("").kind(), "run it again"),
    ] {
        assert!(mend(error).contains(word), "{error:?}");
    }
}
