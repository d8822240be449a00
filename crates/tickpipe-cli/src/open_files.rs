//! Room for connections: each is an open file, and a program behind one takes five more.

/// More than the connections and programs of a machine need; some programs close every file they
/// might have, one by one, and ours inherit the limit.
#[cfg(unix)]
const FILES_MAX: u64 = 16_384;

/// Raises the number of files that may be open, as far as the system lets this user.
///
/// Shells start programs with 1,024, which is less than the connections that are served by default.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(FILES_MAX).min(FILES_MAX);
    if current.is_none_or(|current| wanted <= current) {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        tracing::warn!(?current, wanted, %error, "cannot raise the limit of open files");
    }
}

/// Windows has no such limit.
#[cfg(windows)]
pub(crate) const fn raise_limit() {}
