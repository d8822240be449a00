#include "system.h"

#define WIN32_LEAN_AND_MEAN // And without min and max, which g++ leaves out for C++.
#include <float.h>
#include <windows.h>
#include <winternl.h>

namespace mql::windows {

namespace {

/// What `NtQueryInformationFile` tells of an end of a pipe; the headers of mingw-w64 lack it.
/// https://learn.microsoft.com/en-us/windows-hardware/drivers/ddi/ntifs/ns-ntifs-_file_pipe_local_information
struct PipeLocalInformation {
    ULONG type, configuration, maximum_instances, current_instances, inbound_quota,
        read_data_available, outbound_quota, write_quota_available, state, end;
};
constexpr int PIPE_LOCAL_INFORMATION = 24;
constexpr ULONG CONNECTED = 3;

DWORD small(std::size_t size) { return static_cast<DWORD>(size < MAXLONG ? size : MAXLONG); }

Handle valid(HANDLE handle) { return handle == INVALID_HANDLE_VALUE ? nullptr : handle; }

DWORD rights(Access access) {
    switch (access) {
    case Access::read:
        return GENERIC_READ;
    case Access::write:
        return GENERIC_WRITE;
    case Access::both:
        break;
    }
    return GENERIC_READ | GENERIC_WRITE;
}

DWORD disposition(Create create) {
    switch (create) {
    case Create::always:
        return CREATE_ALWAYS;
    case Create::if_missing:
        return OPEN_ALWAYS;
    case Create::never:
        break;
    }
    return OPEN_EXISTING;
}

void make_folders(const std::wstring &path) {
    for (std::size_t at = path.find(L'\\', 3); at != std::wstring::npos;
         at = path.find(L'\\', at + 1)) {
        CreateDirectoryW(path.substr(0, at).c_str(), nullptr);
    }
}

std::uint32_t frequency() {
    LARGE_INTEGER ticks;
    QueryPerformanceFrequency(&ticks);
    return static_cast<std::uint32_t>(ticks.QuadPart);
}

struct Later {
    DWORD milliseconds;
    void (*function)();
};

DWORD WINAPI call_later(void *parameter) {
    const Later later = *static_cast<Later *>(parameter);
    delete static_cast<Later *>(parameter);
    ::Sleep(later.milliseconds);
    later.function();
    return 0;
}

bool is_ascii(const char *bytes, std::size_t size) {
    for (std::size_t at = 0; at < size; ++at) {
        if (static_cast<unsigned char>(bytes[at]) > 0x7F) {
            return false;
        }
    }
    return true;
}

bool is_ascii(const std::wstring &units) {
    for (const wchar_t unit : units) {
        if (unit > 0x7F) {
            return false;
        }
    }
    return true;
}

void (*report_fault)(const char *what) = nullptr;

const char *fault_name(DWORD code) {
    switch (code) {
    case EXCEPTION_INT_DIVIDE_BY_ZERO:
    case EXCEPTION_FLT_DIVIDE_BY_ZERO:
        return "zero divide";
    case EXCEPTION_INT_OVERFLOW:
        return "integer overflow in a division";
    case EXCEPTION_STACK_OVERFLOW:
        return "stack overflow";
    case EXCEPTION_ACCESS_VIOLATION:
        return "access violation";
    default:
        return nullptr;
    }
}

LONG WINAPI on_fault(EXCEPTION_POINTERS *fault) {
    if (const char *name = fault_name(fault->ExceptionRecord->ExceptionCode)) {
        // What runs from here on must not fault at doubles again.
        _clearfp();
        report_fault(name);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

/// Is asked before the stack is searched for handlers, for which there is no room any more.
LONG WINAPI on_stack_overflow(EXCEPTION_POINTERS *fault) {
    const bool is_meant = fault->ExceptionRecord->ExceptionCode == EXCEPTION_STACK_OVERFLOW;
    return is_meant ? on_fault(fault) : EXCEPTION_CONTINUE_SEARCH;
}

} // namespace

Handle open_pipe(const std::wstring &path, Access access) {
    return valid(CreateFileW(path.c_str(), rights(access), 0, nullptr, OPEN_EXISTING,
                             FILE_ATTRIBUTE_NORMAL, nullptr));
}

Handle open_file(const std::wstring &path, Access access, Create create) {
    if (create != Create::never) {
        make_folders(path);
    }
    return valid(CreateFileW(path.c_str(), rights(access), FILE_SHARE_READ | FILE_SHARE_WRITE,
                             nullptr, disposition(create), FILE_ATTRIBUTE_NORMAL, nullptr));
}

void close(Handle handle) { CloseHandle(handle); }

Moved write(Handle handle, const void *bytes, std::size_t size) {
    DWORD count = 0;
    const BOOL done = WriteFile(handle, bytes, small(size), &count, nullptr);
    return {count, done ? 0 : ::GetLastError()};
}

Moved read(Handle handle, void *bytes, std::size_t size) {
    DWORD count = 0;
    const BOOL done = ReadFile(handle, bytes, small(size), &count, nullptr);
    return {count, done ? 0 : ::GetLastError()};
}

/// One call, as `GetFileSizeEx` is one, and it sees both the bytes and the other end's death.
/// `PeekNamedPipe` is two under Wine.
Moved peek(Handle pipe) {
    IO_STATUS_BLOCK status;
    PipeLocalInformation information = {};
    const NTSTATUS result =
        NtQueryInformationFile(pipe, &status, &information, sizeof information,
                               static_cast<FILE_INFORMATION_CLASS>(PIPE_LOCAL_INFORMATION));
    if (result < 0) {
        return {0, RtlNtStatusToDosError(result)};
    }
    const bool is_over =
        information.state != CONNECTED && information.read_data_available == 0;
    return {information.read_data_available, is_over ? static_cast<DWORD>(ERROR_BROKEN_PIPE) : 0};
}

std::uint32_t flush(Handle handle) { return FlushFileBuffers(handle) ? 0 : ::GetLastError(); }

std::uint64_t file_size(Handle handle) {
    LARGE_INTEGER size;
    return GetFileSizeEx(handle, &size) ? static_cast<std::uint64_t>(size.QuadPart) : 0;
}

void seek(Handle handle, std::uint64_t offset) {
    LARGE_INTEGER place;
    place.QuadPart = static_cast<LONGLONG>(offset);
    SetFilePointerEx(handle, place, nullptr, FILE_BEGIN);
}

bool is_file(const std::wstring &path) {
    const DWORD attributes = GetFileAttributesW(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

bool remove_file(const std::wstring &path) { return DeleteFileW(path.c_str()) != 0; }

std::wstring environment(const wchar_t *name) {
    wchar_t value[MAX_PATH * 4];
    const DWORD size = static_cast<DWORD>(sizeof(value) / sizeof(*value));
    const DWORD length = GetEnvironmentVariableW(name, value, size);
    return length < size ? std::wstring(value, length) : std::wstring();
}

std::uint64_t now_ns() {
    static const std::uint32_t a_second = frequency();
    LARGE_INTEGER ticks;
    QueryPerformanceCounter(&ticks);
    const std::uint64_t count = static_cast<std::uint64_t>(ticks.QuadPart);
    constexpr std::uint64_t NS = 1000000000;
    return count / a_second * NS + count % a_second * NS / a_second;
}

void sleep_ms(std::uint32_t milliseconds) { ::Sleep(milliseconds); }

void call_after_ms(std::uint32_t milliseconds, void (*function)()) {
    auto *later = new Later{milliseconds, function};
    const HANDLE thread = CreateThread(nullptr, 0, call_later, later, 0, nullptr);
    if (thread == nullptr) {
        delete later;
        return;
    }
    CloseHandle(thread);
}

std::size_t read_input(char *bytes, std::size_t size) {
    return read(GetStdHandle(STD_INPUT_HANDLE), bytes, size).bytes;
}

void write_output(const char *bytes, std::size_t size) {
    const HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    while (size != 0) {
        const Moved moved = write(output, bytes, size);
        if (moved.error != 0) {
            return; // Nobody listens any more.
        }
        bytes += moved.bytes;
        size -= moved.bytes;
    }
}

std::string narrow(const std::wstring &units, std::uint32_t codepage) {
    if (is_ascii(units)) {
        std::string bytes(units.size(), '\0');
        for (std::size_t at = 0; at < units.size(); ++at) {
            bytes[at] = static_cast<char>(units[at]);
        }
        return bytes;
    }
    const int length = static_cast<int>(units.size());
    const int size =
        WideCharToMultiByte(codepage, 0, units.data(), length, nullptr, 0, nullptr, nullptr);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(codepage, 0, units.data(), length, bytes.data(), size, nullptr, nullptr);
    return bytes;
}

std::wstring widen(const char *bytes, std::size_t size, std::uint32_t codepage) {
    if (is_ascii(bytes, size)) {
        return std::wstring(bytes, bytes + size);
    }
    const int count = static_cast<int>(size);
    const int length = MultiByteToWideChar(codepage, 0, bytes, count, nullptr, 0);
    std::wstring units(static_cast<std::size_t>(length), L'\0');
    MultiByteToWideChar(codepage, 0, bytes, count, units.data(), length);
    return units;
}

int compare(const std::wstring &left, const std::wstring &right, bool with_case) {
    const DWORD flags = with_case ? 0 : NORM_IGNORECASE;
    return CompareStringW(LOCALE_INVARIANT, flags, left.data(), static_cast<int>(left.size()),
                          right.data(), static_cast<int>(right.size())) -
           CSTR_EQUAL;
}

void lower(std::wstring &units) {
    CharLowerBuffW(units.data(), static_cast<DWORD>(units.size()));
}

void upper(std::wstring &units) {
    CharUpperBuffW(units.data(), static_cast<DWORD>(units.size()));
}

void catch_faults(void (*report)(const char *what)) {
    report_fault = report;
    // Kept free so that the report has a stack to run on.
    ULONG reserve = 64 * 1024;
    SetThreadStackGuarantee(&reserve);
    SetUnhandledExceptionFilter(on_fault);
    AddVectoredExceptionHandler(1, on_stack_overflow);
    _clearfp();
    _controlfp(_controlfp(0, 0) & ~static_cast<unsigned>(_EM_ZERODIVIDE), _MCW_EM);
}

void end_process(std::uint32_t code) {
    // Not ExitProcess: it would wait for a thread of the runtime, or for what a fault left locked.
    TerminateProcess(GetCurrentProcess(), code);
    for (;;) {
    }
}

} // namespace mql::windows
