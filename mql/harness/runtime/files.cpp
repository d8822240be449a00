#include "files.h"

#include "api.h"
#include "errors.h"
#include "file_names.h"
#include "file_text.h"
#include "open_file.h"
#include "stats.h"
#include "system.h"
#include "templates.h"
#include "transcript.h"

#include <array>
#include <memory>

namespace mql {

namespace {

using stats::Count;
using types::mql_long;
using types::string;
using types::uint;
using types::ushort;

/// The terminal's limit.
constexpr std::size_t FILES_MAX = 64;
/// The number of the first handle.
constexpr int HANDLE_FIRST = 1;

bool is_traced = false;

using Files = std::array<std::unique_ptr<OpenFile>, FILES_MAX>;

/// Never destroyed: destructors of the program's objects may close files.
Files &files() {
    static auto *made = new Files;
    return *made;
}

OpenFile *find(int handle) {
    const int index = handle - HANDLE_FIRST;
    if (index < 0 || static_cast<int>(FILES_MAX) <= index || !files()[index]) {
        set_last_error(errors::WRONG_HANDLE);
        return nullptr;
    }
    return files()[index].get();
}

std::string utf8(const std::wstring &units) { return windows::narrow(units, windows::UTF8); }

/// A call as it stands in the transcript, with the error it set if it did.
class Traced {
public:
    Traced() : error_before_(last_error()) {}

    template <class... Parts> void say(const Parts &...parts) const {
        if (!is_traced) {
            return;
        }
        std::string line;
        ((line += part(parts)), ...);
        if (last_error() != error_before_) {
            line += ", error " + std::to_string(last_error());
        }
        transcribe("file", line);
    }

private:
    static const char *part(const char *words) { return words; }
    static std::string part(const string &words) { return '"' + utf8(words.units()) + '"'; }
    template <class Number> static std::string part(Number number) {
        return std::to_string(number);
    }

    int error_before_;
};

/// Finds a free place, and puts a newly opened file there.
int open(const string &name, int flags, uint codepage) {
    std::size_t index = 0;
    while (index < FILES_MAX && files()[index]) {
        ++index;
    }
    if (index == FILES_MAX) {
        set_last_error(errors::TOO_MANY_FILES);
        return api::INVALID_HANDLE;
    }
    files()[index] = open_named(name.units(), flags, codepage);
    return files()[index] ? HANDLE_FIRST + static_cast<int>(index) : api::INVALID_HANDLE;
}

} // namespace

void set_trace(bool traced) { is_traced = traced; }

void report_leaks() {
    for (auto &file : files()) {
        if (file) {
            transcribe("leak", file->name());
            file->close();
        }
    }
}

std::size_t write_array(int handle, const void *bytes, std::size_t size) {
    const Traced traced;
    stats::count(Count::write);
    OpenFile *file = find(handle);
    std::size_t written = 0;
    if (file != nullptr && !file->has_flag(api::FILE_BIN)) {
        set_last_error(errors::NOT_BINARY);
    } else if (file != nullptr) {
        written = file->write(bytes, size);
    }
    traced.say("FileWriteArray(", handle, ", ", size, " bytes) = ", written);
    return written;
}

/// Also behind FileReadLong and FileReadDouble, for which the transcript says FileReadArray.
std::size_t read_array(int handle, void *bytes, std::size_t size) {
    const Traced traced;
    stats::count(Count::read);
    OpenFile *file = find(handle);
    std::size_t got = 0;
    if (file != nullptr && !file->has_flag(api::FILE_BIN)) {
        set_last_error(errors::NOT_BINARY);
    } else if (file != nullptr) {
        got = file->read(bytes, size);
    }
    traced.say("FileReadArray(", handle, ", ", size, " bytes) = ", got);
    return got;
}

} // namespace mql

