//! Wine: whether it is there, what it lacks, and which prefix has the server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tickpipe::wine_version;

use crate::commands::doctor::finding::Finding;
use crate::commands::doctor::limited;
use crate::commands::doctor::processes::{self, Prefix};
use crate::commands::doctor::topic::Topic;
use crate::print;

/// How long Wine may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

/// The first Wine that brings the DLL itself.
const SHIM_NEEDED_BEFORE: (u32, u32) = (8, 13);
/// The DLL that every Rust program needs, in a prefix.
const SHIM: &str = "drive_c/windows/system32/bcryptprimitives.dll";
const SHIM_MEND: &str = "build it from testing/bcryptprimitives.c, as testing/README.md says, and \
                         copy it there";

/// Looks at Wine from inside, or from the system that it runs on.
pub(crate) fn check(pipe: &str) -> Vec<Finding> {
    if cfg!(windows) {
        wine_version().map_or_else(Vec::new, |version| inside(&version, pipe))
    } else if cfg!(target_os = "linux") {
        outside(pipe)
    } else {
        Vec::new()
    }
}

/// Under Wine, which shows the whole of the system at drive Z unless its user took that away.
fn inside(version: &str, pipe: &str) -> Vec<Finding> {
    let root = Path::new(r"Z:\");
    let own = std::env::var("WINECONFIGDIR").ok().map(|path| unix_path(&path));
    let mut findings = Vec::new();
    if let Some(own) = &own {
        findings.push(Finding::ok("prefix", format!("this is `{own}`")));
        findings.push(shim(version, own, root, &Prefix::default()));
    }
    let Some(prefixes) = processes::prefixes(Path::new(r"Z:\proc")) else {
        let found = "drive Z does not show the system's processes, so other prefixes are unknown";
        findings.push(Finding::note(Topic::PrefixUnknown, found));
        return findings;
    };
    findings.extend(prefix_findings(&prefixes, pipe));
    findings
}

/// On the system itself.
fn outside(pipe: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut prefixes = processes::prefixes(Path::new("/proc")).unwrap_or_default();
    let in_use = prefix_findings(&prefixes, pipe);
    match installed() {
        Ok(Some(version)) => {
            findings.push(Finding::ok("wine", format!("`wine` is version {version}")));
            if let Some(usual) = usual_prefix().filter(|path| Path::new(path).is_dir()) {
                prefixes.entry(usual).or_default();
            }
            let root = Path::new("/");
            let shims = prefixes.iter().map(|(path, prefix)| shim(&version, path, root, prefix));
            findings.extend(shims);
        }
        Ok(None) => findings.push(Finding::note(
            Topic::WineMissing,
            "not found; only a terminal on this machine would need it",
        )),
        Err(found) => findings.push(Finding::note(Topic::WineUnknown, found)),
    }
    findings.extend(in_use);
    findings
}

/// Returns the version of the Wine that is installed; `None` if none is.
fn installed() -> Result<Option<String>, String> {
    let Ok(said) = limited::output(Command::new("wine").arg("--version"), VERSION_LIMIT) else {
        return Ok(None);
    };
    let Some(said) = said else {
        return Err(format!("`wine --version` took more than {} s", VERSION_LIMIT.as_secs()));
    };
    let version = said.trim().strip_prefix("wine-").map(str::to_owned);
    version.map(Some).ok_or_else(|| {
        let said = tickpipe::escaped(said.trim(), 80);
        format!("`wine --version` said `{said}`, expected such as `wine-8.0`")
    })
}

/// The prefix that `wine` takes when nobody says another.
fn usual_prefix() -> Option<String> {
    let named = std::env::var("WINEPREFIX").ok().filter(|path| !path.is_empty());
    named.map(|path| path.trim_end_matches('/').to_owned()).or_else(|| {
        let home = std::env::var("HOME").ok()?;
        Some(format!("{home}/.wine"))
    })
}

/// Says whether a prefix has the DLL that an old Wine lacks; `root` is where the system's own root
/// is seen.
fn shim(version: &str, prefix: &str, root: &Path, used: &Prefix) -> Finding {
    if !needs_shim(version) {
        return Finding::ok("shim", format!("Wine {version} needs none"));
    }
    let shim: PathBuf = root.join(prefix.trim_start_matches('/')).join(SHIM);
    let found = format!("Wine {version} needs bcryptprimitives.dll for tickpipe.exe, ");
    if shim.exists() {
        return Finding::ok("shim", format!("{found}and `{prefix}` has it"));
    }
    let found = format!("{found}and `{prefix}/{SHIM}` is missing");
    if used.terminals.is_empty() {
        Finding::note(Topic::ShimMissing, found).with_mend(SHIM_MEND)
    } else {
        Finding::problem(Topic::ShimMissing, found, SHIM_MEND)
    }
}

/// Whether a Wine is older than the DLL, or says a version that is no number.
fn needs_shim(version: &str) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < SHIM_NEEDED_BEFORE,
        _ => true,
    }
}

