// What is not known of terminals, or is stricter here than there: each can be set either way.
#pragma once

namespace mql {

struct Switches {
    /// What a terminal might let pass, or hang at, ends the run.
    bool strict = true;
    /// FileFlush waits until the other end has read everything.
    bool flush_waits = false;
    /// FileSize says nothing of a server that is gone.
    bool death_is_silent = false;
    /// FileFlush, FileSeek and FileSize leave an error behind on a pipe even when they work.
    bool errors_are_stray = false;
    /// A write says nothing of a server that is gone.
    bool writes_are_silent = false;
    /// A read sends what is buffered before it waits.
    bool read_pushes = false;
    /// The program believes to run in the tester.
    bool tester = false;
    /// It believes that the tester optimizes.
    bool optimization = false;
    /// No timer can be set, as may be while a terminal starts.
    bool timer_refuses = false;
};

Switches &switches();

/// Whether the dialect is MQL4.
#ifdef __MQL4__
inline constexpr bool IS_MQL4 = true;
#else
inline constexpr bool IS_MQL4 = false;
#endif

} // namespace mql
