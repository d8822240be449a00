// Checks the parts of the library that need no pipe, each with a table of cases. A case that fails is
// printed; the last line says how many were checked.

#include <TickPipe\Backoff.mqh>
#include <TickPipe\Compat.mqh>
#include <TickPipe\Constants.mqh>
#include <TickPipe\Frame.mqh>
#include <TickPipe\Inbox.mqh>
#include <TickPipe\Owed.mqh>
#include <TickPipe\Template.mqh>
#include <TickPipe\Utf8.mqh>
#include <TickPipe\Wait.mqh>

int checked = 0;
int failed = 0;

void Check(const string what, const string found, const string expected)
{
   checked++;
   if(found == expected)
      return;
   failed++;
   Print("FAILED ", what, ": found `", found, "`, expected `", expected, "`");
}

void CheckNumber(const string what, const long found, const long expected)
{
   Check(what, IntegerToString(found), IntegerToString(expected));
}

// Makes bytes of hexadecimal digits, two for each.
int FromHex(const string hex, uchar &bytes[])
{
   const string digits = "0123456789ABCDEF";
   const int count = StringLen(hex) / 2;
   ArrayResize(bytes, count);
   for(int i = 0; i < count; i++)
   {
      const int high = StringFind(digits, StringSubstr(hex, 2 * i, 1));
      const int low = StringFind(digits, StringSubstr(hex, 2 * i + 1, 1));
      bytes[i] = (uchar)(16 * high + low);
   }
   return count;
}

void CheckUtf8(const string hex, const bool expected)
{
   uchar bytes[];
   const int count = FromHex(hex, bytes);
   CheckNumber("PipeIsUtf8 of " + hex, PipeIsUtf8(bytes, 0, count) ? 1 : 0, expected ? 1 : 0);
}

void CheckAllUtf8()
{
   CheckUtf8("", true);
   CheckUtf8("00417F", true);
   CheckUtf8("C280DFBF", true);
   CheckUtf8("E0A080ED9FBFEE8080EFBFBF", true);
   CheckUtf8("F0908080F48FBFBF", true);
   // A continuation byte alone, a beginning alone, one byte too few.
   CheckUtf8("80", false);
   CheckUtf8("C2", false);
   CheckUtf8("E282", false);
   CheckUtf8("F09F98", false);
   CheckUtf8("C241", false);
   CheckUtf8("E28241", false);
   CheckUtf8("F09F9841", false);
   // Longer than needed, a surrogate, beyond Unicode, bytes that never occur.
   CheckUtf8("C080", false);
   CheckUtf8("C1BF", false);
   CheckUtf8("E09FBF", false);
   CheckUtf8("F08FBFBF", false);
   CheckUtf8("EDA080", false);
   CheckUtf8("F4908080", false);
   CheckUtf8("F5808080", false);
   CheckUtf8("FF", false);

   uchar bytes[];
   CheckNumber("bytes of no text", PipeTextToUtf8("", bytes), 0);
   CheckNumber("bytes of a text", PipeTextToUtf8("a\x20ac", bytes), 4);
   Check("a text and back", PipeUtf8ToText(bytes, 0, 4), "a\x20ac");
   Check("a part of it", PipeUtf8ToText(bytes, 1, 3), "\x20ac");
   Check("none of it", PipeUtf8ToText(bytes, 4, 0), "");
   CheckNumber("fewer bytes than before", PipeTextToUtf8("b", bytes), 1);
   Check("the text of them", PipeUtf8ToText(bytes, 0, 1), "b");
}

string Taken(CPipeFrame &frame)
{
   string line = "";
   const ENUM_PIPE_FRAME found = frame.Take(line);
   return IntegerToString((int)found) + line;
}

// Gives a frame bytes in pieces of a size, and says which lines come of them.
void CheckFrame(const string hex, const string expected)
{
   uchar bytes[];
   const int count = FromHex(hex, bytes);
   for(int size = 1; size <= count; size++)
   {
      CPipeFrame frame;
      string lines = "";
      uchar piece[];
      for(int at = 0; at < count; at += size)
      {
         const int length = (int)MathMin(size, count - at);
         ArrayResize(piece, length);
         ArrayCopy(piece, bytes, 0, at, length);
         frame.Append(piece, length);
         string line = "";
         ENUM_PIPE_FRAME found = frame.Take(line);
         while(found == PIPE_FRAME_LINE)
         {
            lines += "<" + line + ">";
            found = frame.Take(line);
         }
         if(found != PIPE_FRAME_NONE)
         {
            lines += "!" + IntegerToString((int)found);
            break;
         }
      }
      if(!frame.IsEmpty())
         lines += "...";
      Check("frame of " + hex + " in pieces of " + IntegerToString(size), lines, expected);
   }
}