/// Says what runs in which prefix, and finds a terminal whose server is in another.
fn prefix_findings(prefixes: &BTreeMap<String, Prefix>, pipe: &str) -> Vec<Finding> {
    if prefixes.is_empty() {
        return vec![Finding::ok("prefix", "no Wine program runs")];
    }
    let is_served_elsewhere = prefixes.values().any(|prefix| !prefix.servers.is_empty());
    let finding = |(path, prefix): (&String, &Prefix)| {
        let Prefix { wineserver, servers, terminals } = prefix;
        let mut runs = Vec::new();
        runs.extend(wineserver.map(|id| format!("wineserver (process {id})")));
        runs.extend(servers.iter().map(|id| format!("tickpipe.exe serve (process {id})")));
        runs.extend(terminals.iter().map(|id| format!("a terminal (process {id})")));
        let found = format!("in `{path}` runs {}", runs.join(", "));
        if terminals.is_empty() || !servers.is_empty() {
            return Finding::ok("prefix", found);
        }
        let mend = serve_in(path, pipe);
        if is_served_elsewhere {
            let found = format!(
                "{found}, but no tickpipe.exe, and another prefix has one: a pipe exists inside \
                 one prefix only"
            );
            Finding::problem(Topic::PrefixOther, found, mend)
        } else {
            Finding::note(Topic::PrefixUnserved, format!("{found}, but no tickpipe.exe"))
                .with_mend(mend)
        }
    };
    prefixes.iter().map(finding).collect()
}

/// Returns how a prefix gets a server. Its path comes from another process, so a command with it must
/// be safe to copy.
fn serve_in(prefix: &str, pipe: &str) -> String {
    match (print::shell_word(prefix), print::shell_word(pipe)) {
        (Some(prefix), Some(pipe)) => {
            format!("WINEPREFIX={prefix} wine tickpipe.exe serve --pipe {pipe} double")
        }
        _ => "run `tickpipe.exe serve` in that prefix".to_owned(),
    }
}

/// Returns a path of the system that Wine shows as `\??\Z:\home\a` in its own form.
fn unix_path(path: &str) -> String {
    let path = path.trim_start_matches(r"\??\");
    path.strip_prefix("Z:").map_or_else(|| path.to_owned(), |path| path.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::finding::State;

    #[test]
    fn an_old_wine_needs_the_shim() {
        for (version, needs) in [
            ("8.0 (Debian 8.0~repack-4)", true),
            ("8.12", true),
            ("8.13", false),
            ("8.0.2", true),
            ("9.0-rc1", false),
            ("10.0", false),
            ("7.22 (Staging)", true),
            ("unknown", true),
        ] {
            assert_eq!(needs_shim(version), needs, "{version}");
        }
    }

    #[test]
    fn a_missing_shim_is_a_problem_where_a_terminal_runs() {
        let root = std::env::temp_dir().join(format!("tickpipe-unit-shim-{}", std::process::id()));
        std::fs::create_dir_all(root.join("p/drive_c/windows/system32")).unwrap();
        let used = Prefix { terminals: vec![5], ..Prefix::default() };
        let state = |version: &str, used: &Prefix| shim(version, "/p", &root, used).state;
        assert_eq!(state("8.0", &Prefix::default()), State::Note);
        assert_eq!(state("8.0", &used), State::Problem);
        assert_eq!(state("8.13", &used), State::Ok);
        std::fs::write(root.join("p").join(SHIM), "").unwrap();
        assert_eq!(state("8.0", &used), State::Ok);
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_terminal_whose_server_is_in_another_prefix_is_a_problem() {
        let prefix = |servers: &[u32], terminals: &[u32]| Prefix {
            wineserver: Some(1),
            servers: servers.to_vec(),
            terminals: terminals.to_vec(),
        };
        let states = |prefixes: &[(&str, Prefix)]| -> Vec<State> {
            let prefixes = prefixes
                .iter()
                .map(|(path, prefix)| ((*path).to_owned(), prefix.clone()))
                .collect();
            prefix_findings(&prefixes, "TestPipe").iter().map(|finding| finding.state).collect()
        };
        let (terminal, server, both) = (prefix(&[], &[2]), prefix(&[3], &[]), prefix(&[4], &[5]));
        assert_eq!(states(&[("/a", terminal.clone())]), [State::Note]);
        assert_eq!(
            states(&[("/a", terminal.clone()), ("/b", server)]),
            [State::Problem, State::Ok]
        );
        assert_eq!(states(&[("/a", both.clone())]), [State::Ok]);
        assert_eq!(states(&[("/a", both), ("/b", terminal.clone())]), [State::Ok, State::Problem]);
        let prefixes = BTreeMap::from([("/a".to_owned(), terminal)]);
        let mend = prefix_findings(&prefixes, "Mine").remove(0).mend.unwrap();
        assert_eq!(mend, "WINEPREFIX=/a wine tickpipe.exe serve --pipe Mine double");
    }

    #[test]
    fn a_prefix_that_another_process_names_is_safe_to_copy() {
        assert_eq!(
            serve_in("/a'; rm -r ~; '", "My Pipe"),
            r"WINEPREFIX='/a'\''; rm -r ~; '\''' wine tickpipe.exe serve --pipe 'My Pipe' double"
        );
        assert_eq!(serve_in("/a\u{1b}[8m", "Mine"), "run `tickpipe.exe serve` in that prefix");
    }

    #[test]
    fn wines_own_paths_are_read() {
        assert_eq!(unix_path(r"\??\Z:\home\a\.wine"), "/home/a/.wine");
        assert_eq!(unix_path(r"\??\C:\x"), r"C:\x");
    }
}
