// TickPipeProbe: finds out what this terminal's file functions do to a pipe, and writes a report.
//
// Run it once, on a demo account, with `tickpipe probe` running on the same machine; docs/probe.md says
// how, and what each line of the report is for. It takes about a minute, trades nothing, and removes
// itself. The names S1 to S10 are those of docs/probe.md.

#include "Probe.mqh"
#include "Report.mqh"

input string InpPipe = "TickPipeProbe";                // Pipe: the name that tickpipe probe serves
input string InpReport = "TickPipeProbe-report.txt";   // Report's file, in the terminal's folder for files

// What OnTimer does next.
enum ENUM_STEP
{
   STEP_CONNECT = 0,
   STEP_HEALTHY = 1,
   STEP_FLUSH = 2,
   STEP_QUOTA = 3,
   STEP_READ_AHEAD = 4,
   STEP_OVERLONG_READ = 5,
   STEP_TURNS = 6,
   STEP_STRINGS = 7,
   STEP_WITHOUT_ANSI = 8,
   STEP_ROUND_TRIPS = 9,
   STEP_PUSH_1 = 10,
   STEP_PUSH_10 = 11,
   STEP_PUSH_25 = 12,
   STEP_CLOSED = 13,
   STEP_DISCONNECTED = 14,
   STEP_KILLED = 15,
   STEP_HELD = 16,
   STEP_END = 17
};

#define PROBE_TIMER_MS           50
#define PROBE_OPEN_MS            5000
#define PROBE_ROUND_TRIPS        200
#define PROBE_PUSHES             50
// How long the server is told to read nothing, where that is to be noticed.
#define PROBE_DEAF_MS            3000

CReport    report;
CProbePipe pipe;
ENUM_STEP  step = STEP_CONNECT;
bool       is_pushed = false;
string     pushed = "";
uchar      block[];

int OnInit()
{
   if(!report.Begin(InpReport))
      Print("cannot write ", InpReport, ", error ", GetLastError());
   report.Line("TickPipeProbe 1, " + MQLInfoString(MQL_PROGRAM_NAME) + " on " + TerminalInfoString(TERMINAL_NAME) + " build " + IntegerToString(TerminalInfoInteger(TERMINAL_BUILD)) + ", " + TICKPIPE_PLATFORM);
   report.Line("tester " + IntegerToString(MQLInfoInteger(MQL_TESTER)) + ", time " + TimeToString(TimeLocal(), TIME_DATE | TIME_SECONDS));
   EventSetMillisecondTimer(PROBE_TIMER_MS);
   return INIT_SUCCEEDED;
}

void OnDeinit(const int reason)
{
   EventKillTimer();
   pipe.Close();
   report.End();
   Comment("");
}

// In the tester of MQL4 there is no timer.
void OnTick()
{
   if(MQLInfoInteger(MQL_TESTER) != 0)
      OnTimer();
}

void OnTimer()
{
   if(is_pushed)
   {
      AnswerPush();
      return;
   }
   RunStep();
}

void Next()
{
   pipe.Close();
   step = (ENUM_STEP)(step + 1);
}

void RunStep()
{
   Comment("TickPipeProbe, step ", (int)step, " of ", (int)STEP_END);
   switch(step)
   {
      case STEP_CONNECT:
      {
         Connect();
         break;
      }
      case STEP_HEALTHY:
      {
         TryHealthy();
         break;
      }
      case STEP_FLUSH:
      {
         TryFlush();
         break;
      }
      case STEP_QUOTA:
      {
         TryQuota();
         break;
      }
      case STEP_READ_AHEAD:
      {
         TryReadAhead();
         break;
      }
      case STEP_OVERLONG_READ:
      {
         TryOverlongRead();
         break;
      }
      case STEP_TURNS:
      {
         TryTurns();
         break;
      }
      case STEP_STRINGS:
      {
         TryStrings();
         break;
      }
      case STEP_WITHOUT_ANSI:
      {
         TryWithoutAnsi();
         break;
      }
      case STEP_ROUND_TRIPS:
      {
         TryRoundTrips();
         break;
      }
      case STEP_PUSH_1:
      {
         TryPush(1);
         break;
      }
      case STEP_PUSH_10:
      {
         TryPush(10);
         break;
      }
      case STEP_PUSH_25:
      {
         TryPush(25);
         break;
      }
      case STEP_CLOSED:
      {
         TryDead("close", 0);
         TryDead("close", 10);
         Next();
         break;
      }
      case STEP_DISCONNECTED:
      {
         TryDead("disconnect", 0);
         TryDead("disconnect", 10);
         Next();
         break;
      }
      case STEP_KILLED:
      {
         TryDead("die", 0);
         TryDead("die", 10);
         Next();
         break;
      }
      case STEP_HELD:
      {
         TryHeld();
         break;
      }
      case STEP_END:
      {
         report.Line("end of the report; it is in the file " + report.Name());
         report.End();
         ExpertRemove();
         break;
      }
   }
}

