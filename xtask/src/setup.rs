//! What a test run needs on the machine: finds it, installs it where that is possible, else names it.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use crate::paths::{LINUX_TARGET, WINDOWS_TARGET};
use crate::{no_arguments, run, wine};

/// What is of no use without a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Every run.
    Always,
    /// `cargo xtask bench --count`.
    Counting,
    /// `cargo xtask picture`, which few people ever run: only it looks for this.
    Picture,
    /// `cargo xtask dist`.
    Release,
    /// Building and running the Windows program on another system.
    Windows,
}

/// One thing a machine must have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    is_present: fn(&Toolchain) -> bool,
    /// Debian's packages, if it comes from there.
    packages: &'static [&'static str],
    /// What to type, elsewhere than on a Debian.
    by_hand: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        name: "rustfmt",
        need: Need::Always,
        is_present: |toolchain| toolchain.has_program("cargo-fmt"),
        packages: &[],
        by_hand: &["rustup", "component", "add", "rustfmt"],
    },
    Part {
        name: "clippy",
        need: Need::Always,
        is_present: |toolchain| toolchain.has_program("cargo-clippy"),
        packages: &[],
        by_hand: &["rustup", "component", "add", "clippy"],
    },
    Part {
        name: "cargo-nextest",
        need: Need::Always,
        is_present: |_| run::find_program("cargo-nextest").is_some(),
        packages: &[],
        by_hand: &["cargo", "install", "cargo-nextest", "--locked"],
    },
    Part {
        name: "a C compiler (gcc)",
        need: Need::Always,
        is_present: |_| run::find_program("gcc").is_some(),
        packages: &["gcc", "libc6-dev"],
        by_hand: &[],
    },
    Part {
        name: "Python",
        need: Need::Always,
        is_present: |_| run::find_program("python3").is_some(),
        packages: &["python3-minimal"],
        by_hand: &[],
    },
    Part {
        name: "Node",
        need: Need::Always,
        is_present: |_| run::find_program("node").is_some(),
        packages: &["nodejs"],
        by_hand: &[],
    },
    Part {
        name: "Rust's Windows target",
        need: Need::Windows,
        is_present: |toolchain| toolchain.has_target(WINDOWS_TARGET),
        packages: &[],
        by_hand: &["rustup", "target", "add", WINDOWS_TARGET],
    },
    Part {
        name: "mingw-w64",
        need: Need::Windows,
        is_present: |_| run::find_program("x86_64-w64-mingw32-gcc").is_some(),
        packages: &["gcc-mingw-w64-x86-64"],
        by_hand: &[],
    },
    Part {
        name: "mingw-w64's C++",
        need: Need::Windows,
        is_present: |_| run::find_program("x86_64-w64-mingw32-g++").is_some(),
        packages: &["g++-mingw-w64-x86-64"],
        by_hand: &[],
    },
    Part {
        name: "Wine",
        need: Need::Windows,
        is_present: |_| wine::Wine::find().is_ok(),
        packages: &["wine", "wine64"],
        by_hand: &[],
    },
    Part {
        name: "strace",
        need: Need::Counting,
        is_present: |_| run::find_program("strace").is_some(),
        packages: &["strace"],
        by_hand: &[],
    },
    Part {
        name: "tmux",
        need: Need::Picture,
        is_present: |_| run::find_program("tmux").is_some(),
        packages: &["tmux"],
        by_hand: &[],
    },
    Part {
        name: "Rust's target for any Linux",
        need: Need::Release,
        is_present: |toolchain| toolchain.has_target(LINUX_TARGET),
        packages: &[],
        by_hand: &["rustup", "target", "add", LINUX_TARGET],
    },
    Part {
        name: "cargo-auditable",
        need: Need::Release,
        is_present: |_| run::find_program("cargo-auditable").is_some(),
        packages: &[],
        by_hand: &["cargo", "install", "cargo-auditable", "--locked"],
    },
];

impl Part {
    /// What a person types to get it.
    pub(crate) fn hint(&self) -> String {
        if self.packages.is_empty() {
            return format!("`{}`", self.by_hand.join(" "));
        }
        let packages = self.packages.join(" ");
        if run::find_program("apt-get").is_some() {
            format!("`apt-get install {packages}` as root")
        } else {
            format!("your system's packages for what Debian calls {packages}")
        }
    }

