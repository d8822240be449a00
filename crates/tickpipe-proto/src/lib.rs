//! The tickpipe wire without any I/O: lines, encodings and error codes.
//!
//! Everything here is a plain function of its input and of `now`; the crate reads no clock, starts
//! no thread and touches no file. [`LineConversation`] is the whole of line mode as a state
//! machine: give it bytes, take requests and replies from it.
//!
//! `docs/PROTOCOL.md` is the authority on what is implemented here.
#![cfg_attr(
    not(test),
    warn(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::panic
    )
)]

mod code;
mod encoding;
mod escape;
mod frame;
mod line;
pub mod message;
mod number;
mod opening;
mod rate;
pub mod session;
pub mod types;

pub use crate::code::{Blame, ErrorCode, LineError};
pub use crate::encoding::{CodePage, TextEncoding, Unencodable, UnknownCodePage, WireEncoding};
pub use crate::escape::escaped;
pub use crate::frame::{Frame, FrameLimits, LineFramer, NulPadding, Unit};
pub use crate::line::{LineConfig, LineConversation, LineEvent, Reply};
pub use crate::number::number;
pub use crate::opening::{Opened, Opening};
