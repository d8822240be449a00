//! Room for connections: each is an open file, and a program behind one takes five more.

/// Raises the number of files that may be open to what the system allows this user.
///
/// Shells start programs with 1,024, which is less than the connections that are served by default.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(?current, ?maximum, %error, "cannot raise the limit of open files");
    }
}

/// Windows has no such limit.
#[cfg(windows)]
pub(crate) const fn raise_limit() {}
