// The constants and plain structures that the functions of api.h need. Numbers are the terminal's
// where a program may send or print them (flags, codes, code pages, timeframes).
#pragma once

#include "numbers.h"

#include <cfloat>
#include <climits>
#include <limits>

// C's headers have them as macros, the limits of `long` with its 32 bits.
#undef SEEK_SET
#undef SEEK_CUR
#undef SEEK_END
#undef UCHAR_MAX
#undef USHRT_MAX
#undef INT_MIN
#undef INT_MAX
#undef UINT_MAX
#undef LONG_MIN
#undef LONG_MAX
#undef ULONG_MAX
#undef DBL_MIN
#undef DBL_MAX
#undef DBL_EPSILON
#undef DBL_DIG

namespace mql::api {

using namespace mql::types;

// https://www.mql5.com/en/docs/constants/namedconstants/typeconstants
inline constexpr uchar UCHAR_MAX = std::numeric_limits<uchar>::max();
inline constexpr ushort USHORT_MAX = std::numeric_limits<ushort>::max();
inline constexpr int INT_MIN = std::numeric_limits<int>::min();
inline constexpr int INT_MAX = std::numeric_limits<int>::max();
inline constexpr uint UINT_MAX = std::numeric_limits<uint>::max();
inline constexpr mql_long LONG_MIN = std::numeric_limits<mql_long>::min();
inline constexpr mql_long LONG_MAX = std::numeric_limits<mql_long>::max();
inline constexpr ulong ULONG_MAX = std::numeric_limits<ulong>::max();
inline constexpr double DBL_MIN = std::numeric_limits<double>::min();
inline constexpr double DBL_MAX = std::numeric_limits<double>::max();
inline constexpr double DBL_EPSILON = std::numeric_limits<double>::epsilon();
inline constexpr int DBL_DIG = std::numeric_limits<double>::digits10;

inline constexpr int INVALID_HANDLE = -1;
inline constexpr int WHOLE_ARRAY = -1;

// https://www.mql5.com/en/docs/constants/io_constants/fileflags
inline constexpr int FILE_READ = 1;
inline constexpr int FILE_WRITE = 2;
inline constexpr int FILE_BIN = 4;
inline constexpr int FILE_CSV = 8;
inline constexpr int FILE_TXT = 16;
inline constexpr int FILE_ANSI = 32;
inline constexpr int FILE_UNICODE = 64;
inline constexpr int FILE_SHARE_READ = 128;
inline constexpr int FILE_SHARE_WRITE = 256;
inline constexpr int FILE_REWRITE = 512;
inline constexpr int FILE_COMMON = 4096;

// https://www.mql5.com/en/docs/constants/io_constants/enum_file_position
enum ENUM_FILE_POSITION : int { SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2 };

// Sizes for FileReadInteger and FileWriteInteger.
inline constexpr int CHAR_VALUE = 1;
inline constexpr int SHORT_VALUE = 2;
inline constexpr int INT_VALUE = 4;

// https://www.mql5.com/en/docs/constants/io_constants/codepageusage
inline constexpr uint CP_ACP = 0;
inline constexpr uint CP_OEMCP = 1;
inline constexpr uint CP_MACCP = 2;
inline constexpr uint CP_THREAD_ACP = 3;
inline constexpr uint CP_SYMBOL = 42;
inline constexpr uint CP_UTF7 = 65000;
inline constexpr uint CP_UTF8 = 65001;

// https://www.mql5.com/en/docs/constants/namedconstants/uninit
inline constexpr int REASON_PROGRAM = 0;
inline constexpr int REASON_REMOVE = 1;
inline constexpr int REASON_RECOMPILE = 2;
inline constexpr int REASON_CHARTCHANGE = 3;
inline constexpr int REASON_CHARTCLOSE = 4;
inline constexpr int REASON_PARAMETERS = 5;
inline constexpr int REASON_ACCOUNT = 6;
inline constexpr int REASON_TEMPLATE = 7;
inline constexpr int REASON_INITFAILED = 8;
inline constexpr int REASON_CLOSE = 9;

// https://www.mql5.com/en/docs/basis/function/events#enum_init_retcode
enum ENUM_INIT_RETCODE : int {
    INIT_SUCCEEDED = 0,
    INIT_FAILED = 1,
    INIT_PARAMETERS_INCORRECT = 32767,
#ifdef __MQL5__
    INIT_AGENT_NOT_SUITABLE = 32766,
#endif
};

// Parts of a printed time.
inline constexpr int TIME_DATE = 1;
inline constexpr int TIME_MINUTES = 2;
inline constexpr int TIME_SECONDS = 4;

// https://www.mql5.com/en/docs/constants/chartconstants/enum_timeframes
enum ENUM_TIMEFRAMES : int {
    PERIOD_CURRENT = 0,
    PERIOD_M1 = 1,
    PERIOD_M5 = 5,
    PERIOD_M15 = 15,
    PERIOD_M30 = 30,
#ifdef __MQL4__
    PERIOD_H1 = 60,
    PERIOD_H4 = 240,
    PERIOD_D1 = 1440,
    PERIOD_W1 = 10080,
    PERIOD_MN1 = 43200,
#else
    PERIOD_H1 = 0x4001,
    PERIOD_H4 = 0x4004,
    PERIOD_D1 = 0x4018,
    PERIOD_W1 = 0x8001,
    PERIOD_MN1 = 0xC001,
#endif
};

enum ENUM_SYMBOL_INFO_DOUBLE : int {
    SYMBOL_BID,
    SYMBOL_ASK,
    SYMBOL_LAST,
    SYMBOL_POINT,
    SYMBOL_TRADE_TICK_SIZE,
    SYMBOL_TRADE_CONTRACT_SIZE,
    SYMBOL_VOLUME_MIN,
    SYMBOL_VOLUME_MAX,
    SYMBOL_VOLUME_STEP,
};

enum ENUM_SYMBOL_INFO_INTEGER : int { SYMBOL_DIGITS, SYMBOL_SPREAD, SYMBOL_TIME, SYMBOL_SELECT };

enum ENUM_ACCOUNT_INFO_INTEGER : int {
    ACCOUNT_LOGIN,
    ACCOUNT_TRADE_MODE,
    ACCOUNT_LEVERAGE,
    ACCOUNT_TRADE_ALLOWED,
    ACCOUNT_TRADE_EXPERT,
};

enum ENUM_ACCOUNT_TRADE_MODE : int {
    ACCOUNT_TRADE_MODE_DEMO = 0,
    ACCOUNT_TRADE_MODE_CONTEST = 1,
    ACCOUNT_TRADE_MODE_REAL = 2,
};

enum ENUM_ACCOUNT_INFO_DOUBLE : int { ACCOUNT_BALANCE, ACCOUNT_EQUITY, ACCOUNT_PROFIT };

enum ENUM_ACCOUNT_INFO_STRING : int {
    ACCOUNT_NAME,
    ACCOUNT_SERVER,
    ACCOUNT_CURRENCY,
    ACCOUNT_COMPANY,
};

enum ENUM_TERMINAL_INFO_INTEGER : int {
    TERMINAL_BUILD,
    TERMINAL_CONNECTED,
    TERMINAL_DLLS_ALLOWED,
    TERMINAL_TRADE_ALLOWED,
};

enum ENUM_TERMINAL_INFO_STRING : int {
    TERMINAL_LANGUAGE,
    TERMINAL_COMPANY,
    TERMINAL_NAME,
    TERMINAL_PATH,
    TERMINAL_DATA_PATH,
    TERMINAL_COMMONDATA_PATH,
};

enum ENUM_MQL_INFO_INTEGER : int {
    MQL_DEBUG,
    MQL_DLLS_ALLOWED,
    MQL_OPTIMIZATION,
    MQL_PROGRAM_TYPE,
    MQL_TESTER,
    MQL_TRADE_ALLOWED,
    MQL_VISUAL_MODE,
};

enum ENUM_MQL_INFO_STRING : int { MQL_PROGRAM_NAME, MQL_PROGRAM_PATH };

enum ENUM_PROGRAM_TYPE : int { PROGRAM_SCRIPT = 1, PROGRAM_EXPERT = 2 };

// https://www.mql5.com/en/docs/constants/structures/mqldatetime
struct MqlDateTime {
    int year;
    int mon;
    int day;
    int hour;
    int min;
    int sec;
    int day_of_week;
    int day_of_year;
};

// https://www.mql5.com/en/docs/constants/structures/mqltick
struct MqlTick {
    datetime time;
    double bid;
    double ask;
    double last;
    ulong volume;
#ifdef __MQL5__
    mql_long time_msc;
    uint flags;
    double volume_real;
#endif
};

} // namespace mql::api
