//! A terminal over a pipe.
