//! Owner and descriptor of a token's file.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::AsHandle as _;
use std::path::Path;

use crate::sys::windows::{
    AceKind, Descriptor, FILE_FLAG_OPEN_REPARSE_POINT, SecurityDescriptor, create_file,
    current_user,
};

/// The local system, and those who may take any file for their own.
const ALWAYS_ALLOWED: [&str; 2] = ["S-1-5-18", "S-1-5-32-544"];

/// Opens a file to read, but not what a link names.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let file =
        OpenOptions::new().read(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path)?;
    if file.metadata()?.is_symlink() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// Returns how somebody else could read or change a file, and how to mend it.
pub(super) fn exposure(file: &File) -> io::Result<Option<String>> {
    let found = SecurityDescriptor::of_file(file.as_handle())?.describe()?;
    Ok(exposure_of(&found, &current_user()?))
}

fn exposure_of(found: &Descriptor, user: &str) -> Option<String> {
    let is_trusted = |sid: &str| sid == user || ALWAYS_ALLOWED.contains(&sid);
    let owner = found.owner.as_deref().unwrap_or("nobody");
    if !is_trusted(owner) {
        return Some(format!(
            "belongs to {owner}, allowed is a file of this user, {user}; name another file"
        ));
    }
    let Some(aces) = &found.aces else {
        return Some("may be read by everybody; remove it for a new one".to_owned());
    };
    let stranger = aces.iter().find(|ace| ace.kind != AceKind::Deny && !is_trusted(&ace.sid))?;
    Some(format!(
        "may be read by {}, allowed is this user alone; remove it for a new one",
        stranger.sid
    ))
}

/// Makes a file that only this user and the system may read; fails if it is there.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let user = current_user()?;
    let descriptor = format!("O:{user}D:P(A;;FA;;;{user})(A;;FA;;;SY)");
    create_file(path, &SecurityDescriptor::from_sddl(&descriptor)?)
}

pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::windows::Ace;

    #[test]
    fn only_this_user_and_the_system_may_read() {
        const USER: &str = "S-1-5-21-1-2-3-1001";
        let ace = |kind, sid: &str| Ace { kind, mask: 1, sid: sid.to_owned() };
        let check = |owner: &str, aces: Option<Vec<Ace>>, is_private: bool| {
            let found = Descriptor { owner: Some(owner.to_owned()), aces };
            assert_eq!(exposure_of(&found, USER).is_none(), is_private, "{found:?}");
        };
        let ours = || vec![ace(AceKind::Allow, USER), ace(AceKind::Allow, "S-1-5-18")];
        let with = |kind, sid| [ours(), vec![ace(kind, sid)]].concat();
        check(USER, Some(ours()), true);
        check("S-1-5-32-544", Some(ours()), true);
        check("S-1-5-21-1-2-3-1002", Some(ours()), false);
        check(USER, None, false);
        check(USER, Some(with(AceKind::Allow, "S-1-1-0")), false);
        check(USER, Some(with(AceKind::Deny, "S-1-1-0")), true);
        check(USER, Some(with(AceKind::Other(9), "")), false);
    }
}
