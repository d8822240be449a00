// The number types of MQL, by their MQL names, and the two types that are numbers with a meaning.
//
// `mql::types` holds nothing but types and their operators: a call in a translated program also
// looks for functions in the namespace of its arguments, and must find none of ours there.
#pragma once

#include <cstdint>
#include <type_traits>

namespace mql::types {

using uchar = std::uint8_t;
using ushort = std::uint16_t;
using uint = std::uint32_t;
using ulong = unsigned long long;
/// MQL's `long` has 64 bits; C++'s has 32 on Windows.
using mql_long = long long;

static_assert(sizeof(mql_long) == 8 && sizeof(ulong) == 8 && sizeof(wchar_t) == 2);

/// Seconds since 1970.01.01 00:00 on some wall clock.
class datetime {
public:
    datetime() = default;
    constexpr datetime(mql_long seconds) : seconds_(seconds) {}
    constexpr operator mql_long() const { return seconds_; }

    datetime &operator+=(mql_long seconds) {
        seconds_ += seconds;
        return *this;
    }
    datetime &operator-=(mql_long seconds) {
        seconds_ -= seconds;
        return *this;
    }

private:
    mql_long seconds_ = 0;
};

/// A colour as 0x00BBGGRR.
class color {
public:
    color() = default;
    constexpr color(int value) : value_(value) {}
    constexpr operator int() const { return value_; }

private:
    int value_ = 0;
};

} // namespace mql::types

namespace mql {

/// What MathMin and MathMax answer: the wider type, as long as no sign is lost.
template <class Left, class Right>
using Wider = std::enable_if_t<std::is_signed_v<std::common_type_t<Left, Right>> ||
                                   (std::is_unsigned_v<Left> && std::is_unsigned_v<Right>),
                               std::common_type_t<Left, Right>>;

} // namespace mql
