//! The library as its users see it: a server in this process and clients of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod client;
mod forward;
mod handlers;
mod limits;
#[cfg(unix)]
mod programs;
mod sessions;
mod stop;
mod strategies;
mod support;
