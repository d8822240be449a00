// MQL's `string`: a value of 16-bit units. There is no null string: the sources must not tell it
// from an empty one.
#pragma once

#include "numbers.h"
#include "stop.h"

#include <string>
#include <type_traits>
#include <utility>

/// A string literal of the program. A macro, so that a variable may be called `text` as well; and
/// one that makes a single token, so that messages are about the place where it stands.
#define text(literal) literal##_mql

namespace mql {

// They stand in the messages of g++ about what must not be written.
struct use_DoubleToString_for_a_double {};
struct use_IntegerToString_for_a_number {};

std::wstring integer_text(types::mql_long value);
std::wstring integer_text(types::ulong value);
std::wstring time_text(types::datetime value);
double double_of(const std::wstring &units);
types::mql_long integer_of(const std::wstring &units);

} // namespace mql

namespace mql::types {

class string {
public:
    string() = default;
    explicit string(std::wstring units) : units_(std::move(units)) {}

    // `(string)value`. A double would be printed with as many digits as the terminal likes.
    explicit string(bool value) : units_(value ? L"true" : L"false") {}
    explicit string(datetime value) : units_(time_text(value)) {}
    template <class Number, class = std::enable_if_t<std::is_integral_v<Number>>>
    explicit string(Number value) : units_(integer(value)) {}
    explicit string(double) = delete;

    // `(int)text` and its like.
    explicit operator int() const { return static_cast<int>(integer_of(units_)); }
    explicit operator uint() const { return static_cast<uint>(integer_of(units_)); }
    explicit operator mql_long() const { return integer_of(units_); }
    explicit operator ulong() const { return static_cast<ulong>(integer_of(units_)); }
    explicit operator double() const { return double_of(units_); }

    ushort operator[](mql_long index) const {
        if (index < 0 || static_cast<mql_long>(units_.size()) <= index) {
            critical("string index out of range");
        }
        return units_[static_cast<std::size_t>(index)];
    }

    string &operator+=(const string &other) {
        units_ += other.units_;
        return *this;
    }

    const std::wstring &units() const { return units_; }
    std::wstring &units() { return units_; }

private:
    template <class Number> static std::wstring integer(Number value) {
        if constexpr (std::is_unsigned_v<Number>) {
            return integer_text(static_cast<ulong>(value));
        } else {
            return integer_text(static_cast<mql_long>(value));
        }
    }

    std::wstring units_;
};

inline string operator""_mql(const wchar_t *units, std::size_t size) {
    return string(std::wstring(units, size));
}

inline string operator+(const string &left, const string &right) {
    return string(left.units() + right.units());
}
inline string operator+(string &&left, const string &right) {
    left.units() += right.units();
    return std::move(left);
}

// A terminal turns a number beside a string into text, and warns of it or not. Here it is refused.
use_DoubleToString_for_a_double operator+(const string &, double) = delete;
use_DoubleToString_for_a_double operator+(double, const string &) = delete;
template <class Number,
          class = std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>>>
use_IntegerToString_for_a_number operator+(const string &, Number) = delete;
template <class Number,
          class = std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>>>
use_IntegerToString_for_a_number operator+(Number, const string &) = delete;

inline bool operator==(const string &left, const string &right) {
    return left.units() == right.units();
}
inline bool operator!=(const string &left, const string &right) { return !(left == right); }
inline bool operator<(const string &left, const string &right) {
    return left.units() < right.units();
}
inline bool operator>(const string &left, const string &right) { return right < left; }
inline bool operator<=(const string &left, const string &right) { return !(right < left); }
inline bool operator>=(const string &left, const string &right) { return !(left < right); }

} // namespace mql::types
