//! The rules of PROTOCOL.md as scripts, and what plays them against a server or an EA.
//!
//! `script.rs` reads a script, `pattern.rs` holds a message against what is expected, `names.rs`
//! keeps what scripts call by name: pure, all three. `wire.rs` is the connection, `player.rs` a
//! script at work on it. The language is described in `conformance/README.md`.

pub(crate) mod hello;
mod names;
mod pattern;
mod player;
mod script;
mod scripts;
mod wire;

pub(crate) use self::names::Names;
pub(crate) use self::player::{Outcome, Player, Settings, Target};
pub(crate) use self::script::{Role, Script};
pub(crate) use self::scripts::all;
pub(crate) use self::wire::{Arrival, Split, Wire, left};
