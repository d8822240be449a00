//! How a translated program is compiled: the flags are a part of what is refused.

use std::path::Path;
use std::process::Command;

use crate::program::Dialect;

/// MQL's arithmetic wraps, it has no `and` and `or`, and a division by zero stops the program even if
/// nothing uses its result. Its compiler's warnings are errors here.
const FLAGS: &[&str] = &[
    "-std=c++17",
    "-O1",
    "-fwrapv",
    "-fno-operator-names",
    "-fnon-call-exceptions",
    "-fno-delete-dead-exceptions",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wno-sign-conversion",
    "-Wno-unused-parameter",
    "-Wshadow",
    "-Wswitch-enum",
    "-Werror",
];

/// Returns mingw-w64's g++ with the flags of a dialect and the directory of the runtime's headers.
#[must_use]
pub fn compiler(dialect: Dialect, runtime: &Path) -> Command {
    let mut command = Command::new("x86_64-w64-mingw32-g++");
    command.args(FLAGS).arg(format!("-D{}", dialect.macro_name())).arg("-I").arg(runtime);
    command
}
