// The terminal's files: what the driver asks of them.
#pragma once

namespace mql {

/// Has every call written to the transcript.
void set_trace(bool is_traced);

/// A `leak` line for each file that is open.
void report_leaks();

} // namespace mql
