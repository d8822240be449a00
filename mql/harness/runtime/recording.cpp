#include "recording.h"

#include "system.h"

#include <charconv>

namespace mql {

namespace {

/// More ticks than a day has.
constexpr std::uint64_t FILE_MAX = 256 * 1024 * 1024;

std::string read_file(const std::wstring &path) {
    const windows::Handle handle =
        windows::open_file(path, windows::Access::read, windows::Create::never);
    std::string bytes;
    if (handle == nullptr) {
        return bytes;
    }
    const std::uint64_t size = windows::file_size(handle);
    if (size <= FILE_MAX) {
        bytes.resize(static_cast<std::size_t>(size));
        bytes.resize(windows::read(handle, bytes.data(), bytes.size()).bytes);
    }
    windows::close(handle);
    return bytes;
}

/// Takes a number and one blank or the end behind it; false if there is none.
template <class Number> bool take(const char *&at, const char *end, Number &number) {
    const auto result = std::from_chars(at, end, number);
    at = result.ptr;
    const bool is_ended = at == end || *at == ' ';
    at += at == end ? 0 : 1;
    return result.ec == std::errc() && is_ended;
}

} // namespace

Recording::Recording(const std::wstring &path) {
    const std::string bytes = read_file(path);
    for (std::size_t from = 0; from < bytes.size() && problem_.empty();) {
        const std::size_t end = std::min(bytes.find('\n', from), bytes.size());
        const bool has_return = from < end && bytes[end - 1] == '\r';
        take_line(bytes.substr(from, end - from - (has_return ? 1 : 0)));
        from = end + 1;
    }
    if (problem_.empty() && quotes_.empty()) {
        problem_ = "`" + windows::narrow(path, windows::UTF8) + "` is no file with ticks";
    }
}

void Recording::take_line(const std::string &line) {
    if (line.empty()) {
        return;
    }
    Quote quote;
    const char *at = line.data();
    const char *end = at + line.size();
    if (take(at, end, quote.time_ms) && take(at, end, quote.bid) && take(at, end, quote.ask)) {
        quotes_.push_back(quote);
    } else {
        problem_ = "`" + line + "` is not `time_msc bid ask`";
    }
}

} // namespace mql
