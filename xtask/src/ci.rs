//! `cargo xtask ci`: everything that must pass before a change lands, the quick things first.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::paths::{Paths, WINDOWS_TARGET};
use crate::{layers, no_arguments, readme, run, setup, supply, test, tidy};

/// `cargo xtask ci`: stops at the first step that fails. The tests come last, so that their totals do
/// too.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    step("setup", || {
        let missing = setup::ensure()?;
        if !missing.is_empty() {
            bail!("{}", setup::missing_text(&missing));
        }
        Ok(())
    })?;
    step("format", || run::check(&mut run::cargo(paths, &["fmt", "--all", "--check"])))?;
    step("tidy", || tidy::check(paths))?;
    step("lints", || run::check(clippy(paths).args(["--", "-D", "warnings"])))?;
    if !cfg!(windows) {
        step("lints for Windows", || {
            let mut clippy = clippy(paths);
            clippy.args(["--target", WINDOWS_TARGET]);
            clippy.arg("--target-dir").arg(paths.windows_target());
            run::check(clippy.args(["--", "-D", "warnings"]))
        })?;
    }
    step("documents", || {
        let mut doc = run::cargo(paths, &["doc", "--workspace", "--no-deps"]);
        run::check(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("layers", || layers::check(paths))?;
    step("supply", || supply::check(paths))?;
    step("README's commands", || readme::check(paths))?;

    eprintln!("\n=== test");
    let code = test::command(paths, &[]).context("step `test` failed")?;
    if code != ExitCode::SUCCESS {
        eprintln!("error: step `test` failed");
    }
    Ok(code)
}

fn clippy(paths: &Paths) -> Command {
    run::cargo(paths, &["clippy", "--workspace", "--all-targets"])
}

fn step(name: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    eprintln!("\n=== {name}");
    let started = Instant::now();
    work().with_context(|| format!("step `{name}` failed"))?;
    eprintln!("--- {name}: passed in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}
