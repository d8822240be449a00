//! The command line.

use std::num::NonZeroU32;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use clap::builder::Styles;
use clap::{Parser, Subcommand, ValueEnum};
use tickpipe::{CodePage, NulPadding, ServerConfig, TextEncoding};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold())
    .valid(Style::new().bold());

/// A bridge between MetaTrader and any program over a plain named pipe, with no DLL.
#[derive(Debug, Parser)]
#[command(name = "tickpipe", version, styles = STYLES, propagate_version = true)]
#[command(after_help = "Try `tickpipe serve double`, and `tickpipe send 1.10000000` beside it.")]
pub(crate) struct Args {
    /// Tell more on stderr: -v life events, -vv details, -vvv everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count, display_order = 100)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a pipe: answer every line an EA writes
    Serve(ServeOptions),
    /// Send lines to a pipe and print the replies
    Send(SendOptions),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends in good order at Ctrl-C; a second Ctrl-C ends it at once.
Exit codes: 0 done, 1 failed, 2 usage, 3 name taken, 4 security, 130 second signal.")]
pub(crate) struct ServeOptions {
    /// What answers the lines
    pub(crate) handler: Handler,

    /// The pipe: a name, \\.\pipe\NAME, or on Unix a socket's full path
    #[arg(long, default_value = "TestPipe", env = "TICKPIPE_PIPE", hide_env = true)]
    pub(crate) pipe: String,

    /// Print no exchanges
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Handler {
    /// Twice the number, with three decimals
    Double,
    /// The line as it came
    Echo,
}

/// Settings of the server that have a default; each also a variable, such as
/// `TICKPIPE_LINE_LEN_MAX`.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Limits {
    /// Bytes a line may have [default: 4096]
    #[arg(long, value_name = "BYTES", env = "TICKPIPE_LINE_LEN_MAX", hide_env = true)]
    line_len_max: Option<usize>,

    /// Time to end a line once begun [default: 5000]
    #[arg(long, value_name = "MS", env = "TICKPIPE_LINE_DEADLINE_MS", hide_env = true)]
    line_deadline_ms: Option<u64>,

    /// Time to answer a line [default: 1000]
    #[arg(long, value_name = "MS", env = "TICKPIPE_HANDLER_DEADLINE_MS", hide_env = true)]
    handler_deadline_ms: Option<u64>,

    /// Time for a peer to take its reply [default: 10000]
    #[arg(long, value_name = "MS", env = "TICKPIPE_WRITE_DEADLINE_MS", hide_env = true)]
    write_deadline_ms: Option<u64>,

    /// Connections served at once [default: 1024]
    #[arg(long, value_name = "COUNT", env = "TICKPIPE_CONNECTIONS_MAX", hide_env = true)]
    connections_max: Option<usize>,

    /// Pipe instances that wait for a client, 2 to 60 (Windows) [default: 32]
    #[arg(long, value_name = "COUNT", env = "TICKPIPE_IDLE_INSTANCES", hide_env = true)]
    idle_instances: Option<usize>,

    /// Lines a second of one connection [default: no limit]
    #[arg(long, value_name = "COUNT", env = "TICKPIPE_RATE_MAX", hide_env = true)]
    rate_max: Option<NonZeroU32>,

    /// 8-bit text: auto, utf-8, or a code page such as windows-1252 [default: auto]
    #[arg(long, value_name = "NAME", env = "TICKPIPE_ENCODING", hide_env = true)]
    encoding: Option<String>,

    /// Drop NUL characters around a line instead of refusing it
    #[arg(long, env = "TICKPIPE_STRIP_NUL", hide_env = true)]
    strip_nul: bool,

    /// Let another Windows user connect; may be repeated
    #[arg(
        long,
        value_name = "SID",
        env = "TICKPIPE_ALLOW",
        hide_env = true,
        value_delimiter = ','
    )]
    allow: Vec<String>,
}

impl Limits {
    /// Returns the server's settings.
    pub(crate) fn config(self) -> Result<ServerConfig, tickpipe::UnknownCodePage> {
        let mut config = ServerConfig::default();
        if let Some(line_len_max) = self.line_len_max {
            config = config.with_line_len_max(line_len_max);
        }
        if let Some(ms) = self.line_deadline_ms {
            config = config.with_line_deadline(Duration::from_millis(ms));
        }
        if let Some(ms) = self.handler_deadline_ms {
            config = config.with_handler_deadline(Duration::from_millis(ms));
        }
        if let Some(ms) = self.write_deadline_ms {
            config = config.with_write_deadline(Duration::from_millis(ms));
        }
        if let Some(connections_max) = self.connections_max {
            config = config.with_connections_max(connections_max);
        }
        if let Some(idle_instances) = self.idle_instances {
            config = config.with_idle_instances(idle_instances);
        }
        if let Some(rate_max) = self.rate_max {
            config = config.with_rate_max(rate_max);
        }
        match self.encoding.as_deref() {
            None | Some("auto") => {}
            Some(name) => {
                config = config.with_encoding(TextEncoding::Strict(CodePage::from_name(name)?));
            }
        }
        if self.strip_nul {
            config = config.with_nul_padding(NulPadding::Strip);
        }
        for sid in self.allow {
            config = config.with_allowed_user(sid);
        }
        Ok(config)
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 every line was answered, 1 an ERR or no reply, 2 usage, 130 interrupted.")]
pub(crate) struct SendOptions {
    /// Lines to send, each argument one; without any, those of stdin
    #[arg(allow_negative_numbers = true)]
    pub(crate) lines: Vec<String>,

    /// The pipe: a name, \\.\pipe\NAME, or on Unix a socket's full path
    #[arg(long, default_value = "TestPipe", env = "TICKPIPE_PIPE", hide_env = true)]
    pub(crate) pipe: String,

    /// Longest wait for the connection, and for each reply
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 5000,
        env = "TICKPIPE_TIMEOUT_MS",
        hide_env = true
    )]
    pub(crate) timeout_ms: u64,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }
}
