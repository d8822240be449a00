// A terminal and an account as they might be: fixed, so that runs can be compared.

#include "api.h"
#ifdef __MQL4__
#include "api4.h"
#endif
#include "program.h"
#include "switches.h"
#include "system.h"

namespace mql {

Switches &switches() {
    static Switches all;
    return all;
}

} // namespace mql

namespace mql::api {

#ifdef __MQL4__
bool IsTesting() { return switches().tester; }
#endif

int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property) {
    switch (property) {
    case MQL_PROGRAM_TYPE:
        return program_table.start != nullptr ? PROGRAM_SCRIPT : PROGRAM_EXPERT;
    case MQL_TESTER:
        return switches().tester ? 1 : 0;
    case MQL_OPTIMIZATION:
        return switches().optimization ? 1 : 0;
    case MQL_TRADE_ALLOWED:
        return 1;
    case MQL_DEBUG:
    case MQL_DLLS_ALLOWED:
    case MQL_VISUAL_MODE:
        break;
    }
    return 0;
}

string MQLInfoString(ENUM_MQL_INFO_STRING property) {
    const string name{std::wstring(program_table.name)};
    switch (property) {
    case MQL_PROGRAM_NAME:
        return name;
    case MQL_PROGRAM_PATH:
        return TerminalInfoString(TERMINAL_DATA_PATH) +
               (IS_MQL4 ? text(L"\\MQL4\\Experts\\") : text(L"\\MQL5\\Experts\\")) + name +
               (IS_MQL4 ? text(L".ex4") : text(L".ex5"));
    }
    return string();
}

int TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property) {
    switch (property) {
    case TERMINAL_BUILD:
        return IS_MQL4 ? 1420 : 4000;
    case TERMINAL_CONNECTED:
    case TERMINAL_TRADE_ALLOWED:
        return 1;
    case TERMINAL_DLLS_ALLOWED:
        break;
    }
    return 0;
}

string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property) {
    switch (property) {
    case TERMINAL_LANGUAGE:
        return text(L"English");
    case TERMINAL_COMPANY:
        return text(L"MetaQuotes Ltd.");
    case TERMINAL_NAME:
        return IS_MQL4 ? text(L"MetaTrader 4") : text(L"MetaTrader 5");
    case TERMINAL_PATH:
    case TERMINAL_DATA_PATH:
        return text(L"C:\\Terminal");
    case TERMINAL_COMMONDATA_PATH:
        return text(L"C:\\Terminal\\Common");
    }
    return string();
}

mql_long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property) {
    switch (property) {
    case ACCOUNT_LOGIN:
        return 1234567;
    case ACCOUNT_TRADE_MODE:
        return ACCOUNT_TRADE_MODE_DEMO;
    case ACCOUNT_LEVERAGE:
        return 100;
    case ACCOUNT_TRADE_ALLOWED:
    case ACCOUNT_TRADE_EXPERT:
        return 1;
    }
    return 0;
}

double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property) {
    switch (property) {
    case ACCOUNT_BALANCE:
    case ACCOUNT_EQUITY:
        return 10000;
    case ACCOUNT_PROFIT:
        break;
    }
    return 0;
}

string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property) {
    switch (property) {
    case ACCOUNT_NAME:
        return text(L"Harness");
    case ACCOUNT_SERVER:
        return text(L"Harness-Demo");
    case ACCOUNT_CURRENCY:
        return text(L"USD");
    case ACCOUNT_COMPANY:
        return text(L"Harness Ltd.");
    }
    return string();
}

mql_long ChartID() { return 1; }

} // namespace mql::api
