//! The keys of the file: each is the default of an option of `serve`.

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A program and its arguments.
    Command,
    /// A whole number, not below zero.
    Count,
    Flag,
    /// What is logged, in a word.
    Level,
    /// A file; if relative, from the folder of the configuration file.
    Path,
    Text,
    Texts,
}

impl Kind {
    /// Returns whether it has any number of values.
    pub(crate) const fn is_list(self) -> bool {
        matches!(self, Self::Command | Self::Texts)
    }
}

/// A key of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// The table that it stands in; empty above all tables.
    pub(crate) table: &'static str,
    pub(crate) name: &'static str,
    /// The option's id on the command line.
    pub(crate) option: &'static str,
    pub(crate) kind: Kind,
    /// As it would be written in the file; empty if there is none.
    pub(crate) default: &'static str,
    /// In words; empty if everything goes that is of its kind.
    pub(crate) allowed: &'static str,
}

const fn key(
    table: &'static str,
    name: &'static str,
    option: &'static str,
    kind: Kind,
    default: &'static str,
    allowed: &'static str,
) -> Key {
    Key { table, name, option, kind, default, allowed }
}

const fn limit(name: &'static str, default: &'static str, allowed: &'static str) -> Key {
    key("limits", name, name, Kind::Count, default, allowed)
}

const MS: &str = "1 to 86400000";

/// Every key, in the order in which people are shown them.
pub(crate) const KEYS: [Key; 27] = [
    key("", "pipe", "pipe", Kind::Text, "\"TestPipe\"", ""),
    key("", "mode", "mode", Kind::Text, "\"auto\"", "auto, line, session"),
    key("", "quiet", "quiet", Kind::Flag, "false", ""),
    key("", "json", "json", Kind::Flag, "false", ""),
    key("handler", "name", "handler", Kind::Text, "", "double, echo, exec, forward, watch"),
    key("handler", "command", "command", Kind::Command, "", ""),
    key("handler", "address", "words", Kind::Text, "", ""),
    limit("line_len_max", "4096", "16 to 65536"),
    limit("line_deadline_ms", "5000", MS),
    limit("handler_deadline_ms", "1000", MS),
    limit("start_limit_ms", "5000", ""),
    limit("write_deadline_ms", "10000", MS),
    limit("connections_max", "1024", "1 to 100000"),
    limit("heartbeat_ms", "5000", MS),
    limit("silence_ms", "15000", MS),
    limit("idle_instances", "32", "2 to 60"),
    limit("rate_max", "", "1 to 4294967295"),
    key("limits", "encoding", "encoding", Kind::Text, "\"auto\"", ""),
    key("limits", "strip_nul", "strip_nul", Kind::Flag, "false", ""),
    key("limits", "allow", "allow", Kind::Texts, "[]", ""),
    key("tcp", "listen", "listen", Kind::Text, "", ""),
    key("tcp", "token_file", "token_file", Kind::Path, "", ""),
    key("tcp", "allow_remote", "allow_remote", Kind::Flag, "false", ""),
    key("log", "file", "log_file", Kind::Path, "", ""),
    key("log", "level", "verbose", Kind::Level, "\"warn\"", "warn, info, debug, trace"),
    key(
        "log",
        "file_bytes_max",
        "log_file_bytes_max",
        Kind::Count,
        "10485760",
        "65536 to 1073741824",
    ),
    key("log", "files_max", "log_files_max", Kind::Count, "10", "1 to 100"),
];

/// The words of a [`Kind::Level`]; their place is how often `-v` would stand.
pub(crate) const LEVELS: [&str; 4] = ["warn", "info", "debug", "trace"];

impl Key {
    /// Returns the key with its table, as people write it in a word.
    pub(crate) fn path(&self) -> String {
        if self.table.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}.{}", self.table, self.name)
        }
    }
}
