//! The directory that a socket is in.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::commands::doctor::finding::Finding;
use crate::commands::doctor::topic::Topic;
use crate::print;

/// Looks at the directory of a socket's address; nothing is found about one that is yet to be made.
///
/// That of a plain name is ours, and nobody else's; that of a full path is the user's own choice.
pub(crate) fn check(address: &str, pipe: &str) -> Option<Finding> {
    let directory = Path::new(address).parent()?;
    let at = directory.display();
    let is_ours = !pipe.starts_with('/');
    let metadata = match fs::symlink_metadata(directory) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let found = format!("`{at}` does not exist");
            let mend = command("mkdir -p -m 700", directory);
            return (!is_ours).then(|| Finding::problem(Topic::DirectoryMissing, found, mend));
        }
        Err(error) => {
            let found = format!("`{at}` cannot be looked at: {error}");
            let mend = "set XDG_RUNTIME_DIR to a directory of yours with mode 0700";
            return Some(Finding::problem(Topic::DirectoryUnreadable, found, mend));
        }
    };
    let mode = metadata.mode() & 0o7777;
    // A sticky directory, such as /tmp, keeps each user's files apart.
    let is_open = mode & 0o022 != 0 && mode & 0o1000 == 0;
    let found = format!("`{at}` has mode {mode:04o} and belongs to user {}", metadata.uid());
    Some(if is_ours && !metadata.is_dir() {
        let found = format!("`{at}` is a symbolic link or a file");
        Finding::problem(Topic::DirectoryNone, found, command("rm", directory))
    } else if is_open || (is_ours && mode & 0o077 != 0) {
        Finding::problem(Topic::DirectoryOpen, found, command("chmod 700", directory))
    } else {
        Finding::ok("directory", found)
    })
}

/// Returns a command on the directory, that can be copied.
fn command(what: &str, directory: &Path) -> String {
    directory
        .to_str()
        .and_then(print::shell_word)
        .map_or_else(|| format!("`{what}` that directory"), |path| format!("{what} {path}"))
}
