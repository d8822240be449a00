//! The folder that a report goes into: looked at before a run, written after it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use tickpipe::escaped;
use tickpipe_sim::report::{REPORT_FILES, Report};

use crate::print::SHOWN_CHARS_MAX;
use crate::report::{Failure, tell};

/// What is written to see that it can be; less has room where a report has none.
const PROBE: [u8; 4096] = [b' '; 4096];
const PROBE_NAME: &str = ".tickpipe.part";

/// Makes a folder, and sees that a report can be written there.
pub(super) fn prepare(out: &Path) -> Result<(), Failure> {
    try_to_write(out).map_err(|error| {
        let text = format!("cannot write into `{}`", shown(out));
        let hint = "name a folder with `--out` that you may write to, and that has room";
        Failure::Folder { text, cause: error.to_string(), hint }
    })
}

fn try_to_write(out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    if let Some(name) = REPORT_FILES.iter().find(|name| out.join(name).is_dir()) {
        return Err(io::Error::other(format!("there is a folder named {name}")));
    }
    let path = out.join(PROBE_NAME);
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(&PROBE)?;
        file.sync_all()
    });
    let removed = fs::remove_file(&path);
    written.and(removed)
}

/// Writes a report, and says where it is.
pub(super) fn write(report: &Report, out: &Path) -> Result<(), Failure> {
    report.write_to(out).map_err(|error| Failure::simulation(&error))?;
    let [trades, equity, page] = REPORT_FILES;
    let page = out.join(page);
    tell(&format!("written: {trades}, {equity} and the report to open, {}", shown(&page)));
    Ok(())
}

fn shown(path: &Path) -> String {
    escaped(&path.display().to_string(), SHOWN_CHARS_MAX)
}