void CheckFrames()
{
   CheckFrame("310D0A", "<1>");
   CheckFrame("310A320A33", "<1><2>...");
   CheckFrame("0A0D0A", "<><>");
   CheckFrame("310D320D0D0A", "<1\r2\r>");
   CheckFrame("E282AC0A", "<\x20ac>");
   CheckFrame("31003200", "...");
   CheckFrame("3100320A", "!3...");
   CheckFrame("31FF0A", "!4...");

   uchar bytes[];
   ArrayResize(bytes, TICKPIPE_REPLY_LEN_MAX + 2);
   ArrayInitialize(bytes, 'x');
   bytes[TICKPIPE_REPLY_LEN_MAX] = '\r';
   bytes[TICKPIPE_REPLY_LEN_MAX + 1] = '\n';
   CPipeFrame longest;
   longest.Append(bytes, TICKPIPE_REPLY_LEN_MAX + 1);
   Check("the longest line without its end", Taken(longest), "0");
   CPipeFrame whole;
   whole.Append(bytes, TICKPIPE_REPLY_LEN_MAX + 2);
   CheckNumber("the longest line", StringLen(Taken(whole)), TICKPIPE_REPLY_LEN_MAX + 1);
   bytes[TICKPIPE_REPLY_LEN_MAX] = 'x';
   CPipeFrame longer;
   longer.Append(bytes, TICKPIPE_REPLY_LEN_MAX + 2);
   Check("a longer line", Taken(longer), "2");

   // A rest that never becomes empty must not make the frame grow.
   CPipeFrame rest;
   ArrayResize(bytes, 6);
   FromHex("310A32330A34", bytes);
   rest.Append(bytes, 1);
   FromHex("0A3233343536", bytes);
   for(int i = 0; i < 20000; i++)
   {
      rest.Append(bytes, 6);
      Taken(rest);
   }
   CheckNumber("a rest stays", rest.IsEmpty() ? 1 : 0, 0);
}

void CheckOwed()
{
   CPipeOwed owed;
   CheckNumber("nothing is owed", (int)owed.Pop(), (int)PIPE_OWED_NOTHING);
   owed.Push(PIPE_OWED_SENT, 10, 100);
   owed.Push(PIPE_OWED_ASKED, 10, 200);
   owed.MakeLate(300);
   CheckNumber("the older comes first", (int)owed.Pop(), (int)PIPE_OWED_SENT);
   CheckNumber("not overdue", owed.IsOverdue(299) ? 1 : 0, 0);
   CheckNumber("overdue", owed.IsOverdue(300) ? 1 : 0, 1);
   CheckNumber("the later one", (int)owed.Next(), (int)PIPE_OWED_LATE);
   CheckNumber("the later one is taken", (int)owed.Pop(), (int)PIPE_OWED_LATE);
   CheckNumber("empty again", owed.IsEmpty() ? 1 : 0, 1);
   CheckNumber("nothing is not overdue", owed.IsOverdue(1000) ? 1 : 0, 0);

   // The clock wraps between the two.
   owed.Push(PIPE_OWED_ASKED, 1, 5);
   CheckNumber("before the wrap", owed.IsOverdue(4294967290) ? 1 : 0, 0);
   CheckNumber("after the wrap", owed.IsOverdue(5) ? 1 : 0, 1);
   owed.Clear();

   for(int round = 0; round < 3; round++)
   {
      int count = 0;
      while(owed.HasRoom(10, 0))
      {
         owed.Push(PIPE_OWED_SENT, 10, 0);
         count++;
      }
      CheckNumber("lines at once", count, TICKPIPE_OWED_MAX);
      owed.Pop();
      CheckNumber("room for one", owed.HasRoom(10, 0) ? 1 : 0, 1);
      CheckNumber("no room beside a kept reply", owed.HasRoom(10, 1) ? 1 : 0, 0);
      while(owed.Pop() == PIPE_OWED_SENT)
         count--;
      CheckNumber("one was taken before", count, 1);
   }
   owed.Push(PIPE_OWED_SENT, TICKPIPE_OWED_BYTES_MAX - 10, 0);
   CheckNumber("bytes that fit", owed.HasRoom(10, 0) ? 1 : 0, 1);
   CheckNumber("bytes that do not", owed.HasRoom(11, 0) ? 1 : 0, 0);
}

