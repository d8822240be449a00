//! `tickpipe install`: our EAs and includes, put into the terminals of this machine, or taken away.
//!
//! Finding terminals, choosing among them and planning look at folders only; [`apply`] alone changes them.

mod apply;
mod choose;
mod editor;
mod editor_log;
mod find;
mod folder;
mod list;
mod lock;
#[cfg(test)]
mod made_up;
mod origin;
mod ours;
mod plan;
mod platform;
mod record;
mod running;
mod sources;
mod told;

use std::process::ExitCode;
use std::time::Duration;

use self::apply::Problem;
use self::choose::choose;
use self::editor::Editor;
use self::find::{Search, Terminal, find};
use self::lock::Lock;
use self::ours::Ours;
use self::sources::main_files;
use self::told::{Report, Work, near};
use crate::exit;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Terminals are found in %APPDATA%\\MetaQuotes\\Terminal, on Linux in Wine prefixes:
$WINEPREFIX, ~/.wine, ~/.mt4, ~/.mt5, those of Bottles, CrossOver, Lutris,
PlayOnLinux. A portable one is named by its path. A file changed by hand is kept
as .bak when it is replaced, and stays when the others are removed.
Exit codes: 0 done; 1 failed, not compiled, or no terminal found; 2 usage.")]
pub(crate) struct InstallOptions {
    /// Show the terminals, and what there is of ours
    #[arg(long, conflicts_with_all = ["dry_run", "remove"])]
    list: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Remove our files, and what was compiled of them
    #[arg(long)]
    remove: bool,

    /// Only this one: the beginning of its id, or a path
    ///
    /// Can be given again. A path may be that of the data folder, or of the installation.
    #[arg(long, value_name = "ID|PATH")]
    terminal: Vec<String>,

    /// Do not compile the EAs with MetaEditor
    #[arg(long)]
    no_compile: bool,

    /// Seconds after which MetaEditor is ended, for each EA
    #[arg(long, value_name = "SECONDS", default_value_t = 60, hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=3600))]
    compile_limit_s: u64,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &InstallOptions) -> Result<ExitCode, Failure> {
    let search = Search::of_this_user();
    let mut terminals = find(&search.folders);
    if !options.terminal.is_empty() {
        terminals = choose(&terminals, &options.terminal)?;
    }
    if terminals.is_empty() {
        return Err(none_found(&search));
    }
    let is_good = if options.list {
        list::list(&terminals, options.json)?
    } else {
        change(&terminals, options)?
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(exit::FAILED) })
}

/// Does one terminal after the other; whether all went well. One that fails stops no other.
fn change(terminals: &[Terminal], options: &InstallOptions) -> Result<bool, Failure> {
    let work = if options.remove { Work::Remove } else { Work::Install };
    let mut report = Report::new(work, options.dry_run, options.json);
    for terminal in terminals {
        report.begin(terminal)?;
        match (change_one(terminal, work, options, &mut report)?, work) {
            (Some(is_new), Work::Install) => compile(terminal, is_new, options, &mut report)?,
            (_, Work::Remove) | (None, _) => {}
        }
    }
    report.end()
}

/// Changes a terminal's files; whether there was something to do, or nothing if it could not be done.
fn change_one(
    terminal: &Terminal,
    work: Work,
    options: &InstallOptions,
    report: &mut Report,
) -> Result<Option<bool>, Failure> {
    let mql = terminal.mql();
    let mut lock = None;
    loop {
        let ours = match Ours::of(terminal) {
            Ok(ours) => ours,
            Err(unreadable) => {
                report.unreadable(&unreadable)?;
                return Ok(None);
            }
        };
        let plan = match work {
            Work::Install => plan::install(&ours, terminal.platform, &mql),
            Work::Remove => plan::remove(&ours, terminal.platform, &mql),
        };
        if options.dry_run || plan.is_nothing() {
            report.planned(&mql, &plan)?;
            return Ok(Some(!plan.is_nothing()));
        }
        if lock.is_none() {
            // Another one may be at work: what is there counts only once it is not.
            match Lock::take(&mql) {
                Ok(taken) => lock = Some(taken),
                Err(error) => {
                    report.problem(&locked(terminal, error))?;
                    return Ok(None);
                }
            }
            continue;
        }
        let done = match work {
            Work::Install => apply::install(&mql, &plan, &ours.record),
            Work::Remove => apply::remove(&mql, &plan, &ours.record),
        };
        return match done {
            Ok(done) => report.done(&plan, &done).map(|()| Some(true)),
            Err(problem) => report.problem(&problem).map(|()| None),
        };
    }
}

fn locked(terminal: &Terminal, error: std::io::Error) -> Problem {
    Problem { doing: "work in", path: terminal.mql(), error, is_begun: false }
}

/// Compiles the EAs that are not, or has it done by the person.
fn compile(
    terminal: &Terminal,
    is_new: bool,
    options: &InstallOptions,
    report: &mut Report,
) -> Result<(), Failure> {
    let limit = Duration::from_secs(options.compile_limit_s);
    let editor = if options.no_compile {
        Err("`--no-compile` says so".to_owned())
    } else {
        Editor::of(terminal, limit)
    };
    let editor = match editor {
        Ok(editor) => editor,
        Err(why) => return if options.dry_run { Ok(()) } else { report.no_editor(&why) },
    };
    if options.dry_run {
        let paths = if is_new { main_files(terminal.platform).collect() } else { editor.stale() };
        return report.would_compile(&editor.program, &paths);
    }
    let stale = editor.stale();
    if stale.is_empty() {
        return Ok(());
    }
    let _lock = match Lock::take(&terminal.mql()) {
        Ok(lock) => lock,
        Err(error) => return report.problem(&locked(terminal, error)),
    };
    for path in stale {
        report.compiled(&editor.compile(path))?;
    }
    Ok(())
}

fn none_found(search: &Search) -> Failure {
    let looked_at = match search.looked_at.as_slice() {
        [] => "APPDATA, or HOME on Linux, is not set, so there was nowhere to look".to_owned(),
        places => {
            let places: Vec<_> = places.iter().map(|place| near(place.as_ref())).collect();
            format!("looked at {}", places.join(", "))
        }
    };
    Failure::Setup {
        text: format!("no terminal was found; {looked_at}"),
        hint: "start the terminal once, as this user; or click File, Open Data Folder in it, and give \
               that path with `--terminal`"
            .to_owned(),
    }
}
