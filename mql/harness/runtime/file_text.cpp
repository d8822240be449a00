#include "file_text.h"

#include "constants.h"
#include "system.h"

namespace mql {

namespace {

/// A code page is only documented for text; in a binary file it is the system's.
types::uint codepage_of(const OpenFile &file) {
    return file.has_flag(api::FILE_TXT) ? file.codepage() : windows::ANSI;
}

std::size_t unit_size(const OpenFile &file) { return file.is_ansi() ? 1 : 2; }

types::string decoded(const OpenFile &file, const std::string &bytes) {
    std::wstring units;
    if (file.is_ansi()) {
        units = windows::widen(bytes.data(), bytes.size(), codepage_of(file));
    } else {
        units.assign(reinterpret_cast<const wchar_t *>(bytes.data()), bytes.size() / 2);
    }
    return types::string(units.substr(0, units.find(L'\0')));
}

} // namespace

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
        return windows::narrow(units, codepage_of(file));
    }
    return std::string(reinterpret_cast<const char *>(units.data()), units.size() * 2);
}

types::string read_counted(OpenFile &file, int length) {
    const std::size_t unit = unit_size(file);
    std::string bytes(static_cast<std::size_t>(length) * unit, '\0');
    bytes.resize(file.read(bytes.data(), bytes.size()));
    return decoded(file, bytes);
}

types::string read_line(OpenFile &file) {
    const std::size_t unit = unit_size(file);
    const std::string line_feed = unit == 1 ? std::string("\n") : std::string("\n\0", 2);
    std::string line;
    for (std::string next(unit, '\0'); file.read(next.data(), unit) == unit; line += next) {
        if (next == line_feed) {
            break;
        }
    }
    types::string value = decoded(file, line);
    if (!value.units().empty() && value.units().back() == L'\r') {
        value.units().pop_back();
    }
    return value;
}

} // namespace mql