void CheckInbox()
{
   CPipeInbox inbox;
   string line = "";
   CheckNumber("an empty inbox", inbox.Take(line) ? 1 : 0, 0);
   for(int i = 0; i < 3 * TICKPIPE_OWED_MAX; i++)
   {
      inbox.Put(IntegerToString(i));
      inbox.Put(IntegerToString(-i));
      CheckNumber("two are kept", inbox.Count(), 2);
      inbox.Take(line);
      Check("the older comes first", line, IntegerToString(i));
      inbox.Take(line);
      Check("the other one", line, IntegerToString(-i));
   }
}

void CheckBackoff()
{
   CPipeBackoff backoff;
   CheckNumber("due at once", backoff.IsDue(0) ? 1 : 0, 1);
   uint now_ms = 4294967000;
   uint pause_ms = 250;
   for(int i = 0; i < 5; i++)
   {
      backoff.Failed(now_ms);
      CheckNumber("not due yet", backoff.IsDue(now_ms + pause_ms - 1) ? 1 : 0, 0);
      CheckNumber("due", backoff.IsDue(now_ms + pause_ms) ? 1 : 0, 1);
      now_ms += pause_ms;
      pause_ms = MathMin((uint)1000, 2 * pause_ms);
   }
   backoff.Succeeded();
   backoff.Failed(now_ms);
   CheckNumber("the shortest pause again", backoff.IsDue(now_ms + 250) ? 1 : 0, 1);
   CheckNumber("and no shorter", backoff.IsDue(now_ms + 249) ? 1 : 0, 0);
}

void CheckTemplate(const string pattern, const string expected)
{
   MqlTick tick;
   tick.time = D'2024.01.02 03:04:05';
   tick.bid = 1.1;
   tick.ask = 1.10012;
   tick.last = 0.0;
   tick.volume = 7;
   CLineTemplate line_of;
   Check("template " + pattern, line_of.Parse(pattern) ? line_of.Line(tick) : line_of.Error(), expected);
}

void CheckTemplates()
{
   CheckTemplate("{symbol} {time} {bid} {ask}", "EURUSD 1704164645 1.10000 1.10012");
   CheckTemplate("x", "x");
   CheckTemplate("{bid}", "1.10000");
   CheckTemplate("<{count}|{digits}|{last}|{spread}|{volume}>", "<1|5|0.00000|12|7>");
   CheckTemplate("} {bid}}", "} 1.10000}");
   CheckTemplate("", "template is empty");
   CheckTemplate("{}", "template holds `{}`, allowed are {ask} {bid} {count} {digits} {last} {spread} {symbol} {time} {time_msc} {timeframe} {volume}");
   CheckTemplate("a{bid", "template has a `{` without its `}`");
   CheckTemplate("{price}", "template holds `{price}`, allowed are {ask} {bid} {count} {digits} {last} {spread} {symbol} {time} {time_msc} {timeframe} {volume}");
   string many = "";
   for(int i = 0; i < 33; i++)
      many += "{bid} ";
   CheckTemplate(many, "template has more than 64 parts");
}

void CheckWait()
{
   CPipeWait wait;
   wait.Begin(0);
   CheckNumber("a wait of nothing is over", wait.IsOver() ? 1 : 0, 1);
   wait.Begin(60000);
   CheckNumber("a long one is not", wait.IsOver() ? 1 : 0, 0);
}

void OnStart()
{
   CheckAllUtf8();
   CheckFrames();
   CheckOwed();
   CheckInbox();
   CheckBackoff();
   CheckTemplates();
   CheckWait();
   Check("a part of a text", PipeTextPart("abc", 1, 1), "b");
   Check("no part of it", PipeTextPart("abc", 1, 0), "");
   CheckNumber("a code to try again", PipeIsRetryableCode("handler_timeout") ? 1 : 0, 1);
   CheckNumber("a code not to", PipeIsRetryableCode("not_a_number") ? 1 : 0, 0);
   Check("an error in words", PipeErrorText(TICKPIPE_ERROR_WRITE), "cannot write (" + IntegerToString(TICKPIPE_ERROR_WRITE) + ")");
   Print(checked, " checked, ", failed, " failed");
}
