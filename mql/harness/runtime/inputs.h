// `input` variables: read by the program, set by name before it starts.
#pragma once

#include "numbers.h"
#include "text.h"

#include <limits>
#include <string>
#include <type_traits>

/// Declares an input as something the program can only read.
#define MQL_INPUT(Type, Name, ...)                                                                 \
    static Type Name##_input_value = __VA_ARGS__;                                                  \
    [[maybe_unused]] static const Type &Name = Name##_input_value;                                 \
    static const ::mql::Input Name##_input(L"" #Name, Name##_input_value);

namespace mql {

// Each sets `value` from the text of a command; false if the text is no such value.
bool read_input(const std::wstring &words, types::string &value);
bool read_input(const std::wstring &words, bool &value);
bool read_input(const std::wstring &words, double &value);
bool read_input(const std::wstring &words, types::datetime &value);
bool read_input(const std::wstring &words, types::color &value);
bool read_input_number(const std::wstring &words, types::mql_long smallest, types::ulong largest,
                       types::mql_long &value);

template <class Number> bool read_input(const std::wstring &words, Number &value) {
    static_assert(std::is_integral_v<Number> || std::is_enum_v<Number>, "no type for an input");
    types::mql_long number = 0;
    bool is_number = false;
    if constexpr (std::is_enum_v<Number>) {
        is_number = read_input_number(words, INT32_MIN, INT32_MAX, number);
    } else {
        using Limits = std::numeric_limits<Number>;
        is_number = read_input_number(words, static_cast<types::mql_long>(Limits::min()),
                                      static_cast<types::ulong>(Limits::max()), number);
    }
    if (is_number) {
        value = static_cast<Number>(number);
    }
    return is_number;
}

/// Registers an input under its name.
class Input {
public:
    template <class Value>
    Input(const wchar_t *name, Value &value)
        : Input(name, &value, [](void *place, const std::wstring &words) {
              return read_input(words, *static_cast<Value *>(place));
          }) {}

private:
    using Read = bool (*)(void *place, const std::wstring &words);

    Input(const wchar_t *name, void *place, Read read);
};

enum class SetInput { done, unknown, unreadable };

SetInput set_input(const std::wstring &name, const std::wstring &words);

} // namespace mql
