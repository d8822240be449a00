//! Sessions in memory.

mod asks;
mod ending;
mod lockstep;
mod rig;
