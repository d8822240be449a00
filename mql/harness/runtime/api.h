// The closed list of functions that both dialects have.
//
// Above each declaration stands the page it was taken from. The reader of the sources takes the
// names from here: one declaration a link, the name right before its first parenthesis. Arrays
// are templates because MQL's functions take those of any type; the definitions of templates
// are in templates.h.
#pragma once

#include "arrays.h"
#include "constants.h"
#include "numbers.h"
#include "print.h"
#include "text.h"

namespace mql::api {

// Output.
// https://www.mql5.com/en/docs/common/print
template <class... Values, class = mql::Printed<Values...>>
void Print(const Values &...values);
// https://www.mql5.com/en/docs/common/comment
template <class... Values, class = mql::Printed<Values...>>
void Comment(const Values &...values);
// https://www.mql5.com/en/docs/common/alert
template <class... Values, class = mql::Printed<Values...>>
void Alert(const Values &...values);
// https://www.mql5.com/en/docs/common/printformat
template <class... Values, class = mql::Formatted<Values...>>
void PrintFormat(const string &format, const Values &...values);
// https://www.mql5.com/en/docs/convert/stringformat
template <class... Values, class = mql::Formatted<Values...>>
string StringFormat(const string &format, const Values &...values);

// Files.
// https://www.mql5.com/en/docs/files/fileopen
int FileOpen(const string &name, int flags, ushort delimiter = '\t', uint codepage = CP_ACP);
// https://www.mql5.com/en/docs/files/fileclose
void FileClose(int handle);
// https://www.mql5.com/en/docs/files/fileflush
void FileFlush(int handle);
// https://www.mql5.com/en/docs/files/fileseek
bool FileSeek(int handle, mql_long offset, ENUM_FILE_POSITION origin);
// https://www.mql5.com/en/docs/files/filesize
ulong FileSize(int handle);
// https://www.mql5.com/en/docs/files/filereadarray
template <class Numbers, class = mql::Transferred<Numbers>, class = mql::Writable<Numbers>>
uint FileReadArray(int handle, Numbers &array, int start = 0, int count = WHOLE_ARRAY);
// https://www.mql5.com/en/docs/files/filewritearray
template <class Numbers, class = mql::Transferred<Numbers>>
uint FileWriteArray(int handle, const Numbers &array, int start = 0, int count = WHOLE_ARRAY);
// https://www.mql5.com/en/docs/files/filereadstring
string FileReadString(int handle, int length = -1);
// https://www.mql5.com/en/docs/files/filewritestring
uint FileWriteString(int handle, const string &value, int length = -1);
// https://www.mql5.com/en/docs/files/filereadinteger
int FileReadInteger(int handle, int size = INT_VALUE);
// https://www.mql5.com/en/docs/files/filereadlong
mql_long FileReadLong(int handle);
// https://www.mql5.com/en/docs/files/filereaddouble
double FileReadDouble(int handle);
// https://www.mql5.com/en/docs/files/fileisending
bool FileIsEnding(int handle);
// https://www.mql5.com/en/docs/files/filetell
ulong FileTell(int handle);
// https://www.mql5.com/en/docs/files/filewriteinteger
uint FileWriteInteger(int handle, int value, int size = INT_VALUE);
// https://www.mql5.com/en/docs/files/fileisexist
bool FileIsExist(const string &name, int common_flag = 0);
// https://www.mql5.com/en/docs/files/filedelete
bool FileDelete(const string &name, int common_flag = 0);

// Arrays.
// https://www.mql5.com/en/docs/array/arraysize
template <class Items, class = typename Items::Element>
int ArraySize(const Items &array);
// https://www.mql5.com/en/docs/array/arrayresize
template <class Items, class = mql::Writable<Items>>
int ArrayResize(Items &array, int size, int reserve = 0);
// https://www.mql5.com/en/docs/array/arraycopy
template <class Items, class Source, class = mql::SameElements<Items, Source>,
          class = mql::Writable<Items>>
int ArrayCopy(Items &array, const Source &source, int start = 0, int source_start = 0,
    int count = WHOLE_ARRAY);
// https://www.mql5.com/en/docs/array/arrayinitialize
template <class Numbers, class = mql::Writable<Numbers>>
int ArrayInitialize(Numbers &array, typename Numbers::Element value);
// https://www.mql5.com/en/docs/array/arrayfill
template <class Items, class = mql::Writable<Items>>
void ArrayFill(Items &array, int start, int count, typename Items::Element value);
// https://www.mql5.com/en/docs/array/arrayfree
template <class Items, class = mql::Writable<Items>>
void ArrayFree(Items &array);

// Strings.
// https://www.mql5.com/en/docs/strings/stringlen
int StringLen(const string &value);
// https://www.mql5.com/en/docs/strings/stringsubstr
string StringSubstr(const string &value, int start, int length = -1);
// https://www.mql5.com/en/docs/strings/stringfind
int StringFind(const string &value, const string &wanted, int start = 0);
// https://www.mql5.com/en/docs/strings/stringgetcharacter
ushort StringGetCharacter(const string &value, int position);
// https://www.mql5.com/en/docs/strings/stringsetcharacter
bool StringSetCharacter(string &value, int position, ushort character);
// https://www.mql5.com/en/docs/strings/stringreplace
int StringReplace(string &value, const string &wanted, const string &replacement);
// https://www.mql5.com/en/docs/strings/stringsplit
int StringSplit(const string &value, ushort separator, ArrayRef<string> parts);
// https://www.mql5.com/en/docs/strings/stringcompare
int StringCompare(const string &left, const string &right, bool case_sensitive = true);
// https://www.mql5.com/en/docs/strings/stringtolower
bool StringToLower(string &value);
// https://www.mql5.com/en/docs/strings/stringtoupper
bool StringToUpper(string &value);

// Conversions.
// https://www.mql5.com/en/docs/convert/stringtochararray
int StringToCharArray(const string &value, ArrayRef<uchar> array, int start = 0, int count = -1,
    uint codepage = CP_ACP);
// https://www.mql5.com/en/docs/convert/chararraytostring
string CharArrayToString(ArrayRef<const uchar> array, int start = 0, int count = -1,
    uint codepage = CP_ACP);
// https://www.mql5.com/en/docs/convert/shorttostring
string ShortToString(ushort character);
// https://www.mql5.com/en/docs/convert/chartostring
string CharToString(uchar character);
// https://www.mql5.com/en/docs/convert/doubletostring
string DoubleToString(double value, int digits = 8);
// https://www.mql5.com/en/docs/convert/integertostring
string IntegerToString(mql_long value, int length = 0, ushort fill = ' ');
// https://www.mql5.com/en/docs/convert/stringtodouble
double StringToDouble(const string &value);
// https://www.mql5.com/en/docs/convert/stringtointeger
mql_long StringToInteger(const string &value);
// https://www.mql5.com/en/docs/convert/timetostring
string TimeToString(datetime value, int mode = TIME_DATE | TIME_MINUTES);
// https://www.mql5.com/en/docs/convert/stringtotime
datetime StringToTime(const string &value);
// https://www.mql5.com/en/docs/convert/normalizedouble
double NormalizeDouble(double value, int digits);
// https://www.mql5.com/en/docs/convert/enumtostring
string EnumToString(ENUM_TIMEFRAMES value);

// Mathematics.
// https://www.mql5.com/en/docs/math/mathabs
double MathAbs(double value);
// https://www.mql5.com/en/docs/math/mathmin
template <class Left, class Right>
mql::Wider<Left, Right> MathMin(Left left, Right right);
// https://www.mql5.com/en/docs/math/mathmax
template <class Left, class Right>
mql::Wider<Left, Right> MathMax(Left left, Right right);
// https://www.mql5.com/en/docs/math/mathfloor
double MathFloor(double value);
// https://www.mql5.com/en/docs/math/mathceil
double MathCeil(double value);
// https://www.mql5.com/en/docs/math/mathround
double MathRound(double value);
// https://www.mql5.com/en/docs/math/mathpow
double MathPow(double base, double exponent);
// https://www.mql5.com/en/docs/math/mathsqrt
double MathSqrt(double value);
// https://www.mql5.com/en/docs/math/mathisvalidnumber
bool MathIsValidNumber(double value);
// https://www.mql5.com/en/docs/math/mathrand
int MathRand();
// https://www.mql5.com/en/docs/math/mathsrand
void MathSrand(int seed);

// Time.
// https://www.mql5.com/en/docs/dateandtime/timecurrent
datetime TimeCurrent();
// https://www.mql5.com/en/docs/dateandtime/timelocal
datetime TimeLocal();
// https://www.mql5.com/en/docs/dateandtime/timegmt
datetime TimeGMT();
// https://www.mql5.com/en/docs/dateandtime/timetostruct
void TimeToStruct(datetime value, MqlDateTime &parts);
// https://www.mql5.com/en/docs/dateandtime/structtotime
datetime StructToTime(const MqlDateTime &parts);
// https://www.mql5.com/en/docs/common/gettickcount
uint GetTickCount();
// https://www.mql5.com/en/docs/common/getmicrosecondcount
ulong GetMicrosecondCount();
// https://www.mql5.com/en/docs/common/sleep
void Sleep(int milliseconds);
// https://www.mql5.com/en/docs/eventfunctions/eventsettimer
bool EventSetTimer(int seconds);
// https://www.mql5.com/en/docs/eventfunctions/eventsetmillisecondtimer
bool EventSetMillisecondTimer(int milliseconds);
// https://www.mql5.com/en/docs/eventfunctions/eventkilltimer
void EventKillTimer();

// The state of the program.
// https://www.mql5.com/en/docs/check/getlasterror
int GetLastError();
// https://www.mql5.com/en/docs/common/resetlasterror
void ResetLastError();
// https://www.mql5.com/en/docs/check/isstopped
bool IsStopped();
// https://www.mql5.com/en/docs/common/expertremove
void ExpertRemove();
// https://www.mql5.com/en/docs/check/mqlinfointeger
int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property);
// https://www.mql5.com/en/docs/check/mqlinfostring
string MQLInfoString(ENUM_MQL_INFO_STRING property);

