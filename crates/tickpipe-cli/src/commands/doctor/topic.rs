//! All that `doctor` and `config check` may find but that something is as it should be: the headings of
//! `docs/troubleshooting.md`.

#[cfg(test)]
mod tests;

macro_rules! topics {
    ($($name:ident $check:literal $word:literal,)*) => {
        /// What a note or a problem is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(
            all(not(unix), not(test)),
            expect(dead_code, reason = "only Unix has a directory for its sockets")
        )]
        pub(crate) enum Topic {
            $($name,)*
        }

        impl Topic {
            /// Every topic, in the order of the words.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the word: the heading in `docs/troubleshooting.md`.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// Returns what was looked at, in a word.
            pub(crate) const fn check(self) -> &'static str {
                match self {
                    $(Self::$name => $check,)*
                }
            }
        }
    };
}

topics! {
    AccessOthers "access" "access_others",
    AccessUnknown "access" "access_unknown",
    AnswerError "answer" "answer_error",
    AnswerNone "answer" "answer_none",
    AnswerRefused "answer" "answer_refused",
    AnswerStranger "answer" "answer_stranger",
    CommandEnds "answer" "command_ends",
    CommandKeepsBack "answer" "command_keeps_back",
    CommandLate "answer" "command_late",
    CommandLeaves "answer" "command_leaves",
    CommandMissing "command" "command_missing",
    CommandNoLineEnd "answer" "command_no_line_end",
    CommandSaysMore "answer" "command_says_more",
    CommandUnstartable "command" "command_unstartable",
    ConfigBroken "file" "config_broken",
    ConfigHandler "handler" "config_handler",
    ConfigLimits "limits" "config_limits",
    ConfigLog "log" "config_log",
    ConfigNoFile "file" "config_no_file",
    ConfigNoHandler "handler" "config_no_handler",
    ConfigPipe "pipe" "config_pipe",
    ConfigTcp "tcp" "config_tcp",
    ConfigVariable "variables" "config_variable",
    DirectoryMissing "directory" "directory_missing",
    DirectoryNone "directory" "directory_none",
    DirectoryOpen "directory" "directory_open",
    DirectoryUnreadable "directory" "directory_unreadable",
    PipeHeld "pipe" "pipe_held",
    PipeNameLong "pipe" "pipe_name_long",
    PipeRefused "pipe" "pipe_refused",
    PipeServed "pipe" "pipe_served",
    PrefixOther "prefix" "prefix_other",
    PrefixUnknown "prefix" "prefix_unknown",
    PrefixUnserved "prefix" "prefix_unserved",
    RoundTripFailed "round_trip" "round_trip_failed",
    SessionEnded "session" "session_ended",
    SessionError "session" "session_error",
    SessionLate "session" "session_late",
    SessionNoise "session" "session_noise",
    SessionUnanswered "session" "session_unanswered",
    SessionUntried "session" "session_untried",
    ShimMissing "shim" "shim_missing",
    WineMissing "wine" "wine_missing",
    WineUnknown "wine" "wine_unknown",
}
