#include "files.h"

#include "api.h"
#include "errors.h"
#include "open_file.h"
#include "stats.h"
#include "stop.h"
#include "switches.h"
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

bool is_pipe_name(const std::wstring &name) {
    const std::wstring local = L"\\\\.\\pipe\\";
    std::wstring begin = name.substr(0, local.size());
    windows::lower(begin);
    return begin == local;
}

/// Where a plain file lies; empty if its name leads out of the folder.
std::wstring path_of(const std::wstring &name, bool is_common) {
    const std::wstring folder = windows::environment(L"MQL_FILES");
    if (folder.empty()) {
        violation("the file \"" + utf8(name) + "\" needs a folder in the variable MQL_FILES");
    }
    std::wstring inside = name;
    for (wchar_t &unit : inside) {
        unit = unit == L'/' ? L'\\' : unit;
    }
    const bool leads_out = inside.empty() || inside.front() == L'\\' ||
                           inside.find(L':') != std::wstring::npos ||
                           inside.find(L"..") != std::wstring::npos;
    if (leads_out) {
        set_last_error(errors::WRONG_FILE_NAME);
        return std::wstring();
    }
    return folder + (is_common ? L"\\Common\\" : L"\\") + inside;
}

windows::Access access_of(int flags) {
    const bool reads = (flags & api::FILE_READ) != 0;
    const bool writes = (flags & api::FILE_WRITE) != 0;
    if (reads && writes) {
        return windows::Access::both;
    }
    return writes ? windows::Access::write : windows::Access::read;
}

windows::Create create_of(int flags) {
    switch (access_of(flags)) {
    case windows::Access::both:
        return windows::Create::if_missing;
    case windows::Access::write:
        return windows::Create::always;
    case windows::Access::read:
        break;
    }
    return windows::Create::never;
}

void check_flags(const string &name, int flags) {
    if (!switches().strict) {
        return;
    }
    const std::string opens = "FileOpen of \"" + utf8(name.units()) + "\"";
    if ((flags & (api::FILE_ANSI | api::FILE_UNICODE)) == 0) {
        violation(opens + " names neither FILE_ANSI nor FILE_UNICODE");
    }
    if ((flags & (api::FILE_BIN | api::FILE_TXT)) == 0) {
        violation(opens + " names neither FILE_BIN nor FILE_TXT, and CSV is not played");
    }
    if ((flags & (api::FILE_READ | api::FILE_WRITE)) == 0) {
        violation(opens + " names neither FILE_READ nor FILE_WRITE");
    }
}

int open(const string &name, int flags, uint codepage) {
    check_flags(name, flags);
    std::size_t index = 0;
    while (index < FILES_MAX && files()[index]) {
        ++index;
    }
    if (index == FILES_MAX) {
        set_last_error(errors::TOO_MANY_FILES);
        return api::INVALID_HANDLE;
    }
    const bool is_pipe = is_pipe_name(name.units());
    windows::Handle handle = nullptr;
    if (is_pipe) {
        send_transcript();
        const stats::FileCall measured;
        handle = windows::open_pipe(name.units(), access_of(flags));
    } else {
        const std::wstring path = path_of(name.units(), (flags & api::FILE_COMMON) != 0);
        if (path.empty()) {
            return api::INVALID_HANDLE;
        }
        handle = windows::open_file(path, access_of(flags), create_of(flags));
    }
    if (handle == nullptr) {
        set_last_error(errors::CANNOT_OPEN_FILE);
        return api::INVALID_HANDLE;
    }
    files()[index] = std::make_unique<OpenFile>(name.units(), handle, is_pipe, flags, codepage);
    return HANDLE_FIRST + static_cast<int>(index);
}

/// In text a lone line feed gets its carriage return.
std::wstring with_line_ends(const std::wstring &units) {
    std::wstring text_units;
    for (const wchar_t unit : units) {
        if (unit == L'\n' && (text_units.empty() || text_units.back() != L'\r')) {
            text_units += L'\r';
        }
        text_units += unit;
    }
    return text_units;
}

std::string encoded(const OpenFile &file, const std::wstring &units) {
    if (file.is_ansi()) {
        // A code page is only documented for text; in a binary file it is the system's.
        const bool is_text = file.has_flag(api::FILE_TXT);
        return windows::narrow(units, is_text ? file.codepage() : windows::ANSI);
    }
    return std::string(reinterpret_cast<const char *>(units.data()), units.size() * 2);
}

string decoded(const OpenFile &file, const std::string &bytes) {
    std::wstring units;
    if (file.is_ansi()) {
        const bool is_text = file.has_flag(api::FILE_TXT);
        units = windows::widen(bytes.data(), bytes.size(),
                               is_text ? file.codepage() : windows::ANSI);
    } else {
        units.assign(reinterpret_cast<const wchar_t *>(bytes.data()), bytes.size() / 2);
    }
    return string(units.substr(0, units.find(L'\0')));
}

string read_counted(OpenFile &file, int length) {
    const std::size_t unit = file.is_ansi() ? 1 : 2;
    std::string bytes(static_cast<std::size_t>(length) * unit, '\0');
    bytes.resize(file.read(bytes.data(), bytes.size()));
    return decoded(file, bytes);
}

/// One line of a text file, without its end.
string read_line(OpenFile &file) {
    const std::size_t unit = file.is_ansi() ? 1 : 2;
    const std::string line_feed = unit == 1 ? std::string("\n") : std::string("\n\0", 2);
    std::string line;
    for (std::string next(unit, '\0'); file.read(next.data(), unit) == unit; line += next) {
        if (next == line_feed) {
            break;
        }
    }
    string value = decoded(file, line);
    if (!value.units().empty() && value.units().back() == L'\r') {
        value.units().pop_back();
    }
    return value;
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
