// TickPipe\Compat.mqh: what differs between MQL4 and MQL5.
//
// Only this file asks which of the two compiles it. Everything else is one source for both.

#ifdef __MQL4__

// https://docs.mql4.com/constants/errorswarnings/errorcodes
#define TICKPIPE_PLATFORM        "MT4"
#define TICKPIPE_ERROR_WRITE     5016

// Returns a tick's time in milliseconds of the trade server's clock. MQL4 knows whole seconds only.
long PipeTickTimeMsc(const MqlTick &tick)
{
   return (long)tick.time * 1000;
}

#else

// https://www.mql5.com/en/docs/constants/errorswarnings/errorcodes
#define TICKPIPE_PLATFORM        "MT5"
#define TICKPIPE_ERROR_WRITE     5026

// Returns a tick's time in milliseconds of the trade server's clock.
long PipeTickTimeMsc(const MqlTick &tick)
{
   return tick.time_msc;
}

#endif

// These numbers mean the same on both.
#define TICKPIPE_ERROR_OPEN      5004
#define TICKPIPE_ERROR_HANDLE    5008
#define TICKPIPE_ERROR_READ      5015

// Returns `count` characters of a text from `start` on. `StringSubstr` takes a length of 0 for "up to the
// end" in MQL4, and for nothing in MQL5.
string PipeTextPart(const string text, const int start, const int count)
{
   return count <= 0 ? "" : StringSubstr(text, start, count);
}

// Says in words what a file function's error number means, with the number.
string PipeErrorText(const int error)
{
   string words = "error";
   if(error == TICKPIPE_ERROR_OPEN)
      words = "cannot open";
   if(error == TICKPIPE_ERROR_HANDLE)
      words = "handle is not valid";
   if(error == TICKPIPE_ERROR_READ)
      words = "cannot read";
   if(error == TICKPIPE_ERROR_WRITE)
      words = "cannot write";
   return words + " (" + IntegerToString(error) + ")";
}
