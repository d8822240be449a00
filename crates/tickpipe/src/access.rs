//! Who may connect to a pipe, as the system says it, and not as we asked for it.

use std::fmt;

use crate::error::Error;
use crate::name::PipeName;
use crate::transport;

/// Who may connect to a pipe or a socket, read back from the system.
///
/// # Examples
///
/// ```
/// let server = tickpipe::Server::bind(&format!("doc-access-{}", std::process::id()))?;
/// assert!(server.access()?.is_private());
/// # Ok::<(), tickpipe::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// A pipe on Windows.
    #[non_exhaustive]
    Pipe {
        /// The owner's SID; `None` if it has none.
        owner: Option<String>,
        /// What the list on the pipe says, in its order; `None` where there is no list, which lets
        /// everybody do everything.
        entries: Option<Vec<AccessEntry>>,
        /// Owner and list in Windows' own notation.
        sddl: String,
        /// The SID of the user who asks.
        this_user: String,
    },
    /// A socket on Unix.
    #[non_exhaustive]
    Socket {
        /// The number of the socket's owner.
        owner: u32,
        /// The socket's permission bits, such as `0o600`.
        mode: u32,
        /// The directory that it is in.
        directory: String,
        /// The number of the directory's owner.
        directory_owner: u32,
        /// The directory's permission bits, such as `0o700`.
        directory_mode: u32,
        /// The number of the user who asks.
        this_user: u32,
    },
}

/// What one entry of a Windows pipe's list says about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessEntry {
    /// What the entry does.
    pub kind: AccessKind,
    /// The user's or group's SID; empty for an entry of another kind.
    pub user: String,
    /// The access mask; 0 for an entry of another kind.
    pub rights: u32,
}

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessKind {
    /// It grants its rights.
    Allow,
    /// It denies them.
    Deny,
    /// Anything else, by its number.
    Other(u8),
}

/// What a Windows pipe's owner has.
pub(crate) const FULL_ACCESS: u32 = 0x001f_01ff;
/// Reading and writing, but not making an instance of one's own.
pub(crate) const CLIENT_ACCESS: u32 = 0x0012_019b;
/// The local system's SID.
pub(crate) const SYSTEM: &str = "S-1-5-18";

impl Access {
    /// Reads who may connect to the server of a name.
    ///
    /// On Windows it opens the pipe for a moment, as a client does.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidName`](crate::ErrorKind::InvalidName),
    /// [`NotFound`](crate::ErrorKind::NotFound) if nobody serves the name, and
    /// [`Io`](crate::ErrorKind::Io).
    pub fn of(name: &str) -> Result<Self, Error> {
        transport::access(&PipeName::new(name)?)
    }

    /// Returns whether only the user who asks, and the system itself, may connect.
    ///
    /// Wine 8 stores what a pipe allows and does not enforce it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Pipe { owner, entries, this_user, .. } => {
                let is_trusted = |user: &str| user == this_user || user == SYSTEM;
                owner.as_ref() == Some(this_user)
                    && entries.as_ref().is_some_and(|entries| {
                        entries
                            .iter()
                            .all(|entry| entry.kind == AccessKind::Deny || is_trusted(&entry.user))
                    })
            }
            Self::Socket { owner, mode, directory_owner, directory_mode, this_user, .. } => {
                // Who may write into the directory may put another socket in this one's place,
                // unless the sticky bit keeps them from what is not theirs.
                let is_safe_place = directory_mode & 0o022 == 0 || directory_mode & 0o1000 != 0;
                owner == this_user
                    && mode & 0o077 == 0
                    && (directory_owner == this_user || *directory_owner == 0)
                    && is_safe_place
            }
        }
    }
}

/// Says it in words.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipe { owner, entries, this_user, .. } => {
                match owner {
                    Some(owner) => write!(f, "owned by {}", user_word(owner, this_user))?,
                    None => f.write_str("owned by nobody")?,
                }
                let Some(entries) = entries else { return f.write_str(", open to everybody") };
                if entries.is_empty() {
                    return f.write_str(", closed to everybody");
                }
                entries
                    .iter()
                    .try_for_each(|entry| write!(f, "; {}", entry_words(entry, this_user)))
            }
            Self::Socket { owner, mode, directory, directory_owner, directory_mode, this_user } => {
                let whose = |user: &u32| {
                    if user == this_user { "yours".to_owned() } else { format!("user {user}'s") }
                };
                let (socket, place) = (whose(owner), whose(directory_owner));
                write!(f, "socket {socket}, mode {mode:04o}, in `{directory}`, {place}, ")?;
                write!(f, "mode {directory_mode:04o}")
            }
        }
    }
}

fn entry_words(entry: &AccessEntry, this_user: &str) -> String {
    let user = user_word(&entry.user, this_user);
    let rights = match entry.rights {
        FULL_ACCESS => "do everything".to_owned(),
        CLIENT_ACCESS => "read and write".to_owned(),
        rights => format!("do what mask 0x{rights:x} says"),
    };
    match entry.kind {
        AccessKind::Allow => format!("{user} may {rights}"),
        AccessKind::Deny => format!("{user} may not {rights}"),
        AccessKind::Other(number) => format!("an entry of kind {number}"),
    }
}

/// Returns a word for a SID that has one in any language, else the SID.
///
/// # Source
///
/// Windows: "Well-known SIDs".
fn user_word<'a>(sid: &'a str, this_user: &str) -> &'a str {
    match sid {
        sid if sid == this_user => "you",
        "S-1-1-0" => "everyone",
        "S-1-5-2" => "every user of the network",
        "S-1-5-7" => "everyone without a name",
        "S-1-5-11" => "every user",
        SYSTEM => "SYSTEM",
        "S-1-5-32-544" => "administrators",
        sid => sid,
    }
}

#[cfg(test)]
mod tests;
