//! Gives `tickpipe.exe` its version information and manifest.

use std::env;

use winresource::WindowsResource;

/// What Windows shows of the program's file.
const PROPERTIES: &[(&str, &str)] = &[
    ("CompanyName", "the tickpipe developers"),
    ("FileDescription", "tickpipe, a bridge between MetaTrader and any program"),
    ("InternalName", "tickpipe"),
    ("LegalCopyright", "Licensed under MIT or Apache-2.0"),
    ("OriginalFilename", "tickpipe.exe"),
    ("ProductName", "tickpipe"),
];
/// It names no `activeCodePage`: with UTF-8 there, `GetACP` would answer 65001, and no longer tell in which code
/// page terminals write 8-bit text. Files and arguments need none, for Rust calls Windows with wide text.
const MANIFEST: &str = "tickpipe.exe.manifest";
const ENGLISH: u16 = 0x0409;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={MANIFEST}");
    if env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return;
    }
    let mut resource = WindowsResource::new();
    for (name, value) in PROPERTIES {
        resource.set(name, value);
    }
    resource.set_language(ENGLISH).set_manifest_file(MANIFEST);
    // Without windres or rc the program works as well. `cargo xtask dist` sees that it is there.
    if let Err(error) = resource.compile_for("tickpipe") {
        println!("cargo::warning=tickpipe.exe gets no version information and manifest: {error}");
    }
}
