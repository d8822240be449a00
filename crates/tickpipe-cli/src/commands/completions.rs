//! `tickpipe completions`: scripts for shells, and manual pages, made from the command line itself.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::Args;
use crate::print;
use crate::report::{Failure, tell};

const PROGRAM: &str = "tickpipe";

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Where they belong:
  tickpipe completions bash --out ~/.local/share/bash-completion/completions
  tickpipe completions zsh --out ~/.zfunc   (fpath+=~/.zfunc, then compinit)
  tickpipe completions fish --out ~/.config/fish/completions
  tickpipe completions man --out ~/.local/share/man/man1
In $PROFILE, and in rc.elv:
  tickpipe completions powershell | Out-String | Invoke-Expression
  eval (tickpipe completions elvish | slurp)")]
pub(crate) struct CompletionsOptions {
    /// The shell, or `man` for manual pages
    #[arg(value_name = "SHELL")]
    target: Target,

    /// Write files of the usual names there, all of the manual's pages, instead of to stdout
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Elvish,
    Man,
}

/// A file as it will be written.
struct Page {
    file_name: String,
    text: Vec<u8>,
}

pub(crate) fn run(options: CompletionsOptions) -> Result<ExitCode, Failure> {
    let CompletionsOptions { target, out } = options;
    let pages = match target {
        Target::Bash => vec![script(Shell::Bash)],
        Target::Zsh => vec![script(Shell::Zsh)],
        Target::Fish => vec![script(Shell::Fish)],
        Target::PowerShell => vec![script(Shell::PowerShell)],
        Target::Elvish => vec![script(Shell::Elvish)],
        Target::Man => manual()?,
    };
    match (out, pages.first()) {
        (Some(directory), _) => write_all(&directory, &pages)?,
        (None, Some(page)) => print::to_stdout(&page.text)?,
        (None, None) => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn script(shell: Shell) -> Page {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), PROGRAM, &mut text);
    Page { file_name: shell.file_name(PROGRAM), text }
}

/// Returns a page for the program, which is the first, and one for each of its commands.
fn manual() -> Result<Vec<Page>, Failure> {
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let commands: Vec<_> = program.get_subcommands().cloned().collect();
    std::iter::once(program).chain(commands).map(page).collect()
}

fn page(mut command: clap::Command) -> Result<Page, Failure> {
    let notes = command.get_after_help().map(ToString::to_string);
    let version = command.get_version().unwrap_or_default();
    let source = format!("{PROGRAM} {version}");
    command = command.after_help(None);
    let man = Man::new(command).source(source).manual("tickpipe");
    let mut text = Vec::new();
    man.render(&mut text).map_err(|error| Failure::Stream("cannot make a page", error))?;
    if let Some(notes) = notes {
        text.extend(unfilled("NOTES", &notes).into_bytes());
    }
    Ok(Page { file_name: man.get_filename(), text })
}

/// Returns a section whose lines stay lines, as they are in the help.
fn unfilled(heading: &str, notes: &str) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [heading]).control("nf", []);
    for line in notes.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []).to_roff()
}

fn write_all(directory: &Path, pages: &[Page]) -> Result<(), Failure> {
    let fail = |path: &Path| {
        let text = format!("cannot write `{}`", path.display());
        move |error| Failure::Io(text, error)
    };
    fs::create_dir_all(directory).map_err(fail(directory))?;
    for page in pages {
        let path = directory.join(&page.file_name);
        fs::write(&path, &page.text).map_err(fail(&path))?;
        tell(&format!("wrote `{}`", path.display()));
    }
    Ok(())
}