bool OpenPipe(const string what, const string name, const int flags, const uint codepage)
{
   if(pipe.Open(name, flags, codepage, PROBE_OPEN_MS))
      return true;
   report.Line(what + ": the pipe cannot be opened, error " + IntegerToString(GetLastError()));
   return false;
}

// Waits for the server with the timer, as a connection does that may take long.
void Connect()
{
   if(pipe.Open(InpPipe, PROBE_FLAGS, CP_ACP, 0))
   {
      Next();
      return;
   }
   Comment("TickPipeProbe waits for `tickpipe probe` at ", InpPipe);
}

// Whether calls that work leave `GetLastError` at 0: our EAs take anything else for a broken pipe.
void TryHealthy()
{
   if(OpenPipe("S1 healthy", InpPipe, PROBE_FLAGS, CP_ACP))
   {
      pipe.Begin();
      const ulong waiting = FileSize(pipe.Handle());
      report.Line("S1 healthy FileSize, nothing there: " + pipe.Came(IntegerToString((long)waiting)));
      pipe.Begin();
      const uint written = pipe.Write("1.5\n");
      report.Line("S1 healthy FileWriteArray: " + pipe.Came(IntegerToString((long)written)));
      pipe.Begin();
      FileFlush(pipe.Handle());
      report.Line("S1 healthy FileFlush: " + pipe.Came("done"));
      pipe.Begin();
      const bool is_sought = FileSeek(pipe.Handle(), 0, SEEK_SET);
      report.Line("S1 healthy FileSeek: " + pipe.Came(IntegerToString((int)is_sought)));
      const int there = pipe.WaitFor(7, PROBE_ANSWER_MS);
      pipe.Begin();
      const string got = pipe.ReadBytes(there);
      report.Line("S1 healthy FileReadArray: " + pipe.Came(got));
   }
   Next();
}

// S2: does FileFlush wait until the server has read?
void TryFlush()
{
   if(OpenPipe("S2 flush", InpPipe, PROBE_FLAGS, CP_ACP) && pipe.Command("!deaf " + IntegerToString(PROBE_DEAF_MS)))
   {
      pipe.Turn();
      pipe.Write("0123456789");
      pipe.Begin();
      FileFlush(pipe.Handle());
      report.Line("S2 FileFlush of 10 bytes to a server that reads nothing for 3000 ms: " + pipe.Came("done"));
   }
   Next();
}

// S3: does a write wait that is larger than the pipe's buffer?
void TryQuota()
{
   if(OpenPipe("S3 quota", InpPipe + "-small", PROBE_FLAGS, CP_ACP) && pipe.Command("!deaf " + IntegerToString(PROBE_DEAF_MS)))
   {
      ArrayResize(block, 65536);
      ArrayInitialize(block, 'x');
      pipe.Turn();
      report.Line("S3 next is a write that may take 3000 ms; if the report ends here, it never came back");
      pipe.Begin();
      const uint written = FileWriteArray(pipe.Handle(), block, 0, ArraySize(block));
      report.Line("S3 FileWriteArray of 65536 bytes into 4096, nothing read for 3000 ms: " + pipe.Came(IntegerToString((long)written)));
      pipe.Begin();
      FileFlush(pipe.Handle());
      report.Line("S3 FileFlush after it: " + pipe.Came("done"));
   }
   Next();
}

// S4: does a small read take more from the pipe than it returns, and does FileSeek throw that away?
void TryReadAhead()
{
   if(OpenPipe("S4 read-ahead", InpPipe, PROBE_FLAGS, CP_ACP))
   {
      pipe.Send("!bytes 20");
      report.Line("S4 FileSize before: " + IntegerToString(pipe.WaitFor(20, PROBE_ANSWER_MS)));
      report.Line("S4 read of 4: " + pipe.ReadBytes(4));
      report.Line("S4 FileSize after it: " + IntegerToString((long)FileSize(pipe.Handle())));
      pipe.Turn();
      const int left = (int)FileSize(pipe.Handle());
      report.Line("S4 FileSize after flush and seek: " + IntegerToString(left));
      if(0 < left)
         report.Line("S4 read of the rest: " + pipe.ReadBytes(left));
   }
   Next();
}

