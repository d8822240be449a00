// StringFormat and PrintFormat: as C's printf, with arguments that are checked. A terminal prints
// something or other for those that do not fit.

#include "print.h"
#include "stop.h"
#include "switches.h"
#include "system.h"

#include <cstdio>
#include <cstring>

namespace mql {

namespace {

using Kind = FormatArgument::Kind;

/// One `%` of a format.
struct Conversion {
    std::string flags;
    std::string width;
    std::string precision; // With its point, empty for none.
    std::string length;
    char kind = 0;

    std::string shown() const {
        const std::string begin = '%' + flags + width + precision + length;
        return kind == 0 ? begin : begin + kind;
    }
};

[[noreturn]] void wrong(const std::wstring &format, const std::string &what) {
    violation("the format \"" + windows::narrow(format, windows::UTF8) + "\" " + what);
}

bool is_one_of(char kind, const char *kinds) {
    return kind != 0 && std::strchr(kinds, kind) != nullptr;
}

/// Reads a format and its arguments side by side.
class Formatter {
public:
    Formatter(const std::wstring &format, std::initializer_list<FormatArgument> arguments)
        : format_(format), next_(arguments.begin()), end_(arguments.end()) {}

    std::wstring run() {
        while (at_ < format_.size()) {
            const wchar_t unit = format_[at_++];
            if (unit != L'%') {
                result_ += unit;
            } else if (at_ < format_.size() && format_[at_] == L'%') {
                result_ += format_[at_++];
            } else {
                convert(take_conversion());
            }
        }
        if (next_ != end_ && switches().strict) {
            wrong(format_, "leaves " + std::to_string(end_ - next_) + " arguments over");
        }
        return std::move(result_);
    }

private:
    std::string take_any_of(const char *allowed) {
        const std::string set = allowed;
        std::string taken;
        while (at_ < format_.size() && format_[at_] < 0x80 &&
               set.find(static_cast<char>(format_[at_])) != std::string::npos) {
            taken += static_cast<char>(format_[at_++]);
        }
        return taken;
    }

    /// A number in the format, or an argument in its place.
    std::string take_count() {
        if (at_ < format_.size() && format_[at_] == L'*') {
            ++at_;
            const FormatArgument *argument = take_argument("*");
            return argument == nullptr ? "" : std::to_string(argument->integer);
        }
        return take_any_of("0123456789");
    }

    Conversion take_conversion() {
        Conversion conversion;
        conversion.flags = take_any_of("-+ #0");
        conversion.width = take_count();
        if (at_ < format_.size() && format_[at_] == L'.') {
            ++at_;
            conversion.precision = '.' + take_count();
        }
        conversion.length = take_any_of("hlLI");
        if (conversion.length == "I") {
            conversion.length += take_any_of("0123456789");
        }
        if (at_ < format_.size() && format_[at_] < 0x80) {
            conversion.kind = static_cast<char>(format_[at_++]);
        }
        return conversion;
    }

    const FormatArgument *take_argument(const std::string &conversion) {
        if (next_ == end_) {
            if (switches().strict) {
                wrong(format_, "has no argument for " + conversion);
            }
            return nullptr;
        }
        return next_++;
    }

    void convert(const Conversion &conversion) {
        if (!is_one_of(conversion.kind, "diuxXocfgGeEaAs")) {
            wrong(format_, "has the unknown conversion " + conversion.shown());
        }
        const FormatArgument *argument = take_argument(conversion.shown());
        if (argument == nullptr) {
            return;
        }
        if (switches().strict) {
            check(conversion, *argument);
        }
        append(conversion, *argument);
    }

    void check(const Conversion &conversion, const FormatArgument &argument) const {
        const std::string shown = conversion.shown();
        if (is_one_of(conversion.kind, "diuxXoc")) {
            if (argument.kind != Kind::integer) {
                wrong(format_, "needs an integer for " + shown);
            }
            const bool takes_64_bits = conversion.length == "I64";
            if (argument.has_64_bits && !takes_64_bits) {
                wrong(format_, "has a 64-bit value for " + shown + ", which needs I64");
            }
            if (!argument.has_64_bits && takes_64_bits) {
                wrong(format_, "needs a 64-bit value for " + shown);
            }
        } else if (is_one_of(conversion.kind, "fgGeEaA")) {
            if (argument.kind != Kind::real) {
                wrong(format_, "needs a double for " + shown);
            }
        } else if (argument.kind != Kind::text) {
            wrong(format_, "needs a string for " + shown);
        }
    }

    /// Prints an argument by what it is, so that one that does not fit is at least seen.
    void append(const Conversion &conversion, const FormatArgument &argument) {
        const std::string begin = '%' + conversion.flags + conversion.width + conversion.precision;
        const bool fits_integer = conversion.kind != 's' && argument.kind == Kind::integer;
        if (argument.kind == Kind::text) {
            append_text(conversion, argument.string->units());
        } else if (argument.kind == Kind::real) {
            const bool fits = is_one_of(conversion.kind, "fgGeEaA");
            append_number(begin + (fits ? conversion.kind : 'f'), argument.real);
        } else if (fits_integer && conversion.kind == 'c') {
            result_ += static_cast<wchar_t>(argument.integer);
        } else if (fits_integer && is_one_of(conversion.kind, "diuxXo")) {
            append_number(begin + "ll" + conversion.kind, integer_for(conversion, argument));
        } else {
            result_ += integer_text(argument.integer);
        }
    }

    /// The bits that a conversion takes.
    static long long integer_for(const Conversion &conversion, const FormatArgument &argument) {
        const bool is_signed = conversion.kind == 'd' || conversion.kind == 'i';
        if (conversion.length == "I64") {
            return argument.integer;
        }
        return is_signed ? static_cast<long long>(static_cast<int>(argument.integer))
                         : static_cast<long long>(static_cast<types::uint>(argument.integer));
    }

    template <class Number> void append_number(const std::string &conversion, Number value) {
        char small[128];
        const int size = std::snprintf(small, sizeof(small), conversion.c_str(), value);
        if (0 <= size && static_cast<std::size_t>(size) < sizeof(small)) {
            result_.append(small, small + size);
            return;
        }
        std::string large(static_cast<std::size_t>(size) + 1, '\0');
        std::snprintf(large.data(), large.size(), conversion.c_str(), value);
        result_.append(large.begin(), large.end() - 1);
    }

    void append_text(const Conversion &conversion, const std::wstring &units) {
        const auto number = [](const std::string &digits) {
            return digits.empty() ? 0 : static_cast<std::size_t>(std::stoul(digits));
        };
        const bool is_cut = !conversion.precision.empty();
        const std::wstring shown =
            is_cut ? units.substr(0, number(conversion.precision.substr(1))) : units;
        const std::size_t width = number(conversion.width);
        const std::wstring padding(shown.size() < width ? width - shown.size() : 0, L' ');
        const bool is_left = conversion.flags.find('-') != std::string::npos;
        result_ += is_left ? shown + padding : padding + shown;
    }

    const std::wstring &format_;
    const FormatArgument *next_;
    const FormatArgument *end_;
    std::size_t at_ = 0;
    std::wstring result_;
};

} // namespace

std::wstring format_text(const types::string &format,
                         std::initializer_list<FormatArgument> arguments) {
    return Formatter(format.units(), arguments).run();
}

} // namespace mql
