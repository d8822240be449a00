//! Security descriptors: made from text, put on what we create, and read back.

use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::io::{AsRawHandle as _, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_ALREADY_EXISTS, ERROR_SUCCESS, GENERIC_WRITE, INVALID_HANDLE_VALUE,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertSidToStringSidW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1,
    SE_FILE_OBJECT, SE_KERNEL_OBJECT, SE_OBJECT_TYPE,
};
use windows_sys::Win32::Security::{
    ACCESS_ALLOWED_ACE, ACE_HEADER, ACL, ACL_SIZE_INFORMATION, AclSizeInformation,
    DACL_SECURITY_INFORMATION, GetAce, GetAclInformation, GetSecurityDescriptorDacl,
    GetSecurityDescriptorOwner, OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID,
    SECURITY_ATTRIBUTES,
};
use windows_sys::Win32::Storage::FileSystem::{CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL};
use windows_sys::Win32::System::Threading::CreateMutexW;

use super::{LocalMemory, check, from_wide, last_error, os_error, wide};

/// A descriptor in Windows' own form.
#[derive(Debug)]
pub(crate) struct SecurityDescriptor(LocalMemory<core::ffi::c_void>);

// SAFETY: the memory is ours, and never written after it was made.
unsafe impl Send for SecurityDescriptor {}
// SAFETY: as above.
unsafe impl Sync for SecurityDescriptor {}

/// What an entry of a descriptor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AceKind {
    Allow,
    Deny,
    /// Anything else, by its number.
    Other(u8),
}

/// One entry of a descriptor: what a user may do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ace {
    pub(crate) kind: AceKind,
    pub(crate) mask: u32,
    /// Who, as `S-1-…`.
    pub(crate) sid: String,
}

/// A descriptor in a form that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    pub(crate) owner: Option<String>,
    /// `None` where there is no list at all, which lets everybody do everything.
    pub(crate) aces: Option<Vec<Ace>>,
}

impl SecurityDescriptor {
    /// Makes a descriptor from its text form.
    ///
    /// # Source
    ///
    /// Windows: "Security Descriptor String Format".
    pub(crate) fn from_sddl(sddl: &str) -> io::Result<Self> {
        let sddl = wide(sddl);
        let mut memory = LocalMemory::null();
        // SAFETY: the text is zero-ended; the call fills the pointer, which LocalFree takes back.
        let result = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                sddl.as_ptr(),
                SDDL_REVISION_1,
                &raw mut memory.0,
                ptr::null_mut(),
            )
        };
        check(result)?;
        Ok(Self(memory))
    }

    /// Reads the descriptor that stands on a pipe.
    ///
    /// # Source
    ///
    /// Windows: `GetSecurityInfo`.
    pub(crate) fn of(handle: BorrowedHandle<'_>) -> io::Result<Self> {
        Self::of_object(handle, SE_KERNEL_OBJECT)
    }

    /// Reads the descriptor that stands on a file.
    ///
    /// # Source
    ///
    /// Windows: `GetSecurityInfo`.
    pub(crate) fn of_file(handle: BorrowedHandle<'_>) -> io::Result<Self> {
        Self::of_object(handle, SE_FILE_OBJECT)
    }

    fn of_object(handle: BorrowedHandle<'_>, kind: SE_OBJECT_TYPE) -> io::Result<Self> {
        let mut memory = LocalMemory::null();
        // SAFETY: the handle is open; the call fills the pointer, which LocalFree takes back.
        let error = unsafe {
            GetSecurityInfo(
                handle.as_raw_handle(),
                kind,
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                &raw mut memory.0,
            )
        };
        if error == ERROR_SUCCESS { Ok(Self(memory)) } else { Err(os_error(error)) }
    }

    pub(crate) const fn as_ptr(&self) -> PSECURITY_DESCRIPTOR {
        self.0.0
    }

    /// Returns owner and list in their text form.
    ///
    /// # Source
    ///
    /// Windows: "Security Descriptor String Format".
    pub(crate) fn to_sddl(&self) -> io::Result<String> {
        let mut text = LocalMemory::null();
        // SAFETY: the descriptor is valid; the call fills the pointer, which LocalFree takes back.
        let result = unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.as_ptr(),
                SDDL_REVISION_1,
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                &raw mut text.0,
                ptr::null_mut(),
            )
        };
        check(result)?;
        // SAFETY: the call made a zero-ended text.
        Ok(unsafe { from_wide(text.0) })
    }

    /// Returns the descriptor in a form that can be compared.
    pub(crate) fn describe(&self) -> io::Result<Descriptor> {
        let mut owner = ptr::null_mut();
        let mut is_defaulted = 0;
        // SAFETY: the descriptor is valid; the owner points into it.
        let result = unsafe {
            GetSecurityDescriptorOwner(self.as_ptr(), &raw mut owner, &raw mut is_defaulted)
        };
        check(result)?;
        let mut dacl = ptr::null_mut();
        let mut is_present = 0;
        // SAFETY: the descriptor is valid; the list points into it.
        let result = unsafe {
            GetSecurityDescriptorDacl(
                self.as_ptr(),
                &raw mut is_present,
                &raw mut dacl,
                &raw mut is_defaulted,
            )
        };
        check(result)?;
        Ok(Descriptor {
            // SAFETY: a SID inside a valid descriptor, which lives through the call.
            owner: if owner.is_null() { None } else { Some(unsafe { sid_text(owner)? }) },
            aces: if is_present == 0 || dacl.is_null() {
                None
            } else {
                // SAFETY: a list inside a valid descriptor, which lives through the call.
                Some(unsafe { aces(dacl)? })
            },
        })
    }
}

