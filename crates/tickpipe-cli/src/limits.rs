//! The options of a server's limits.

use std::num::NonZeroU32;
use std::time::Duration;

use tickpipe::{CodePage, NulPadding, ServerConfig, TextEncoding};

/// Settings of the server that have a default; each also a variable, such as
/// `TICKPIPE_LINE_LEN_MAX`. Those that few people change are in `--help` alone.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Limits {
    /// Bytes a line may have [default: 4096]
    #[arg(long, value_name = "BYTES", env = "TICKPIPE_LINE_LEN_MAX", hide_env = true)]
    line_len_max: Option<usize>,

    /// Time to end a line once begun [default: 5000]
    #[arg(
        long,
        value_name = "MS",
        env = "TICKPIPE_LINE_DEADLINE_MS",
        hide_env = true,
        hide_short_help = true
    )]
    line_deadline_ms: Option<u64>,

    /// Time to answer a line [default: 1000; `forward`: 1250]
    #[arg(long, value_name = "MS", env = "TICKPIPE_HANDLER_DEADLINE_MS", hide_env = true)]
    handler_deadline_ms: Option<u64>,

    /// Time for a peer to take its reply [default: 10000]
    #[arg(
        long,
        value_name = "MS",
        env = "TICKPIPE_WRITE_DEADLINE_MS",
        hide_env = true,
        hide_short_help = true
    )]
    write_deadline_ms: Option<u64>,

    /// Connections served at once [default: 1024]
    #[arg(long, value_name = "COUNT", env = "TICKPIPE_CONNECTIONS_MAX", hide_env = true)]
    connections_max: Option<usize>,

    /// Silence of one side after which it sends a `ping` in a session [default: 5000]
    #[arg(
        long,
        value_name = "MS",
        env = "TICKPIPE_HEARTBEAT_MS",
        hide_env = true,
        hide_short_help = true
    )]
    heartbeat_ms: Option<u64>,

    /// Silence of the EA after which its session ends [default: 15000]
    #[arg(
        long,
        value_name = "MS",
        env = "TICKPIPE_SILENCE_MS",
        hide_env = true,
        hide_short_help = true
    )]
    silence_ms: Option<u64>,

    /// Pipe instances that wait for a client, 2 to 60 (Windows) [default: 32]
    #[arg(
        long,
        value_name = "COUNT",
        env = "TICKPIPE_IDLE_INSTANCES",
        hide_env = true,
        hide_short_help = true
    )]
    idle_instances: Option<usize>,

    /// Lines a second of one connection [default: no limit]
    #[arg(
        long,
        value_name = "COUNT",
        env = "TICKPIPE_RATE_MAX",
        hide_env = true,
        hide_short_help = true
    )]
    rate_max: Option<NonZeroU32>,

    /// 8-bit text: auto, utf-8, or a code page such as windows-1252 [default: auto]
    #[arg(long, value_name = "NAME", env = "TICKPIPE_ENCODING", hide_env = true)]
    encoding: Option<String>,

    /// Drop NUL characters around a line instead of refusing it
    #[arg(long, env = "TICKPIPE_STRIP_NUL", hide_env = true, hide_short_help = true)]
    strip_nul: bool,

    /// Let another Windows user connect; may be repeated
    #[arg(
        long,
        value_name = "SID",
        env = "TICKPIPE_ALLOW",
        hide_env = true,
        hide_short_help = true,
        value_delimiter = ','
    )]
    allow: Vec<String>,
}

impl Limits {
    /// Returns the server's settings; `handler_deadline` is the handler's own, if nobody named one.
    pub(crate) fn config(
        self,
        handler_deadline: Option<Duration>,
    ) -> Result<ServerConfig, tickpipe::UnknownCodePage> {
        let mut config = ServerConfig::default();
        if let Some(line_len_max) = self.line_len_max {
            config = config.with_line_len_max(line_len_max);
        }
        if let Some(ms) = self.line_deadline_ms {
            config = config.with_line_deadline(Duration::from_millis(ms));
        }
        let named = self.handler_deadline_ms.map(Duration::from_millis);
        if let Some(handler_deadline) = named.or(handler_deadline) {
            config = config.with_handler_deadline(handler_deadline);
        }
        if let Some(ms) = self.write_deadline_ms {
            config = config.with_write_deadline(Duration::from_millis(ms));
        }
        if self.heartbeat_ms.is_some() || self.silence_ms.is_some() {
            let or = |ms: Option<u64>, default| Duration::from_millis(ms.unwrap_or(default));
            config =
                config.with_heartbeat(or(self.heartbeat_ms, 5000), or(self.silence_ms, 15_000));
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
