// What is counted and measured of a run.
#pragma once

#include <cstdint>
#include <string>

namespace mql {

enum class Handler { init, tick, timer, deinit, start };

namespace stats {

enum class Count { close, flush, flush_empty, open, read, seek, size, write };

void count(Count what);

/// Measures a call of the system on a file, for as long as it lives.
class FileCall {
public:
    FileCall();
    ~FileCall();
    FileCall(const FileCall &) = delete;
    FileCall &operator=(const FileCall &) = delete;

private:
    std::uint64_t begin_ns_;
};

/// A FileFlush has sent bytes: an answer may come.
void wait_begins();
/// A FileSize shows bytes.
void wait_ends();

void handler_begins();
void handler_ends(Handler handler);

std::string as_json();
void reset();

} // namespace stats
} // namespace mql