    fn is_wanted_here(&self) -> bool {
        !cfg!(windows) || self.need == Need::Always
    }
}

/// The Rust toolchain that runs us.
#[derive(Debug)]
struct Toolchain {
    sysroot: PathBuf,
}

impl Toolchain {
    fn find() -> anyhow::Result<Self> {
        let sysroot = run::output(Command::new("rustc").args(["--print", "sysroot"]))?;
        Ok(Self { sysroot: PathBuf::from(sysroot.trim()) })
    }

    /// Whether the toolchain itself has a program: rustup's stand-ins on `PATH` prove nothing.
    fn has_program(&self, name: &str) -> bool {
        self.sysroot.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).is_file()
    }

    fn has_target(&self, target: &str) -> bool {
        self.sysroot.join("lib/rustlib").join(target).join("lib").is_dir()
    }
}

/// `cargo xtask setup`.
pub(crate) fn command(args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    let missing = ensure()?;
    for part in &missing {
        eprintln!("missing: {}; to install: {}", part.name, part.hint());
    }
    if missing.is_empty() {
        println!("everything is here");
    }
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Installs what is missing and can be installed from here; returns what is still missing.
pub(crate) fn ensure() -> anyhow::Result<Vec<Part>> {
    ensure_where(|need| !matches!(need, Need::Picture | Need::Release))
}

/// As [`ensure`], for what `need` takes and nothing else.
pub(crate) fn ensure_for(need: Need) -> anyhow::Result<Vec<Part>> {
    ensure_where(|of_part| of_part == need)
}

fn ensure_where(is_wanted: impl Fn(Need) -> bool) -> anyhow::Result<Vec<Part>> {
    let toolchain = Toolchain::find()?;
    let missing_parts = |toolchain: &Toolchain| {
        let mut missing = missing_parts(toolchain);
        missing.retain(|part| is_wanted(part.need));
        missing
    };
    let missing = missing_parts(&toolchain);
    if missing.is_empty() {
        return Ok(missing);
    }
    if let Err(error) = install_packages(&missing) {
        eprintln!("error: {error:#}");
    }
    for part in missing.iter().filter(|part| part.packages.is_empty()) {
        if let Err(error) = install_by_hand(part) {
            eprintln!("error: {error:#}");
        }
    }
    Ok(missing_parts(&toolchain))
}

/// What of `missing` keeps `need` from being met.
pub(crate) fn lacking(missing: &[Part], need: Need) -> Vec<Part> {
    missing.iter().copied().filter(|part| part.need == need).collect()
}

/// Fails unless everything for `need` is here.
pub(crate) fn require(missing: &[Part], need: Need) -> anyhow::Result<()> {
    let lacking = lacking(missing, need);
    if !lacking.is_empty() {
        bail!("{}", missing_text(&lacking));
    }
    Ok(())
}

/// `missing: …; to install: …`, for one line.
pub(crate) fn missing_text(missing: &[Part]) -> String {
    let names: Vec<&str> = missing.iter().map(|part| part.name).collect();
    let hints: Vec<String> = missing.iter().map(Part::hint).collect();
    format!("missing: {}; to install: {}", names.join(", "), hints.join(", "))
}

fn missing_parts(toolchain: &Toolchain) -> Vec<Part> {
    let is_missing = |part: &&Part| part.is_wanted_here() && !(part.is_present)(toolchain);
    PARTS.iter().filter(is_missing).copied().collect()
}

fn install_packages(missing: &[Part]) -> anyhow::Result<()> {
    let packages: Vec<&str> = missing.iter().flat_map(|part| part.packages).copied().collect();
    if packages.is_empty() || !is_root_on_debian() {
        return Ok(());
    }
    eprintln!("installing {}", packages.join(" "));
    let apt = |args: &[&str]| {
        run::check(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(args))
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat())
}

fn install_by_hand(part: &Part) -> anyhow::Result<()> {
    let (program, args) = part.by_hand.split_first().context("a part nobody can install")?;
    if run::find_program(program).is_none() {
        bail!("cannot install {}: there is no `{program}`", part.name);
    }
    eprintln!("installing {}", part.name);
    run::check(Command::new(program).args(args))
}

fn is_root_on_debian() -> bool {
    let is_root = || run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    Path::new("/etc/debian_version").exists() && run::find_program("apt-get").is_some() && is_root()
}
