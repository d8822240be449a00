#include "inputs.h"

#include "api.h"

#include <vector>

namespace mql {

namespace {

struct Registered {
    const wchar_t *name;
    void *place;
    bool (*read)(void *place, const std::wstring &words);
};

std::vector<Registered> &registered() {
    static std::vector<Registered> all;
    return all;
}

constexpr std::size_t DIGITS_MAX = 20;

} // namespace

Input::Input(const wchar_t *name, void *place, Read read) {
    registered().push_back({name, place, read});
}

SetInput set_input(const std::wstring &name, const std::wstring &words) {
    for (const Registered &input : registered()) {
        if (name == input.name) {
            return input.read(input.place, words) ? SetInput::done : SetInput::unreadable;
        }
    }
    return SetInput::unknown;
}

bool read_input(const std::wstring &words, types::string &value) {
    value = types::string(words);
    return true;
}

bool read_input(const std::wstring &words, bool &value) {
    value = words == L"true";
    return value || words == L"false";
}

bool read_input(const std::wstring &words, double &value) {
    value = double_of(words);
    return !words.empty() && words.find_first_not_of(L"+-.0123456789eE") == std::wstring::npos;
}

bool read_input(const std::wstring &words, types::datetime &value) {
    value = api::StringToTime(types::string(words));
    return value != 0;
}

bool read_input(const std::wstring &words, types::color &value) {
    types::mql_long number = 0;
    const bool is_number = read_input_number(words, 0, 0xFFFFFF, number);
    value = static_cast<int>(number);
    return is_number;
}

bool read_input_number(const std::wstring &words, types::mql_long smallest, types::ulong largest,
                       types::mql_long &value) {
    const bool is_negative = !words.empty() && words.front() == L'-';
    const std::wstring digits = words.substr(is_negative ? 1 : 0);
    if (digits.empty() || DIGITS_MAX < digits.size() ||
        digits.find_first_not_of(L"0123456789") != std::wstring::npos) {
        return false;
    }
    // One bit more than any of our types would be needed to overflow unseen.
    long double number = 0;
    types::ulong bits = 0;
    for (const wchar_t digit : digits) {
        number = number * 10 + (digit - L'0');
        bits = bits * 10 + static_cast<types::ulong>(digit - L'0');
    }
    value = static_cast<types::mql_long>(is_negative ? 0 - bits : bits);
    return is_negative ? static_cast<long double>(smallest) <= -number
                       : number <= static_cast<long double>(largest);
}

} // namespace mql
