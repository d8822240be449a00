//! The file that a token stands in, which nobody but its user may read.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tickpipe_proto::escaped;

use super::Token;
use crate::error::{Error, ErrorKind};

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// Bytes that are read of a file: more than a token has.
const LEN_MAX: u64 = 256;

/// Characters of a path, or of each part of a Windows path, that an error shows.
const SHOWN_CHARS_MAX: usize = 1000;

/// Returns where the token stands if nobody names another file: `tickpipe/token` in
/// `$XDG_CONFIG_HOME`, else in `~/.config`; on Windows in `%APPDATA%`.
///
/// `None` if the environment names no such folder.
#[must_use]
pub fn default_token_path() -> Option<PathBuf> {
    let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))
    };
    Some(folder?.join("tickpipe").join("token"))
}

impl Token {
    /// Reads the token in a file.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NotFound`](ErrorKind::NotFound) if there is no file,
    /// [`InsecureToken`](ErrorKind::InsecureToken) if it is not a file of this user's that nobody
    /// else may read, or holds no token, and [`Io`](ErrorKind::Io).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let at = shown(path);
        let insecure = |text: String| Error::new(ErrorKind::InsecureToken, text);
        let file = match platform::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = format!(
                    "there is no token file `{at}`; `tickpipe serve --listen` makes it, or name \
                     another"
                );
                return Err(Error::new(ErrorKind::NotFound, text).with_source(error));
            }
            Err(_) if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) => {
                let text = format!("token file `{at}` is a symbolic link, name the file itself");
                return Err(insecure(text));
            }
            Err(error) => return Err(Error::io(format!("cannot open token file `{at}`"), error)),
        };
        let fail = |error| Error::io(format!("cannot read token file `{at}`"), error);
        if !file.metadata().map_err(fail)?.is_file() {
            return Err(insecure(format!("`{at}` is no file, name a file for the token")));
        }
        if let Some(found) = platform::exposure(&file).map_err(fail)? {
            return Err(insecure(format!("token file `{at}` {found}")));
        }
        let mut text = Vec::new();
        file.take(LEN_MAX).read_to_end(&mut text).map_err(fail)?;
        let digits = str::from_utf8(&text).ok().map(str::trim_ascii_end);
        digits.and_then(Self::from_digits).ok_or_else(|| {
            insecure(format!(
                "token file `{at}` holds no token, allowed are 32 to 128 hexadecimal digits; \
                 remove it, and the listening server makes a new one"
            ))
        })
    }

    /// Reads the token in a file, which is made with a new token if it is not there.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read) and [`random`](Self::random).
    pub fn read_or_create(path: &Path) -> Result<Self, Error> {
        match Self::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let token = Self::random()?;
                let at = shown(path);
                let fail = |error| Error::io(format!("cannot make token file `{at}`"), error);
                token.create(path).map_err(fail)?;
                // Whichever server was first made it.
                Self::read(path)
            }
            read => read,
        }
    }

    /// Makes the file, whole and private from its first moment, unless somebody was faster.
    fn create(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            platform::create_folder(folder)?;
        }
        let mut new = path.as_os_str().to_owned();
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        new.push(format!(".{}-{count}.new", std::process::id()));
        let new = PathBuf::from(new);
        // A process of this number may have left one behind when it was ended.
        drop(fs::remove_file(&new));
        let written = write_all(platform::create(&new)?, &self.0);
        let linked = written.and_then(|()| {
            // A link, unlike a new name, never takes another file's place.
            match fs::hard_link(&new, path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                linked => linked,
            }
        });
        linked.and(fs::remove_file(&new))
    }
}

/// Returns a path for an error, with nothing in it that drives a terminal.
fn shown(path: &Path) -> String {
    // A backslash stands between folders on Windows.
    let path = path.display().to_string();
    let parts: Vec<_> = path.split('\\').map(|part| escaped(part, SHOWN_CHARS_MAX)).collect();
    parts.join("\\")
}

/// Closed on return, so that a link can be made where an open file allows none.
fn write_all(mut file: File, digits: &str) -> io::Result<()> {
    writeln!(file, "{digits}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
