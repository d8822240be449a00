//! Prints the C++ of a program, or what the grammar refuses: `translate MAIN INCLUDE_ROOT ROOT`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use tickpipe_mql::{load, translate};

fn main() -> std::io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [main, include_root, root] = arguments.as_slice() else {
        writeln!(std::io::stderr(), "usage: translate MAIN INCLUDE_ROOT ROOT")?;
        return Ok(ExitCode::from(2));
    };
    match load(Path::new(main), Path::new(include_root), Path::new(root)) {
        Ok(program) => {
            std::io::stdout().write_all(translate(&program).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            for finding in findings {
                writeln!(std::io::stderr(), "{finding}")?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
