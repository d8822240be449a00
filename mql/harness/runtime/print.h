// How values become text in Print, and arguments of a format.
#pragma once

#include "numbers.h"
#include "text.h"

#include <initializer_list>
#include <string>
#include <type_traits>

namespace mql {

template <class Value>
inline constexpr bool IS_PRINTED = std::is_integral_v<Value> || std::is_enum_v<Value> ||
                                   std::is_same_v<Value, types::string> ||
                                   std::is_same_v<Value, types::datetime> ||
                                   std::is_same_v<Value, types::color>;

// They decide which functions a call can mean, so that g++ names the line of the call.
template <class... Values> using Printed = std::enable_if_t<(IS_PRINTED<Values> && ...)>;
template <class... Values>
using Formatted = std::enable_if_t<((IS_PRINTED<Values> || std::is_same_v<Values, double>)&&...)>;
template <class... Values>
using HasDouble = std::enable_if_t<(std::is_floating_point_v<Values> || ...)>;

// How Print shows a value.
void append_printed(std::wstring &line, const types::string &value);
void append_printed(std::wstring &line, bool value);
void append_printed(std::wstring &line, types::datetime value);
void append_printed(std::wstring &line, types::color value);
void append_printed(std::wstring &line, types::mql_long value);
void append_printed(std::wstring &line, types::ulong value);

template <class Number> void append_printed_value(std::wstring &line, const Number &value) {
    if constexpr (std::is_same_v<Number, bool> || std::is_class_v<Number>) {
        append_printed(line, value);
    } else if constexpr (std::is_unsigned_v<Number>) {
        append_printed(line, static_cast<types::ulong>(value));
    } else {
        append_printed(line, static_cast<types::mql_long>(value));
    }
}

/// An argument of a format, with what decides whether a conversion fits it.
struct FormatArgument {
    enum class Kind { integer, real, text };

    Kind kind = Kind::integer;
    bool has_64_bits = false;
    bool is_unsigned = false;
    types::mql_long integer = 0;
    double real = 0;
    const types::string *string = nullptr;

    FormatArgument(const types::string &value) : kind(Kind::text), string(&value) {}
    FormatArgument(double value) : kind(Kind::real), real(value) {}
    FormatArgument(types::datetime value) : has_64_bits(true), integer(value) {}
    FormatArgument(types::color value) : integer(static_cast<int>(value)) {}
    template <class Number,
              class = std::enable_if_t<std::is_integral_v<Number> || std::is_enum_v<Number>>>
    FormatArgument(Number value)
        : has_64_bits(sizeof(Number) == 8), is_unsigned(std::is_unsigned_v<Number>),
          integer(static_cast<types::mql_long>(value)) {}
};

std::wstring format_text(const types::string &format,
                         std::initializer_list<FormatArgument> arguments);

enum class Output { alert, comment, print };

/// Whether lines of this kind are shown at all (`quiet`).
bool is_shown(Output output);
void show(Output output, const std::wstring &line);

template <class... Values> void show_values(Output output, const Values &...values) {
    if (!is_shown(output)) {
        return;
    }
    std::wstring line;
    (append_printed_value(line, values), ...);
    show(output, line);
}

} // namespace mql

namespace mql::api {

// A double must not be left to the terminal's own idea of its digits.
template <class... Values, class = HasDouble<Values...>, class = void>
use_DoubleToString_for_a_double Print(const Values &...) = delete;
template <class... Values, class = HasDouble<Values...>, class = void>
use_DoubleToString_for_a_double Comment(const Values &...) = delete;
template <class... Values, class = HasDouble<Values...>, class = void>
use_DoubleToString_for_a_double Alert(const Values &...) = delete;

} // namespace mql::api
