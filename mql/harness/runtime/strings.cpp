// The String* functions and the conversions between text and bytes.

#include "api.h"
#include "errors.h"
#include "system.h"
#include "switches.h"

#include <algorithm>

namespace mql {

namespace {

/// A string ends at a zero character.
std::wstring until_zero(const std::wstring &units) { return units.substr(0, units.find(L'\0')); }

} // namespace

} // namespace mql

namespace mql::api {

int StringLen(const string &value) { return static_cast<int>(value.units().size()); }

string StringSubstr(const string &value, int start, int length) {
    if (start < 0 || StringLen(value) <= start) {
        return string();
    }
    // MQL4 takes 0 for "up to the end" as well.
    const bool is_to_end = length < 0 || (IS_MQL4 && length == 0);
    const std::size_t count = is_to_end ? std::wstring::npos : static_cast<std::size_t>(length);
    return string(value.units().substr(static_cast<std::size_t>(start), count));
}

int StringFind(const string &value, const string &wanted, int start) {
    const std::size_t from = static_cast<std::size_t>(std::max(start, 0));
    const std::size_t at = value.units().find(wanted.units(), from);
    return at == std::wstring::npos ? -1 : static_cast<int>(at);
}

ushort StringGetCharacter(const string &value, int position) {
    if (position < 0 || StringLen(value) <= position) {
        set_last_error(errors::OUTSIDE_STRING);
        return 0;
    }
    return value.units()[static_cast<std::size_t>(position)];
}

bool StringSetCharacter(string &value, int position, ushort character) {
    if (position < 0 || StringLen(value) < position) {
        set_last_error(errors::OUTSIDE_STRING);
        return false;
    }
    const std::size_t at = static_cast<std::size_t>(position);
    if (character == 0) {
        value.units().resize(at);
    } else if (at == value.units().size()) {
        value.units() += static_cast<wchar_t>(character);
    } else {
        value.units()[at] = static_cast<wchar_t>(character);
    }
    return true;
}

int StringReplace(string &value, const string &wanted, const string &replacement) {
    if (value.units().empty() || wanted.units().empty()) {
        return -1;
    }
    std::wstring &units = value.units();
    int replaced = 0;
    std::size_t at = units.find(wanted.units());
    while (at != std::wstring::npos) {
        units.replace(at, wanted.units().size(), replacement.units());
        ++replaced;
        at = units.find(wanted.units(), at + replacement.units().size());
    }
    return replaced;
}

int StringSplit(const string &value, ushort separator, ArrayRef<string> parts) {
    const std::wstring &units = value.units();
    if (units.empty()) {
        return 0;
    }
    const wchar_t between = static_cast<wchar_t>(separator);
    const int count = static_cast<int>(std::count(units.begin(), units.end(), between)) + 1;
    if (parts.resize(count, 0) < 0) {
        return -1;
    }
    std::size_t from = 0;
    for (int index = 0; index < count; ++index) {
        const std::size_t end = std::min(units.find(between, from), units.size());
        parts[index] = string(units.substr(from, end - from));
        from = end + 1;
    }
    return count;
}

int StringCompare(const string &left, const string &right, bool case_sensitive) {
    return windows::compare(left.units(), right.units(), case_sensitive);
}

bool StringToLower(string &value) {
    windows::lower(value.units());
    return true;
}

bool StringToUpper(string &value) {
    windows::upper(value.units());
    return true;
}

int StringToCharArray(const string &value, ArrayRef<uchar> array, int start, int count,
                      uint codepage) {
    if (start < 0) {
        critical("array out of range");
    }
    std::string bytes = windows::narrow(value.units(), codepage);
    bytes += '\0';
    int size = static_cast<int>(bytes.size());
    if (0 <= count) {
        size = std::min(size, count);
    }
    if (array.size() < start + size && array.resize(start + size, 0) < 0) {
        size = std::max(array.size() - start, 0); // A fixed array takes what it can.
    }
    std::copy_n(bytes.begin(), size, array.data() + start);
    return size;
}

string CharArrayToString(ArrayRef<const uchar> array, int start, int count, uint codepage) {
    const int available = array.size() - start;
    if (start < 0 || available <= 0 || count == 0) {
        return string();
    }
    const int size = count < 0 ? available : std::min(count, available);
    const auto *bytes = reinterpret_cast<const char *>(array.data() + start);
    const char *end = std::find(bytes, bytes + size, '\0');
    return string(windows::widen(bytes, static_cast<std::size_t>(end - bytes), codepage));
}

string ShortToString(ushort character) {
    return string(until_zero(std::wstring(1, static_cast<wchar_t>(character))));
}

string CharToString(uchar character) {
    const char byte = static_cast<char>(character);
    return string(until_zero(windows::widen(&byte, 1, CP_ACP)));
}

} // namespace mql::api
