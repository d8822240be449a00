// Times as dates and as text.

#include "api.h"

#include <array>

namespace mql {

namespace {

using types::mql_long;

constexpr mql_long SECONDS_A_DAY = 86400;
/// 1970.01.01 was a Thursday, and weeks begin on Sunday.
constexpr mql_long FIRST_DAY_OF_WEEK = 4;

bool is_leap(mql_long year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(mql_long year, int month) {
    constexpr std::array<int, 12> DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return DAYS[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

/// Days from 1970.01.01 to the first of January.
mql_long days_before(mql_long year) {
    const auto leap_days = [](mql_long past) { return past / 4 - past / 100 + past / 400; };
    return (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
}

api::MqlDateTime parts_of(mql_long seconds) {
    api::MqlDateTime parts = {};
    mql_long days = seconds / SECONDS_A_DAY;
    mql_long rest = seconds % SECONDS_A_DAY;
    if (rest < 0) {
        rest += SECONDS_A_DAY;
        --days;
    }
    parts.hour = static_cast<int>(rest / 3600);
    parts.min = static_cast<int>(rest / 60 % 60);
    parts.sec = static_cast<int>(rest % 60);
    parts.day_of_week = static_cast<int>(((days + FIRST_DAY_OF_WEEK) % 7 + 7) % 7);
    mql_long year = 1970 + days / 366;
    while (days_before(year + 1) <= days) {
        ++year;
    }
    int day = static_cast<int>(days - days_before(year));
    parts.year = static_cast<int>(year);
    parts.day_of_year = day;
    parts.mon = 1;
    while (days_in(year, parts.mon) <= day) {
        day -= days_in(year, parts.mon);
        ++parts.mon;
    }
    parts.day = day + 1;
    return parts;
}

bool is_date(const api::MqlDateTime &parts) {
    return 1970 <= parts.year && parts.year <= 3000 && 1 <= parts.mon && parts.mon <= 12 &&
           1 <= parts.day && parts.day <= days_in(parts.year, parts.mon);
}

bool is_time(const api::MqlDateTime &parts) {
    return 0 <= parts.hour && parts.hour < 24 && 0 <= parts.min && parts.min < 60 &&
           0 <= parts.sec && parts.sec < 60;
}

void append_padded(std::wstring &numeral, int value, std::size_t width) {
    const std::wstring digits = integer_text(static_cast<mql_long>(value));
    numeral.append(digits.size() < width ? width - digits.size() : 0, L'0');
    numeral += digits;
}

/// Takes `count` numbers between single separators off `units`, from `at` on; how many were there.
int take_numbers(const std::wstring &units, std::size_t &at, const std::wstring &separators,
                 int *numbers, int count) {
    int taken = 0;
    while (taken < count) {
        std::size_t end = at;
        while (end < units.size() && L'0' <= units[end] && units[end] <= L'9' && end - at < 4) {
            ++end;
        }
        if (end == at) {
            break;
        }
        numbers[taken] = static_cast<int>(integer_of(units.substr(at, end - at)));
        ++taken;
        at = end;
        if (taken == count || units.size() <= at ||
            separators.find(units[at]) == std::wstring::npos) {
            break;
        }
        ++at;
    }
    return taken;
}

} // namespace

std::wstring time_text(types::datetime value) {
    return api::TimeToString(value, api::TIME_DATE | api::TIME_MINUTES | api::TIME_SECONDS).units();
}

} // namespace mql

namespace mql::api {

void TimeToStruct(datetime value, MqlDateTime &parts) { parts = parts_of(value); }

datetime StructToTime(const MqlDateTime &parts) {
    if (!is_date(parts) || !is_time(parts)) {
        return 0;
    }
    mql_long days = days_before(parts.year) + parts.day - 1;
    for (int month = 1; month < parts.mon; ++month) {
        days += days_in(parts.year, month);
    }
    return days * SECONDS_A_DAY + parts.hour * 3600 + parts.min * 60 + parts.sec;
}

string TimeToString(datetime value, int mode) {
    const MqlDateTime parts = parts_of(value);
    std::wstring numeral;
    if ((mode & TIME_DATE) != 0) {
        append_padded(numeral, parts.year, 4);
        numeral += L'.';
        append_padded(numeral, parts.mon, 2);
        numeral += L'.';
        append_padded(numeral, parts.day, 2);
    }
    if ((mode & (TIME_MINUTES | TIME_SECONDS)) != 0) {
        numeral += numeral.empty() ? L"" : L" ";
        append_padded(numeral, parts.hour, 2);
        numeral += L':';
        append_padded(numeral, parts.min, 2);
    }
    if ((mode & TIME_SECONDS) != 0) {
        numeral += L':';
        append_padded(numeral, parts.sec, 2);
    }
    return string(numeral);
}

datetime StringToTime(const string &value) {
    const std::wstring &units = value.units();
    std::size_t at = 0;
    std::array<int, 3> date = {};
    std::array<int, 3> time = {};
    if (take_numbers(units, at, L"./-", date.data(), 3) != 3) {
        return 0;
    }
    while (at < units.size() && (units[at] == L' ' || units[at] == L'\t')) {
        ++at;
    }
    take_numbers(units, at, L":", time.data(), 3);
    MqlDateTime parts = {};
    parts.year = date[0];
    parts.mon = date[1];
    parts.day = date[2];
    parts.hour = time[0];
    parts.min = time[1];
    parts.sec = time[2];
    return StructToTime(parts);
}

} // namespace mql::api
