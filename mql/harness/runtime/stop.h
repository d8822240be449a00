// How a run ends before its time.
#pragma once

#include <string>

namespace mql {

/// Ends the run as a terminal ends a program: a `critical` line, exit code 3.
[[noreturn]] void critical(const std::string &what);

/// Ends the run for what a terminal would let pass, or hang at: a `violation` line, exit code 4.
[[noreturn]] void violation(const std::string &what);

} // namespace mql
