// TickPipe\Template.mqh: a line made of a tick, after a pattern such as `{symbol} {time} {bid} {ask}`.

#include <TickPipe\Compat.mqh>

#define TICKPIPE_PIECES_MAX      64

enum ENUM_LINE_PIECE
{
   LINE_PIECE_TEXT = 0,
   LINE_PIECE_ASK = 1,
   LINE_PIECE_BID = 2,
   LINE_PIECE_COUNT = 3,
   LINE_PIECE_DIGITS = 4,
   LINE_PIECE_LAST = 5,
   LINE_PIECE_SPREAD = 6,
   LINE_PIECE_SYMBOL = 7,
   LINE_PIECE_TIME = 8,
   LINE_PIECE_TIME_MSC = 9,
   LINE_PIECE_TIMEFRAME = 10,
   LINE_PIECE_VOLUME = 11,
   LINE_PIECE_UNKNOWN = 12
};

#define TICKPIPE_PIECES_ALLOWED  "{ask} {bid} {count} {digits} {last} {spread} {symbol} {time} {time_msc} {timeframe} {volume}"

// A pattern, taken apart once, so that a tick costs no search.
class CLineTemplate
{
private:
   ENUM_LINE_PIECE        m_kinds[TICKPIPE_PIECES_MAX];
   string            m_texts[TICKPIPE_PIECES_MAX];
   int               m_pieces;
   int               m_digits;
   // How many lines were made.
   long              m_count;
   string            m_error;

   ENUM_LINE_PIECE Kind(const string name) const
   {
      if(name == "ask")
         return LINE_PIECE_ASK;
      if(name == "bid")
         return LINE_PIECE_BID;
      if(name == "count")
         return LINE_PIECE_COUNT;
      if(name == "digits")
         return LINE_PIECE_DIGITS;
      if(name == "last")
         return LINE_PIECE_LAST;
      if(name == "spread")
         return LINE_PIECE_SPREAD;
      if(name == "symbol")
         return LINE_PIECE_SYMBOL;
      if(name == "time")
         return LINE_PIECE_TIME;
      if(name == "time_msc")
         return LINE_PIECE_TIME_MSC;
      if(name == "timeframe")
         return LINE_PIECE_TIMEFRAME;
      if(name == "volume")
         return LINE_PIECE_VOLUME;
      return LINE_PIECE_UNKNOWN;
   }

   bool Add(const ENUM_LINE_PIECE kind, const string text)
   {
      if(kind == LINE_PIECE_TEXT && StringLen(text) == 0)
         return true;
      if(kind == LINE_PIECE_UNKNOWN)
         m_error = "template holds `{" + text + "}`, allowed are " + TICKPIPE_PIECES_ALLOWED;
      if(m_pieces == TICKPIPE_PIECES_MAX)
         m_error = "template has more than " + IntegerToString(TICKPIPE_PIECES_MAX) + " parts";
      if(StringLen(m_error) != 0)
         return false;
      m_kinds[m_pieces] = kind;
      m_texts[m_pieces] = text;
      m_pieces++;
      return true;
   }

   // Returns what stands for a piece. Prices have the symbol's digits, times are the trade server's.
   string Value(const int piece, const MqlTick &tick) const
   {
      switch(m_kinds[piece])
      {
         case LINE_PIECE_ASK:
         {
            return DoubleToString(tick.ask, m_digits);
         }
         case LINE_PIECE_BID:
         {
            return DoubleToString(tick.bid, m_digits);
         }
         case LINE_PIECE_COUNT:
         {
            return IntegerToString(m_count);
         }
         case LINE_PIECE_DIGITS:
         {
            return IntegerToString(m_digits);
         }
         case LINE_PIECE_LAST:
         {
            return DoubleToString(tick.last, m_digits);
         }
         case LINE_PIECE_SPREAD:
         {
            return IntegerToString((long)MathRound((tick.ask - tick.bid) / _Point));
         }
         case LINE_PIECE_SYMBOL:
         {
            return _Symbol;
         }
         case LINE_PIECE_TIME:
         {
            return IntegerToString((long)tick.time);
         }
         case LINE_PIECE_TIME_MSC:
         {
            return IntegerToString(PipeTickTimeMsc(tick));
         }
         case LINE_PIECE_TIMEFRAME:
         {
            return IntegerToString(PeriodSeconds() / 60);
         }
         case LINE_PIECE_VOLUME:
         {
            return IntegerToString((long)tick.volume);
         }
         case LINE_PIECE_TEXT:
         case LINE_PIECE_UNKNOWN:
         {
            return m_texts[piece];
         }
      }
      return "";
   }

public:
   CLineTemplate()
   {
      m_pieces = 0;
      m_digits = 0;
      m_count = 0;
      m_error = "";
   }

   // Takes a pattern apart. False: `Error` says what is wrong with it.
   bool Parse(const string pattern)
   {
      m_pieces = 0;
      m_digits = (int)SymbolInfoInteger(_Symbol, SYMBOL_DIGITS);
      m_error = "";
      int at = 0;
      int open = StringFind(pattern, "{");
      while(0 <= open)
      {
         const int close = StringFind(pattern, "}", open);
         if(close < 0)
         {
            m_error = "template has a `{` without its `}`";
            return false;
         }
         const string name = PipeTextPart(pattern, open + 1, close - open - 1);
         if(at < open && !Add(LINE_PIECE_TEXT, StringSubstr(pattern, at, open - at)))
            return false;
         if(!Add(Kind(name), name))
            return false;
         at = close + 1;
         open = StringFind(pattern, "{", at);
      }
      if(at < StringLen(pattern) && !Add(LINE_PIECE_TEXT, StringSubstr(pattern, at)))
         return false;
      if(m_pieces == 0)
         m_error = "template is empty";
      return m_pieces != 0;
   }

   string Error() const
   {
      return m_error;
   }

   // Makes the line of a tick.
   string Line(const MqlTick &tick)
   {
      m_count++;
      string line = "";
      for(int i = 0; i < m_pieces; i++)
         line += Value(i, tick);
      return line;
   }
};
