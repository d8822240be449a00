//! `tickpipe install`: our EAs and includes, put into the terminals of this machine, or taken away.
//!
//! Finding terminals, choosing among them and planning look at folders only; [`apply`] alone changes them.

mod apply;
mod choose;
mod find;
mod folder;
mod list;
#[cfg(test)]
mod made_up;
mod origin;
mod ours;
mod plan;
mod platform;
mod record;
mod sources;
mod told;

use std::process::ExitCode;

use self::choose::choose;
use self::find::{Search, Terminal, find};
use self::ours::Ours;
use self::told::{Report, Work};
use crate::exit;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Terminals are found by their data folders: %APPDATA%\\MetaQuotes\\Terminal\\*, on Linux
those in $WINEPREFIX, ~/.wine, ~/.mt4 and ~/.mt5. A portable terminal is named by its
path. The files go to Experts/TickPipe and Include/TickPipe. One that was changed by
hand is kept as .bak when it is replaced, and stays when the others are removed.
Exit codes: 0 done, 1 failed, or no terminal found, 2 usage.")]
pub(crate) struct InstallOptions {
    /// Show the terminals, and what there is of ours in each
    #[arg(long, conflicts_with_all = ["dry_run", "remove"])]
    list: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Remove our files, and what was compiled of them
    #[arg(long)]
    remove: bool,

    /// Only this one: the beginning of its id, or a path; can be given again
    #[arg(long, value_name = "ID|PATH")]
    terminal: Vec<String>,

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
        let mql = terminal.mql();
        let ours = match Ours::of(terminal) {
            Ok(ours) => ours,
            Err(unreadable) => {
                report.unreadable(&unreadable)?;
                continue;
            }
        };
        let plan = match work {
            Work::Install => plan::install(&ours),
            Work::Remove => plan::remove(&ours, terminal.platform, &mql),
        };
        if options.dry_run || plan.is_nothing() {
            report.planned(&mql, &plan)?;
            continue;
        }
        let done = match work {
            Work::Install => apply::install(&mql, &plan, &ours.record),
            Work::Remove => apply::remove(&mql, &plan).map(|()| apply::Done::default()),
        };
        match done {
            Ok(done) => report.done(&plan, &done.kept)?,
            Err(problem) => report.problem(&problem)?,
        }
    }
    report.end()
}

fn none_found(search: &Search) -> Failure {
    let looked_at = match search.looked_at.as_slice() {
        [] => "APPDATA, or HOME on Linux, is not set, so there was nowhere to look".to_owned(),
        places => format!("looked at {}", crate::print::harmless(&places.join(", "))),
    };
    Failure::Setup {
        text: format!("no terminal was found; {looked_at}"),
        hint: "start the terminal once, as this user; or click File, Open Data Folder in it, and give \
               that path with `--terminal`"
            .to_owned(),
    }
}
