//! The program that trades through `tickpipe_sim.h`, and the library that it is linked with.

use std::path::PathBuf;
use std::process::Command;

use super::{Platform, compile, source};
use crate::paths::{Paths, WINDOWS_TARGET};
use crate::run;

const PROGRAM: &str = "sim_broker";
const INCLUDE: &str = "crates/tickpipe-sim-c/include";
const HEADER: &str = "tickpipe_sim.h";
const LIBRARY: &str = "libtickpipe_sim_c.a";

/// What a static library in Rust needs of the system, as `rustc --print native-static-libs` says it.
const NATIVE_LIBRARIES: &[&str] = &["-lpthread", "-lm", "-ldl"];
const WINDOWS_LIBRARIES: &[&str] = &["-lws2_32", "-luserenv", "-lntdll", "-ladvapi32"];

/// Builds the library with the given command, and the program that is linked with it.
pub(crate) fn build_simulation(
    paths: &Paths,
    platform: Platform,
    cargo: &mut Command,
) -> anyhow::Result<()> {
    run::check(cargo)?;
    let include = paths.root.join(INCLUDE);
    let made_of = [include.join(HEADER), library(paths, platform)];
    let mut compiler = platform.compiler();
    compiler.args(["-std=c11", "-pedantic", "-I"]).arg(&include);
    let output = platform.program(paths, PROGRAM);
    let libraries = match platform {
        Platform::Native if !cfg!(windows) => NATIVE_LIBRARIES,
        Platform::Native | Platform::Windows => WINDOWS_LIBRARIES,
    };
    compile(paths, (&source(paths, PROGRAM), &made_of), &output, compiler, libraries)?;
    if platform == Platform::Windows {
        // The compiler of the EAs, which are to use it.
        let mut cpp = Command::new("x86_64-w64-mingw32-g++");
        cpp.args(["-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]);
        run::check(cpp.args(["-x", "c++"]).arg(include.join(HEADER)))?;
    }
    Ok(())
}

/// Where Cargo puts the library.
fn library(paths: &Paths, platform: Platform) -> PathBuf {
    let directory = match platform {
        Platform::Native => paths.target.clone(),
        Platform::Windows => paths.windows_target().join(WINDOWS_TARGET),
    };
    directory.join("debug").join(LIBRARY)
}