// The terminal, the account and the chart.
// https://www.mql5.com/en/docs/check/terminalinfointeger
int TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property);
// https://www.mql5.com/en/docs/check/terminalinfostring
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property);
// https://www.mql5.com/en/docs/account/accountinfointeger
mql_long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property);
// https://www.mql5.com/en/docs/account/accountinfodouble
double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property);
// https://www.mql5.com/en/docs/account/accountinfostring
string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property);
// https://www.mql5.com/en/docs/check/symbol
string Symbol();
// https://www.mql5.com/en/docs/check/period
ENUM_TIMEFRAMES Period();
// https://www.mql5.com/en/docs/common/periodseconds
int PeriodSeconds(ENUM_TIMEFRAMES period = PERIOD_CURRENT);
// https://www.mql5.com/en/docs/chart_operations/chartid
mql_long ChartID();
// https://www.mql5.com/en/docs/marketinformation/symbolinfodouble
double SymbolInfoDouble(const string &symbol, ENUM_SYMBOL_INFO_DOUBLE property);
// https://www.mql5.com/en/docs/marketinformation/symbolinfointeger
mql_long SymbolInfoInteger(const string &symbol, ENUM_SYMBOL_INFO_INTEGER property);
// https://www.mql5.com/en/docs/marketinformation/symbolinfotick
bool SymbolInfoTick(const string &symbol, MqlTick &tick);

// Predefined variables: https://www.mql5.com/en/docs/predefined
extern const string &_Symbol;
extern const int &_Digits;
extern const double &_Point;
extern const int &_Period;
extern const int &_LastError;

} // namespace mql::api
