#include "file_names.h"

#include "constants.h"
#include "errors.h"
#include "stats.h"
#include "stop.h"
#include "switches.h"
#include "system.h"
#include "transcript.h"

namespace mql {

namespace {

std::string utf8(const std::wstring &units) { return windows::narrow(units, windows::UTF8); }

bool is_pipe_name(const std::wstring &name) {
    const std::wstring local = L"\\\\.\\pipe\\";
    std::wstring begin = name.substr(0, local.size());
    windows::lower(begin);
    return begin == local;
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

void check_flags(const std::wstring &name, int flags) {
    if (!switches().strict) {
        return;
    }
    const std::string opens = "FileOpen of \"" + utf8(name) + "\"";
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

windows::Handle open_handle(const std::wstring &name, bool is_pipe, int flags) {
    if (is_pipe) {
        send_transcript();
        const stats::FileCall measured;
        const windows::Handle handle = windows::open_pipe(name, access_of(flags));
        if (handle == nullptr) {
            set_last_error(errors::CANNOT_OPEN_FILE);
        }
        return handle;
    }
    const std::wstring path = path_of(name, (flags & api::FILE_COMMON) != 0);
    if (path.empty()) {
        return nullptr; // And the error says that it is the name.
    }
    const windows::Handle handle =
        windows::open_file(path, access_of(flags), create_of(flags));
    if (handle == nullptr) {
        set_last_error(errors::CANNOT_OPEN_FILE);
    }
    return handle;
}

} // namespace

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

std::unique_ptr<OpenFile> open_named(const std::wstring &name, int flags, types::uint codepage) {
    check_flags(name, flags);
    const bool is_pipe = is_pipe_name(name);
    const windows::Handle handle = open_handle(name, is_pipe, flags);
    if (handle == nullptr) {
        return nullptr;
    }
    return std::make_unique<OpenFile>(name, handle, is_pipe, flags, codepage);
}

} // namespace mql
