//! The operating system's calls, each behind a safe function: the only place for `unsafe`.
//!
//! What stands here moves no bytes of its own accord and decides nothing; the `transport` does.
#![expect(unsafe_code, reason = "the one module that calls the operating system")]

pub(crate) mod windows;