/// Returns the entries of a list.
///
/// # Safety
///
/// `acl` points at a valid list.
unsafe fn aces(acl: *const ACL) -> io::Result<Vec<Ace>> {
    let mut size = ACL_SIZE_INFORMATION::default();
    // SAFETY: the list is valid, and the buffer has the size that is named.
    let result = unsafe {
        GetAclInformation(
            acl,
            (&raw mut size).cast(),
            u32::try_from(size_of::<ACL_SIZE_INFORMATION>()).unwrap_or_default(),
            AclSizeInformation,
        )
    };
    check(result)?;
    (0..size.AceCount)
        .map(|index| {
            let mut ace = ptr::null_mut();
            // SAFETY: the list is valid; the entry points into it.
            check(unsafe { GetAce(acl, index, &raw mut ace) })?;
            // SAFETY: every entry begins with a header.
            let header = unsafe { *ace.cast::<ACE_HEADER>() };
            let kind = match header.AceType {
                0 => AceKind::Allow,
                1 => AceKind::Deny,
                other => AceKind::Other(other),
            };
            if let AceKind::Other(_) = kind {
                return Ok(Ace { kind, mask: 0, sid: String::new() });
            }
            let ace = ace.cast::<ACCESS_ALLOWED_ACE>();
            // SAFETY: entries that allow and deny have this layout.
            let mask = unsafe { (*ace).Mask };
            // SAFETY: as above; the SID begins at this field.
            let sid = unsafe { &raw mut (*ace).SidStart };
            // SAFETY: a SID inside a valid list.
            Ok(Ace { kind, mask, sid: unsafe { sid_text(sid.cast())? } })
        })
        .collect()
}

/// Returns a SID as `S-1-…`.
///
/// # Safety
///
/// `sid` points at a valid SID.
pub(super) unsafe fn sid_text(sid: PSID) -> io::Result<String> {
    let mut text = LocalMemory::null();
    // SAFETY: the caller promises a valid SID; LocalFree takes the text back.
    check(unsafe { ConvertSidToStringSidW(sid, &raw mut text.0) })?;
    // SAFETY: the call made a zero-ended text.
    Ok(unsafe { from_wide(text.0) })
}

/// Makes a named mutex; `None` if somebody has one of that name.
///
/// The name is held while the handle is open; nobody ever waits for the mutex.
///
/// # Source
///
/// Windows: `CreateMutexW`.
pub(crate) fn named_mutex(
    name: &str,
    descriptor: &SecurityDescriptor,
) -> io::Result<Option<OwnedHandle>> {
    let name = wide(name);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
        lpSecurityDescriptor: descriptor.as_ptr(),
        bInheritHandle: 0,
    };
    // SAFETY: the name is zero-ended and the attributes live through the call.
    let handle = unsafe { CreateMutexW(&raw const attributes, 0, name.as_ptr()) };
    let error = last_error();
    if handle.is_null() {
        return Err(os_error(error));
    }
    // SAFETY: the call just opened it, and nobody else has it.
    let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
    Ok((error != ERROR_ALREADY_EXISTS).then_some(handle))
}

/// Makes a file, which only its descriptor's users can open from its first moment; fails if it is
/// there.
///
/// # Source
///
/// Windows: `CreateFileW`.
pub(crate) fn create_file(path: &Path, descriptor: &SecurityDescriptor) -> io::Result<File> {
    let path: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or_default(),
        lpSecurityDescriptor: descriptor.as_ptr(),
        bInheritHandle: 0,
    };
    // SAFETY: the path is zero-ended, the attributes live through the call, the last pointer is null.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_WRITE,
            0,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            ptr::null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call just opened it, and nobody else has it.
    Ok(unsafe { File::from_raw_handle(handle) })
}
