// What only MQL5 has of our list, in the same form as api.h.
#pragma once

#include "constants.h"

namespace mql::api {

// https://www.mql5.com/en/docs/common/gettickcount64
ulong GetTickCount64();

// In MQL4 they are no part of the language:
// www.mql5.com/en/docs/constants/errorswarnings/errorcodes
inline constexpr int ERR_SUCCESS = 0;
inline constexpr int ERR_TOO_MANY_FILES = 5001;
inline constexpr int ERR_WRONG_FILENAME = 5002;
inline constexpr int ERR_CANNOT_OPEN_FILE = 5004;
inline constexpr int ERR_WRONG_FILEHANDLE = 5008;
inline constexpr int ERR_FILE_NOTTOWRITE = 5009;
inline constexpr int ERR_FILE_NOTTOREAD = 5010;
inline constexpr int ERR_FILE_NOTBIN = 5011;
inline constexpr int ERR_FILE_READERROR = 5015;
inline constexpr int ERR_FILE_BINSTRINGSIZE = 5016;
inline constexpr int ERR_FILE_NOT_EXIST = 5019;
inline constexpr int ERR_FILE_WRITEERROR = 5026;

} // namespace mql::api