// S5: what does a read do that asks for more than is there?
void TryOverlongRead()
{
   if(OpenPipe("S5 over-long read", InpPipe, PROBE_FLAGS, CP_ACP))
   {
      pipe.Send("!two 10 " + IntegerToString(PROBE_DEAF_MS) + " 90");
      report.Line("S5 FileSize before: " + IntegerToString(pipe.WaitFor(10, PROBE_ANSWER_MS)));
      report.Line("S5 next is a read that may take 3000 ms; if the report ends here, it never came back");
      pipe.Begin();
      const string got = pipe.ReadBytes(100);
      report.Line("S5 read of 100 with 10 there and 90 more 3000 ms later: " + pipe.Came(got));
   }
   Next();
}

// Makes exchanges with one way of turning, and says how many were answered.
void TryTurn(const string what, const bool has_flush, const bool has_seek)
{
   if(!OpenPipe("S6 " + what, InpPipe, PROBE_FLAGS, CP_ACP))
      return;
   int answered = 0;
   for(int i = 0; i < 5; i++)
   {
      pipe.Write("1.5\n");
      if(has_flush)
         FileFlush(pipe.Handle());
      if(has_seek)
         FileSeek(pipe.Handle(), 0, SEEK_SET);
      if(pipe.ReadLine(1000) == "3.000")
         answered++;
      if(has_flush)
         FileFlush(pipe.Handle());
      if(has_seek)
         FileSeek(pipe.Handle(), 0, SEEK_SET);
   }
   report.Line("S6 " + what + ": " + IntegerToString(answered) + " of 5 answered");
   FileFlush(pipe.Handle());
   const int late = pipe.WaitFor(1, 500);
   report.Line("S6 " + what + ": after a flush at the end " + IntegerToString(late) + " bytes more");
}

void TryTurns()
{
   TryTurn("flush and seek", true, true);
   TryTurn("flush alone", true, false);
   TryTurn("seek alone", false, true);
   TryTurn("neither", false, false);
   Next();
}

// Writes a text with FileWriteString and says which bytes the server got.
void TryString(const string what, const int flags, const uint codepage, const int length)
{
   if(!OpenPipe(what, InpPipe, flags, codepage))
      return;
   pipe.Send("!dump 500");
   // a, a umlaut, euro sign, a Cyrillic and a Japanese letter.
   const string text = "a\x00e4\x20ac\x0416\x3042";
   // What stands for "all of it" is 0 on one platform and -1 on the other.
   const uint written = length == 0 ? FileWriteString(pipe.Handle(), text) : FileWriteString(pipe.Handle(), text, length);
   FileFlush(pipe.Handle());
   FileSeek(pipe.Handle(), 0, SEEK_SET);
   report.Line(what + ": " + IntegerToString((long)written) + " written, the server got " + pipe.ReadLine(PROBE_ANSWER_MS));
}

// S7: which bytes are a text, and what does a NUL do to one that is read?
void TryStrings()
{
   TryString("S7 text in BIN|ANSI", PROBE_FLAGS, CP_ACP, 0);
   TryString("S7 text in BIN|ANSI with code page UTF-8", PROBE_FLAGS, CP_UTF8, 0);
   TryString("S7 text with a length of 8", PROBE_FLAGS, CP_ACP, 8);
   if(OpenPipe("S7 NUL", InpPipe, PROBE_FLAGS, CP_ACP) && pipe.Command("!nul"))
   {
      pipe.Send("abcdef");
      const int there = pipe.WaitFor(9, PROBE_ANSWER_MS);
      const string got = FileReadString(pipe.Handle(), there);
      report.Line("S7 FileReadString of " + IntegerToString(there) + " bytes with a NUL: " + IntegerToString(StringLen(got)) + " characters, FileSize after it " + IntegerToString((long)FileSize(pipe.Handle())));
   }
   Next();
}

// S10: is a text without FILE_ANSI written in 8 or in 16 bits?
void TryWithoutAnsi()
{
   TryString("S10 text in BIN alone", FILE_READ | FILE_WRITE | FILE_BIN, CP_ACP, 0);
   Next();
}