namespace mql::api {

int FileOpen(const string &name, int flags, ushort, uint codepage) {
    const Traced traced;
    stats::count(Count::open);
    const int handle = open(name, flags, codepage);
    traced.say("FileOpen(", name, ", ", flags, ") = ", handle);
    return handle;
}

void FileClose(int handle) {
    const Traced traced;
    stats::count(Count::close);
    if (OpenFile *file = find(handle)) {
        file->close();
        files()[static_cast<std::size_t>(handle - HANDLE_FIRST)].reset();
    }
    traced.say("FileClose(", handle, ")");
}

void FileFlush(int handle) {
    const Traced traced;
    stats::count(Count::flush);
    if (OpenFile *file = find(handle)) {
        file->flush();
    }
    traced.say("FileFlush(", handle, ")");
}

bool FileSeek(int handle, mql_long offset, ENUM_FILE_POSITION origin) {
    const Traced traced;
    stats::count(Count::seek);
    OpenFile *file = find(handle);
    if (file != nullptr) {
        file->seek(offset, origin);
    }
    traced.say("FileSeek(", handle, ", ", offset, ", ", static_cast<int>(origin),
               file != nullptr ? ") = true" : ") = false");
    return file != nullptr;
}

ulong FileSize(int handle) {
    const Traced traced;
    stats::count(Count::size);
    OpenFile *file = find(handle);
    const ulong size = file != nullptr ? file->size() : 0;
    traced.say("FileSize(", handle, ") = ", size);
    return size;
}

string FileReadString(int handle, int length) {
    const Traced traced;
    stats::count(Count::read);
    string value;
    if (OpenFile *file = find(handle)) {
        if (!file->has_flag(FILE_BIN)) {
            value = read_line(*file);
        } else if (length < 0) {
            set_last_error(errors::STRING_SIZE_NEEDED);
        } else {
            value = read_counted(*file, length);
        }
    }
    traced.say("FileReadString(", handle, ", ", length, ") = ", value);
    return value;
}

uint FileWriteString(int handle, const string &value, int length) {
    const Traced traced;
    stats::count(Count::write);
    std::size_t written = 0;
    if (OpenFile *file = find(handle)) {
        std::wstring units = value.units();
        if (!file->has_flag(FILE_BIN)) {
            units = with_line_ends(units);
        } else if (0 <= length) {
            // A length beyond the text is filled with zeros.
            units.resize(static_cast<std::size_t>(length));
        }
        const std::string bytes = encoded(*file, units);
        written = file->write(bytes.data(), bytes.size());
    }
    traced.say("FileWriteString(", handle, ", ", value, ", ", length, ") = ", written);
    return static_cast<uint>(written);
}

mql_long FileReadLong(int handle) {
    mql_long value = 0;
    read_array(handle, &value, sizeof(value));
    return value;
}

double FileReadDouble(int handle) {
    double value = 0;
    read_array(handle, &value, sizeof(value));
    return value;
}

bool FileIsEnding(int handle) {
    const Traced traced;
    OpenFile *file = find(handle);
    const bool is_ending = file == nullptr || file->is_ending();
    traced.say("FileIsEnding(", handle, is_ending ? ") = true" : ") = false");
    return is_ending;
}

ulong FileTell(int handle) {
    const Traced traced;
    OpenFile *file = find(handle);
    const ulong position = file != nullptr ? file->position() : 0;
    traced.say("FileTell(", handle, ") = ", position);
    return position;
}

int FileReadInteger(int handle, int size) {
    const Traced traced;
    stats::count(Count::read);
    uint value = 0; // A shorter number is never negative.
    OpenFile *file = find(handle);
    if (file != nullptr && !file->has_flag(FILE_BIN)) {
        set_last_error(errors::NOT_BINARY);
    } else if (file != nullptr && CHAR_VALUE <= size && size <= INT_VALUE) {
        file->read(&value, static_cast<std::size_t>(size));
    }
    traced.say("FileReadInteger(", handle, ", ", size, ") = ", value);
    return static_cast<int>(value);
}

uint FileWriteInteger(int handle, int value, int size) {
    const Traced traced;
    stats::count(Count::write);
    std::size_t written = 0;
    OpenFile *file = find(handle);
    if (file != nullptr && !file->has_flag(FILE_BIN)) {
        set_last_error(errors::NOT_BINARY);
    } else if (file != nullptr && CHAR_VALUE <= size && size <= INT_VALUE) {
        written = file->write(&value, static_cast<std::size_t>(size));
    }
    traced.say("FileWriteInteger(", handle, ", ", value, ", ", size, ") = ", written);
    return static_cast<uint>(written);
}

bool FileIsExist(const string &name, int common_flag) {
    const std::wstring path = path_of(name.units(), (common_flag & FILE_COMMON) != 0);
    const bool is_there = !path.empty() && windows::is_file(path);
    if (!is_there) {
        set_last_error(errors::FILE_MISSING);
    }
    return is_there;
}

bool FileDelete(const string &name, int common_flag) {
    const std::wstring path = path_of(name.units(), (common_flag & FILE_COMMON) != 0);
    if (path.empty() || !windows::is_file(path)) {
        set_last_error(errors::FILE_MISSING);
        return false;
    }
    if (!windows::remove_file(path)) {
        set_last_error(errors::CANNOT_DELETE_FILE);
        return false;
    }
    return true;
}

} // namespace mql::api
