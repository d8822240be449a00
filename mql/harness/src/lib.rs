//! Reads, lints and translates the MQL that tickpipe ships.
//!
//! The very files that a terminal gets are read here, held to the subset that SUBSET.md describes,
//! and translated to C++ for the runtime beside this crate. The parser is a whitelist: what it does
//! not know is refused, by name where it has one. Types are not checked here; the C++ compiler does
//! that, on lines that carry the MQL file's name and number.
//!
//! ```text
//! source ▶ lexer ▶ preprocess ▶ parser ▶ syntax ┬▶ lint   findings
//!                                               └▶ emit   C++
//! ```

mod api;
mod compile;
mod emit;
mod finding;
mod lexer;
mod lint;
mod literal;
mod parser;
mod place;
mod preprocess;
mod program;
mod source;
mod syntax;
mod words;

pub use api::Api;
pub use compile::compiler;
pub use emit::translate;
pub use finding::{Finding, Rule};
pub use lint::lint;
pub use program::{Dialect, Program, load, load_text};