// S9: how long does an exchange take?
void TryRoundTrips()
{
   if(OpenPipe("S9 round trips", InpPipe, PROBE_FLAGS, CP_ACP))
   {
      ulong total_us = 0;
      ulong longest_us = 0;
      int answered = 0;
      for(int i = 0; i < PROBE_ROUND_TRIPS && !IsStopped(); i++)
      {
         const ulong begun_us = GetMicrosecondCount();
         pipe.Send("1.5");
         if(pipe.ReadLine(1000) == "3.000")
            answered++;
         const ulong took_us = GetMicrosecondCount() - begun_us;
         total_us += took_us;
         if(longest_us < took_us)
            longest_us = took_us;
      }
      report.Line("S9 round trips: " + IntegerToString(answered) + " of " + IntegerToString(PROBE_ROUND_TRIPS) + " answered, mean " + IntegerToString((long)total_us / PROBE_ROUND_TRIPS) + " us, longest " + IntegerToString((long)longest_us) + " us");
   }
   Next();
}

// S9: how long does a line of the server wait for OnTimer? The server measures it: it sends a line, and
// AnswerPush sends it back.
void TryPush(const int timer_ms)
{
   if(OpenPipe("S9 push", InpPipe, PROBE_FLAGS, CP_ACP))
   {
      pushed = "S9 server to OnTimer and back, timer of " + IntegerToString(timer_ms) + " ms: ";
      is_pushed = true;
      EventSetMillisecondTimer(timer_ms);
      pipe.Send("!push " + IntegerToString(PROBE_PUSHES) + " 50");
      return;
   }
   Next();
}

void AnswerPush()
{
   if((int)FileSize(pipe.Handle()) == 0)
      return;
   const string line = pipe.ReadLine(1000);
   // That the server took the command.
   if(line == "OK")
      return;
   if(StringFind(line, "push ") == 0)
   {
      pipe.Send(line);
      return;
   }
   report.Line(pushed + line);
   is_pushed = false;
   EventSetMillisecondTimer(PROBE_TIMER_MS);
   Next();
}

// S1: what do the file functions say once the server's end is gone?
void TryDead(const string how, const int unread)
{
   const string what = "S1 after " + how + " with " + IntegerToString(unread) + " bytes unread, ";
   if(!OpenPipe(what, InpPipe, PROBE_FLAGS, CP_ACP) || !pipe.Command("!" + how + " " + IntegerToString(unread)))
      return;
   pipe.Pass(700);
   pipe.Begin();
   const int waiting = (int)FileSize(pipe.Handle());
   report.Line(what + "FileSize: " + pipe.Came(IntegerToString(waiting)));
   if(0 < waiting)
   {
      pipe.Begin();
      const string got = pipe.ReadBytes(waiting);
      report.Line(what + "FileReadArray: " + pipe.Came(got));
      pipe.Begin();
      const int after = (int)FileSize(pipe.Handle());
      report.Line(what + "FileSize after it: " + pipe.Came(IntegerToString(after)));
   }
   pipe.Turn();
   pipe.Begin();
   const uint written = pipe.Write("1.5\n");
   report.Line(what + "FileWriteArray: " + pipe.Came(IntegerToString((long)written)));
   pipe.Begin();
   FileFlush(pipe.Handle());
   report.Line(what + "FileFlush: " + pipe.Came("done"));
   pipe.Begin();
   const bool is_sought = FileSeek(pipe.Handle(), 0, SEEK_SET);
   report.Line(what + "FileSeek: " + pipe.Came(IntegerToString((int)is_sought)));
   pipe.Begin();
   const int again = (int)FileSize(pipe.Handle());
   report.Line(what + "FileSize once more: " + pipe.Came(IntegerToString(again)));
   report.Line(what + "next is a read of 1 byte; if the report ends here, it never came back");
   pipe.Begin();
   const string got = pipe.ReadBytes(1);
   report.Line(what + "FileReadArray of 1: " + pipe.Came(got));
   pipe.Close();
}

// S1: can a new server take the name while somebody still holds the pipe of the one that died?
void TryHeld()
{
   if(OpenPipe("S1 held", InpPipe, PROBE_FLAGS, CP_ACP) && pipe.Command("!die 0"))
   {
      CProbePipe second;
      // It dies after 200 ms, and the next one comes a second later.
      pipe.Pass(600);
      const bool is_served = second.Open(InpPipe, PROBE_FLAGS, CP_ACP, PROBE_OPEN_MS);
      report.Line("S1 held: while the dead server's pipe is open, the next one " + (is_served ? "can" : "cannot") + " be reached within " + IntegerToString(PROBE_OPEN_MS) + " ms");
      second.Close();
      pipe.Close();
      const bool is_served_then = second.Open(InpPipe, PROBE_FLAGS, CP_ACP, PROBE_OPEN_MS);
      report.Line("S1 held: once it is closed, the next one " + (is_served_then ? "can" : "cannot") + " be reached");
      second.Close();
   }
   Next();
}
