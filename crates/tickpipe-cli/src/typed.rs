//! What people type to start this program.

/// Returns what starts this program again, for lines that are to be pasted.
///
/// PowerShell hands over the whole path of what was typed, which has blanks in many users' folders, and starts
/// nothing of the current folder without `.\`.
pub(crate) fn program() -> String {
    if cfg!(windows) { on_windows() } else { as_typed().unwrap_or_else(|| NAME.to_owned()) }
}

const NAME: &str = "tickpipe";

fn as_typed() -> Option<String> {
    std::env::args().next()
}

fn on_windows() -> String {
    let here = std::env::current_dir().ok();
    let own = std::env::current_exe().ok();
    let is_here = own.as_deref().and_then(std::path::Path::parent) == here.as_deref();
    if here.is_some() && is_here { format!(".\\{NAME}.exe") } else { NAME.to_owned() }
}
