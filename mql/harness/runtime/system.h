// What the runtime takes from Windows, without its header: that one has functions and macros of
// the names of MQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mql::windows {

using Handle = void *;

/// What a call answered: how many bytes it moved, and Windows' error, 0 for none.
struct Moved {
    std::size_t bytes = 0;
    std::uint32_t error = 0;
};

enum class Access { read, write, both };
enum class Create { never, if_missing, always };

/// Opens the end of a pipe, as a terminal does: blocking, in byte mode, never waiting for a free
/// instance. Null if that fails.
Handle open_pipe(const std::wstring &path, Access access);
/// Opens a plain file, making the folders above it if it may be created. Null if that fails.
Handle open_file(const std::wstring &path, Access access, Create create);
void close(Handle handle);
Moved write(Handle handle, const void *bytes, std::size_t size);
/// Waits for at least one byte on a pipe; takes at most `size`.
Moved read(Handle handle, void *bytes, std::size_t size);
/// How many bytes wait in a pipe.
Moved peek(Handle pipe);
/// Waits until the other end has read everything; Windows' error, 0 for none.
std::uint32_t flush(Handle handle);
std::uint64_t file_size(Handle handle);
/// Moves to a place in a plain file, from its beginning.
void seek(Handle handle, std::uint64_t offset);
bool is_file(const std::wstring &path);
bool remove_file(const std::wstring &path);
/// The value of an environment variable, empty if it has none.
std::wstring environment(const wchar_t *name);

/// A clock that only goes forward.
std::uint64_t now_ns();
void sleep_ms(std::uint32_t milliseconds);
/// Calls a function on another thread after some time.
void call_after_ms(std::uint32_t milliseconds, void (*function)());

/// The two ends of the driver.
std::size_t read_input(char *bytes, std::size_t size);
void write_output(const char *bytes, std::size_t size);

constexpr std::uint32_t ANSI = 0;
constexpr std::uint32_t UTF8 = 65001;
std::string narrow(const std::wstring &units, std::uint32_t codepage);
std::wstring widen(const char *bytes, std::size_t size, std::uint32_t codepage);

/// Compares as a dictionary does: -1, 0 or 1.
int compare(const std::wstring &left, const std::wstring &right, bool with_case);
void lower(std::wstring &units);
void upper(std::wstring &units);

/// Has faults of the program reported by `report`, which does not return: divisions by zero (of
/// doubles as well), bad addresses, a stack that is used up.
void catch_faults(void (*report)(const char *what));

[[noreturn]] void end_process(std::uint32_t code);

} // namespace mql::windows
