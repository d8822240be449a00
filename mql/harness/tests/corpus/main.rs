//! The corpus: what is accepted lints clean, and what is refused is refused for its one reason.

mod accepted;
mod common;
mod refused;
mod robust;
