#include "market.h"

#include "api.h"
#ifdef __MQL4__
#include "api4.h"
#endif
#include "clock.h"
#include "errors.h"

#include <cmath>

namespace mql {

namespace {

using namespace types;

constexpr double LOTS_MIN = 0.01;
constexpr double LOTS_MAX = 100;
constexpr double CONTRACT_SIZE = 100000;

// Plain values, so that they are there before any object of the program is made.
int digits = 5;
double point = 0.00001;
int period = api::PERIOD_H1;
Quote quote;

/// Never destroyed: destructors of the program's objects may ask.
string &chart_symbol() {
    static auto *made = new string(text(L"EURUSD"));
    return *made;
}

types::mql_long start_ms() {
    static const types::mql_long at_first = clock::calendar_ms();
    return at_first;
}

/// Only the symbol of the chart is known.
bool is_known(const string &symbol) {
    if (symbol == chart_symbol()) {
        return true;
    }
    set_last_error(errors::UNKNOWN_SYMBOL);
    return false;
}

} // namespace

void set_symbol(const std::wstring &name, int symbol_digits) {
    chart_symbol() = string(name);
    digits = symbol_digits;
    point = std::pow(10.0, -symbol_digits);
}

void set_quote(const Quote &latest) { quote = latest; }

bool has_quote() { return quote.time_ms != 0; }

types::mql_long last_tick_ms() {
    return has_quote() ? quote.time_ms : start_ms();
}

} // namespace mql

namespace mql::api {

const string &_Symbol = chart_symbol();
const int &_Digits = digits;
const double &_Point = point;
const int &_Period = period;

#ifdef __MQL4__
const double &Bid = quote.bid;
const double &Ask = quote.ask;
const int &Digits = digits;
const double &Point = point;

// The prices of a handler do not change under it here: ticks come between handlers.
bool RefreshRates() { return false; }
#endif

string Symbol() { return chart_symbol(); }

ENUM_TIMEFRAMES Period() { return static_cast<ENUM_TIMEFRAMES>(period); }

int PeriodSeconds(ENUM_TIMEFRAMES asked) {
    switch (asked == PERIOD_CURRENT ? Period() : asked) {
    case PERIOD_M1:
        return 60;
    case PERIOD_M5:
        return 5 * 60;
    case PERIOD_M15:
        return 15 * 60;
    case PERIOD_M30:
        return 30 * 60;
    case PERIOD_H1:
        return 60 * 60;
    case PERIOD_H4:
        return 4 * 60 * 60;
    case PERIOD_D1:
        return 24 * 60 * 60;
    case PERIOD_W1:
        return 7 * 24 * 60 * 60;
    case PERIOD_MN1:
        return 30 * 24 * 60 * 60;
    case PERIOD_CURRENT:
        break;
    }
    return 0;
}

string EnumToString(ENUM_TIMEFRAMES value) {
    switch (value) {
    case PERIOD_CURRENT:
        return text(L"PERIOD_CURRENT");
    case PERIOD_M1:
        return text(L"PERIOD_M1");
    case PERIOD_M5:
        return text(L"PERIOD_M5");
    case PERIOD_M15:
        return text(L"PERIOD_M15");
    case PERIOD_M30:
        return text(L"PERIOD_M30");
    case PERIOD_H1:
        return text(L"PERIOD_H1");
    case PERIOD_H4:
        return text(L"PERIOD_H4");
    case PERIOD_D1:
        return text(L"PERIOD_D1");
    case PERIOD_W1:
        return text(L"PERIOD_W1");
    case PERIOD_MN1:
        return text(L"PERIOD_MN1");
    }
    return text(L"");
}

double SymbolInfoDouble(const string &symbol, ENUM_SYMBOL_INFO_DOUBLE property) {
    if (!is_known(symbol)) {
        return 0;
    }
    switch (property) {
    case SYMBOL_BID:
        return quote.bid;
    case SYMBOL_ASK:
        return quote.ask;
    case SYMBOL_LAST:
        return 0;
    case SYMBOL_POINT:
    case SYMBOL_TRADE_TICK_SIZE:
        return point;
    case SYMBOL_TRADE_CONTRACT_SIZE:
        return CONTRACT_SIZE;
    case SYMBOL_VOLUME_MIN:
    case SYMBOL_VOLUME_STEP:
        return LOTS_MIN;
    case SYMBOL_VOLUME_MAX:
        return LOTS_MAX;
    }
    return 0;
}

mql_long SymbolInfoInteger(const string &symbol, ENUM_SYMBOL_INFO_INTEGER property) {
    if (!is_known(symbol)) {
        return 0;
    }
    switch (property) {
    case SYMBOL_DIGITS:
        return digits;
    case SYMBOL_SPREAD:
        return std::llround((quote.ask - quote.bid) / point);
    case SYMBOL_TIME:
        return quote.time_ms / 1000;
    case SYMBOL_SELECT:
        return 1;
    }
    return 0;
}

bool SymbolInfoTick(const string &symbol, MqlTick &tick) {
    if (!is_known(symbol) || !has_quote()) {
        return false;
    }
    tick = MqlTick();
    tick.time = quote.time_ms / 1000;
    tick.bid = quote.bid;
    tick.ask = quote.ask;
#ifdef __MQL5__
    tick.time_msc = quote.time_ms;
#endif
    return true;
}

} // namespace mql::api
