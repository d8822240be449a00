//! `cargo xtask conformance`: every script of `conformance/session` against our own ends.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::paths::Paths;
use crate::setup::{self, Need};
use crate::wine::Session;
use crate::{Usage, run, test};

/// `cargo xtask conformance`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let (options, rest) = match args.iter().position(|arg| arg == "--") {
        Some(at) => (&args[..at], &args[at + 1..]),
        None => (args, &args[args.len()..]),
    };
    match options {
        [] => {
            run::check(&mut run::cargo(paths, &["build", "-p", "tickpipe-cli"]))?;
            let program = paths.native_exe("debug");
            play(&mut Command::new(&program), &program.display().to_string(), rest)?;
        }
        [option] if option == "--wine" => {
            setup::require(&setup::ensure()?, Need::Windows)?;
            run::check(&mut test::build_windows(paths, &["-p", "tickpipe-cli"]))?;
            let session = Session::open(paths)?;
            let program = paths.windows_exe("debug");
            play(&mut session.command(&program), &in_wine(&program), rest)?;
        }
        [unknown, ..] => {
            let hint = "arguments for `tickpipe conformance` come after `--`";
            return Err(Usage(format!("unexpected argument `{unknown}`; {hint}")).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Has a program try itself.
fn play(command: &mut Command, program: &str, args: &[String]) -> anyhow::Result<()> {
    let pipe = format!("xtask-{}-conformance", std::process::id());
    command.args(["conformance", "--pipe", &pipe]).args(args);
    run::check(command.args(["--", program, "serve", "--quiet", "--pipe", &pipe, "{serve}"]))
}

/// A path as a Windows program sees it: Wine shows the root directory as drive Z.
fn in_wine(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}
