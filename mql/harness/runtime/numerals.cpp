// Numbers as text and back, and the Math* functions.

#include "api.h"
#include "print.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace mql {

namespace {

constexpr int DIGITS_DEFAULT = 8;
constexpr int DIGITS_MAX = 16;
/// A double has up to 309 digits before the point.
constexpr std::size_t NUMERAL_MAX = 512;

bool is_blank(wchar_t unit) {
    return unit == L' ' || unit == L'\t' || unit == L'\n' || unit == L'\r';
}

bool is_digit(wchar_t unit) { return L'0' <= unit && unit <= L'9'; }

std::size_t skip_blanks(const std::wstring &units) {
    std::size_t at = 0;
    while (at < units.size() && is_blank(units[at])) {
        ++at;
    }
    return at;
}

/// Where the digits that begin at `at` end.
std::size_t skip_digits(const std::wstring &units, std::size_t at) {
    while (at < units.size() && is_digit(units[at])) {
        ++at;
    }
    return at;
}

bool has_sign(const std::wstring &units, std::size_t at) {
    return at < units.size() && (units[at] == L'-' || units[at] == L'+');
}

/// Where a number with a point and an exponent ends.
std::size_t real_end(const std::wstring &units, std::size_t at) {
    std::size_t end = skip_digits(units, at);
    bool has_digits = end != at;
    if (end < units.size() && units[end] == L'.') {
        const std::size_t fraction = end + 1;
        end = skip_digits(units, fraction);
        has_digits = has_digits || end != fraction;
    }
    if (!has_digits) {
        return at;
    }
    if (end < units.size() && (units[end] == L'e' || units[end] == L'E')) {
        const std::size_t exponent = end + 1 + (has_sign(units, end + 1) ? 1 : 0);
        const std::size_t exponent_end = skip_digits(units, exponent);
        end = exponent_end != exponent ? exponent_end : end;
    }
    return end;
}

std::wstring wide(const char *begin, const char *end) { return std::wstring(begin, end); }

} // namespace

std::wstring integer_text(types::mql_long value) {
    char digits[24];
    return wide(digits, std::to_chars(digits, std::end(digits), value).ptr);
}

std::wstring integer_text(types::ulong value) {
    char digits[24];
    return wide(digits, std::to_chars(digits, std::end(digits), value).ptr);
}

/// Stops at the first character that does not fit; 0 if there is no number at all.
double double_of(const std::wstring &units) {
    std::size_t at = skip_blanks(units);
    const bool is_negative = has_sign(units, at) && units[at] == L'-';
    at += has_sign(units, at) ? 1 : 0;
    const std::string number(units.begin() + static_cast<std::ptrdiff_t>(at),
                             units.begin() + static_cast<std::ptrdiff_t>(real_end(units, at)));
    double value = 0;
    const char *begin = number.data();
    const auto result = std::from_chars(begin, begin + number.size(), value);
    if (result.ec == std::errc::result_out_of_range) {
        value = std::strtod(number.c_str(), nullptr);
    }
    return is_negative ? -value : value;
}

types::mql_long integer_of(const std::wstring &units) {
    std::size_t at = skip_blanks(units);
    const bool is_negative = has_sign(units, at) && units[at] == L'-';
    at += has_sign(units, at) ? 1 : 0;
    types::ulong value = 0;
    for (const std::size_t end = skip_digits(units, at); at < end; ++at) {
        value = value * 10 + static_cast<types::ulong>(units[at] - L'0');
    }
    return static_cast<types::mql_long>(is_negative ? 0 - value : value);
}

void append_printed(std::wstring &line, const types::string &value) { line += value.units(); }

void append_printed(std::wstring &line, bool value) { line += value ? L"true" : L"false"; }

void append_printed(std::wstring &line, types::datetime value) { line += time_text(value); }

void append_printed(std::wstring &line, types::color value) {
    const int parts = value;
    line += std::to_wstring(parts & 0xFF) + L',' + std::to_wstring(parts >> 8 & 0xFF) + L',' +
            std::to_wstring(parts >> 16 & 0xFF);
}

void append_printed(std::wstring &line, types::mql_long value) { line += integer_text(value); }

void append_printed(std::wstring &line, types::ulong value) { line += integer_text(value); }

} // namespace mql

namespace mql::api {

string DoubleToString(double value, int digits) {
    if (!MathIsValidNumber(value)) {
        return text(L"-9223372036854775808"); // A number without meaning, as in a terminal.
    }
    const bool is_scientific = -DIGITS_MAX <= digits && digits < 0;
    const bool is_fixed = 0 <= digits && digits <= DIGITS_MAX;
    const auto format = is_scientific ? std::chars_format::scientific : std::chars_format::fixed;
    const int shown = is_scientific || is_fixed ? std::abs(digits) : DIGITS_DEFAULT;
    char numeral[NUMERAL_MAX];
    const auto end = std::to_chars(numeral, std::end(numeral), value, format, shown).ptr;
    return string(wide(numeral, end));
}

string IntegerToString(mql_long value, int length, ushort fill) {
    std::wstring numeral = integer_text(value);
    const std::size_t wanted = static_cast<std::size_t>(std::max(length, 0));
    if (numeral.size() < wanted) {
        numeral.insert(0, wanted - numeral.size(), static_cast<wchar_t>(fill));
    }
    return string(numeral);
}

double StringToDouble(const string &value) { return double_of(value.units()); }

mql_long StringToInteger(const string &value) { return integer_of(value.units()); }

double NormalizeDouble(double value, int digits) {
    const double scale = std::pow(10.0, std::clamp(digits, 0, DIGITS_DEFAULT));
    return std::round(value * scale) / scale;
}

double MathAbs(double value) { return std::fabs(value); }
double MathFloor(double value) { return std::floor(value); }
double MathCeil(double value) { return std::ceil(value); }
double MathRound(double value) { return std::round(value); }
bool MathIsValidNumber(double value) { return std::isfinite(value); }

double MathPow(double base, double exponent) {
    // Inside C's function the division by zero would be taken for the program's.
    if (std::fpclassify(base) == FP_ZERO && exponent < 0) {
        return std::numeric_limits<double>::infinity();
    }
    return std::pow(base, exponent);
}

double MathSqrt(double value) { return std::sqrt(value); }

namespace {

/// The generator is our own: runs can be repeated, and the terminal's numbers are not promised.
uint random_state = 1;

} // namespace

int MathRand() {
    constexpr int RANDOM_MAX = 32767;
    random_state = random_state * 214013 + 2531011;
    return static_cast<int>(random_state >> 16 & RANDOM_MAX);
}

void MathSrand(int seed) { random_state = static_cast<uint>(seed); }

} // namespace mql::api
