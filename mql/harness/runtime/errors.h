// `_LastError`, and the numbers that the runtime sets.
#pragma once

#include "switches.h"

namespace mql {

// https://www.mql5.com/en/docs/constants/errorswarnings/errorcodes
// https://docs.mql4.com/constants/errorswarnings/errorcodes
namespace errors {
inline constexpr int TOO_MANY_FILES = 5001;
inline constexpr int WRONG_FILE_NAME = 5002;
inline constexpr int CANNOT_OPEN_FILE = 5004;
inline constexpr int WRONG_HANDLE = 5008;
inline constexpr int NOT_FOR_WRITING = 5009;
inline constexpr int NOT_FOR_READING = 5010;
inline constexpr int NOT_BINARY = 5011;
inline constexpr int READ_FAILED = 5015;
inline constexpr int WRITE_FAILED = IS_MQL4 ? 5016 : 5026;
inline constexpr int STRING_SIZE_NEEDED = IS_MQL4 ? 5017 : 5016;
inline constexpr int FILE_MISSING = IS_MQL4 ? 5020 : 5019;
inline constexpr int CANNOT_DELETE_FILE = 5006;
inline constexpr int OUTSIDE_STRING = 5041;
inline constexpr int UNKNOWN_SYMBOL = IS_MQL4 ? 4106 : 4301;
inline constexpr int WRONG_TIMER = IS_MQL4 ? 4051 : 4003;
} // namespace errors

void set_last_error(int error);
int last_error();

} // namespace mql
