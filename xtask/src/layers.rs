//! What the crates may depend on: no async runtime at the heart, and almost nothing below it.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::bail;

use crate::paths::Paths;
use crate::{no_arguments, run};

/// The crates that work without an async runtime, and must go on doing so.
const BLOCKING: &[&str] =
    &["tickpipe-proto", "tickpipe", "tickpipe-sim", "tickpipe-sim-c", "tickpipe-ticks"];
const RUNTIME: &str = "tokio";

const PURE: &str = "tickpipe-proto";
/// All that the pure crate may depend on itself.
const PURE_DEPENDENCIES: &[&str] = &["encoding_rs", "memchr", "serde", "serde_json", "thiserror"];

/// The simulated terminal, with market and broker: it comes to a pipe as an EA does.
const SIMULATION: &str = "tickpipe-sim";
/// The simulated broker for C: what C gets is what Rust has, so nothing may stand upon it.
const FOR_C: &str = "tickpipe-sim-c";
/// What may not know the simulation: it works the same with a real terminal.
const REAL: &[&str] = &["tickpipe-proto", "tickpipe", "tickpipe-ticks"];
/// All of the workspace that the simulation may know.
const SIMULATION_KNOWS: &[&str] = &["tickpipe", "tickpipe-proto", "tickpipe-sim", "tickpipe-ticks"];

/// `cargo xtask layers`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    check(paths)?;
    Ok(ExitCode::SUCCESS)
}

/// Fails if a crate depends on what its layer may not know.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    for crate_name in BLOCKING {
        let tree = packages(paths, crate_name, &[])?;
        // Proves that what is in a tree would be seen in it.
        if !tree.contains(*crate_name) {
            bail!("the check is broken: it does not see {crate_name} in its own tree");
        }
        if let Some(found) = runtime_in(&tree) {
            bail!(
                "{crate_name} depends on {found}; it may not need an async runtime \
                 (`cargo tree -p {crate_name} -i {found}` shows how)"
            );
        }
        println!("{crate_name}: no {RUNTIME} among {} packages", tree.len());
        if *crate_name != FOR_C && tree.contains(FOR_C) {
            bail!("{crate_name} depends on {FOR_C}, which is for C alone; use {SIMULATION}");
        }
        if REAL.contains(crate_name) && tree.contains(SIMULATION) {
            bail!("{crate_name} depends on {SIMULATION}; what is real may not know what plays it");
        }
    }
    let direct = packages(paths, PURE, &["-e", "normal", "--depth", "1"])?;
    if direct.len() < 2 {
        bail!("the check is broken: it sees no dependency of {PURE}, and there are some");
    }
    let surplus = surplus(&direct);
    if !surplus.is_empty() {
        let allowed = PURE_DEPENDENCIES.join(", ");
        bail!("{PURE} depends on {}; allowed are {allowed}", surplus.join(", "));
    }
    println!("{PURE}: depends on {} of its own choice", direct.len() - 1);
    let tree = packages(paths, SIMULATION, &["-e", "normal"])?;
    let strangers = strangers(&tree);
    if !strangers.is_empty() {
        let allowed = SIMULATION_KNOWS.join(", ");
        bail!("{SIMULATION} depends on {}; allowed of ours are {allowed}", strangers.join(", "));
    }
    println!("{SIMULATION}: known to none of {}", REAL.join(", "));
    Ok(())
}

/// The names of all packages below a crate, itself included, on every target and with every feature.
///
/// A list and not `--invert`: that one fails alike for a package that is absent, which is what we
/// want, and for a misspelt one or a broken manifest, which is not.
fn packages(paths: &Paths, crate_name: &str, options: &[&str]) -> anyhow::Result<BTreeSet<String>> {
    let mut tree = run::cargo(paths, &["tree", "--package", crate_name, "--all-features"]);
    tree.args(["--target", "all", "--prefix", "none", "--format", "{p}"]).args(options);
    Ok(names(&run::output(&mut tree)?))
}

/// The names in `cargo tree`'s list: `memchr v2.8.0`, `thiserror-impl v2.0.1 (proc-macro) (*)`.
fn names(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The runtime, or a part of it that cannot be without it.
fn runtime_in(names: &BTreeSet<String>) -> Option<&str> {
    let is_runtime = |name: &&str| *name == RUNTIME || name.starts_with("tokio-");
    names.iter().map(String::as_str).find(is_runtime)
}

fn surplus(direct: &BTreeSet<String>) -> Vec<&str> {
    let is_allowed = |name: &&str| *name == PURE || PURE_DEPENDENCIES.contains(name);
    direct.iter().map(String::as_str).filter(|name| !is_allowed(name)).collect()
}

/// Crates of the workspace that the simulation may not know.
fn strangers(tree: &BTreeSet<String>) -> Vec<&str> {
    let is_ours = |name: &&str| *name == "tickpipe" || name.starts_with("tickpipe-");
    let is_known = |name: &&str| SIMULATION_KNOWS.contains(name);
    tree.iter().map(String::as_str).filter(|name| is_ours(name) && !is_known(name)).collect()
}
