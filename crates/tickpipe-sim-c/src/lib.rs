//! The simulated broker of `tickpipe-sim` for C and C++, as a static library.
//!
//! There is nothing in it for Rust, which has the broker itself. `include/tickpipe_sim.h` is what a caller
//! reads: units, ownership, errors and threads stand there. A broker is a number here, not an address, so
//! that one which was freed is known as such whenever it comes again.
#![cfg_attr(not(test), warn(clippy::float_arithmetic))]

mod failure;
#[expect(unsafe_code, reason = "the one module that C calls, and that reads and writes C's memory")]
mod ffi;
mod layout;
mod registry;
mod reply;
mod request;
mod session;
mod text;
