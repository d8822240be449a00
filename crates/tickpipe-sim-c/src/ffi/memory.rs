//! C's memory: read and written one value at a time, after what can be checked was checked.
//!
//! That an address is not null and is aligned, and that a struct says its size, is seen here. That the memory
//! is there, is nobody else's meanwhile, and may be written, is the caller's word; the header asks for it.

use std::ffi::c_char;

use crate::failure::Failure;
use crate::layout::Sized32;
use crate::text::shown;

/// A struct or number of C's to be written to.
#[derive(Debug)]
pub(super) struct Out<T> {
    /// Checked.
    address: *mut T,
}

impl<T: Copy> Out<T> {
    /// Takes a place for a value that does not say its size.
    ///
    /// # Safety
    ///
    /// Unless it is null, `address` is that of a `T` that may be written as long as the `Out` is there.
    pub(super) unsafe fn plain(name: &'static str, address: *mut T) -> Result<Self, Failure> {
        check(name, address)?;
        Ok(Self { address })
    }

    pub(super) fn put(self, value: T) {
        // SAFETY: it was made of an address that is not null and is aligned, and whoever made it said that
        // it may be written.
        unsafe { self.address.write(value) }
    }
}

impl<T: Sized32> Out<T> {
    /// Takes a place for a struct, which has to say its size already.
    ///
    /// # Safety
    ///
    /// As [`plain`](Self::plain), and the struct's size can be read.
    pub(super) unsafe fn sized(address: *mut T) -> Result<Self, Failure> {
        // SAFETY: what the caller says of the struct holds for its size.
        unsafe { check_size::<T>(address)? };
        Ok(Self { address })
    }
}

/// Reads a struct.
///
/// # Safety
///
/// Unless it is null, `address` is that of a struct that begins with a `u32`; if that is the size of a `T`, of
/// a `T`, of which any bits are a value.
pub(super) unsafe fn read<T: Sized32>(address: *const T) -> Result<T, Failure> {
    // SAFETY: what the caller says of the struct holds for its size.
    unsafe { check_size::<T>(address)? };
    // SAFETY: it is not null, is aligned and says that it is of this size; any bits are a value.
    Ok(unsafe { address.read() })
}

/// Reads a value that does not say its size.
///
/// # Safety
///
/// Unless it is null, `address` is that of a `T`.
pub(super) unsafe fn read_plain<T: Copy>(
    name: &'static str,
    address: *const T,
) -> Result<T, Failure> {
    check(name, address)?;
    // SAFETY: it is not null, is aligned, and the caller says that there is a `T`.
    Ok(unsafe { address.read() })
}

/// Reads a text up to its zero, of at most `len_max` bytes.
///
/// # Safety
///
/// Unless it is null, `address` is that of bytes that can be read up to a zero, or `len_max` and one of them.
pub(super) unsafe fn text(
    name: &'static str,
    address: *const c_char,
    len_max: usize,
) -> Result<String, Failure> {
    check(name, address)?;
    let wrong = |found: &[u8]| Failure::Text {
        name,
        found: format!("`{}`", shown(&String::from_utf8_lossy(found))),
        allowed: format!("UTF-8 of at most {len_max} bytes with a zero behind it"),
    };
    let mut bytes = Vec::new();
    loop {
        let next = address.cast::<u8>().wrapping_add(bytes.len());
        // SAFETY: no zero and no more than `len_max` bytes came before it, so the caller says it is there.
        match unsafe { next.read() } {
            0 => break,
            _ if bytes.len() == len_max => return Err(wrong(&bytes)),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|error| wrong(error.as_bytes()))
}

/// Reads a text that may be missing.
///
/// # Safety
///
/// As [`text`].
pub(super) unsafe fn optional_text(
    name: &'static str,
    address: *const c_char,
    len_max: usize,
) -> Result<Option<String>, Failure> {
    if address.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller says the same of it.
    unsafe { text(name, address, len_max) }.map(Some)
}

/// Writes a text with a zero behind it into `len` bytes; what does not fit is cut off, at a whole character.
///
/// # Safety
///
/// Unless `len` is zero, `address` is that of so many bytes that may be written, or null.
pub(super) unsafe fn put_text(
    name: &'static str,
    text: &str,
    address: *mut c_char,
    len: usize,
) -> Result<(), Failure> {
    if len == 0 {
        return Ok(());
    }
    check(name, address)?;
    let mut count = text.len().min(len - 1);
    while !text.is_char_boundary(count) {
        count -= 1;
    }
    let bytes = text.bytes().take(count).chain([0]);
    for (index, byte) in bytes.enumerate() {
        let place = address.cast::<u8>().wrapping_add(index);
        // SAFETY: at most `len` bytes are written, the zero among them, and the caller says they may be.
        unsafe { place.write(byte) }
    }
    Ok(())
}

fn check<T>(name: &'static str, address: *const T) -> Result<(), Failure> {
    let wrong = |found| Err(Failure::Address { name, found, align: align_of::<T>() });
    if address.is_null() {
        return wrong("null");
    }
    if !address.is_aligned() {
        return wrong("not aligned");
    }
    Ok(())
}

/// # Safety
///
/// Unless it is null, `address` is that of a struct that begins with a `u32`.
unsafe fn check_size<T: Sized32>(address: *const T) -> Result<(), Failure> {
    check(T::NAME, address)?;
    // SAFETY: it is not null and is aligned to more than a `u32` is, with which every such struct begins.
    let found = unsafe { address.cast::<u32>().read() };
    let expected = size_of::<T>();
    if usize::try_from(found) != Ok(expected) {
        return Err(Failure::Size { name: T::NAME, found, expected });
    }
    Ok(())
}
