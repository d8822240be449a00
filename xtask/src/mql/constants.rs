//! `Constants.mqh`: what the wire fixes, for EAs, made from `tickpipe-proto`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use tickpipe_proto::{ErrorCode, LineConfig};

use crate::paths::Paths;

/// Writes the file.
pub(crate) fn write(paths: &Paths) -> anyhow::Result<()> {
    let file = file(paths);
    fs::write(&file, text()).with_context(|| format!("cannot write {}", file.display()))?;
    println!("written to {}", file.display());
    Ok(())
}

/// Fails if the file is not what would be written.
pub(crate) fn check(paths: &Paths) -> anyhow::Result<()> {
    let file = file(paths);
    let found =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    if found != text() {
        bail!(
            "{} is not what tickpipe-proto says; run `cargo xtask mql constants`",
            file.display()
        );
    }
    Ok(())
}

fn file(paths: &Paths) -> PathBuf {
    paths.root.join("mql/Include/TickPipe/Constants.mqh")
}

fn text() -> String {
    let config = LineConfig::default();
    let mut text = format!(
        "// TickPipe\\Constants.mqh: what the wire fixes. Made by `cargo xtask mql constants`, not by hand.\n\
         \n\
         // The longest line that a server takes, and the longest that it answers, without their ends, in bytes.\n\
         #define TICKPIPE_REQUEST_LEN_MAX {}\n\
         #define TICKPIPE_REPLY_LEN_MAX   {}\n\
         \n\
         // Whether a line that was answered by `ERR` and this code may be sent again later.\n\
         bool PipeIsRetryableCode(const string code)\n\
         {{\n",
        config.frame.line_len_max, config.reply_len_max
    );
    let is_listed = |code: &&ErrorCode| code.is_of_line_mode() && code.is_retryable();
    for code in ErrorCode::ALL.iter().filter(is_listed) {
        // Writing to a string does not fail.
        write!(text, "   if(code == \"{}\")\n      return true;\n", code.as_str()).ok();
    }
    text.push_str("   return false;\n}\n");
    text
}
